// SPDX-License-Identifier: Apache-2.0
//
// What loops over whole columns tell, of all lengths, against what Swift's own say.

import InputTapeTestKit
import Testing

@testable import InputTapeCore

@Suite struct ColumnLoopTests {
  private func expectCounts<T: FixedWidthInteger & BitwiseCopyable>(_ column: [T]) {
    let (union, changeCount) = (column.span.union, column.span.changeCount)
    #expect(union == column.reduce(0, |))
    let changes = zip(column, column.dropFirst()).count { $0 != $1 }
    #expect(changeCount == changes)
  }

  private func expectFacts(_ column: [Int32]) {
    for vectors in Vectors.allCases where vectors.areThere {
      let facts = column.span.facts(vectors: vectors)
      #expect(facts.union == column.reduce(0, |))
      #expect(facts.changeCount == zip(column, column.dropFirst()).count { $0 != $1 })
      for value in Set(column).union([0, .max]) {
        let count = column.span.count(of: value, vectors: vectors)
        #expect(count == column.count { $0 == value })
      }
    }
  }

  @Test(arguments: [0, 1, 7, 8, 64, 1_001])
  func narrowsNumbers(count: Int) {
    var rng = SeededRandom(seed: 42)
    let numbers = (0..<count).map { _ in rng.next() >> UInt64.random(in: 0..<64, using: &rng) }
    let narrow = numbers.map { Int32(truncatingIfNeeded: $0) }
    for vectors in Vectors.allCases where vectors.areThere {
      var entries = [Int32](repeating: 7, count: count + 3)
      let union = entries.replaceFirst(by: numbers.span, vectors: vectors)
      #expect(union == numbers.reduce(0, |))
      #expect(entries == narrow + [7, 7, 7])
    }
  }

  @Test func countsEntriesAndChanges() {
    var rng = SeededRandom(seed: 41)
    for count in Array(0..<70) + [1_000] {
      for values: [Int32] in [[0], [0, 1], [0, 1, 2, 3], [-1, .min, .max, 0], [1, 1 << 30]] {
        let column = (0..<count).map { _ in values.randomElement(using: &rng) ?? 0 }
        expectCounts(column)
        expectFacts(column)
        expectCounts(column.map { Int64($0) << 31 })
        expectCounts(column.map { UInt64(bitPattern: Int64($0)) })
      }
    }
  }

  @Test func tellsWhereEntriesRise() {
    func rise(_ column: [Int64]) -> Bool {
      let answers = Vectors.allCases.filter(\.areThere).map {
        TimeLoops.areSurelyRising(column.span, vectors: $0)
      }
      #expect(Set(answers).count == 1)
      return answers[0]
    }
    #expect(rise([]) && rise([5]) && rise([-7, -7, 0, 1 << 61]))
    // An entry that falls, at each place of columns of many lengths.
    for count in 2..<40 {
      var column = (0..<Int64(count)).map { 3 * $0 - 20 }
      #expect(rise(column))
      for place in 1..<count {
        let entry = column[place]
        column[place] = column[place - 1] - 1
        #expect(!rise(column))
        column[place] = entry
      }
    }
    // What falls by more than a number holds seems to rise.
    #expect(!rise([.max, .min]) && !rise([1 << 62, -(1 << 62) - 1]) && !rise([0, .min, 0]))
  }

  @Test func skipsCodesThatWereSeen() {
    var rng = SeededRandom(seed: 43)
    for round in 0..<300 {
      let all: [Int32] = [0, 1, 7, 8, 63, 64, 127, 128, 255, 256, 263, 1 << 30, -1, -256, .min]
      let seen = Set(all.filter { _ in rng.next() % 4 > 0 })
      let column = (0..<(round % 70)).map { _ in
        let isSeen = rng.next() % 40 > 0
        return (isSeen ? seen.randomElement(using: &rng) : all.randomElement(using: &rng)) ?? 9
      }
      var codes = SmallCodes()
      for code in seen { codes.insert(code) }
      for vectors in Vectors.allCases where vectors.areThere {
        let left = codes.skip(column.span, vectors: vectors)
        #expect(column[left...].allSatisfy { (0..<256).contains($0) && seen.contains($0) })
        let isLast =
          left < 16 || !(0..<256).contains(column[left - 1])
          || !seen.contains(column[left - 1])
        #expect(vectors == .of512 ? isLast : left == column.count)
      }
    }
  }

  private func expectRoundTrip<T: PackedInteger>(_ column: [T]) {
    let expected = stride(from: 0, to: column.count, by: 4).map { first in
      (0..<4).reduce(UInt8(0)) { token, place in
        first + place < column.count ? token | UInt8(column[first + place]) << (2 * place) : token
      }
    }
    for vectors in Vectors.allCases where vectors.areThere {
      var tokens: [UInt8] = [77]
      PackedColumn.pack(column.span, into: &tokens, vectors: vectors)
      #expect(tokens == expected)
      var found = [T](repeating: 9, count: column.count)
      let isWhole = PackedColumn.unpack(tokens.span, into: &found, vectors: vectors)
      #expect(isWhole && found == column)
    }
  }

  private func expectHeld<T: ColumnInteger>(_ column: [T]) {
    #expect(PackedColumn.holds(T.facts(of: column.span).union))
    for place in column.indices {
      var other = column
      other[place] = [4, -1, .min, .max][place % 4]
      #expect(!PackedColumn.holds(T.facts(of: other.span).union))
    }
  }

  @Test func packsColumnsOfAllLengths() {
    var rng = SeededRandom(seed: 42)
    for count in 0..<70 {
      let column = (0..<count).map { _ in Int32.random(in: 0...3, using: &rng) }
      expectRoundTrip(column)
      expectRoundTrip(column.map { Int64($0) })
      expectRoundTrip(column.map { UInt64($0) })
      expectHeld(column)
      expectHeld(column.map { Int64($0) })
    }
  }
}
