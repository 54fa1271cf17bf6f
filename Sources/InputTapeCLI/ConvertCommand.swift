// SPDX-License-Identifier: Apache-2.0
//
// `itape convert`: recordings from text, text from recordings, and one form of each to another.

import ArgumentParser
import InputTape
import InputTapeInterchange

struct ConvertCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "convert",
    abstract: "Convert between recordings and text.",
    discussion: """
      Forms, by the ending of the name: .itape .jsonl .jsonl.zst .jsonl.gz .csv; - stands for \
      standard input or output, in the form jsonl unless --from or --to says another. Only read \
      are .evemu, .yml of libinput record, and OWAMcap's messages as lines of JSON (--from owamcap).

      A line of JSON is an event, whose time is in nanoseconds; README and Specs/Registry.md of \
      InputTape have the others:

        {"t":16000000,"device":0,"kind":"motion","x":129,"y":337}
        {"t":24000000,"device":0,"kind":"button","button":1,"state":"down"}

      What a recording says of itself, as its purpose and when it is to be deleted, goes along: in \
      lines of JSON it stands before the events. CSV has no place for it, and then that is said.

        itape convert mouse.jsonl.zst mouse.itape
        itape convert --preset compact mouse.itape small.itape
        agent | itape convert --flush-interval 1s - live.itape
        itape convert mouse.itape - | head
      """)

  @Argument(help: "The file to read, or - for standard input.") var input: String
  @Argument(help: "The file to write, or - for standard output.") var output: String
  @Option(help: "The form of the input.") var from: FileForm?
  @Option(help: "The form of the output.") var to: OutputForm?
  @Option(help: "How much work goes into size.")
  var preset: Preset = .balanced
  @Option(help: "How columns are compressed.")
  var compression: CompressionName = .zstd
  @Option(help: "The compression's level: 1 to 19 for zstd, 1 to 9 for deflate.") var level: Int?
  @Option(help: "Events in a block, 1 to 65536.") var blockEvents = 65_536
  @Option(help: "Events reach the file within this time, as in 1s or 100ms.")
  var flushInterval: TimeArgument?
  @Option(help: "Threads that work at once; the output does not depend on it.") var threads = 1
  @Option(help: "The recording's ID as 32 hexadecimal digits; random otherwise.")
  var recordingID: String?
  @Flag(
    name: .customLong("no-metadata"),
    help: "Write text of the events alone, without what the input says of itself.")
  var leavesOutMetadata = false

  func validate() throws {
    guard (1...Limits.eventsPerBlock).contains(blockEvents) else {
      throw ValidationError("--block-events takes 1 to \(Limits.eventsPerBlock)")
    }
    guard (1...64).contains(threads) else { throw ValidationError("--threads takes 1 to 64") }
    let levels = compression == .deflate ? 1...9 : 1...19
    if let level, !levels.contains(level) {
      throw ValidationError("--level takes \(levels.lowerBound) to \(levels.upperBound)")
    }
    if let flushInterval, flushInterval.nanoseconds < 1_000_000 {
      throw ValidationError("--flush-interval takes 1ms or more")
    }
    if let recordingID, RecordingID(recordingID) == nil {
      throw ValidationError("--recording-id takes 32 hexadecimal digits")
    }
  }

  func run() throws {
    let inputForm = try FileForm.ofInput(input, option: from, advice: "--from takes")
    let outputForm = try FileForm.ofOutput(output, option: to?.form)
    guard outputForm.isWritten else {
      throw ValidationError("\(outputForm.rawValue) is a form that is only read")
    }
    if leavesOutMetadata, outputForm == .itape {
      throw ValidationError("--no-metadata is for text: a recording keeps what it says of itself")
    }
    if input != "-", output != "-", SystemFiles.isSame(input, output) {
      throw ValidationError("The output is the input")
    }
    if outputForm == .itape, output == "-", StandardOutput.isTerminal {
      throw ValidationError("A recording is not for a terminal: name a file, or redirect")
    }
    let file = OutputFile(output, isInPlace: outputForm == .itape && flushInterval != nil)
    let conversion = Conversion(
      inputName: input, inputForm: inputForm, outputForm: outputForm, file: file,
      options: writerOptions, threads: threads, writesMetadata: !leavesOutMetadata)
    do {
      try conversion.run()
    } catch let failure as CommandFailure where failure.code == CommandFailure.loss {
      try file.commit()
      throw failure
    } catch let failure as CommandFailure where failure.code == CommandFailure.data {
      if conversion.hasOutput { try file.commit() } else { file.discard() }
      throw failure
    } catch {
      file.discard()
      throw error
    }
    try file.commit()
  }

  private var writerOptions: WriterOptions {
    var options = WriterOptions()
    options.encoding.preset = preset
    options.encoding.compression =
      switch compression {
      case .none: .none
      case .zstd: .zstd(level: level)
      case .deflate: .deflate(level: level)
      }
    options.eventsPerBlock = blockEvents
    options.flushIntervalNanoseconds = flushInterval?.nanoseconds
    options.threads = threads
    options.recordingID = recordingID.flatMap { RecordingID($0) }
    return options
  }
}
