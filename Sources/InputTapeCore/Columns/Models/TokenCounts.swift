// SPDX-License-Identifier: Apache-2.0
//
// What a sample says of a stream's tokens (Specs/Design/0004-models.md).

/// How often each token comes in a sample of a stream.
struct TokenCounts {
  let counts: [UInt32]
  let total: UInt32
  /// The tokens that come at all.
  let used: [UInt8]
  /// How many those are.
  var distinct: Int { used.count }

  init(_ counts: [UInt32]) {
    precondition(counts.count == 256, "A count for each token")
    self.counts = counts
    total = counts.reduce(0, &+)
    used = (0..<256).compactMap { counts[$0] > 0 ? UInt8($0) : nil }
  }

  /// The most frequent tokens, up to so many; of those that are as frequent the lower ones first.
  func mostFrequent(_ limit: Int) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(limit)
    for token in 0..<256 where counts[token] > 0 {
      var place = result.count
      while place > 0, counts[Int(result[place - 1])] < counts[token] { place -= 1 }
      guard place < limit else { continue }
      if result.count == limit { result.removeLast() }
      result.insert(UInt8(token), at: place)
    }
    return result
  }
}
