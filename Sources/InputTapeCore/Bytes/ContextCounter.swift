// SPDX-License-Identifier: Apache-2.0
//
// How often tokens come in each context of a rule (Specs/Encodings.md, section 8).
//
// Invariant: there is a count for each context below the limit and each token.

/// Counts the tokens of a stream by the contexts of a rule.
struct ContextCounter: ~Copyable {
  private let links = ContextLinks()
  private let counts: UnsafeMutablePointer<UInt32>

  private static let capacity = ContextRule.countLimit << 8

  init() {
    // Safe: initialised here, freed by `deinit` only.
    unsafe counts = UnsafeMutablePointer<UInt32>.allocate(capacity: Self.capacity)
    unsafe counts.initialize(repeating: 0, count: Self.capacity)
  }

  deinit {
    // Safe: nobody else holds it.
    unsafe counts.deallocate()
  }

  /// Forgets all counts; tokens are counted by this rule from now on.
  func begin(_ rule: ContextRule) {
    links.set(rule, unit: 256)
    // Safe: `capacity` entries.
    unsafe counts.update(repeating: 0, count: rule.count << 8)
  }

  /// Counts tokens by context, and notes the place of each, context · 256 + token: by turns those
  /// of the four lanes, then those that are left over.
  func count(_ tokens: Span<UInt8>, places: inout [UInt16]) {
    places.resize(to: tokens.count, filler: 0)
    let each = Lanes.length(of: tokens.count)
    // Safe: lanes are ranges within `tokens` and `places`, which have one length;
    // places are below `capacity`, as contexts are below the limit.
    unsafe tokens.withUnsafeBufferPointer { source in
      unsafe places.withUnsafeMutableBufferPointer { target in
        guard let source = source.baseAddress, var target = target.baseAddress else { return }
        var (a, b, c, d): (UInt32, UInt32, UInt32, UInt32) = (0, 0, 0, 0)
        // By turns: what one token adds to a count is not at hand at once for the next.
        for index in 0..<each {
          unsafe target[0] = count(source[index], &a)
          unsafe target[1] = count(source[index &+ each], &b)
          unsafe target[2] = count(source[index &+ 2 &* each], &c)
          unsafe target[3] = count(source[index &+ 3 &* each], &d)
          unsafe target += Lanes.count
        }
        for index in (Lanes.count * each)..<tokens.count {
          unsafe target[0] = count(source[index], &d)
          unsafe target += 1
        }
      }
    }
  }

  /// Counts a token, and returns its place.
  ///
  /// - Parameter past: what a lane's last tokens say: the next token's context times 256 (low 16
  ///   bits), and what the last token adds to the one after that (high 16).
  @inline(__always)
  private func count(_ token: UInt8, _ past: inout UInt32) -> UInt16 {
    let place = UInt16(truncatingIfNeeded: past | UInt32(token))
    // Safe: a place is below `capacity`.
    unsafe counts[Int(place)] &+= 1
    past = past &>> 16 &+ links[UInt32(token)]
    return place
  }

  /// How often a token was counted in a context.
  func count(of token: Int, in context: Int) -> UInt32 {
    precondition(context < ContextRule.countLimit && token < 256, "A context and a token")
    // Safe: just compared.
    return unsafe counts[context &<< 8 | token]
  }

  /// The tokens that were counted in some of the contexts.
  func usedTokens(contexts: Int) -> [Int] {
    precondition(contexts <= ContextRule.countLimit, "Contexts within the limit")
    var union = [UInt32](repeating: 0, count: 256)
    for context in 0..<contexts {
      // Safe: 256 entries for each context.
      let row = unsafe UnsafeBufferPointer(start: counts + (context << 8), count: 256)
      for token in 0..<256 { unsafe union[token] |= row[token] }
    }
    return union.indices.filter { union[$0] > 0 }
  }
}
