// SPDX-License-Identifier: Apache-2.0
//
// The loops over times (Specs/Encodings.md, section 7).

import CInputTapePlatform

/// Times to their differences, and back.
enum TimeLoops {
  /// Replaces `quotients` by the differences of neighbours, modulo 2⁶⁴, divided.
  ///
  /// - Returns: whether no difference is negative, whether all are multiples of the divisor, and
  ///   all quotients joined by "or".
  static func takeDifferences(
    of times: [Int64], _ divider: ExactDivider, into quotients: inout [UInt64],
    vectors: Vectors = .best
  ) -> (isRising: Bool, areMultiples: Bool, union: UInt64) {
    quotients.resize(forAll: max(times.count - 1, 0))
    // Safe: there is a time more than quotients.
    let seen = unsafe times.withUnsafeBufferPointer { times in
      unsafe quotients.withUnsafeMutableBufferPointer { quotients in
        guard let source = times.baseAddress, let target = quotients.baseAddress else {
          return itape_differences_seen(all: 0, quotients: 0, is_exact: true)
        }
        return unsafe itape_differences(
          target, source, quotients.count, divider.wide, vectors.rawValue)
      }
    }
    return (seen.all >> 63 == 0, seen.is_exact, seen.quotients)
  }

  /// Whether no time is less than the one before, as far as differences tell: those of times whose
  /// two highest bits are the same do not overflow, and of others nothing is said.
  static func areSurelyRising(_ times: Span<Int64>, vectors: Vectors = .best) -> Bool {
    unsafe times.withUnsafeBufferPointer { times in
      guard times.count > 1, let source = times.baseAddress else { return true }
      // Safe: there is one time more than differences.
      return unsafe itape_times_rise(source, times.count - 1, vectors.rawValue)
    }
  }

  /// Puts times behind the first: each is as many units behind the one before as its number says,
  /// modulo 2⁶⁴.
  static func sum(
    _ numbers: [UInt64], unit: Int64, isUnsigned: Bool, into times: inout [Int64],
    vectors: Vectors = .best
  ) {
    precondition(times.count == numbers.count + 1, "A number for each time but the first")
    // Safe: just compared.
    unsafe numbers.withUnsafeBufferPointer { numbers in
      unsafe times.withUnsafeMutableBufferPointer { times in
        guard let source = numbers.baseAddress, let target = times.baseAddress else { return }
        unsafe itape_sum_steps(
          target, source, numbers.count, UInt64(bitPattern: unit), !isUnsigned, vectors.rawValue)
      }
    }
  }
}
