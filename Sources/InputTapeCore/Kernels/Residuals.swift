// SPDX-License-Identifier: Apache-2.0
//
// Values to residuals and back (Specs/Encodings.md, section 4).

/// Differences, as zigzag numbers of the values' own width; the first value's predecessors are 0.
enum Residuals {
  static func take<T: FixedWidthInteger & SignedInteger>(
    _ values: [T], encoding: ColumnEncoding, into residuals: inout [UInt64]
  ) {
    residuals.removeAll(keepingCapacity: true)
    residuals.reserveCapacity(values.count)
    var previous: T = 0
    var velocity: T = 0
    // Differences are modulo 2 to the power of the width (Specs/Encodings.md, section 4).
    for value in values {
      let difference = value &- previous
      let residual = switch encoding {
      case .differences: difference
      case .secondDifferences: difference &- velocity
      default: value
      }
      velocity = difference
      previous = value
      residuals.append(zigzag(residual))
    }
  }

  static func restore<T: FixedWidthInteger & SignedInteger>(
    _ values: inout [T], encoding: ColumnEncoding
  ) {
    var previous: T = 0
    var velocity: T = 0
    // Sums are modulo 2 to the power of the width (Specs/Encodings.md, section 4).
    switch encoding {
    case .differences:
      for index in values.indices {
        previous &+= values[index]
        values[index] = previous
      }
    case .secondDifferences:
      for index in values.indices {
        velocity &+= values[index]
        previous &+= velocity
        values[index] = previous
      }
    default: break
    }
  }

  static func zigzag<T: FixedWidthInteger & SignedInteger>(_ value: T) -> UInt64 {
    let bits = T.Magnitude(truncatingIfNeeded: (value << 1) ^ (value >> T(T.bitWidth - 1)))
    return UInt64(bits)
  }

  static func unzigzag<T: FixedWidthInteger & SignedInteger>(_ value: UInt64) -> T {
    T(truncatingIfNeeded: (value >> 1) ^ (0 &- (value & 1)))
  }
}
