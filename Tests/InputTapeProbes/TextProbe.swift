// SPDX-License-Identifier: Apache-2.0
//
// Arbitrary text as JSON lines or CSV: events or an error, and what is written of events reads back
// alike; arbitrary text made safe for a terminal.

import InputTapeCore
import InputTapeInterchange

/// JSON lines; the first byte says in what pieces the others arrive.
public final class JSONLProbe: Probe {
  public init() {}

  public func run(_ bytes: [UInt8]) -> Bool {
    guard let first = bytes.first else { return false }
    var reader = JSONLReader(
      MemoryInput(Array(bytes.dropFirst()), pieceByteCount: Int(first) + 1))
    let (group, error) = read(&reader)
    let once = write(group, with: JSONLWriter())
    var second = JSONLReader(MemoryInput(once))
    let again = read(&second)
    precondition(again.error == nil, "What was written cannot be read")
    precondition(again.group.count == group.count, "Events were lost")
    precondition(write(again.group, with: JSONLWriter()) == once, "Writing again gave other text")
    return error == nil && group.count > 0
  }
}

/// CSV, in the same way.
public final class CSVProbe: Probe {
  public init() {}

  public func run(_ bytes: [UInt8]) -> Bool {
    guard let first = bytes.first else { return false }
    var reader = CSVReader(MemoryInput(Array(bytes.dropFirst()), pieceByteCount: Int(first) + 1))
    let (group, error) = read(&reader)
    let once = write(group, with: CSVWriter())
    var second = CSVReader(MemoryInput(once))
    let again = read(&second)
    precondition(again.error == nil, "What was written cannot be read")
    precondition(again.group.count == group.count, "Events were lost")
    precondition(write(again.group, with: CSVWriter()) == once, "Writing again gave other text")
    return error == nil && group.count > 0
  }
}

/// Text for a terminal: nothing in it moves, hides or reorders anything.
public final class TerminalProbe: Probe {
  public init() {}

  public func run(_ bytes: [UInt8]) -> Bool {
    let shown = TerminalText.escape(bytes: bytes)
    precondition(!shown.unicodeScalars.contains(where: TerminalText.isUnsafe))
    let text = String(decoding: bytes, as: UTF8.self)
    let escaped = TerminalText.escape(text)
    precondition(!escaped.unicodeScalars.contains(where: TerminalText.isUnsafe))
    return escaped == text
  }
}

private func read(
  _ reader: inout some EventTextReader
) -> (group: EventGroup, error: (any Error)?) {
  var group = EventGroup()
  do {
    while try reader.read(into: &group, limit: 4_096) > 0 {}
    return (group, nil)
  } catch {
    return (group, error)
  }
}

private func write(_ group: EventGroup, with writer: some EventTextWriter) -> [UInt8] {
  var writer = writer
  var text: [UInt8] = []
  writer.write(InterchangeHeader()) { text.append($0) }
  writer.write(group) { text.append($0) }
  return text
}
