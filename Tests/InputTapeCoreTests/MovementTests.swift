// SPDX-License-Identifier: Apache-2.0
//
// Movements by every guess of the format, those too that the encoder never chooses.

import InputTapeTestKit
import Testing

@testable import InputTapeCore

@Suite struct MovementTests {
  private func movements(_ count: Int, _ rng: inout SeededRandom) -> [Int32] {
    var (value, velocity) = (Int32(0), Int32(0))
    return (0..<count).map { index in
      velocity += Int32.random(in: -3...3, using: &rng)
      if rng.next() % 20 == 0 { velocity = -velocity / 2 }
      value = velocity &+ (index % 5 == 0 ? 9 : 0)
      return rng.next() % 90 == 0 ? Int32(truncatingIfNeeded: rng.next()) : value
    }
  }

  private func residuals(
    of moves: [Int32], _ guess: MovementGuess, _ ranges: [Range<Int>]
  ) -> [UInt32] {
    let prediction = PairPrediction(isPosition: false, guess: guess)
    var columns = MovementColumns()
    columns.take(moves.span, moves.span, ranges, isPosition: false, reach: guess.reach)
    let count = ranges.reduce(0) { $0 + $1.count }
    var found = (
      first: [UInt32](repeating: 1, count: count), second: [UInt32](repeating: 1, count: count)
    )
    columns.takeResiduals(prediction, into: &found.first, &found.second, from: 0)
    #expect(found.first == found.second)
    if case .linear(let a, let b) = guess {
      for range in ranges {
        // Without wide vectors, in a column of the range and two movements in front.
        let start = range.lowerBound
        let part = (start - 2..<range.upperBound).map { $0 < 0 ? 0 : moves[$0] }
        var other = [UInt32](repeating: 1, count: range.count)
        var target = other.mutableSpan
        MovementLoops.takeResiduals(
          of: part.span, 2..<part.count, a: a, b: b, to: &target, from: 0, isWide: false)
        #expect(
          other[...]
            == found.first[
              start - ranges[0].lowerBound..<range.upperBound
                - ranges[0].lowerBound])
      }
    }
    return found.first
  }

  /// The residuals of all quarters, each as if it were the only one.
  private func residuals(ofQuarters moves: [Int32], _ guess: MovementGuess) -> [UInt32] {
    PairQuarters.ranges(of: moves.count, guess).flatMap { quarter in
      residuals(of: Array(moves[quarter]), guess, [0..<quarter.count])
    }
  }

  /// What both columns are by the loops, without and with wide vectors.
  private func restored(
    _ first: [UInt32], _ second: [UInt32], _ guess: MovementGuess, isPosition: Bool
  ) -> [(first: [Int32], second: [Int32])] {
    (WideLoops.areThere ? [false, true] : [false]).map { isWide in
      var columns = (
        first: first.map { Int32(bitPattern: $0) }, second: second.map { Int32(bitPattern: $0) }
      )
      MovementLoops.restore(
        &columns.first, &columns.second, PairPrediction(isPosition: isPosition, guess: guess),
        isWide: isWide)
      return columns
    }
  }

  private func sums(_ moves: [Int32], _ guess: MovementGuess) -> [Int32] {
    PairQuarters.ranges(of: moves.count, guess).flatMap { quarter in
      var position: Int32 = 0
      return moves[quarter].map { move in
        position &+= move
        return position
      }
    }
  }

  private func expectGivenBack(
    _ guess: MovementGuess, count: Int, _ rng: inout SeededRandom
  ) {
    let (first, second) = (movements(count, &rng), movements(count, &rng))
    let rests = (
      residuals(ofQuarters: first, guess), residuals(ofQuarters: second, guess)
    )
    for isPosition in [false, true] {
      for found in restored(rests.0, rests.1, guess, isPosition: isPosition) {
        #expect(found.first == (isPosition ? sums(first, guess) : first), "\(guess), \(count)")
        #expect(found.second == (isPosition ? sums(second, guess) : second), "\(guess), \(count)")
      }
    }
  }

  @Test func everyBeatIsGivenBack() {
    var rng = SeededRandom(seed: 8)
    var beats = 0
    for windowBits in BeatGuess.windowBitsRange {
      for termBits in BeatGuess.termBitsChoices {
        for lag in [1, 2, 7, 33, 64] {
          let beat = BeatGuess(windowBits: windowBits, termBits: termBits, lag: lag)
          for count in [0, 1, 3, 300, 1_301] { expectGivenBack(.beat(beat), count: count, &rng) }
          beats += 1
        }
      }
    }
    print("beats: \(beats)")
  }

  /// In quarters, and farther than what loops keep of the past at once.
  @Test(arguments: [32_768, 33_333], [3, 4])
  func longBeatsAreGivenBack(count: Int, windowBits: Int) {
    var rng = SeededRandom(seed: UInt64(count))
    for (termBits, lag) in [(0, 2), (1, 63), (3, 64), (3, 1)] {
      let beat = BeatGuess(windowBits: windowBits, termBits: termBits, lag: lag)
      expectGivenBack(.beat(beat), count: count, &rng)
    }
  }

  /// By the letter: deviations from the means before, residuals, and how far those are in all.
  private func expected(
    _ moves: [Int32], _ beat: BeatGuess, from start: Int
  ) -> (deviations: [Int32], residuals: [UInt32], distance: UInt64) {
    func window(_ place: Int) -> Int32 {
      beat.window.enumerated().reduce(0) { $0 &+ $1.element &* moves[place - $1.offset - 1] }
    }
    let deviations = moves.indices.map { place in
      place < beat.window.count ? 0 : moves[place] << Int32(beat.windowBits) &- window(place)
    }
    let weights: [Int32] = [[1], [1, 1], [], [3, 2, 2, 1]][beat.termBits]
    let half: Int32 = 1 << Int32(beat.shift - 1)
    var distance: UInt64 = 0
    let residuals = (start..<moves.count).map { place in
      var sum = half &+ window(place) &* Int32(weights.reduce(0, +))
      for (term, weight) in weights.enumerated() {
        sum = sum &+ weight &* deviations[place - (term + 1) * beat.lag]
      }
      let residual = moves[place] &- sum >> Int32(beat.shift)
      distance += min(UInt64(residual.magnitude), 1 << 19)
      return Zigzag.encode(sum & half == 0 ? 0 &- residual : residual)
    }
    return (deviations, residuals, distance)
  }

  @Test func beatsLeaveTheSameEitherWay() {
    var rng = SeededRandom(seed: 13)
    for windowBits in BeatGuess.windowBitsRange {
      for termBits in BeatGuess.termBitsChoices {
        for (lag, count) in [(1, 40), (5, 77), (64, 700), (3, 9_001)] {
          let beat = BeatGuess(windowBits: windowBits, termBits: termBits, lag: lag)
          let (moves, start) = (movements(count, &rng), beat.terms * lag + 9)
          let wanted = expected(moves, beat, from: start)
          for vectors in Vectors.allCases where vectors.areThere {
            var deviations = [Int32](repeating: 0, count: count)
            BeatLoops.takeDeviations(
              of: moves.span, beat.window.count..<count, windowBits: windowBits, into: &deviations,
              vectors: vectors)
            #expect(deviations == wanted.deviations, "\(beat)")
            var residuals = [UInt32](repeating: 0, count: count - start)
            var target = residuals.mutableSpan
            BeatLoops.takeResiduals(
              of: moves.span, start..<count, beat, deviations: deviations.span, to: &target,
              from: 0, vectors: vectors)
            #expect(residuals == wanted.residuals, "\(beat)")
            guard beat.termBits == 0 else { continue }
            let distance = BeatLoops.distance(
              of: moves.span, start..<count, windowBits: windowBits, lag: lag,
              deviations: deviations.span, vectors: vectors)
            #expect(distance == wanted.distance, "\(beat)")
          }
        }
      }
    }
  }

  @Test func differencesAreDividedEitherWay() {
    var rng = SeededRandom(seed: 14)
    for unit: UInt64 in [1, 2, 3, 1_000, 1_000_000, 1 << 63, .max] {
      for count in [0, 1, 2, 5, 9, 100] {
        for sort in 0..<3 {
          var time = Int64(truncatingIfNeeded: rng.next())
          let times = (0..<count).map { _ in
            let step = sort == 2 ? rng.next() : (rng.next() >> 40) &* unit
            time = sort == 1 && rng.next() % 9 == 0 ? time &- 1 : time
            time = time &+ Int64(truncatingIfNeeded: step)
            return time
          }
          let differences = zip(times.dropFirst(), times).map { UInt64(bitPattern: $0 &- $1) }
          let divider = ExactDivider(unit)
          for vectors in Vectors.allCases where vectors.areThere {
            var quotients: [UInt64] = []
            let seen = TimeLoops.takeDifferences(
              of: times, divider, into: &quotients, vectors: vectors)
            #expect(quotients == differences.map { divider.divide($0) })
            #expect(seen.isRising == differences.allSatisfy { $0 >> 63 == 0 })
            #expect(seen.areMultiples == differences.allSatisfy { $0.isMultiple(of: unit) })
          }
        }
      }
    }
  }

  @Test func stepsAreSummedEitherWay() {
    var rng = SeededRandom(seed: 15)
    for unit: Int64 in [1, 1_000_000, -1, .min, .max] {
      for count in [0, 1, 7, 8, 9, 16, 100] {
        for isUnsigned in [false, true] {
          let numbers = (0..<count).map { _ in rng.next() >> (rng.next() % 64) }
          let first = Int64(truncatingIfNeeded: rng.next())
          var expected = [first]
          for number in numbers {
            let step = isUnsigned ? Int64(bitPattern: number) : Zigzag.decode(number)
            expected.append(expected[expected.count - 1] &+ step &* unit)
          }
          for vectors in Vectors.allCases where vectors.areThere {
            var times = [first] + Array(repeating: 0, count: count)
            TimeLoops.sum(
              numbers, unit: unit, isUnsigned: isUnsigned, into: &times, vectors: vectors)
            #expect(times == expected)
          }
        }
      }
    }
  }

  @Test func everyLinearGuessIsGivenBack() {
    var rng = SeededRandom(seed: 10)
    for a: Int8 in [0, 4, 6, 8, 5, 127, -128] {
      for b: Int8 in [0, -3, 127, -128] {
        for count in [0, 1, 2, 300] { expectGivenBack(.linear(a: a, b: b), count: count, &rng) }
      }
    }
  }

  @Test func eachQuarterStartsAnew() {
    var rng = SeededRandom(seed: 11)
    let guesses: [MovementGuess] = [
      .linear(a: 6, b: 0), .linear(a: 7, b: -3),
      .beat(BeatGuess(windowBits: 3, termBits: 1, lag: 8)),
      .beat(BeatGuess(windowBits: 4, termBits: 3, lag: 64)),
    ]
    for guess in guesses {
      let first = if case .beat = guess { 32_768 } else { 8_192 }
      #expect(PairQuarters.ranges(of: first - 1, guess) == [0..<first - 1])
      for count in [first, first + 1, first + 15, first + 16, first + 1_003] {
        let quarters = PairQuarters.ranges(of: count, guess)
        #expect(quarters.count == 4 && quarters.last?.upperBound == count)
        #expect(quarters.dropLast().allSatisfy { $0.count == count / 16 * 4 })
        expectGivenBack(guess, count: count, &rng)
      }
    }
  }

  @Test func linearGuessesAreEighthsOfTheLastTwoMovements() {
    var rng = SeededRandom(seed: 9)
    for (a, b) in [(8, 0), (6, 0), (5, 0), (4, -3), (12, -4), (0, 8), (7, 1)] as [(Int8, Int8)] {
      let moves = movements(100, &rng)
      for range in [0..<100, 1..<50, 40..<100] {
        let found = residuals(of: moves, .linear(a: a, b: b), [range])
        let wanted = range.map { index in
          let last = index > 0 ? moves[index - 1] : 0
          let before = index > 1 ? moves[index - 2] : 0
          let sum = Int32(a) &* last &+ Int32(b) &* before &+ 4
          return Zigzag.encode(moves[index] &- sum >> 3)
        }
        #expect(found == wanted, "\(a) \(b) \(range)")
      }
    }
  }

  @Test(arguments: [0, 1, 7, 500, 1_303])
  func contactsAreGivenBackByEveryGuess(count: Int) {
    var rng = SeededRandom(seed: 14)
    let contacts = (0..<count).map { _ in Int32.random(in: -3...70, using: &rng) % 5 * 31 }
    let phases = (0..<count).map { _ in rng.next() % 9 == 0 ? Phase.began.rawValue : 1 }
    let (x, y) = (movements(count, &rng), movements(count, &rng))
    var columns = ContactMovements()
    columns.take(contacts: contacts, phases: phases, x, y)
    for (a, b) in [(0, 0), (8, 0), (6, 0), (5, 3), (-128, 127)] as [(Int8, Int8)] {
      for isWide in WideLoops.areThere ? [false, true] : [false] {
        var first = [UInt32](repeating: 1, count: count)
        var second = first
        columns.takeResiduals((a, b), into: &first, &second, isWide: isWide)
        var found = (
          first.map { Int32(bitPattern: $0) }, second.map { Int32(bitPattern: $0) }
        )
        MovementLoops.restore(
          &found.0, &found.1, a: a, b: b, contacts: contacts, phases: phases)
        #expect(found.0 == x && found.1 == y, "\(a), \(b), \(isWide)")
        var part = [UInt32](repeating: 1, count: count / 3)
        var other = part
        columns.takeResiduals((a, b), into: &part, &other, isWide: isWide)
        #expect(part[...] == first.prefix(count / 3) && other[...] == second.prefix(count / 3))
      }
    }
  }

  @Test func frequenciesCanBeWrittenAndAddUp() {
    var rng = SeededRandom(seed: 4)
    var few = 0
    for round in 0..<400 {
      // Some frequent tokens in front, at the end or among many that come once.
      let isFull = round % 2 == 0
      var counts = (0..<256).map { _ in
        UInt32(isFull || rng.next() % 3 == 0 ? rng.next() % 2 + 1 : 0)
      }
      for _ in 0...round % 14 {
        let place = round % 3 == 0 ? 0 : round % 3 == 1 ? 240 : 100
        counts[place + Int(rng.next() % 14)] = UInt32(20_000 + rng.next() % 900)
      }
      // Many that are as frequent: all are rounded the same way.
      for place in 0..<(round % 4 == 3 ? 20 + round / 4 % 40 : 0) { counts[120 + place] = 20_000 }
      var taken: [Int32] = []
      let rest = FrequencyTable.take(counts, into: &taken)
      let frequencies = taken.map { Int($0) }
      #expect(frequencies.reduce(0, +) == FrequencyTable.total)
      #expect(rest == counts.firstIndex(of: counts.max() ?? 0))
      for (count, frequency) in zip(counts, frequencies) {
        #expect((count > 0) == (frequency > 0))
      }
      for (place, frequency) in frequencies.enumerated() where place != rest && frequency > 0 {
        let number = FrequencyTable.classOf(frequency)
        let detailCount = FrequencyTable.detailCount(number)
        #expect(detailCount == max(min(number - 1, 2), 0))
        let low = FrequencyTable.frequency(number, detailCount, detail: 0)
        #expect(low == 1 << (number - 1))
        let step = max(low >> detailCount, 1)
        #expect((frequency - low).isMultiple(of: step))
      }
      if frequencies[rest] < 10 { few += 1 }
    }
    #expect(few > 20)
    print("tables of frequencies: 400, of which with little left for the most frequent: \(few)")
  }

  @Test func anIntervalIsEndedByTheFewestBytes() {
    for byteCount in 1...7 {
      let unit = UInt64(1) << UInt64(64 - 8 * byteCount)
      // From 1 on the first multiple of the unit is `unit` less 1 away.
      for (range, isEnough) in [(unit - 1, false), (unit, true), (unit + 1, true)] {
        let (value, count) = BitInterval.ending(1, range)
        #expect(value &- 1 < range || count == 8)
        #expect((count <= byteCount) == isEnough)
        if isEnough { #expect(value == unit && count == byteCount) }
      }
    }
    #expect(BitInterval.ending(1, 1) == (1, 8) && BitInterval.ending(0, 5) == (0, 0))
    #expect(BitInterval.ending(.max - 3, 4).1 == 8 && BitInterval.ending(.max - 3, 5) == (0, 0))
  }
}

extension BeatGuess {
  /// What the movements of the window count, the last first.
  fileprivate var window: [Int32] {
    windowBits < 4 ? Array(repeating: 1, count: 1 << windowBits) : [4, 4, 2, 1, 1, 1, 1, 1, 1]
  }
  /// The guess is the sum divided by 2 to this power.
  fileprivate var shift: Int { windowBits + termBits }
}
