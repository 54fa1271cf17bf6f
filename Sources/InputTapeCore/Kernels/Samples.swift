// SPDX-License-Identifier: Apache-2.0
//
// Which entries of a column the encoder looks at before it chooses.

/// A few stretches of a column that stand for all of it.
enum Samples {
  /// How many stretches there are, so many and so long: all of a short column is one.
  static func count(of total: Int, count: Int = 4, stretch: Int = 320) -> Int {
    total > 2 * stretch * count ? count : min(total, 1)
  }

  /// A stretch of a column.
  static func range(
    _ index: Int, of total: Int, count: Int = 4, stretch: Int = 320
  ) -> Range<Int> {
    guard total > 2 * stretch * count else { return 0..<total }
    let start = (total - stretch) * index / (count - 1)
    return start..<(start + stretch)
  }

  /// The stretches.
  static func ranges(of total: Int, count: Int = 4, stretch: Int = 320) -> [Range<Int>] {
    (0..<self.count(of: total, count: count, stretch: stretch)).map {
      range($0, of: total, count: count, stretch: stretch)
    }
  }

  /// How many entries all stretches have.
  static func size(of total: Int, count: Int = 4, stretch: Int = 320) -> Int {
    total > 2 * stretch * count ? count * stretch : total
  }

  /// The entries of some stretches.
  static func values<T>(_ column: [T], _ ranges: [Range<Int>]) -> [T] {
    if ranges == [column.indices] { return column }
    var result: [T] = []
    result.reserveCapacity(ranges.reduce(0) { $0 + $1.count })
    for range in ranges { result += column[range] }
    return result
  }
}
