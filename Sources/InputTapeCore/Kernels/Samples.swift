// SPDX-License-Identifier: Apache-2.0
//
// Which entries of a column the encoder looks at before it chooses.

/// A few stretches of a column that stand for all of it.
enum Samples {
  /// The stretches, so many and so long: all of a short column.
  static func ranges(of total: Int, count: Int = 4, stretch: Int = 320) -> [Range<Int>] {
    guard total > 2 * stretch * count else { return total == 0 ? [] : [0..<total] }
    return (0..<count).map { index in
      let start = (total - stretch) * index / (count - 1)
      return start..<(start + stretch)
    }
  }

  /// The entries of some stretches.
  static func values<T>(_ column: [T], _ ranges: [Range<Int>]) -> [T] {
    var result: [T] = []
    result.reserveCapacity(ranges.reduce(0) { $0 + $1.count })
    for range in ranges { result += column[range] }
    return result
  }
}
