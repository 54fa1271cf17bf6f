// SPDX-License-Identifier: Apache-2.0
//
// Sections of many devices that differ a little, so that the encoder's choices fall on both sides
// of what they hang on.

import InputTape
import InputTapeCore
import InputTapeTestKit

/// Bytes of sections, device by device.
enum ChoiceCases {
  static var all: [DigestCase] {
    (0..<24).flatMap { part in
      [
        DigestCase("choices/plain-\(part)") { try look(&$0, part, .balanced, .none) },
        DigestCase("choices/adaptive-\(part)") {
          try look(&$0, part, .compact, .zstd(level: nil))
        },
      ]
    }
      + [
        DigestCase("choices/texts", dependence: .libraries, texts),
        DigestCase("choices/held", held), DigestCase("choices/pauses", pauses),
      ]
      + (0..<12).map { part in
        DigestCase("choices/modelled-\(part)", dependence: .libraries) { seen in
          try tokens(&seen, part)
        }
      }
  }

  /// Lengths on both sides of those by which samples are taken.
  private static let counts = [
    20, 33, 64, 65, 66, 130, 257, 385, 400, 769, 780, 1_100, 1_540, 2_000, 3_300, 6_000,
  ]

  private static func look(
    _ seen: inout Observation, _ part: Int, _ preset: Preset, _ compression: Compression
  ) throws {
    let (encoder, decoder) = (SectionEncoder(), SectionDecoder())
    let settings = EncodingSettings(preset: preset, compression: compression)
    for number in 0..<(preset == .compact ? 9 : 20) {
      var rng = SeededRandom(seed: UInt64(1_000 * part + number))
      let batch = MadeDevice(&rng).batch(rng.element(counts), &rng)
      try seen.add(encoding: batch, settings, encoder, decoder)
      seen.mark("\(number)")
    }
  }

  /// Many keys that are held, repeated and released in any order, with buttons between them.
  private static func held(_ seen: inout Observation) throws {
    let (encoder, decoder) = (SectionEncoder(), SectionDecoder())
    for seed in 0..<12 as Range<UInt64> {
      var rng = SeededRandom(seed: seed)
      var (batch, time, keys) = (EventBatch(track: MadeBatch.track), Int64(0), [UInt32]())
      for _ in 0..<600 {
        time += Int64(1 + rng.number(below: 40)) * 1_000_000
        var body = Event.Body.button(
          button: Int32(rng.number(below: 4)), state: rng.isOne(in: 2) ? .down : .up)
        switch rng.number(below: 5) {
        case 0: break
        case 1 where !keys.isEmpty: body = .key(code: rng.element(keys), state: .repeat)
        case 2 where keys.count > 8:
          body = .key(code: keys.remove(at: rng.number(below: keys.count)), state: .up)
        default:
          keys.append(UInt32(rng.number(below: 60)))
          body = .key(code: keys.last ?? 0, state: .down)
        }
        batch.append(Event(time: time, track: batch.track, body: body))
      }
      try seen.add(encoding: batch, EncodingSettings(preset: .compact), encoder, decoder)
    }
  }

  /// Reports by a clock of nanoseconds, a millisecond apart, with pauses between them that are
  /// seconds or hours long: how long a stretch of 512 is tells of its period, or is too long to.
  private static func pauses(_ seen: inout Observation) throws {
    let (encoder, decoder) = (SectionEncoder(), SectionDecoder())
    for pause in [3, 60, 130, 140, 270, 300, 40_000] as [Int64] {
      var rng = SeededRandom(seed: UInt64(pause))
      var (batch, time) = (EventBatch(track: MadeBatch.track), Int64(0))
      for index in 0..<1_500 as Range<Int32> {
        time += 1_000_003 + (index % 70 == 69 ? pause * 1_000_000_000 : 0)
        let late = Int64(rng.number(below: 9_000))
        batch.append(
          Event(time: time + late, track: batch.track, body: .scroll(dx: 0, dy: 1, phase: nil)))
      }
      try seen.add(
        encoding: batch, EncodingSettings(preset: .balanced, compression: .none), encoder, decoder)
      seen.mark("\(pause) s")
    }
  }

