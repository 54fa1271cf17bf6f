// SPDX-License-Identifier: Apache-2.0
//
// A few hundred numbers in order, by one byte after another (Seward 1954).

/// Sorts numbers without comparing them.
enum RadixSort {
  /// Sorts values, ascending.
  ///
  /// - Parameter other: memory for as many; what it holds then says nothing.
  /// - Complexity: O(*n*) for each byte in which they differ, lowest first.
  static func sort(_ values: inout [UInt64], _ other: inout [UInt64]) {
    other.resize(forAll: values.count)
    let changes = values.reduce(0) { $0 | ($1 ^ values[0]) }
    for shift in stride(from: 0, to: 64 - changes.leadingZeroBitCount, by: 8)
    where changes >> UInt64(shift) & 0xFF != 0 {
      arrange(values.span, by: UInt64(shift), into: &other)
      swap(&values, &other)
    }
  }

  /// Puts values in the order of a byte; those with the same one stay in theirs.
  private static func arrange(
    _ values: Span<UInt64>, by shift: UInt64, into target: inout [UInt64]
  ) {
    var places = InlineArray<256, Int>(repeating: 0)
    for index in values.indices { places[Int(values[index] &>> shift & 0xFF)] &+= 1 }
    var sum = 0
    for byte in places.indices { (places[byte], sum) = (sum, sum &+ places[byte]) }
    var target = target.mutableSpan
    for index in values.indices {
      let byte = Int(values[index] &>> shift & 0xFF)
      target[places[byte]] = values[index]
      places[byte] &+= 1
    }
  }
}
