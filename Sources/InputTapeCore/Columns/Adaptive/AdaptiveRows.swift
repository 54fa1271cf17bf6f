// SPDX-License-Identifier: Apache-2.0
//
// Where the rows of each kind stand among the rows of all events.

/// The rows of a section, by kind.
struct AdaptiveRows {
  /// Where each row begins, the rows of the first kind first.
  private(set) var starts: [Int32] = []
  /// The part of `starts` that belongs to each kind.
  private(set) var ranges: [Range<Int>] = []
  /// The number of values in all rows.
  private(set) var valueCount = 0

  /// Finds the rows of events, each of one of some kinds.
  mutating func arrange(_ numbers: borrowing RowBuffer<UInt8>, _ kinds: [AdaptiveKind]) {
    var counts = InlineArray<256, Int>(repeating: 0)
    for index in 0..<numbers.count { counts[Int(numbers[index])] &+= 1 }
    var places = InlineArray<256, Int>(repeating: 0)
    var end = 0
    for offset in kinds.indices {
      places[offset] = end
      ranges.append(end..<(end + counts[offset]))
      end += counts[offset]
    }
    precondition(end == numbers.count, "A kind for each event")
    starts = [Int32](repeating: 0, count: end)
    var target = starts.mutableSpan
    let kinds = kinds.span
    var row = 0
    for index in 0..<end {
      let number = Int(numbers[index])
      target[places[number]] = Int32(row)
      places[number] &+= 1
      row += kinds[number].width
    }
    valueCount = row
  }
}
