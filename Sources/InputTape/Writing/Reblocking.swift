import InputTapeCore
enum Reblocking {
  static func isDue(_ s: WriterStatistics, _ o: WriterOptions) -> Bool { false }
  static func run(path: String, options: WriterOptions) throws(FileError) -> WriterStatistics { WriterStatistics() }
}
