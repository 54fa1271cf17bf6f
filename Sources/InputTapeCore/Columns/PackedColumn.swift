// SPDX-License-Identifier: Apache-2.0
//
// Columns of 0 to 3, four entries in a token (Specs/Encodings.md, section 5).

/// What is pressed and let go repeats itself over several events: a token of four tells the next
/// four better than one event tells the next.
enum PackedColumn {
  /// How many tokens so many entries have.
  static func tokenCount(_ count: Int) -> Int { count / 4 + (count % 4 > 0 ? 1 : 0) }

  /// Whether all values are 0 to 3.
  static func holds<T: ColumnInteger>(_ values: Span<T>) -> Bool {
    for index in values.indices where values[index] & 3 != values[index] { return false }
    return true
  }

  /// Replaces `tokens` by those of values of 0 to 3.
  static func pack<T: ColumnInteger>(_ values: Span<T>, into tokens: inout [UInt8]) {
    tokens.resize(to: tokenCount(values.count), filler: 0)
    var target = tokens.mutableSpan
    for place in 0..<target.count {
      var token: UInt8 = 0
      for index in (4 &* place..<min(4 &* place &+ 4, values.count)).reversed() {
        token = token &<< 2 | UInt8(truncatingIfNeeded: values[index])
      }
      target[place] = token
    }
  }

  /// Fills `values` from their tokens.
  ///
  /// - Returns: whether the last token has nothing behind the last value.
  static func unpack<T: ColumnInteger>(_ tokens: Span<UInt8>, into values: inout [T]) -> Bool {
    var target = values.mutableSpan
    for index in 0..<target.count {
      target[index] = T(truncatingIfNeeded: tokens[index &>> 2] &>> UInt8(2 &* (index & 3)) & 3)
    }
    let rest = target.count & 3
    return rest == 0 || tokens[tokens.count - 1] >> UInt8(2 * rest) == 0
  }
}
