// SPDX-License-Identifier: Apache-2.0
//
// How often tokens come in each context, by two rules at once (Specs/Encodings.md, section 8).
//
// Invariant: tables have an entry for each context below the limit and each token; any two entries
// of `links` add up to a context of each rule.

/// Counts the tokens of a stream by the contexts of two rules in one pass.
struct ContextCounter: ~Copyable {
  private let first = ContextLinks()
  private let second = ContextLinks()
  /// What each token adds to the next place (low 32 bits) and to the one after that (high 32);
  /// of each half the low 16 bits are the first rule's and the high 16 the second's.
  private let links: UnsafeMutablePointer<UInt64>
  /// The first rule's counts, then the second's.
  private let counts: UnsafeMutablePointer<UInt32>

  static let ruleCount = 2
  private static let capacity = ContextRule.countLimit << 8

  init() {
    // Safe: initialised here, freed by `deinit` only.
    unsafe links = UnsafeMutablePointer<UInt64>.allocate(capacity: 256)
    unsafe links.initialize(repeating: 0, count: 256)
    unsafe counts = UnsafeMutablePointer<UInt32>.allocate(capacity: Self.ruleCount * Self.capacity)
    unsafe counts.initialize(repeating: 0, count: Self.ruleCount * Self.capacity)
  }

  deinit {
    // Safe: nobody else holds them.
    unsafe links.deallocate()
    unsafe counts.deallocate()
  }

  /// Forgets all counts; tokens are counted by these rules from now on.
  func begin(_ first: ContextRule, _ second: ContextRule) {
    self.first.set(first)
    self.second.set(second)
    for token in 0..<256 {
      let (left, right) = (self.first[token], self.second[token])
      let next = UInt64(left.next) | UInt64(right.next) << 16
      let later = UInt64(left.later) | UInt64(right.later) << 16
      // Safe: 256 entries. Contexts are below 32, so that none reaches its neighbour's bits.
      unsafe links[token] = (next | later << 32) << 8
    }
    // Safe: `capacity` entries for each rule.
    unsafe counts.update(repeating: 0, count: first.count << 8)
    unsafe (counts + Self.capacity).update(repeating: 0, count: second.count << 8)
  }

  /// Counts tokens by context, and notes the places of each, context · 256 + token: the first
  /// rule's in the low 16 bits, the second's in the high ones.
  func count(_ tokens: Span<UInt8>, places: inout [UInt32]) {
    places.resize(to: tokens.count, filler: 0)
    let each = Lanes.length(of: tokens.count)
    // Safe: lanes are ranges within `tokens` and `places`, which have one length;
    // places are below `capacity`, as contexts are below the limit.
    unsafe tokens.withUnsafeBufferPointer { source in
      unsafe places.withUnsafeMutableBufferPointer { target in
        guard let source = source.baseAddress, let target = target.baseAddress else { return }
        var (a, b, c, d) = (Past(), Past(), Past(), Past())
        // By turns: what one token adds to a count is not at hand at once for the next.
        for index in 0..<each {
          unsafe count(source, target, index, &a)
          unsafe count(source, target, index &+ each, &b)
          unsafe count(source, target, index &+ 2 &* each, &c)
          unsafe count(source, target, index &+ 3 &* each, &d)
        }
        for index in (Lanes.count * each)..<tokens.count {
          unsafe count(source, target, index, &d)
        }
      }
    }
  }

  /// What a lane's last tokens say of the next one's contexts.
  private struct Past {
    var contexts: UInt32 = 0
    var later: UInt32 = 0
  }

  @inline(__always)
  private func count(
    _ source: UnsafePointer<UInt8>, _ target: UnsafeMutablePointer<UInt32>, _ index: Int,
    _ past: inout Past
  ) {
    // Safe: the caller's indices lie within both; a place is below `capacity`, a token below 256.
    let token = unsafe Int(source[index])
    let pair = past.contexts | UInt32(truncatingIfNeeded: token &* 0x1_0001)
    unsafe target[index] = pair
    unsafe counts[Int(pair & 0xFFFF)] &+= 1
    unsafe counts[Self.capacity &+ Int(pair &>> 16)] &+= 1
    let link = unsafe links[token]
    past.contexts = UInt32(truncatingIfNeeded: link) &+ past.later
    past.later = UInt32(truncatingIfNeeded: link &>> 32)
  }

  /// How often a token was counted in a context of a rule.
  func count(of token: Int, in context: Int, rule: Int) -> UInt32 {
    precondition(
      rule < Self.ruleCount && context < ContextRule.countLimit && token < 256,
      "A rule, a context and a token")
    // Safe: just compared.
    return unsafe counts[rule &* Self.capacity &+ context &<< 8 | token]
  }

  /// The tokens that were counted in some of the first rule's contexts.
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
