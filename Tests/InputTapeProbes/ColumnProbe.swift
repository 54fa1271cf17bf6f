// SPDX-License-Identifier: Apache-2.0
//
// Sections of plain form whose one column, or whose times, are arbitrary bytes
// (Specs/Encodings.md): so that each encoding is reached at once.

import InputTapeCore

/// The parts of a section that stand around what is probed.
private enum Frame {
  /// Times from 0 with unit 1 and differences of 0.
  static func times(_ count: Int) -> [UInt8] {
    count > 1 ? [0, 1, 2, 0, 5, 0, 0] : count == 1 ? [0, 1] : []
  }

  /// Not packed, one kind.
  static func kind(_ kind: EventKind, _ layout: [UInt8] = []) -> [UInt8] {
    [0, 1, kind.rawValue] + layout
  }
}

/// A column of integers or strings: byte 0 is its type and the settings, byte 1 says how
/// many events there are.
public final class ColumnProbe: Probe {
  private let roundTrip = SectionRoundTrip()
  private static let layouts: [[UInt8]] = [[1, 0, 0], [0, 1, 0], [0, 0, 1], [2, 0, 0]]

  public init() {}

  public func run(_ bytes: [UInt8]) -> Bool {
    var input = ProbeInput(bytes)
    let head = Int(input.uint8())
    let count = input.eventCount()
    let section =
      Frame.kind(EventKind(rawValue: 16), Self.layouts[head & 3]) + input.rest
      + Frame.times(count)
    return roundTrip.run(section, form: .plain, eventCount: count, choice: head >> 2)
  }
}

/// Pairs of coordinates, of motions or touches: bytes 0 and 1 as in `ColumnProbe`.
public final class PairProbe: Probe {
  private let roundTrip = SectionRoundTrip()

  public init() {}

  public func run(_ bytes: [UInt8]) -> Bool {
    var input = ProbeInput(bytes)
    let head = Int(input.uint8())
    let count = input.eventCount()
    let kind: EventKind = head & 1 == 0 ? .motion : .touch
    let section = Frame.kind(kind) + input.rest + Frame.times(count)
    return roundTrip.run(section, form: .plain, eventCount: count, choice: head >> 1)
  }
}

/// Codes that are held, of keys or buttons: bytes 0 and 1 as in `ColumnProbe`.
public final class HeldProbe: Probe {
  private let roundTrip = SectionRoundTrip()

  public init() {}

  public func run(_ bytes: [UInt8]) -> Bool {
    var input = ProbeInput(bytes)
    let head = Int(input.uint8())
    let count = input.eventCount()
    let section =
      Frame.kind(head & 1 == 0 ? .key : .button) + input.rest + Frame.times(count)
    return roundTrip.run(section, form: .plain, eventCount: count, choice: head >> 1)
  }
}

/// Times: byte 0 is whether they are behind which events are of which of two kinds, and the
/// settings; byte 1 as in `ColumnProbe`.
public final class TimeProbe: Probe {
  private let roundTrip = SectionRoundTrip()

  public init() {}

  public func run(_ bytes: [UInt8]) -> Bool {
    var input = ProbeInput(bytes)
    let head = Int(input.uint8())
    let count = input.eventCount()
    let kinds =
      head & 1 == 0
      ? Frame.kind(EventKind(rawValue: 16), [0, 0, 0]) : [0, 2, 16, 0, 0, 0, 17, 0, 0, 0]
    return roundTrip.run(
      kinds + input.rest, form: .plain, eventCount: count, choice: head >> 1)
  }
}

/// A modelled stream: byte 0 is the settings, bytes 1 and 2 the tokens.
public final class ModelProbe: Probe {
  private let roundTrip = SectionRoundTrip()

  public init() {}

  public func run(_ bytes: [UInt8]) -> Bool {
    var input = ProbeInput(bytes)
    let choice = Int(input.uint8())
    let count = max(Int(input.uint16()), 1)
    let stored = input.rest
    // Plain values, whose tokens are themselves.
    var column = ByteWriter()
    column.append([UInt8](arrayLiteral: 0x81, 9))
    column.appendVarint(stored.count << 2 | 3)
    column.append(stored)
    column.append(UInt8(0))
    let section =
      Frame.kind(EventKind(rawValue: 16), [1, 0, 0]) + column.bytes + Frame.times(count)
    return roundTrip.run(section, form: .zstd, eventCount: count, choice: choice)
  }
}
