// SPDX-License-Identifier: Apache-2.0
//
// Pairs to tokens and bits and back, of every form and size, against the format's words bit by bit
// (Specs/Encodings.md, sections 6 and 7).

import InputTapeTestKit
import Testing

@testable import InputTapeCore

@Suite struct PairLoopTests {
  private typealias Pair = (first: UInt64, second: UInt64)

  private static let counts = [0, 1, 3, 4, 7, 8, 9, 15, 16, 17, 127, 128, 129, 300]
  /// With wide vectors, where the processor has them, and without.
  private static let ways = WideLoops.areThere ? [false, true] : [false]
  /// Each width of vectors that the processor has.
  private static let widths = Vectors.allCases.filter(\.areThere)

  /// Bits one by one, lowest first.
  private struct BitList {
    var bytes: [UInt8] = []
    private(set) var count = 0

    mutating func append(_ value: UInt64, _ size: Int) {
      for bit in 0..<size {
        if count & 7 == 0 { bytes.append(0) }
        bytes[count >> 3] |= UInt8(value >> UInt64(bit) & 1) << UInt8(count & 7)
        count += 1
      }
    }
  }

  /// A number of any length, some of ones alone; `tame` of a hundred have up to twelve bits.
  private func number(_ width: Int, tame: Int, _ rng: inout SeededRandom) -> UInt64 {
    let limit = Int.random(in: 0..<100, using: &rng) < tame ? 12 : width
    let size = Int.random(in: 0...limit, using: &rng)
    let bits = rng.next() % 16 == 0 ? UInt64.max : rng.next()
    return size == 0 ? 0 : bits >> UInt64(64 - size)
  }

  /// Tokens, bits one by one, and how many, as the format says.
  private func expected(
    _ pairs: [Pair], _ form: PairForm, width: Int
  ) -> (tokens: [UInt8], bits: [UInt8], size: Int) {
    var tokens: [UInt8] = []
    var bits = BitList()
    func appendRest(of value: UInt64, _ direct: Int, shift: Int) -> Int {
      let scheme = PairScheme(direct: direct)
      let number = scheme.classOf(value >> UInt64(shift))
      guard number < PairScheme.open else {
        bits.append(value, width)
        return number
      }
      let (base, size) = scheme.decode(number)
      bits.append(value & ((1 << UInt64(shift)) - 1), shift)
      bits.append(value >> UInt64(shift) - base, size)
      return number
    }
    for pair in pairs {
      let high = appendRest(of: pair.first, form.firstDirect, shift: 0)
      let low = appendRest(of: pair.second, form.secondDirect, shift: form.shift)
      tokens.append(UInt8(high << 4 | low))
    }
    return (tokens, bits.bytes, bits.count)
  }

  /// The encoder's estimate counts the tokens and bits that there are.
  private func expectCounts(
    _ xs: [UInt32], _ ys: [UInt32], _ form: PairForm, width: Int, tokens: [UInt8], size: Int
  ) {
    let numbers = tokens.map { Int($0) }
    for vectors in Self.widths {
      var counts = [UInt32](repeating: 0, count: 4 << 8)
      let found = TokenSplit.count(
        xs.span, ys.span, form, width: width, into: &counts, vectors: vectors)
      #expect(found == size, "\(form), \(xs.count)")
      let sums = (0..<256).map { token in
        (0..<4).reduce(0) { $0 + Int(counts[token | $1 << 8]) }
      }
      #expect(sums == (0..<256).map { token in numbers.count { $0 == token } })
    }
  }

  @Test func numbersOfEveryScheme() {
    var rng = SeededRandom(seed: 30)
    let room = BitRoom()
    var total = 0
    for (index, scheme) in TokenScheme.all.enumerated() {
      for (count, tame) in Self.counts.flatMap({ [($0, 50), ($0, 98), ($0, 100)] }) {
        let numbers = (0..<count).map { _ in
          // What a scheme's tokens have room for.
          repeatElement((), count: 64).lazy.map { self.number(64, tame: tame, &rng) }
            .first { scheme.holds($0) } ?? 0
        }
        var tokens: [UInt8] = []
        var bits = BitList()
        for number in numbers {
          let (token, extra, size) = scheme.encode(number)
          tokens.append(UInt8(token))
          bits.append(extra, size)
        }
        for vectors in Self.widths {
          var found = [UInt8](repeating: 0, count: count)
          let used = TokenSplit.numbers(
            numbers.span, TokenClassifier.all[index], tokens: &found, bits: room, vectors: vectors)
          #expect(found == tokens)
          #expect(room.withPrefix(used) { span in span.indices.map { span[$0] } } == bits.bytes)
          var back = [UInt64](repeating: 1, count: count)
          let table = NumberTable.of64[index]
          #expect(table.expand(tokens.span, bits.bytes.span, into: &back, vectors: vectors))
          #expect(back == numbers, "\(scheme), \(count)")
        }
        total += count
      }
    }
    print("numbers: \(total)")
  }

