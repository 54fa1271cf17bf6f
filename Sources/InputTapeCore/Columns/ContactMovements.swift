// SPDX-License-Identifier: Apache-2.0
//
// How touches moved, each beside what its contact did before (Specs/Encodings.md, section 6): found
// once for all guesses that are tried.

import CInputTapePlatform

/// Movements of touches along an axis, and the two before each of the same contact; keeps its
/// memory.
struct ContactMovements {
  private var moves: [Int32] = []
  private var last: [Int32] = []
  private var before: [Int32] = []

  /// Takes the columns of contacts, of their phases, and of a coordinate.
  mutating func take(contacts: [Int32], phases: [Int32], positions: [Int32]) {
    moves.resize(to: positions.count, filler: 0)
    last.resize(to: positions.count, filler: 0)
    before.resize(to: positions.count, filler: 0)
    Self.take(contacts.span, phases.span, positions.span, &moves, &last, &before)
  }

  private static func take(
    _ contacts: Span<Int32>, _ phases: Span<Int32>, _ positions: Span<Int32>,
    _ moves: inout [Int32], _ last: inout [Int32], _ before: inout [Int32]
  ) {
    var moves = moves.mutableSpan
    var last = last.mutableSpan
    var before = before.mutableSpan
    var memory = [ContactHistory](repeating: ContactHistory(), count: ContactHistory.slotCount)
    var histories = memory.mutableSpan
    for index in positions.indices {
      let slot = ContactHistory.slot(of: contacts[index])
      let began = phases[index] == Phase.began.rawValue
      var history = histories[slot]
      if began { history.begin() }
      let move = positions[index] &- history.position
      moves[index] = move
      last[index] = history.last
      before[index] = history.before
      history.move(by: move, began: began)
      histories[slot] = history
    }
  }

  /// Replaces residuals by what a linear guess leaves of as many movements, the first.
  func takeResiduals(_ guess: (a: Int8, b: Int8), into residuals: inout [UInt32]) {
    let (a, b) = (Int32(guess.a), Int32(guess.b))
    let (moves, last, before) = (moves.span, last.span, before.span)
    var target = residuals.mutableSpan
    let count = target.count
    precondition(
      count <= moves.count && count <= last.count && count <= before.count, "A movement for each")
    for index in 0..<count {
      let sum = Movement.linear(a, b, last[index], before[index])
      target[index] = Zigzag.encode(moves[index] &- sum &>> Movement.linearShift)
    }
  }
}

/// Where a contact was along an axis, and how it moved.
private struct ContactHistory {
  private(set) var position: Int32 = 0
  private(set) var last: Int32 = 0
  private(set) var before: Int32 = 0

  /// Contacts are told apart by their lowest five bits.
  static let slotCount = Int(ITAPE_CONTACT_COUNT)

  @inline(__always)
  static func slot(of contact: Int32) -> Int { Int(contact) & (slotCount - 1) }

  /// A contact that begins has not moved yet.
  @inline(__always)
  mutating func begin() { (last, before) = (0, 0) }

  /// Takes over a movement; that to where a contact begins is none.
  @inline(__always)
  mutating func move(by step: Int32, began: Bool) {
    position &+= step
    (last, before) = began ? (0, 0) : (step, last)
  }
}