  /// Texts of lengths on both sides of those at which a part of them is tried, with few repeats or
  /// many; and streams of so few tokens that compression hardly pays.
  private static func texts(_ seen: inout Observation) throws {
    let (encoder, decoder) = (SectionEncoder(), SectionDecoder())
    let codecs = [Compression.zstd(level: nil), .zstd(level: 3), .deflate(level: nil)]
    for length in [16_384, 16_385, 16_388, 17_000, 18_432, 18_433, 40_000] {
      for width in [4, 40, 200] {
        var rng = SeededRandom(seed: UInt64(length + width))
        var batch = EventBatch(track: MadeBatch.track)
        var left = length
        for index in 0..<1_600 {
          let size = index == 1_599 ? left : min(left, rng.number(below: 2 * length / 1_600))
          left -= size
          // Some texts come again.
          let bytes = (0..<size).map { offset in
            index % 9 == 0 ? UInt8(offset & 63) : UInt8(rng.number(below: width))
          }
          batch.append(
            Event(time: Int64(index), track: batch.track, body: .custom(type: 1, bytes: bytes)))
        }
        for preset in [Preset.fast, .balanced] where preset == .fast || width == 40 {
          let settings = EncodingSettings(preset: preset, compression: .zstd(level: nil))
          // By itself the adaptive coder would not have them.
          try seen.add(encoding: batch, settings, encoder, decoder)
        }
      }
      seen.mark("\(length)")
    }
    for count in 5...12 {
      for compression in codecs {
        var batch = EventBatch(track: MadeBatch.track)
        for index in 0..<1_600 as Range<Int32> {
          let isRare = index % 100 == 7 && index / 100 < count
          batch.append(
            Event(
              time: Int64(index), track: batch.track,
              body: isRare
                ? .scroll(dx: index / 100 & 1, dy: 3 + index / 100 & 1, phase: nil)
                : .motion(x: index, y: 5)))
        }
        let settings = EncodingSettings(preset: .fast, compression: compression)
        try seen.add(encoding: batch, settings, encoder, decoder)
      }
      seen.mark("\(count) rare")
    }
  }

  /// Streams of few and of many tokens, some of them rare, on both sides of the lengths by which
  /// rules are tried, in sections that are long enough to be modelled.
  private static func tokens(_ seen: inout Observation, _ part: Int) throws {
    let (encoder, decoder) = (SectionEncoder(), SectionDecoder())
    let settings = EncodingSettings(compression: .zstd(level: nil))
    for number in 0..<4 {
      var rng = SeededRandom(seed: UInt64(100 * part + number))
      let count = rng.element([200, 300, 6_143, 6_145, 9_000, 24_575, 24_577, 30_000])
      var batch = EventBatch(track: MadeBatch.track)
      let (width, rare) = (1 + rng.number(below: 60), rng.element([2, 9, 60, 700]))
      var last = (x: 0, y: 0)
      for index in 0..<max(count, 8_200) {
        let isRare = rng.isOne(in: rare)
        // What comes depends on what came.
        last.x = isRare ? rng.number(below: width) : min(rng.number(below: width), last.x + 1)
        last.y = isRare ? last.x / 2 : rng.number(below: 1 + width / 9)
        let (x, y) = (Int32(last.x), Int32(last.y))
        var body = Event.Body.motion(x: 1, y: 2)
        if index < count {
          body = number % 2 == 0 ? .axis(axis: y, value: x) : .rawMotion(dx: x, dy: y)
        }
        batch.append(Event(time: Int64(index) * 1_000_000, track: batch.track, body: body))
      }
      try seen.add(encoding: batch, settings, encoder, decoder)
      seen.mark("\(number)")
    }
  }
}

/// A device: how its clock ticks, how often it reports, and how its numbers run.
private struct MadeDevice {
  private let unit: Int64
  /// Picoseconds between two reports.
  private let period: Int64
  private let jitter: Int
  private let pause: Int
  /// One in so many events comes at nearly the same time as the one before.
  private let twin: Int
  /// One in so many movements is as long as can be, late in the section.
  private let leap: Int
  private let firstContact: Int
  private let drift: Int64
  private let kind: EventKind
  private let smoothness: Int
  private let beat: Int

