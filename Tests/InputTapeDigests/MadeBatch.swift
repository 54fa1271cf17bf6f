// SPDX-License-Identifier: Apache-2.0
//
// Batches from a seed: of any kinds, and such as people and devices make.

import InputTape
import InputTapeCore
import InputTapeTestKit

/// What a batch looks like.
enum MadeBatch: CaseIterable {
  case typing, pointing, touching, mouse1kHz, mouse8kHz, beats, games, drawing, any, unknown

  static let track = TrackID(rawValue: 3)

  /// Makes a batch.
  func make(_ count: Int, seed: UInt64) -> EventBatch {
    var rng = SeededRandom(seed: seed)
    switch self {
    case .typing: return Self.typing(count, &rng)
    case .pointing: return Self.pointing(count, &rng)
    case .touching: return Self.touching(count, &rng)
    case .mouse1kHz: return Self.mouse(count, [1_000_000], unit: 1_000, &rng)
    case .mouse8kHz: return Self.mouse(count, [125_000], unit: 1_000, &rng)
    case .beats: return Self.mouse(count, [7_000_000, 8_000_000, 7_000_000], unit: 100, &rng)
    case .games: return Self.random(count, [.axis, .button], &rng)
    case .drawing: return Self.random(count, [.pen, .scroll], &rng)
    case .any: return Self.random(count, EventKind.known, &rng)
    case .unknown:
      return Self.random(
        count, [.key, EventKind(rawValue: 254), EventKind(rawValue: 16)], &rng)
    }
  }

  /// Keys that are pressed and released, some before the one before is.
  private static func typing(_ count: Int, _ rng: inout SeededRandom) -> EventBatch {
    var batch = EventBatch(track: track)
    var (time, held) = (Int64(5_000_000), [UInt32]())
    for _ in 0..<count {
      let isPress = held.isEmpty || held.count < 3 && rng.isOne(in: 2)
      time += Int64(20 + rng.number(below: 160)) * 1_000_000
      let code = isPress ? UInt32(60 + rng.number(below: 30)) : held.removeFirst()
      if isPress { held.append(code) }
      batch.append(
        Event(time: time, track: track, body: .key(code: code, state: isPress ? .down : .up)))
    }
    return batch
  }

  /// A pointer that moves smoothly, with a button now and then.
  private static func pointing(_ count: Int, _ rng: inout SeededRandom) -> EventBatch {
    var batch = EventBatch(track: track)
    var (time, isDown) = (Int64(1_000), false)
    var (x, y, dx, dy) = (Int32(400), Int32(300), Int32(0), Int32(0))
    for _ in 0..<count {
      time += 1_000_000 + Int64(rng.number(below: 7) - 3) * 1_000
      if rng.isOne(in: 60) {
        isDown.toggle()
        batch.append(
          Event(time: time, track: track, body: .button(button: 1, state: isDown ? .down : .up)))
        continue
      }
      dx += Int32(rng.number(below: 3) - 1)
      dy += Int32(rng.number(below: 3) - 1)
      if rng.isOne(in: 300) { (x, y) = (0, 0) }
      (x, y) = (x &+ dx, y &+ dy)
      batch.append(Event(time: time, track: track, body: .motion(x: x, y: y)))
    }
    return batch
  }

  /// Three contacts that move together.
  private static func touching(_ count: Int, _ rng: inout SeededRandom) -> EventBatch {
    var batch = EventBatch(track: track)
    for index in 0..<count {
      let (report, contact) = (index / 3, index % 3)
      let phase: Phase = report % 40 == 0 ? .began : report % 40 == 39 ? .ended : .moved
      let x = Int32(500 * contact + 3 * report + rng.number(below: 3) - 1)
      batch.append(
        Event(
          time: Int64(report) * 8_000_000, track: track,
          body: .touch(
            contact: Int32(contact), phase: phase, x: x, y: x / 2 + Int32(rng.number(below: 2)),
            pressure: contact == 0 ? Int32(7 + rng.number(below: 4)) : nil)))
    }
    return batch
  }

  /// A mouse of a steady rate whose stamps are late a little, and which rests now and then.
  private static func mouse(
    _ count: Int, _ periods: [Int64], unit: Int64, _ rng: inout SeededRandom
  ) -> EventBatch {
    var batch = EventBatch(track: track)
    var (ideal, velocity, place) = (Int64(77_000), (x: 0, y: 0), (x: 0, y: 0))
    for index in 0..<count {
      velocity.x += rng.number(below: 160) - 80 - velocity.x / 32
      velocity.y += rng.number(below: 100) - 50 - velocity.y / 32
      let before = place
      place = (place.x + velocity.x, place.y + velocity.y)
      ideal += periods[index % periods.count] * Int64(rng.isOne(in: 90) ? 40 : 1)
      let late = Int64(min(rng.number(below: 9), rng.number(below: 9))) * unit
      batch.append(
        Event(
          time: ideal / unit * unit + late, track: track,
          body: .rawMotion(
            dx: Int32((place.x >> 7) - (before.x >> 7)),
            dy: Int32((place.y >> 7) - (before.y >> 7)))))
    }
    return batch
  }

  /// Events of some kinds, each column of a shape of its own.
  private static func random(
    _ count: Int, _ kinds: [EventKind], _ rng: inout SeededRandom
  ) -> EventBatch {
    var batch = EventBatch(track: track)
    let run = 1 + rng.number(below: 6)
    while batch.kinds.count < count {
      let kind = rng.element(kinds)
      for _ in 0..<min(run, count - batch.kinds.count) { batch.kinds.append(kind) }
    }
    batch.times = rng.element(NumberShape.allCases).column(count, using: &rng)
    for kind in Set(batch.kinds).sorted() {
      let layout = kind.layout ?? KindLayout(int32: 1, int64: 2, strings: 1)
      var columns = KindColumns(kind: kind, layout: layout)
      columns.count = batch.kinds.count { $0 == kind }
      for index in columns.int32.indices {
        columns.int32[index] = rng.element(NumberShape.allCases).column(
          columns.count, using: &rng)
      }
      for index in columns.int64.indices {
        columns.int64[index] = rng.element(NumberShape.allCases).column(
          columns.count, using: &rng)
      }
      for index in columns.strings.indices {
        for _ in 0..<columns.count {
          let length = rng.number(below: rng.isOne(in: 2) ? 3 : 40)
          columns.strings[index].append((0..<length).map { _ in 97 + UInt8(rng.number(below: 9)) })
        }
      }
      batch.columns.append(columns)
    }
    return batch
  }
}