  @Test func pairsOfEveryFormAndSize() {
    var rng = SeededRandom(seed: 31)
    let room = BitRoom()
    var table = PairTable()
    var total = 0
    for direct in 1...13 {
      for second in PairForm.usualDirects {
        let form = PairForm(direct, second)
        for (count, tame) in Self.counts.flatMap({ [($0, 50), ($0, 98), ($0, 100)] }) {
          let pairs: [Pair] = (0..<count).map { _ in
            (number(32, tame: tame, &rng), number(32, tame: tame, &rng))
          }
          let (tokens, bits, size) = expected(pairs, form, width: 32)
          let xs = pairs.map { UInt32($0.first) }
          let ys = pairs.map { UInt32($0.second) }
          expectCounts(xs, ys, form, width: 32, tokens: tokens, size: size)
          for vectors in Self.widths {
            var found = [UInt8](repeating: 0, count: count)
            let used = PairSplit.pairs(
              xs.span, ys.span, form, tokens: &found, bits: room, vectors: vectors)
            #expect(found == tokens)
            #expect(room.withPrefix(used) { span in span.indices.map { span[$0] } } == bits)
          }
          table.set(form, width: 32)
          for vectors in Self.widths {
            var back = ([Int32](repeating: 1, count: count), [Int32](repeating: 1, count: count))
            #expect(table.expand(tokens.span, bits.span, into: &back.0, &back.1, vectors: vectors))
            #expect(back.0.map { UInt32(bitPattern: $0) } == xs, "\(form), \(count)")
            #expect(back.1.map { UInt32(bitPattern: $0) } == ys, "\(form), \(count)")
          }
          total += count
        }
      }
    }
    print("pairs: \(total)")
  }

