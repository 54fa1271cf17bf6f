// SPDX-License-Identifier: Apache-2.0
//
// Arbitrary text as JSON lines: events or an error, and what is written of events reads back alike.

import InputTapeCore
import InputTapeInterchange

/// libFuzzer's entry point. The first byte says in what pieces the others arrive.
@c(LLVMFuzzerTestOneInput)
public func fuzzJSONL(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let bytes = Array(UnsafeBufferPointer(start: start, count: count))
  guard let first = bytes.first else { return 0 }
  let group = read(PiecewiseInput(bytes: Array(bytes.dropFirst()), piece: Int(first) + 1)).group
  let once = write(group)
  let (again, error) = read(PiecewiseInput(bytes: once, piece: 4096))
  precondition(error == nil, "What was written cannot be read")
  precondition(again.count == group.count, "Events were lost")
  precondition(write(again) == once, "Writing again gave other text")
  return 0
}

private func read(_ input: PiecewiseInput) -> (group: EventGroup, error: (any Error)?) {
  var reader = JSONLReader(input)
  var group = EventGroup()
  do {
    while try reader.read(into: &group, limit: 4096) > 0 {}
    return (group, nil)
  } catch {
    return (group, error)
  }
}

private func write(_ group: EventGroup) -> [UInt8] {
  var writer = JSONLWriter()
  var text: [UInt8] = []
  writer.write(group) { bytes in
    for index in bytes.indices { text.append(bytes[index]) }
  }
  return text
}

/// Bytes that arrive in pieces.
private struct PiecewiseInput: ByteInput {
  var bytes: [UInt8]
  let piece: Int
  var position = 0

  init(bytes: [UInt8], piece: Int) {
    self.bytes = bytes
    self.piece = piece
  }

  mutating func read(into buffer: inout [UInt8], at offset: Int) throws -> Int {
    let count = min(piece, buffer.count - offset, bytes.count - position)
    for index in 0..<count { buffer[offset + index] = bytes[position + index] }
    position += count
    return count
  }
}
