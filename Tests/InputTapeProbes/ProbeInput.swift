// SPDX-License-Identifier: Apache-2.0
//
// Values taken off the front of arbitrary bytes.

import InputTapeCore

/// Takes values off the front of bytes; zero when they are used up.
struct ProbeInput {
  let bytes: [UInt8]
  private(set) var offset = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  var isEmpty: Bool { offset >= bytes.count }

  /// What has not been taken.
  var rest: [UInt8] { Array(bytes[min(offset, bytes.count)...]) }

  mutating func uint8() -> UInt8 {
    guard offset < bytes.count else { return 0 }
    defer { offset += 1 }
    return bytes[offset]
  }

  mutating func uint16() -> UInt16 { UInt16(uint8()) << 8 | UInt16(uint8()) }

  /// Columns and times of so many events have parts.
  private static let manyEvents = [8_191, 8_192, 8_193, 8_194, 8_207, 8_260, 32_768, 32_779]

  /// The events of a section: 1 to 248, or so many that it has parts.
  mutating func eventCount() -> Int {
    let head = Int(uint8())
    let few = 256 - Self.manyEvents.count
    return head < few ? head + 1 : Self.manyEvents[head - few]
  }

  /// Small numbers more often than large ones.
  mutating func int64() -> Int64 {
    let head = uint8()
    guard head >= 0xE0 else { return Int64(Int8(bitPattern: head << 1)) / 2 }
    return (0...(head & 7)).reduce(head & 8 == 0 ? 0 : -1) { value, _ in
      value << 8 | Int64(uint8())
    }
  }

  mutating func int32() -> Int32 { Int32(truncatingIfNeeded: int64()) }

  mutating func text() -> String {
    let count = Int(uint8() & 31)
    return String(decoding: (0..<count).map { _ in uint8() }, as: UTF8.self)
  }

  /// An absent value is never the number that stands for it.
  mutating func optional() -> Int32? {
    let value = int32()
    return value == KindColumns.notReported ? nil : value
  }

  mutating func event(track: TrackID, after time: Int64) -> Event {
    Event(time: time &+ int64(), track: track, body: body())
  }

  mutating func body() -> Event.Body {
    switch uint8() % 16 {
    case 0: .motion(x: int32(), y: int32())
    case 1: .rawMotion(dx: int32(), dy: int32())
    case 2: .button(button: int32(), state: ButtonState(rawValue: int32()))
    case 3: .scroll(dx: int32(), dy: int32(), phase: optional().map(Phase.init))
    case 4: .key(code: UInt32(bitPattern: int32()), state: KeyState(rawValue: int32()))
    case 5: .text(text())
    case 6: touch()
    case 7: pen()
    case 8: .axis(axis: int32(), value: int32())
    case 9: .focus(Focus(application: text(), title: text(), x: optional(), height: optional()))
    case 10: .frame(presentationTime: int64(), media: text())
    case 11: .marker(text())
    case 12: .clock(unixNanoseconds: int64(), uncertaintyNanoseconds: int64())
    case 13:
      .gap(
        Gap(
          cause: GapCause(rawValue: int32()), count: int64(), isLowerBound: uint8() & 1 == 1,
          firstTime: int64(), lastTime: int64()))
    case 14: .custom(type: int32(), bytes: Array(text().utf8))
    default: unknown()
    }
  }

  private mutating func touch() -> Event.Body {
    .touch(
      contact: int32(), phase: Phase(rawValue: int32()), x: int32(), y: int32(),
      pressure: optional())
  }

  private mutating func pen() -> Event.Body {
    .pen(
      Pen(
        x: int32(), y: int32(), pressure: optional(), tiltX: optional(),
        phase: optional().map(Phase.init), buttons: optional()))
  }

  /// One of 16 kinds; each has one layout of its own.
  private mutating func unknown() -> Event.Body {
    let choice = uint8() & 15
    return .unknown(
      UnknownEvent(
        kind: EventKind(rawValue: 240 + choice), int32: (0..<(choice & 3)).map { _ in int32() },
        int64: (0..<(choice >> 2 & 1)).map { _ in int64() },
        strings: (0..<(choice >> 3)).map { _ in Array(text().utf8) }))
  }
}
