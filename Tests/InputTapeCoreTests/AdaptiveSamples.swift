// SPDX-License-Identifier: Apache-2.0
//
// Batches that look like what people do, from a seed.

import InputTapeCore

/// Keys that are pressed and released, some before the one before is.
func typing(count: Int) -> EventBatch {
  var rng = SeededGenerator(seed: 21)
  var batch = EventBatch(track: TrackID(rawValue: 3))
  var time: Int64 = 5_000_000
  var held: [UInt32] = []
  for _ in 0..<count {
    let isPress = held.isEmpty || held.count < 3 && Bool.random(using: &rng)
    time += Int64.random(in: 20...180, using: &rng) * 1_000_000
    let code = isPress ? UInt32.random(in: 60...90, using: &rng) : held.removeFirst()
    if isPress { held.append(code) }
    batch.append(
      Event(time: time, track: batch.track, body: .key(code: code, state: isPress ? .down : .up)))
  }
  return batch
}

/// A pointer that moves smoothly, with a button now and then.
func pointing(count: Int) -> EventBatch {
  var rng = SeededGenerator(seed: 22)
  var batch = EventBatch(track: TrackID(rawValue: 3))
  var time: Int64 = 1_000
  var (x, y, dx, dy): (Int32, Int32, Int32, Int32) = (400, 300, 0, 0)
  var isDown = false
  for _ in 0..<count {
    time += 1_000_000 + Int64.random(in: -3...3, using: &rng) * 1_000
    if UInt8.random(in: 0...99, using: &rng) == 0 {
      isDown.toggle()
      batch.append(
        Event(
          time: time, track: batch.track, body: .button(button: 1, state: isDown ? .down : .up)))
      continue
    }
    dx += Int32.random(in: -1...1, using: &rng)
    dy += Int32.random(in: -1...1, using: &rng)
    (x, y) = (x + dx, y + dy)
    batch.append(Event(time: time, track: batch.track, body: .motion(x: x, y: y)))
  }
  return batch
}

/// Three contacts that move together.
func touching(count: Int) -> EventBatch {
  var rng = SeededGenerator(seed: 23)
  var batch = EventBatch(track: TrackID(rawValue: 3))
  for index in 0..<count {
    let (report, contact) = (index / 3, index % 3)
    let phase: Phase = report == 0 ? .began : index >= count - 3 ? .ended : .moved
    let x = Int32(500 * contact + 3 * report) + Int32.random(in: -1...1, using: &rng)
    batch.append(
      Event(
        time: Int64(report) * 8_000_000, track: batch.track,
        body: .touch(
          contact: Int32(contact), phase: phase, x: x, y: x / 2, pressure: contact == 0 ? 7 : nil)))
  }
  return batch
}
