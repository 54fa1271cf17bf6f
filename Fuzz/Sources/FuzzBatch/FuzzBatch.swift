// SPDX-License-Identifier: Apache-2.0
//
// Events made of arbitrary bytes, into a batch and out of it: every event must come back.

import InputTape

/// libFuzzer's entry point.
@c(LLVMFuzzerTestOneInput)
public func fuzzBatch(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  var input = FuzzInput(bytes: Array(UnsafeBufferPointer(start: start, count: count)))
  let track = TrackID(rawValue: 3)
  var batch = EventBatch(track: track)
  var events: [Event] = []
  while let body = input.body() {
    let event = Event(time: input.int64(), track: track, body: body)
    batch.append(event)
    events.append(event)
  }
  var index = 0
  batch.forEachEvent { event in
    precondition(event == events[index], "An event came back changed")
    index += 1
  }
  precondition(index == events.count, "Events were lost")
  return 0
}

/// Takes values off the front of the fuzzer's bytes; zero when they are used up.
private struct FuzzInput {
  var bytes: [UInt8]
  var offset = 0

  mutating func uint8() -> UInt8 {
    guard offset < bytes.count else { return 0 }
    defer { offset += 1 }
    return bytes[offset]
  }

  mutating func int32() -> Int32 {
    (0..<4).reduce(0) { value, _ in value << 8 | Int32(uint8()) }
  }

  mutating func int64() -> Int64 {
    (0..<8).reduce(0) { value, _ in value << 8 | Int64(uint8()) }
  }

  mutating func text() -> String {
    let count = Int(uint8() & 15)
    return String(decoding: (0..<count).map { _ in uint8() }, as: UTF8.self)
  }

  /// An absent value is never the number that stands for it.
  mutating func optional() -> Int32? {
    let value = int32()
    return value == KindColumns.notReported ? nil : value
  }

  mutating func body() -> Event.Body? {
    guard offset < bytes.count else { return nil }
    return switch uint8() % 10 {
    case 0: .motion(x: int32(), y: int32())
    case 1: .rawMotion(dx: int32(), dy: int32())
    case 2: .button(button: int32(), state: ButtonState(rawValue: int32()))
    case 3: .scroll(dx: int32(), dy: int32(), phase: optional().map(Phase.init))
    case 4: .key(code: UInt32(bitPattern: int32()), state: KeyState(rawValue: int32()))
    case 5: .text(text())
    case 6:
      .touch(
        contact: int32(), phase: Phase(rawValue: int32()), x: int32(), y: int32(),
        pressure: optional())
    case 7: .frame(presentationTime: int64(), media: text())
    case 8: .clock(unixNanoseconds: int64(), uncertaintyNanoseconds: int64())
    default: .custom(type: int32(), bytes: Array(text().utf8))
    }
  }
}
