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
    var total: UInt32 = 0
    var used: [UInt8] = []
    used.reserveCapacity(256)
    for token in 0..<256 where counts[token] > 0 {
      total += counts[token]
      used.append(UInt8(token))
    }
    (self.total, self.used) = (total, used)
  }

  /// The most frequent tokens, up to so many, at least 1; of those that are as frequent the lower
  /// ones first.
  func mostFrequent(_ limit: Int) -> [UInt8] {
    // Counts are those of a sample, below 2²⁴.
    var keys = [UInt32](repeating: 0, count: limit)
    var target = keys.mutableSpan
    for token in used {
      let key = counts[Int(token)] << 8 | UInt32(255 - token)
      guard key > target[limit - 1] else { continue }
      var place = limit - 1
      while place > 0, target[place - 1] < key {
        target[place] = target[place - 1]
        place -= 1
      }
      target[place] = key
    }
    return keys.prefix(used.count).map { 255 - UInt8($0 & 255) }
  }
}
