// SPDX-License-Identifier: Apache-2.0
//
// How often tokens come in each context of a rule (Specs/Encodings.md, section 8).
//
// Invariant: there is a count for each context below the limit and each token, and three more that
// are 0 but while many tokens are counted.

/// Counts the tokens of a stream by the contexts of a rule.
struct ContextCounter: ~Copyable {
  private let links = ContextLinks()
  /// By place, then three times as many others.
  private let counts: UnsafeMutablePointer<UInt32>

  private static let placeLimit = ContextRule.countLimit << 8
  private static let capacity = Lanes.count * placeLimit

  init() {
    // Safe: initialised here, freed by `deinit` only.
    unsafe counts = UnsafeMutablePointer<UInt32>.allocate(capacity: Self.capacity)
    unsafe counts.initialize(repeating: 0, count: Self.capacity)
  }

  deinit {
    // Safe: nobody else holds it.
    unsafe counts.deallocate()
  }

  /// Counts tokens by context, and notes the place of each, context · 256 + token: by turns those
  /// of the four lanes, then those that are left over. What was counted before is forgotten.
  ///
  /// - Parameter places: keeps what is behind the last one's place.
  func count(
    _ tokens: Span<UInt8>, by rule: ContextRule, places: inout [UInt16], vectors: Vectors = .best
  ) {
    count(tokens, by: rule, each: Lanes.length(of: tokens.count), places: &places, vectors)
  }

  private func count(
    _ tokens: Span<UInt8>, by rule: ContextRule, each: Int, places: inout [UInt16],
    _ vectors: Vectors
  ) {
    links.set(rule, unit: 256)
    // Safe: `capacity` entries.
    unsafe counts.update(repeating: 0, count: rule.count << 8)
    if places.count < tokens.count { places.resize(to: tokens.count, filler: 0) }
    // Safe: lanes are ranges within `tokens` and `places`, which are no fewer; places are below
    // `placeLimit`, as contexts are below the limit.
    unsafe tokens.withUnsafeBufferPointer { source in
      unsafe places.withUnsafeMutableBufferPointer { target in
        guard let source = source.baseAddress, let target = target.baseAddress else { return }
        var (a, b, c, d): (UInt32, UInt32, UInt32, UInt32) = (0, 0, 0, 0)
        if vectors == .of512 {
          unsafe links.notePlaces(source, each: each, to: target)
          unsafe countByTurns(target, each: each, contexts: rule.count)
          for index in max(Lanes.count * each - 2, 0)..<(Lanes.count * each) {
            d = unsafe d &>> 16 &+ links[UInt32(source[index])]
          }
        } else {
          var lanes = unsafe target
          // By turns: what one token adds to a count is not at hand at once for the next.
          for index in 0..<each {
            unsafe lanes[0] = count(source[index], &a)
            unsafe lanes[1] = count(source[index &+ each], &b)
            unsafe lanes[2] = count(source[index &+ 2 &* each], &c)
            unsafe lanes[3] = count(source[index &+ 3 &* each], &d)
            unsafe lanes += Lanes.count
          }
        }
        for index in (Lanes.count * each)..<tokens.count {
          unsafe target[index] = count(source[index], &d)
        }
      }
    }
  }

  /// Streams with lanes of fewer tokens are counted in one place each.
  private static let longLane = 2_048

  /// Counts places that were noted. A count that waits for itself is slow: so each lane of many has
  /// its own.
  @inline(__always)
  private func countByTurns(_ places: UnsafePointer<UInt16>, each: Int, contexts: Int) {
    let distance = each < Self.longLane ? 0 : Self.placeLimit
    // Safe: places are below `placeLimit`, of which there are four times as many counts.
    var lanes = unsafe places
    for _ in 0..<each {
      unsafe counts[Int(lanes[0])] &+= 1
      unsafe counts[Int(lanes[1]) &+ distance] &+= 1
      unsafe counts[Int(lanes[2]) &+ 2 &* distance] &+= 1
      unsafe counts[Int(lanes[3]) &+ 3 &* distance] &+= 1
      unsafe lanes += Lanes.count
    }
    guard distance > 0 else { return }
    for lane in 1..<Lanes.count {
      let others = unsafe counts + lane * Self.placeLimit
      for place in 0..<(contexts << 8) { unsafe counts[place] &+= others[place] }
      unsafe others.update(repeating: 0, count: contexts << 8)
    }
  }

