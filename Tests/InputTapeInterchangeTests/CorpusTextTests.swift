// SPDX-License-Identifier: Apache-2.0
//
// The corpora beside the repository, where they are: text to columns and back, byte for byte.

import InputTapeCore
import InputTapeInterchange
import Testing

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The bytes of a file; nil where there is none.
private func contents(of path: String) -> [UInt8]? {
  guard let file = fopen(path, "rb") else { return nil }
  defer { fclose(file) }
  var bytes: [UInt8] = []
  var piece = [UInt8](repeating: 0, count: 1 << 16)
  while true {
    let count = fread(&piece, 1, piece.count, file)
    if count == 0 { return bytes }
    bytes += piece[..<count]
  }
}

@Suite struct CorpusTextTests {
  @Test(arguments: ["m1k", "touch", "osu"])
  func comesBackByteForByte(name: String) throws {
    let root = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
    guard let file = contents(of: "/\(root)/../shared/corpus/\(name).jsonl.zst") else { return }
    var input = DecompressingInput(MemoryInput(file), .zstd)
    var text: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while case let count = try input.read(into: &buffer, at: 0), count > 0 {
      text += buffer[..<count]
    }
    let groups = try TextForm.jsonl.read(text)
    #expect(TextForm.jsonl.write(groups) == text)
    let csv = TextForm.csv.write(groups)
    #expect(try TextForm.csv.read(csv).map(\.batches) == groups.map(\.batches))
  }
}
