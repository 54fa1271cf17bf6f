// SPDX-License-Identifier: Apache-2.0
//
// Movements to what is left of guesses, and back to coordinates (Specs/Encodings.md, section 6).
//
// Invariant: columns are as long as each other, quarters lie within them, and a movement that is
// guessed has two in front.

import CInputTapePlatform

/// Movements to residuals, and residuals to movements or positions.
enum MovementLoops {
  /// The movements of some coordinates; of positions the first is from 0.
  ///
  /// - Parameters:
  ///   - range: of coordinates.
  ///   - moves: as many as the range, from `start` on.
  static func takeMoves(
    of coordinates: Span<Int32>, _ range: Range<Int>, isPosition: Bool,
    to moves: inout MutableSpan<Int32>, from start: Int
  ) {
    precondition(
      range.lowerBound >= 0 && range.upperBound <= coordinates.count && start >= 0
        && start + range.count <= moves.count, "A place for each movement")
    guard !range.isEmpty else { return }
    // Safe: just compared.
    unsafe coordinates.withUnsafeBufferPointer { source in
      unsafe moves.withUnsafeMutableBufferPointer { moves in
        guard let source = source.baseAddress, let moves = moves.baseAddress else { return }
        let target = unsafe moves + start
        let from = unsafe source + range.lowerBound
        guard isPosition else {
          unsafe target.update(from: from, count: range.count)
          return
        }
        unsafe target[0] = range.lowerBound == 0 ? from[0] : from[0] &- from[-1]
        for place in 1..<max(range.count, 1) {
          unsafe target[place] = from[place] &- from[place &- 1]
        }
      }
    }
  }

  /// What a linear guess leaves of movements, zigzag.
  ///
  /// - Parameters:
  ///   - range: of columns, with two movements in front of it.
  ///   - residuals: as many as the range, from `start` on.
  static func takeResiduals(
    of moves: Span<Int32>, _ range: Range<Int>, a: Int8, b: Int8,
    to residuals: inout MutableSpan<UInt32>, from start: Int, isWide: Bool = WideLoops.areThere
  ) {
    precondition(
      range.lowerBound >= 2 && range.upperBound <= moves.count && start >= 0
        && start + range.count <= residuals.count,
      "Two movements in front, and a place for each residual")
    // Safe: just compared.
    unsafe moves.withUnsafeBufferPointer { moves in
      unsafe residuals.withUnsafeMutableBufferPointer { residuals in
        guard let moves = moves.baseAddress, let residuals = residuals.baseAddress else { return }
        unsafe itape_take_linear(
          residuals + start, moves + range.lowerBound, range.count, Int32(a), Int32(b), isWide)
      }
    }
  }

  /// Puts coordinates in place of residuals, zigzag. Sums are modulo 2³².
  static func restore(
    _ first: inout [Int32], _ second: inout [Int32], _ prediction: PairPrediction,
    isWide: Bool = WideLoops.areThere
  ) {
    let count = first.count
    precondition(second.count == count, "Columns of one length")
    let quarter = PairQuarters.length(of: count, prediction.guess)
    // Safe: quarters are within the columns; a beat's parts are within their bounds wherever one
    // is read or made.
    unsafe first.withUnsafeMutableBufferPointer { xs in
      unsafe second.withUnsafeMutableBufferPointer { ys in
        guard let xs = xs.baseAddress, let ys = ys.baseAddress else { return }
        switch prediction.guess {
        case .linear(let a, let b):
          unsafe itape_restore_linear(
            xs, ys, count, quarter, Int32(a), Int32(b), prediction.isPosition, isWide)
        case .beat(let beat):
          unsafe itape_restore_beat(
            xs, ys, count, quarter, beat.wide, prediction.isPosition, isWide)
        }
      }
    }
  }

  /// The same by contacts, each with a linear guess of its own; a contact begins at phase 0.
  static func restore(
    _ first: inout [Int32], _ second: inout [Int32], a: Int8, b: Int8, contacts: [Int32],
    phases: [Int32]
  ) {
    let count = first.count
    precondition(
      second.count == count && contacts.count == count && phases.count == count,
      "Columns of one length")
    // Safe: just compared.
    unsafe first.withUnsafeMutableBufferPointer { xs in
      unsafe second.withUnsafeMutableBufferPointer { ys in
        unsafe contacts.withUnsafeBufferPointer { contacts in
          unsafe phases.withUnsafeBufferPointer { phases in
            guard let xs = xs.baseAddress, let ys = ys.baseAddress,
              let contacts = contacts.baseAddress, let phases = phases.baseAddress
            else { return }
            unsafe itape_restore_contacts(xs, ys, count, contacts, phases, Int32(a), Int32(b))
          }
        }
      }
    }
  }
}