  /// Counts a token, and returns its place.
  ///
  /// - Parameter past: what a lane's last tokens say: the next token's context times 256 (low 16
  ///   bits), and what the last token adds to the one after that (high 16).
  @inline(__always)
  private func count(_ token: UInt8, _ past: inout UInt32) -> UInt16 {
    let place = UInt16(truncatingIfNeeded: past | UInt32(token))
    // Safe: a place is below `placeLimit`.
    unsafe counts[Int(place)] &+= 1
    past = past &>> 16 &+ links[UInt32(token)]
    return place
  }

  // MARK: - Trials

  /// Counts a sample's tokens by the contexts of a rule, and weighs them.
  ///
  /// - Parameter used: those that come, ascending.
  /// - Returns: the tokens' entropy in their contexts, in units of `Logarithm`, and how many counts
  ///   are above 0.
  func weigh(
    _ tokens: Span<UInt8>, by rule: ContextRule, used: [UInt8], places: inout [UInt16],
    vectors: Vectors = .best
  ) -> (entropy: Int, filled: Int) {
    let products = Logarithm.products
    precondition(
      tokens.count < products.count && tokens.count % Lanes.count == 0,
      "A product for each count, and lanes of one length")
    count(tokens, by: rule, each: tokens.count / Lanes.count, places: &places, vectors)
    var (entropy, filled) = (0, 0)
    // Safe: contexts are below the limit and tokens below 256; no count is above that of tokens,
    // which was just compared.
    unsafe products.withUnsafeBufferPointer { products in
      unsafe used.withUnsafeBufferPointer { used in
        for context in 0..<rule.count {
          let row = unsafe counts + (context << 8)
          var total = 0
          for token in unsafe used {
            let count = unsafe Int(row[Int(token)])
            total &+= count
            filled &+= min(count, 1)
            entropy &-= unsafe Int(products[count])
          }
          entropy &+= unsafe Int(products[total])
        }
      }
    }
    return (entropy, filled)
  }

  // MARK: - Counts

  /// How often some tokens were counted in the first contexts, context by context.
  func counts(of tokens: [UInt8], contexts: Int) -> [UInt32] {
    precondition(contexts <= ContextRule.countLimit, "Contexts within the limit")
    var result = [UInt32](repeating: 0, count: contexts * tokens.count)
    // Safe: just compared, and the result has a place for each.
    unsafe result.withUnsafeMutableBufferPointer { target in
      unsafe tokens.withUnsafeBufferPointer { tokens in
        var place = 0
        for context in 0..<contexts {
          for token in unsafe tokens {
            unsafe target[place] = counts[context &<< 8 | Int(token)]
            place &+= 1
          }
        }
      }
    }
    return result
  }

  /// The tokens that were counted in some of the contexts.
  func usedTokens(contexts: Int) -> [UInt8] {
    precondition(contexts <= ContextRule.countLimit, "Contexts within the limit")
    var union = [UInt32](repeating: 0, count: 256)
    // Safe: 256 entries for each context, and in the union.
    unsafe union.withUnsafeMutableBufferPointer { union in
      for context in 0..<contexts {
        let row = unsafe counts + (context << 8)
        for token in 0..<256 { unsafe union[token] |= row[token] }
      }
    }
    var result: [UInt8] = []
    result.reserveCapacity(256)
    for token in 0..<256 where union[token] > 0 { result.append(UInt8(token)) }
    return result
  }
}
