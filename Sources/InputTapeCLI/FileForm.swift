// SPDX-License-Identifier: Apache-2.0
//
// The forms of files that the command reads and writes.

import ArgumentParser
import InputTape
import InputTapeInterchange

/// The form of a file, by its name's ending or by an option.
enum FileForm: String, ExpressibleByArgument, CaseIterable {
  case itape
  case jsonl
  case jsonlZstd = "jsonl.zst"
  case jsonlGzip = "jsonl.gz"
  case csv
  /// What `evemu-record` writes; only read, as the next two.
  case evemu
  /// What `libinput record` writes.
  case libinput
  /// Messages of OWAMcap as lines of JSON.
  case owamcap

  /// The form that a name's ending stands for.
  init?(name: String) {
    let lower = name.lowercased()
    if let form = Self.allCases.first(where: { lower.hasSuffix("." + $0.rawValue) }) {
      self = form
    } else if lower.hasSuffix(".yml") || lower.hasSuffix(".yaml") {
      self = .libinput
    } else {
      return nil
    }
  }

  /// The form of an input: a folder is a recording.
  ///
  /// - Parameter advice: what helps where the name tells nothing, in front of the forms.
  static func ofInput(
    _ name: String, option: FileForm? = nil, advice: String
  ) throws -> FileForm {
    if let form = option ?? FileForm(name: name) { return form }
    if name == "-" { return .jsonl }
    // Whoever misspells a name has no use for a list of forms.
    try SystemFiles.checkIsThere(name)
    if SystemFiles.isFolder(name) { return .itape }
    guard !name.lowercased().hasSuffix(".mcap") else {
      throw CommandFailure(
        code: CommandFailure.usage,
        "\(name): print its messages first: "
          + "mcap cat --json FILE | itape convert --from owamcap - OUTPUT")
    }
    throw unknown(name, advice, allCases.map(\.rawValue))
  }

  /// The form of an output.
  static func ofOutput(_ name: String, option: FileForm?) throws -> FileForm {
    if let form = option ?? FileForm(name: name) { return form }
    if name == "-" { return .jsonl }
    guard !name.lowercased().hasSuffix(".parquet") else {
      throw CommandFailure(
        code: CommandFailure.usage,
        "\(name): tables are written by Examples/Python/inputtape.py: "
          + "python3 inputtape.py RECORDING FOLDER")
    }
    throw unknown(name, "--to takes", OutputForm.allValueStrings)
  }

  private static func unknown(
    _ name: String, _ advice: String, _ forms: [String]
  ) -> CommandFailure {
    CommandFailure(
      code: CommandFailure.usage,
      "\(name): the ending of the name stands for no form; \(advice) one of "
        + forms.joined(separator: ", "))
  }

  /// Whether the form is written, too.
  var isWritten: Bool { self != .evemu && self != .libinput && self != .owamcap }

  /// Whether what a recording says of itself has a place in the form.
  var keepsMetadata: Bool { self != .csv }

  var compression: TextCompression? {
    switch self {
    case .jsonlZstd: .zstd
    case .jsonlGzip: .gzip
    default: nil
    }
  }

  /// A writer of text in this form, which is one that is written.
  var writer: any EventTextWriter { self == .csv ? CSVWriter() : JSONLWriter() }

  /// A reader of text in this form; nil for recordings.
  ///
  /// - Parameter isLive: whether it gives what there is before it waits for more.
  func reader(_ input: any ByteInput, isLive: Bool = false) -> (any EventTextReader)? {
    switch self {
    case .itape: nil
    case .csv: CSVReader(input, isLive: isLive)
    case .evemu: EvemuReader(input)
    case .libinput: LibinputReader(input)
    case .owamcap: OWAMcapReader(input)
    case .jsonl: JSONLReader(input, isLive: isLive)
    case .jsonlZstd: JSONLReader(DecompressingInput(input, .zstd), isLive: isLive)
    case .jsonlGzip: JSONLReader(DecompressingInput(input, .gzip), isLive: isLive)
    }
  }
}

/// The form of an output: one that is written.
struct OutputForm: ExpressibleByArgument {
  let form: FileForm

  init?(argument: String) {
    guard let form = FileForm(rawValue: argument), form.isWritten else { return nil }
    self.form = form
  }

  static var allValueStrings: [String] { FileForm.allCases.filter(\.isWritten).map(\.rawValue) }
}

extension Preset: ExpressibleByArgument {}

/// The names of `--compression`.
enum CompressionName: String, ExpressibleByArgument, CaseIterable {
  case none
  case zstd
  case deflate
}

/// A time or a duration: nanoseconds, or a number with a unit.
struct TimeArgument: ExpressibleByArgument {
  var nanoseconds: Int64

  static let units: [(name: String, nanoseconds: Double)] = [
    ("ns", 1), ("us", 1e3), ("µs", 1e3), ("ms", 1e6), ("s", 1e9), ("m", 60e9), ("h", 3600e9),
  ]

  init?(argument: String) {
    if let nanoseconds = Int64(argument) {
      self.nanoseconds = nanoseconds
      return
    }
    for unit in Self.units where argument.hasSuffix(unit.name) {
      guard let value = Double(argument.dropLast(unit.name.count)), value.isFinite else { continue }
      let nanoseconds = (value * unit.nanoseconds).rounded()
      guard abs(nanoseconds) < 9e18 else { return nil }
      self.nanoseconds = Int64(nanoseconds)
      return
    }
    return nil
  }
}
