// SPDX-License-Identifier: Apache-2.0
//
// Codes that are held, with each width of vectors that the processor has, against a list that is
// kept as the format says (Specs/Encodings.md, section 6).

import InputTapeTestKit
import Testing

@testable import InputTapeCore

@Suite struct HeldLoopTests {
  private static let widths = Vectors.allCases.filter(\.areThere)
  private static let counts = [0, 1, 15, 16, 17, 31, 33, 64, 300]

  /// What the format says of one event after another.
  private struct List {
    private var codes: [Int32] = []

    mutating func press(_ code: Int32) {
      guard !codes.contains(code) else { return }
      if codes.count == 32 { codes.removeFirst() }
      codes.append(code)
    }

    mutating func find(_ code: Int32, _ state: Int32) -> UInt64 {
      guard let place = codes.firstIndex(of: code) else {
        return 32 + UInt64(UInt32(bitPattern: code))
      }
      if state == 0 { codes.remove(at: place) }
      return UInt64(place)
    }

    mutating func follow(_ number: UInt64, _ state: Int32, _ table: CodeTable) -> Int32? {
      if number >= 32 { return table.code(of: number - 32).map { Int32(bitPattern: $0) } }
      guard number < codes.count else { return nil }
      let code = codes[Int(number)]
      if state == 0 { codes.remove(at: Int(number)) }
      return code
    }
  }

  /// What fingers do, and what they do not: how many codes there are, and of a hundred events how
  /// many press although a code is held, name one that is not, are of another state, or press one
  /// that is held.
  private struct Habit {
    var codes: Int
    var rollover = 20
    var unheld = 0
    var others = 0
    var again = 0

    static let all = [
      Habit(codes: 1), Habit(codes: 2, rollover: 60), Habit(codes: 6, rollover: 45),
      Habit(codes: 90), Habit(codes: 12, rollover: 50, again: 5), Habit(codes: 3, unheld: 3),
      Habit(codes: 20, others: 4), Habit(codes: 60, rollover: 90), Habit(codes: 700, rollover: 75),
      Habit(codes: 9, rollover: 40, unheld: 10, others: 10, again: 20),
    ]

    func events(_ count: Int, _ rng: inout SeededRandom) -> (codes: [Int32], states: [Int32]) {
      func percent() -> Int { Int.random(in: 0..<100, using: &rng) }
      func code() -> Int32 { Int32(Int.random(in: 0..<codes, using: &rng)) &* 0x0101_0101 }
      var held: [Int32] = []
      var (found, states): ([Int32], [Int32]) = ([], [])
      for _ in 0..<count {
        let isOdd = percent() < others
        if !isOdd, held.isEmpty || percent() < rollover {
          let next = code()
          let isAgain = percent() < again
          found.append(isAgain ? held.randomElement(using: &rng) ?? next : next)
          states.append(1)
          if !held.contains(found[found.count - 1]) { held.append(found[found.count - 1]) }
        } else {
          // Mostly the oldest is let go first.
          let place = percent() < 80 ? 0 : Int.random(in: 0..<max(held.count, 1), using: &rng)
          let isHeld = place < held.count && percent() >= unheld
          found.append(isHeld ? held[place] : code())
          states.append(isOdd ? [2, 3, -1][percent() % 3] : 0)
          if isHeld, !isOdd { held.remove(at: place) }
        }
      }
      return (found, states)
    }
  }

  /// The presses in their order, and the others' numbers.
  private func numbers(
    _ codes: [Int32], _ states: [Int32]
  ) -> (presses: [Int32], others: [UInt64]) {
    var list = List()
    var (presses, others): ([Int32], [UInt64]) = ([], [])
    for (code, state) in zip(codes, states) {
      if state == 1 {
        list.press(code)
        presses.append(code)
      } else {
        others.append(list.find(code, state))
      }
    }
    return (presses, others)
  }

