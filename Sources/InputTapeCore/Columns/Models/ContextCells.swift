// SPDX-License-Identifier: Apache-2.0
//
// What was counted of a stream by contexts (Specs/Encodings.md, section 8).

/// How often each token that is used comes in each context.
struct ContextCells {
  /// The tokens, ascending.
  let used: [UInt8]
  /// Counts of as many tokens for each context.
  let counts: [UInt32]

  /// Replaces sums by those of some contexts.
  ///
  /// - Returns: whether any token comes in them.
  func replace(_ sums: inout [UInt32], byThoseOf contexts: StrideTo<Int>) -> Bool {
    let count = used.count
    sums.resize(to: count, filler: 0)
    var target = sums.mutableSpan
    let cells = counts.span
    var union: UInt32 = 0
    var isFirst = true
    for context in contexts {
      let row = cells.extracting(context * count..<(context + 1) * count)
      for place in 0..<target.count {
        let sum = (isFirst ? 0 : target[place]) &+ row[place]
        target[place] = sum
        union |= sum
      }
      isFirst = false
    }
    return union > 0
  }

  /// What tokens and tables take where contexts are taken together so.
  func bits(of parts: [StrideTo<Int>], _ sums: inout [UInt32]) -> Int {
    let products = Logarithm.products
    var (entropy, filled) = (0, 0)
    for part in parts {
      guard replace(&sums, byThoseOf: part) else { continue }
      var total = 0
      let source = sums.span
      for place in source.indices {
        let count = Int(source[place])
        total += count
        filled += min(count, 1)
        entropy -= count < products.count ? Int(products[count]) : Logarithm.product(count)
      }
      entropy += Logarithm.product(total)
    }
    return entropy >> Logarithm.scale
      + Self.tableBits(parts.count, used.count, filled: filled)
  }

  /// The size of tables, about: a cell that is filled takes 5 bits, another half a bit.
  static func tableBits(_ contexts: Int, _ distinct: Int, filled: Int) -> Int {
    (9 * filled + contexts * distinct) / 2
  }
}
