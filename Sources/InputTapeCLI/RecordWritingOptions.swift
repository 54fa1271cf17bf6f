// SPDX-License-Identifier: Apache-2.0
//
// How `itape record` writes.

import ArgumentParser
import InputTape

struct RecordWritingOptions: ParsableArguments {
  @Option(help: "Events survive a kill -9 after this time at the latest, as in 500ms; else 1s.")
  var flushInterval: TimeArgument?
  @Option(help: "Events survive a loss of power after this time at the latest; else 5s.")
  var syncInterval: TimeArgument?
  @Option(
    help: "Go on in another file at this size or age, as in 100MB or 1h; may be given for both.")
  var rotate: [RotationArgument] = []
  @Option(help: "How much work goes into size.")
  var preset: Preset = .balanced
  @Flag(help: "Lock the queue's memory, so that it is never paged out.") var lockMemory = false

  func validate() throws {
    guard Set(rotate.map(\.isSize)).count == rotate.count else {
      throw ValidationError("--rotate takes one size and one age")
    }
    let times = [flushInterval, syncInterval].compactMap { $0 }
    if times.contains(where: { $0.nanoseconds < 1_000_000 }) {
      throw ValidationError(
        "--flush-interval and --sync-interval take 1ms or more, as in 500ms: no unit is nanoseconds"
      )
    }
  }

  var writerOptions: WriterOptions {
    var options = WriterOptions()
    options.encoding.preset = preset
    options.flushIntervalNanoseconds = flushInterval?.nanoseconds ?? 1_000_000_000
    options.syncIntervalNanoseconds = syncInterval?.nanoseconds ?? 5_000_000_000
    for rotation in rotate {
      switch rotation {
      case .size(let byteCount): options.segmentByteLimit = byteCount
      case .age(let nanoseconds): options.segmentAgeNanoseconds = nanoseconds
      }
    }
    return options
  }
}

/// When a recording goes on in another file.
enum RotationArgument: ExpressibleByArgument {
  case size(UInt64)
  case age(Int64)

  private static let sizes: [(unit: String, byteCount: UInt64)] = [
    ("KB", 1_000), ("MB", 1_000_000), ("GB", 1_000_000_000), ("KiB", 1 << 10), ("MiB", 1 << 20),
    ("GiB", 1 << 30),
  ]
  var isSize: Bool { if case .size = self { true } else { false } }

  init?(argument: String) {
    let digits = argument.prefix { $0.isASCII && $0.isNumber }
    let unit = argument.dropFirst(digits.count)
    if let number = UInt32(digits), number > 0,
      let size = Self.sizes.first(where: { $0.unit == unit })
    {
      self = .size(UInt64(number) * size.byteCount)
    } else if !unit.isEmpty, let age = TimeArgument(argument: argument),
      age.nanoseconds >= 1_000_000
    {
      self = .age(age.nanoseconds)
    } else {
      return nil
    }
  }
}