  @Test func gridsOfEveryShift() {
    var rng = SeededRandom(seed: 32)
    let room = BitRoom()
    var table = PairTable()
    var total = 0
    for shift in [0, 1, 2, 7, 12, 17, 18, 19, 28, 29, 40] {
      for (count, tame) in Self.counts.flatMap({ [($0, 60), ($0, 99), ($0, 100)] }) {
        let form = PairForm(5, 3, shift: shift)
        let period = Int64.random(in: 4..<3_000, using: &rng) << 16
        let grid = ClockGrid(period: period, gain: 3, clip: Int64(shift) + 1)
        let differences = (0..<count).map { _ in
          guard rng.next() % 64 > 0 else {
            // As many steps as 32 bits have, one less or one more.
            return UInt64(period >> 16) * (1 << 32 - rng.next() % 3) + rng.next() % 2
          }
          return number(62, tame: tame, &rng) << UInt64.random(in: 0...1, using: &rng)
        }
        var columns = GridColumns()
        columns.take(differences, grid)
        var follower = grid.starting(at: columns.starts[0])
        let pairs: [Pair] = differences.map {
          let (steps, residual) = follower.take(Int64(bitPattern: $0))
          return (UInt64(bitPattern: steps), Zigzag.encode(residual))
        }
        let (tokens, bits, size) = expected(pairs, form, width: 64)
        if pairs.allSatisfy({ $0.first | $0.second < UInt32.max }) {
          expectCounts(
            pairs.map { UInt32($0.first) }, pairs.map { UInt32($0.second) }, form, width: 64,
            tokens: tokens, size: size)
        }
        for vectors in Self.widths {
          var found = [UInt8](repeating: 0, count: count)
          columns.take(differences, grid, vectors: vectors)
          let used = PairSplit.grid(
            columns, form, tokens: &found, bits: room, vectors: vectors)
          #expect(found == tokens)
          #expect(room.withPrefix(used) { span in span.indices.map { span[$0] } } == bits)
        }
        table.set(form, width: 64)
        for vectors in Self.widths {
          var times = [Int64](repeating: 0, count: count + 1)
          #expect(
            table.follow(
              tokens.span, bits.span, [grid.starting(at: columns.starts[0])], unit: 1,
              into: &times, vectors: vectors))
          let steps = zip(times.dropFirst(), times).map { UInt64(bitPattern: $0 &- $1) }
          #expect(steps == differences, "\(shift), \(count)")
        }
        total += count
      }
    }
    print("differences: \(total)")
  }

  @Test func gridsOfSteadyEvents() {
    var rng = SeededRandom(seed: 37)
    let room = BitRoom()
    // Of a hundred events so many are far from the grid, as many pauses in a thousand.
    for (far, noise, shift) in [(0, 1, 0), (1, 2, 0), (4, 9, 2), (30, 60, 4), (90, 500, 6)] {
      for count in [15, 16, 31, 32, 33, 4_100] {
        let period = Int64.random(in: 900..<1_100, using: &rng) << 16 + Int64(rng.next() & 0xFFFF)
        let grid = ClockGrid(period: period, gain: 3, clip: noise > 8 ? 4 : 1)
        var time: Int64 = 0
        var last: Int64 = 0
        let differences = (0..<count).map { _ in
          let isFar = Int.random(in: 0..<100, using: &rng) < far
          let isPause = Int.random(in: 0..<1_000, using: &rng) < far
          time += isPause ? period << Int64.random(in: 4..<20, using: &rng) : period
          let jitter = Int64.random(in: 0...Int64(isFar ? 700 : noise), using: &rng)
          let next = max(time >> 16 + jitter, last)
          defer { last = next }
          return UInt64(next - last)
        }
        var columns = GridColumns()
        columns.take(differences, grid)
        var follower = grid.starting(at: columns.starts[0])
        let pairs: [Pair] = differences.map {
          let (steps, residual) = follower.take(Int64(bitPattern: $0))
          return (UInt64(bitPattern: steps), Zigzag.encode(residual))
        }
        let form = PairForm(3, 9, shift: shift)
        let (tokens, bits, _) = expected(pairs, form, width: 64)
        for vectors in Self.widths {
          var found = [UInt8](repeating: 0, count: count)
          columns.take(differences, grid, vectors: vectors)
          let used = PairSplit.grid(
            columns, form, tokens: &found, bits: room, vectors: vectors)
          #expect(found == tokens, "\(far), \(count), \(vectors)")
          #expect(room.withPrefix(used) { span in span.indices.map { span[$0] } } == bits)
        }
      }
    }
  }

  /// Coordinates of any size, or such that are near what is guessed, however far they move.
  private func column(
    _ count: Int, _ tame: Int, a: Int32, isPosition: Bool, _ rng: inout SeededRandom
  ) -> [Int32] {
    guard rng.next() % 4 != 0 else {
      return (0..<count).map { _ in Int32(truncatingIfNeeded: number(33, tame: tame, &rng)) }
    }
    var (step, position) = (Int32(0), Int32(0))
    return (0..<count).map { _ in
      let jump = rng.next() % 16 == 0 ? Int32(truncatingIfNeeded: rng.next()) : 0
      step = (a &* step &+ 4) >> 3 &+ Int32.random(in: -9...9, using: &rng) &+ jump
      position = isPosition ? position &+ step : step
      return position
    }
  }

  @Test func movementsOfEveryGuess() {
    var rng = SeededRandom(seed: 33)
    let room = BitRoom()
    var table = PairTable()
    let form = PairForm(5, 7)
    table.set(form, width: 32)
    for a: Int8 in [0, 4, 6, 8, -3, 5, 127, -128] {
      for isPosition in [false, true] {
        let sizes = Self.counts.flatMap { [($0, 50), ($0, 99), ($0, 100)] } + [(8_217, 95)]
        for (count, tame) in sizes {
          let columns = (
            column(count, tame, a: Int32(a), isPosition: isPosition, &rng),
            column(count, tame, a: Int32(a), isPosition: isPosition, &rng)
          )
          for vectors in Self.widths {
            var tokens = [UInt8](repeating: 0, count: count)
            let used = PairSplit.movements(
              columns.0.span, columns.1.span, a: a, isPosition: isPosition, form, tokens: &tokens,
              bits: room, vectors: vectors)
            let bits = room.withPrefix(used) { span in span.indices.map { span[$0] } }
            var back = ([Int32](repeating: 1, count: count), [Int32](repeating: 1, count: count))
            #expect(table.expand(tokens.span, bits.span, into: &back.0, &back.1, vectors: vectors))
            MovementLoops.restore(
              &back.0, &back.1,
              PairPrediction(isPosition: isPosition, guess: .linear(a: a, b: 0)),
              isWide: vectors.areWide)
            #expect(back.0 == columns.0 && back.1 == columns.1, "\(a), \(isPosition), \(count)")
          }
        }
      }
    }
  }

  @Test func noiseGivesTheSameEitherWay() {
    var rng = SeededRandom(seed: 36)
    var table = PairTable()
    var valid = 0
    for round in 0..<4_000 {
      let isLong = round % 40 == 0
      let count = Int.random(in: isLong ? 8_100...8_300 : 0...300, using: &rng)
      let most: UInt8 = [0x11, 0x33, 0x99, 0xCC, 0xEE, 0xFF].randomElement(using: &rng) ?? 0
      let tokens = (0..<count).map { _ in
        UInt8(truncatingIfNeeded: rng.next()) & (rng.next() % 64 == 0 ? 0xFF : most)
      }
      let isWidth64 = rng.next() % 2 == 0
      let shift = isWidth64 ? Int.random(in: 0...20, using: &rng) : 0
      let form = PairForm(
        Int.random(in: 1...13, using: &rng), Int.random(in: 1...13, using: &rng), shift: shift)
      let size = Int.random(in: 0...(8 * count), using: &rng)
      let bits = (0..<size).map { _ in UInt8(truncatingIfNeeded: rng.next()) }
      table.set(form, width: isWidth64 ? 64 : 32)
      if isWidth64 {
        // Periods of all lengths; few of a hundred have the highest bits.
        let period = max(rng.next() >> UInt64.random(in: 1...60, using: &rng), 1)
        let unit = [1, 1_000, -1, Int64(truncatingIfNeeded: rng.next())].randomElement(using: &rng)
        let grid = ClockGrid(
          period: Int64(period), gain: Int64.random(in: 0...16, using: &rng),
          clip: Int64.random(in: 0...43, using: &rng))
        let parts = (0..<GridParts.count(of: count)).map { _ in
          grid.starting(at: Int64(truncatingIfNeeded: rng.next()) >> 50)
        }
        let found = Self.widths.map { vectors in
          var times = [Int64](repeating: 5, count: count + 1)
          let isWhole = table.follow(
            tokens.span, bits.span, parts, unit: unit ?? 1, into: &times, vectors: vectors)
          valid += isWhole ? 1 : 0
          return times + [isWhole ? 1 : 0]
        }
        #expect(found.allSatisfy { $0 == found[0] }, "\(round)")
      } else {
        let found = Self.widths.map { vectors in
          var (x, y) = ([Int32](repeating: 5, count: count), [Int32](repeating: 5, count: count))
          let isWhole = table.expand(tokens.span, bits.span, into: &x, &y, vectors: vectors)
          valid += isWhole ? 1 : 0
          return x + y + [isWhole ? 1 : 0]
        }
        #expect(found.allSatisfy { $0 == found[0] }, "\(round)")
      }
      let scheme = Int.random(in: 0..<TokenScheme.all.count, using: &rng)
      let numbers = Self.widths.map { vectors in
        var numbers = [UInt64](repeating: 5, count: count)
        let table = isWidth64 ? NumberTable.of64[scheme] : NumberTable.of32[scheme]
        let isWhole = table.expand(tokens.span, bits.span, into: &numbers, vectors: vectors)
        return numbers + [isWhole ? 1 : 0]
      }
      #expect(numbers.allSatisfy { $0 == numbers[0] }, "\(round)")
    }
    print("noise that was whole: \(valid)")
  }

  @Test func eventsOfOtherKindsAreFound() {
    var rng = SeededRandom(seed: 34)
    for count in [0, 1, 40, 63, 64, 65, 127, 128, 300] {
      for rate in [1, 2, 12, 200] {
        let kinds = (0..<count).map { _ in
          EventKind(rawValue: Int.random(in: 0..<rate, using: &rng) == 0 ? 129 : 1)
        }
        var found: [Int] = []
        kinds.span.forEachOther(than: .motion) { found.append($0) }
        #expect(found == kinds.indices.filter { kinds[$0] != .motion })
      }
    }
  }
}
