// SPDX-License-Identifier: Apache-2.0
//
// How touches moved, each beside what its contact did before (Specs/Encodings.md, section 6): found
// once for all guesses that are tried.
//
// Invariant: there are six numbers of each touch.

import CInputTapePlatform

/// Movements of touches along both axes, and the two before each of the same contact; keeps its
/// memory.
struct ContactMovements {
  /// Columns of pairs, x and y, one after another: the movements, the last ones, those before.
  private var columns: [Int32] = []

  private static let columnCount = Int(ITAPE_CONTACT_COLUMNS)

  /// Takes the columns of contacts, of their phases, and of both coordinates.
  mutating func take(contacts: [Int32], phases: [Int32], _ first: [Int32], _ second: [Int32]) {
    let count = first.count
    precondition(
      second.count == count && contacts.count == count && phases.count == count,
      "Columns of one length")
    columns.resize(forAll: Self.columnCount * count)
    // Safe: just compared, and made as large.
    unsafe columns.withUnsafeMutableBufferPointer { columns in
      unsafe contacts.withUnsafeBufferPointer { contacts in
        unsafe phases.withUnsafeBufferPointer { phases in
          unsafe first.withUnsafeBufferPointer { xs in
            unsafe second.withUnsafeBufferPointer { ys in
              guard let columns = columns.baseAddress, let contacts = contacts.baseAddress,
                let phases = phases.baseAddress, let xs = xs.baseAddress, let ys = ys.baseAddress
              else { return }
              unsafe itape_take_contacts(columns, xs, ys, contacts, phases, count)
            }
          }
        }
      }
    }
  }

  /// Replaces residuals by what a linear guess leaves of as many movements, the first.
  func takeResiduals(
    _ guess: (a: Int8, b: Int8), into first: inout [UInt32], _ second: inout [UInt32],
    isWide: Bool = WideLoops.areThere
  ) {
    let count = columns.count / Self.columnCount
    precondition(first.count <= count && second.count == first.count, "A movement for each")
    // Safe: just compared.
    unsafe columns.withUnsafeBufferPointer { columns in
      unsafe first.withUnsafeMutableBufferPointer { xs in
        unsafe second.withUnsafeMutableBufferPointer { ys in
          guard let columns = columns.baseAddress, let firsts = xs.baseAddress,
            let seconds = ys.baseAddress
          else { return }
          unsafe itape_take_contact_residuals(
            firsts, seconds, xs.count, columns, count, Int32(guess.a), Int32(guess.b), isWide)
        }
      }
    }
  }
}
