// SPDX-License-Identifier: Apache-2.0
//
// Why a command ends with a code other than 0.

import InputTape
import InputTapeInterchange

#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// A sentence for people and an exit code for programs.
struct CommandFailure: Error {
  var code: Int32
  var message: String

  static let loss: Int32 = 1
  static let usage: Int32 = 64
  static let data: Int32 = 65
  static let system: Int32 = 74

  init(code: Int32, _ message: String) {
    self.code = code
    self.message = TerminalText.escape(message)
  }

  /// The failure that an error stands for; `name` is the file's.
  init(_ error: any Error, in name: String? = nil) {
    let prefix = name.map { "\(Self.title($0)): " } ?? ""
    switch error {
    case let failure as CommandFailure: self = failure
    case let error as InterchangeError: self.init(code: Self.data, "\(prefix)\(error)")
    case let error as FormatError: self.init(code: Self.data, "\(prefix)\(error)")
    case FileError.format(let error)
    where error.code == .truncated && error.position < FileHeader.byteCount:
      // No file header, with which a recording begins at once.
      self.init(
        code: Self.data, prefix + "shorter than a file header: nothing was flushed, or no recording"
      )
    case FileError.format(let error) where error.code == .notARecording:
      let text = name.flatMap { FileForm(name: $0) }.map { $0 != .itape } ?? false
      self.init(
        code: Self.data,
        "\(prefix)this is no recording\(text ? "; itape convert makes one of it" : "")")
    case FileError.format(let error): self.init(code: Self.data, "\(prefix)\(error)")
    case FileError.system(_, _, EPIPE):
      // Whoever read the output has had enough of it, as `head` has: nothing to complain about.
      self.init(code: 0, "")
    case FileError.system(_, let path, _):
      self.init(code: Self.system, "\(path == nil ? prefix : "")\(error)")
    default: self.init(code: Self.system, "\(prefix)\(error)")
    }
  }

  /// What an input is called.
  static func title(_ name: String) -> String { name == "-" ? "standard input" : name }

  /// Does something with each of several files: what is wrong with one is said at once and keeps
  /// none of the others from its turn, and the highest code is that of the command.
  static func forEach(_ names: [String], _ body: (String) throws -> Void) throws {
    var code: Int32 = 0
    for name in names {
      do {
        try body(name)
      } catch {
        let failure = CommandFailure(error, in: name)
        if names.count == 1 { throw failure }
        // Nobody reads what would come.
        if failure.code == 0 { break }
        if !failure.message.isEmpty { StandardError.write("itape: \(failure.message)\n") }
        code = max(code, failure.code)
      }
    }
    if code != 0 { throw CommandFailure(code: code, "") }
  }

  /// Ends a command that has found loss, after it has given all that is readable.
  ///
  /// - Parameter isShown: whether who sees errors has just seen the status, too.
  static func check(_ status: ReadStatus, of name: String, isShown: Bool = false) throws {
    guard !status.isComplete else { return }
    let name = title(name)
    for loss in status.losses.prefix(20) {
      let count =
        loss.eventCount.map { Counted.words($0, "event") }
        ?? "an unknown number of events"
      let segment = loss.segment > 0 ? "segment \(loss.segment): " : ""
      StandardError.say(
        "\(name): \(segment)lost bytes \(loss.range.lowerBound)..<\(loss.range.upperBound), "
          + "\(count): \(loss.error)")
    }
    if status.losses.count > 20 {
      StandardError.say(
        "\(status.losses.count - 20) more loss\(status.losses.count == 21 ? "" : "es")")
    }
    throw CommandFailure(code: loss, isShown ? "" : "\(name): \(status.sentence)")
  }
}

extension ReadStatus {
  /// What the status means, for people.
  var sentence: String {
    if !losses.isEmpty {
      return "damaged: \(Counted.words(losses.count, "part")) could not be read"
    }
    if !missingSegments.isEmpty {
      let numbers = missingSegments.map(String.init).joined(separator: ", ")
      return "damaged: segments that are missing: \(numbers)"
    }
    if tornByteCount > 0 {
      return tornByteCount == 1
        ? "torn: the last byte is no whole record"
        : "torn: the last \(tornByteCount) bytes are no whole record"
    }
    if isHeaderRebuilt { return "the file header was destroyed; a copy of it served" }
    return isClosed ? "complete" : "not closed: the recording ends without its last record"
  }
}
