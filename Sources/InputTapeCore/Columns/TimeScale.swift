// SPDX-License-Identifier: Apache-2.0
//
// The unit of a track's clock (Specs/Encodings.md, section 7).

import CInputTapePlatform

/// Finds the unit of times.
enum TimeScale {
  /// The greatest common divisor of the differences, from one that divides some of them; 1 where
  /// all are 0.
  static func unit(of times: [Int64], from start: UInt64 = 0) -> UInt64 {
    max(unit(of: times.span, from: start), 1)
  }

  /// The unit of most differences, by what divides all of a few stretches: a multiple of that of
  /// all.
  static func usual(of times: [Int64]) -> UInt64 {
    let count = max(times.count - 1, 0)
    let stretchCount = min(max(count / stretch, 1), 32)
    var found: [UInt64] = []
    found.reserveCapacity(stretchCount)
    var all: UInt64 = 0
    // What divides one stretch mostly divides the next, and leaves small numbers of it.
    var (likely, divider) = (1 as UInt64, ExactDivider(1))
    for number in 0..<stretchCount {
      let start = max(count - stretch, 0) * number / max(stretchCount - 1, 1)
      let span = times.span.extracting(start..<min(start + stretch + 1, times.count))
      var unit = likely > 1 ? likely &* quotient(of: span, divider) : 0
      if unit == 0 {
        unit = Self.unit(of: span, from: 0)
        if unit > 0, unit != likely { (likely, divider) = (unit, ExactDivider(unit)) }
      }
      guard unit > 0 else { continue }
      found.append(unit)
      all = divisor(all, unit)
    }
    // Half of the stretches or more have no event beside the unit, if that is what others have.
    var best: (unit: UInt64, weight: Int) = (max(all, 1), 0)
    for unit in found where unit / TimeOffsets.ratio >= all {
      let support = found.count { $0.isMultiple(of: unit) }
      let weight = support * (64 - (unit / all).leadingZeroBitCount)
      if support * 2 >= found.count, weight > best.weight { best = (unit, weight) }
    }
    return best.unit
  }

  /// So many differences are a stretch.
  private static let stretch = 8

  /// The same, 0 where all are 0.
  private static func unit(of span: Span<Int64>, from start: UInt64) -> UInt64 {
    var unit = start
    var divider = ExactDivider(max(unit, 1))
    for index in 1..<max(span.count, 1) {
      // Differences are modulo 2⁶⁴ (Specs/Encodings.md, section 7).
      let difference = (span[index] &- span[index &- 1]).magnitude
      if unit != 0, divider.divides(difference) { continue }
      unit = divisor(unit, difference)
      if unit == 1 { break }
      if unit != 0 { divider = ExactDivider(unit) }
    }
    return unit
  }

  /// What is common to the differences once they are divided; 0 where one is no multiple, or all
  /// are 0.
  private static func quotient(of span: Span<Int64>, _ divider: ExactDivider) -> UInt64 {
    var common: UInt64 = 0
    for index in 1..<max(span.count, 1) {
      let quotient = divider.divide((span[index] &- span[index &- 1]).magnitude)
      guard divider.isQuotient(quotient) else { return 0 }
      if common != 1 { common = divisor(quotient, common) }
    }
    return common
  }

  static func divisor(_ left: UInt64, _ right: UInt64) -> UInt64 {
    var (a, b) = (left, right)
    while b != 0 { (a, b) = (b, a % b) }
    return a
  }
}

/// Divides by a constant where nothing is left over: a multiplication and a rotation (Warren,
/// Hacker's Delight, section 10-17).
struct ExactDivider {
  private let shift: UInt64
  /// The inverse of the odd part, modulo 2⁶⁴.
  private let inverse: UInt64
  private let largest: UInt64

  /// - Precondition: the divisor is not 0.
  init(_ divisor: UInt64) {
    precondition(divisor != 0, "Nothing divides by 0")
    shift = UInt64(divisor.trailingZeroBitCount)
    let odd = divisor >> shift
    // Each step of Newton's doubles the bits that are right, from 3.
    var inverse = odd
    for _ in 0..<5 { inverse = inverse &* (2 &- odd &* inverse) }
    self.inverse = inverse
    largest = UInt64.max / divisor
  }

  /// The quotient where nothing is left over; a number that is no quotient otherwise.
  @inline(__always)
  func divide(_ value: UInt64) -> UInt64 {
    let product = value &* inverse
    return product &>> shift | product &<< (0 &- shift)
  }

  @inline(__always)
  func divides(_ value: UInt64) -> Bool { isQuotient(divide(value)) }

  /// As loops in C want it.
  var wide: itape_divider {
    itape_divider(inverse: inverse, shift: shift, largest: largest)
  }

  /// Whether nothing was left over where `divide` gave this.
  @inline(__always)
  func isQuotient(_ quotient: UInt64) -> Bool { quotient <= largest }
}
