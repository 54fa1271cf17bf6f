// SPDX-License-Identifier: Apache-2.0
//
// The tokens of steps in lots, by the kinds of the events around each (Specs/Encodings.md,
// section 7).

import InputTapeTestKit
import Testing

@testable import InputTapeCore

@Suite struct EventLotTests {
  private static let widths = Vectors.allCases.filter(\.areThere)

  private func kinds(_ count: Int, others: Int, using rng: inout SeededRandom) -> [EventKind] {
    (0..<count).map { _ in
      Int.random(in: 0..<100, using: &rng) < others
        ? [.button, .scroll].randomElement(using: &rng) ?? .scroll : .motion
    }
  }

  @Test func tokensGoToTheirLotsAndComeBack() {
    var rng = SeededRandom(seed: 11)
    for count in [1, 2, 3, 63, 64, 65, 66, 127, 128, 129, 130, 1_000] {
      for others in [0, 1, 12, 50, 99, 100] {
        let kinds = kinds(count, others: others, using: &rng)
        let tokens = (1..<max(count, 1)).map { UInt8(truncatingIfNeeded: $0 * 7) }
        // As the format says it.
        var expected: [[UInt8]] = [[], [], [], []]
        for index in tokens.indices {
          let (before, own) = (kinds[index] == .motion ? 0 : 1, kinds[index + 1] == .motion ? 0 : 1)
          expected[own + 2 * before].append(tokens[index])
        }
        for vectors in Self.widths {
          var marks = EventMarks()
          marks.replace(with: self.kinds(700, others: 50, using: &rng), main: .motion)
          marks.replace(with: kinds, main: .motion, vectors: vectors)
          var joined = [UInt8](repeating: 99, count: tokens.count)
          for lot in EventMarks.lots {
            var split: [UInt8] = [1, 2, 3]
            marks.split(tokens, lot: lot, into: &split, vectors: vectors)
            #expect(split == expected[lot], "\(count), \(others), \(lot), \(vectors)")
            #expect(marks.count(of: lot) == expected[lot].count)
            marks.join(&split, lot: lot, into: &joined, vectors: vectors)
            #expect(split == expected[lot])
          }
          #expect(joined == tokens, "\(count), \(others), \(vectors)")
        }
      }
    }
  }

  /// A page's events: movements at every frame or second one, scrolls between them, and clicks.
  private func page(_ count: Int, using rng: inout SeededRandom) -> EventBatch {
    var batch = EventBatch(track: .first)
    var time: Int64 = 1_764_253_000_000
    while batch.count < count {
      for _ in 0..<Int.random(in: 3...20, using: &rng) {
        time += [16, 17, 17, 33].randomElement(using: &rng) ?? 16
        batch.append(Event(time: time, track: .first, body: .motion(x: 3, y: 4)))
      }
      for _ in 0..<Int.random(in: 0...8, using: &rng) {
        time += Int64.random(in: 0...3, using: &rng)
        batch.append(Event(time: time, track: .first, body: .scroll(dx: 0, dy: 1, phase: nil)))
      }
      time += Int64.random(in: 40...200, using: &rng)
      batch.append(Event(time: time, track: .first, body: .button(button: 1, state: .down)))
    }
    return batch
  }

  /// What the times of a batch take, of events of several kinds or as if they were of one.
  private func timeByteCount(_ batch: EventBatch, main: EventKind?) -> Int {
    var writer = StreamWriter(compressor: Compressor(), bits: BitRoom(), bytes: [], packed: [])
    writer.codec = .zstd(level: nil)
    writer.models = ModelEncoder()
    var encoder = TimeEncoder()
    encoder.encode(batch.times, kinds: batch.kinds, main: main, preset: .balanced, to: &writer)
    return writer.bytes.count
  }

  @Test func stepsOfAPageAreSmallerInLots() throws {
    var rng = SeededRandom(seed: 12)
    let batch = page(20_000, using: &rng)
    let (lots, one) = (timeByteCount(batch, main: .motion), timeByteCount(batch, main: nil))
    #expect(lots * 10 < one * 9, "\(lots), \(one)")
    for settings in everySettings { _ = try byteCount(of: batch, settings) }
  }

  @Test func everyPrefixAndChangedByteGivesEventsOrAnError() throws {
    var rng = SeededRandom(seed: 13)
    let batch = page(1_600, using: &rng)
    let section = EncodedSection(batch, EncodingSettings(compression: .none))
    let decoder = SectionDecoder()
    var decoded = EventBatch(track: .first)
    func check(_ bytes: [UInt8]) {
      do throws(FormatError) {
        try decoder.decode(
          bytes.span, form: section.form, eventCount: batch.count, firstTime: batch.times[0],
          kinds: .all, at: 0, into: &decoded)
        #expect(decoded.count == batch.count && decoded.times.count == batch.count)
      } catch {
        #expect(decoded.count == 0)
      }
    }
    // The lots are what stands last.
    for end in section.bytes.indices.suffix(1_700) { check(Array(section.bytes[..<end])) }
    for place in section.bytes.indices.suffix(1_700) {
      var bytes = section.bytes
      bytes[place] ^= UInt8.random(in: 1...255, using: &rng)
      check(bytes)
    }
  }
}