  init(_ rng: inout SeededRandom) {
    unit = rng.element([1, 10, 100, 1_000, 100_000, 125_000, 1_000_000, 10_000_000, 15_625_000])
    let usual: [Int64] = [
      62_500_000, 125_000_000, 500_000_000, 1_000_000_000, 3_750_000_000, 6_944_444_444,
      8_000_000_000, 11_111_111_111, 16_666_666_667, 15_625_000_000,
    ]
    let other = Int64(rng.number(below: 1_000_000)) * 40_000 + 1_000_000
    period = rng.isOne(in: 3) ? other : rng.element(usual)
    jitter = rng.element([0, 0, 1, 2, 6, 20, 49])
    pause = rng.element([3, 12, 100, 5_000])
    twin = rng.element([4, 30, 9_000, 9_000])
    leap = rng.element([5, 60, 9_000, 9_000])
    firstContact = rng.element([0, 0, 7, 16, 29])
    drift = Int64(rng.element([0, 0, 1, 30, 900]))
    kind = rng.element([.motion, .rawMotion, .rawMotion, .scroll, .axis, .touch, .pen, .button])
    smoothness = rng.element([1, 3, 8, 40])
    beat = rng.element([0, 0, 2, 3, 5, 7, 8, 9, 16, 31, 32, 33])
  }

  func batch(_ count: Int, _ rng: inout SeededRandom) -> EventBatch {
    var batch = EventBatch(track: MadeBatch.track)
    var (ideal, last) = (Int64(rng.number(below: 1_000_000_000)) * 1_000, Int64(0))
    var (x, y, dx, dy) = (Int32(500), Int32(500), Int32(0), Int32(0))
    for index in 0..<count {
      let steps = rng.isOne(in: pause) ? Int64(2 + rng.number(below: 30)) : 1
      // In picoseconds; what comes behind a fifth is another rate where the clock drifts.
      if !rng.isOne(in: twin) {
        ideal += steps * (period + (index > count / 5 ? drift * period / 1_000 : 0))
      }
      let late = jitter == 0 ? 0 : period / 100 * Int64(rng.number(below: jitter))
      let time = max((ideal + late) / 1_000 / unit * unit, last)
      last = time
      dx = (dx * Int32(smoothness - 1) + Int32(rng.number(below: 61) - 30)) / Int32(smoothness)
      dy = (dy * Int32(smoothness - 1) + Int32(rng.number(below: 31) - 15)) / Int32(smoothness)
      if beat > 0, index % beat == 0 { dx = dx / 2 + 3 }
      let isLeap = index > count / 2 && rng.isOne(in: leap)
      let far = isLeap ? Int32(truncatingIfNeeded: rng.next()) : 0
      (x, y) = (x &+ dx &+ far, y &+ dy)
      batch.append(Event(time: time, track: batch.track, body: body(index, x, y, dx &+ far, dy)))
    }
    return batch
  }

  private func body(_ index: Int, _ x: Int32, _ y: Int32, _ dx: Int32, _ dy: Int32) -> Event.Body {
    switch kind {
    case .motion: .motion(x: x, y: y)
    case .scroll: .scroll(dx: dx, dy: dy / 8, phase: index % 5 == 0 ? .momentum : nil)
    case .axis: .axis(axis: Int32(index % 3), value: x)
    case .touch:
      .touch(
        contact: Int32(firstContact + index % 3), phase: index < 4 ? .began : .moved, x: x, y: y,
        pressure: dx > 2 ? dy : nil)
    case .pen: .pen(Pen(x: x, y: y, pressure: dx))
    case .button: .button(button: dy & 3, state: index & 1 == 0 ? .down : .up)
    default: .rawMotion(dx: dx, dy: dy)
    }
  }
}

extension Observation {
  /// Adds a section's bytes, and whether they give back what they were made of.
  fileprivate mutating func add(
    encoding batch: EventBatch, _ settings: EncodingSettings, _ encoder: SectionEncoder,
    _ decoder: SectionDecoder
  ) throws {
    var bytes: [UInt8] = []
    let form = encoder.encode(batch, settings: settings, into: &bytes)
    add(form.rawValue)
    add(bytes)
    var found = EventBatch(track: batch.track)
    try decoder.decode(
      bytes.span, form: form, eventCount: batch.count, firstTime: batch.times.first ?? 0,
      kinds: .all, at: 0, into: &found)
    add(found.times == batch.times && found.columns == batch.columns)
  }
}