  /// The codes of numbers; nil where one is neither a code nor a place.
  private func codes(
    _ presses: [Int32], _ others: [UInt64], _ states: [Int32], _ table: CodeTable
  ) -> [Int32]? {
    var list = List()
    var (press, other) = (0, 0)
    var codes: [Int32] = []
    for state in states {
      if state == 1 {
        list.press(presses[press])
        codes.append(presses[press])
        press += 1
      } else {
        guard let code = list.follow(others[other], state, table) else { return nil }
        codes.append(code)
        other += 1
      }
    }
    return codes
  }

  private func followed(
    _ presses: [Int32], _ others: [UInt64], _ states: [Int32], _ vectors: Vectors
  ) -> [Int32]? {
    var queue = presses + Array(repeating: 0, count: HeldLoops.padding)
    var codes = [Int32](repeating: -7, count: states.count)
    let areCodes = HeldLoops.follow(
      HeldStates(states.span), queue: &queue, others: others, CodeTable(), into: &codes,
      vectors: vectors)
    return areCodes ? codes : nil
  }

  @Test(arguments: Habit.all.indices) func findsAndFollowsWhatIsHeld(_ habit: Int) {
    let seed = UInt64(habit)
    var rng = SeededRandom(seed: seed)
    for round in 0..<60 {
      let count = Self.counts[round % Self.counts.count]
      let (codes, states) = Habit.all[habit].events(count, &rng)
      let expected = numbers(codes, states)
      for vectors in Self.widths {
        var (queue, released): ([Int32], [Int32]) = ([], [])
        var others: [UInt64] = [9]
        let all = HeldStates(states.span)
        HeldLoops.split(
          codes.span, all, queue: &queue, released: &released, vectors: vectors)
        #expect(Array(queue[..<all.pressCount]) == expected.presses, "seed \(seed)")
        HeldLoops.find(all, queue: &queue, released: released, others: &others, vectors: vectors)
        #expect(others == expected.others, "seed \(seed), round \(round), \(vectors)")
        let found = followed(expected.presses, others, states, vectors)
        #expect(found == codes, "seed \(seed), round \(round), \(vectors)")
      }
    }
  }

  /// Numbers that no encoder writes, and more of them that are not in use.
  @Test(arguments: Habit.all.indices) func refusesNumbersThatAreNoPlaces(_ habit: Int) {
    let seed = UInt64(1_000 + habit)
    var rng = SeededRandom(seed: seed)
    let strange: [UInt64] = [0, 1, 2, 15, 16, 31, 32, 33, 1 << 32, (1 << 32) + 32, .max, 1 << 63]
    for round in 0..<200 {
      let count = Self.counts[round % Self.counts.count]
      let (codes, states) = Habit.all[habit].events(count, &rng)
      var (presses, others) = numbers(codes, states)
      for _ in 0...(round % 3) where !others.isEmpty {
        let place = Int.random(in: others.indices, using: &rng)
        others[place] = strange.randomElement(using: &rng) ?? 0
      }
      if let place = presses.indices.randomElement(using: &rng) {
        presses[place] = presses.randomElement(using: &rng) ?? 0
      }
      let expected = self.codes(presses, others, states, CodeTable())
      for vectors in Self.widths {
        let found = followed(presses, others, states, vectors)
        #expect(found == expected, "seed \(seed), round \(round), \(vectors)")
      }
    }
  }

  @Test func namesCodesByATable() {
    var numbers: [UInt64] = [2, 0, 1]
    var codes: [Int32] = [9, 9, 9, 9]
    let table = CodeTable(codes: [7, 300, .max])
    #expect(table.replace(numbers, by: &codes) && codes == [-1, 7, 300, 9])
    numbers[1] = 3
    #expect(!table.replace(numbers, by: &codes))
    #expect(CodeTable().replace([1 << 31, 5], by: &codes) && codes[..<2] == [.min, 5])
    #expect(!CodeTable().replace([5, 1 << 32], by: &codes))
  }
}
