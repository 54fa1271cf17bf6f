// SPDX-License-Identifier: Apache-2.0
//
// How often tokens come in each context of a rule (Specs/Encodings.md, section 8).
//
// Invariant: there is a count for each context below the limit and each token, and five more that
// are 0 but while many tokens are counted.

import CInputTapePlatform

/// Counts the tokens of a stream by the contexts of a rule.
struct ContextCounter: ~Copyable {
  private let links = ContextLinks()
  /// By place, then five times as many others.
  private let counts: UnsafeMutablePointer<UInt32>

  private static let placeLimit = ContextRule.countLimit << 8
  /// From counts of a place to others of it: not a multiple of what a cache keeps in one set.
  private static let distance = placeLimit + 48
  private static let capacity = 5 * distance + placeLimit

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
  /// of all lanes, then those that are left over. What was counted before is forgotten.
  ///
  /// - Parameter places: keeps what is behind the last one's place.
  func count(
    _ tokens: Span<UInt8>, by rule: ContextRule, places: inout [UInt16], vectors: Vectors = .best
  ) {
    count(tokens, by: rule, Lanes(of: tokens.count), places: &places, vectors)
  }

  private func count(
    _ tokens: Span<UInt8>, by rule: ContextRule, _ lanes: Lanes, places: inout [UInt16],
    _ vectors: Vectors
  ) {
    links.set(rule)
    // Safe: `capacity` entries.
    unsafe counts.update(repeating: 0, count: rule.count << 8)
    if places.count < tokens.count { places.resize(forAll: tokens.count) }
    // Safe: lanes are ranges within `tokens` and `places`, which are no fewer; places are below
    // `placeLimit`, as contexts are below the limit.
    unsafe tokens.withUnsafeBufferPointer { source in
      unsafe places.withUnsafeMutableBufferPointer { target in
        guard let source = source.baseAddress, let target = target.baseAddress else { return }
        for lane in stride(from: 0, to: lanes.count, by: 3) {
          let (some, places) = unsafe (source + lane * lanes.each, target + lane)
          if vectors == .of512 {
            unsafe links.notePlaces(some, lanes, to: places)
          } else {
            unsafe countThree(some, lanes, to: places)
          }
        }
        if vectors == .of512 {
          unsafe countByTurns(target, lanes, contexts: rule.count)
        }
        var past: UInt32 = 0
        for index in lanes.dealt - min(lanes.each, 2)..<lanes.dealt {
          past = unsafe past &>> 16 &+ links[UInt32(source[index])]
        }
        for index in lanes.dealt..<tokens.count {
          unsafe target[index] = count(source[index], &past)
        }
      }
    }
  }

  /// Counts the tokens of three lanes, by turns: what one token adds to a count is not at hand at
  /// once for the next.
  private func countThree(
    _ tokens: UnsafePointer<UInt8>, _ lanes: Lanes, to places: UnsafeMutablePointer<UInt16>
  ) {
    var (a, b, c): (UInt32, UInt32, UInt32) = (0, 0, 0)
    let (each, count) = (lanes.each, lanes.count)
    // Safe: the caller has so many tokens of each lane, and as many rows of places.
    var row = unsafe places
    for index in 0..<each {
      unsafe row[0] = self.count(tokens[index], &a)
      unsafe row[1] = self.count(tokens[index &+ each], &b)
      unsafe row[2] = self.count(tokens[index &+ 2 &* each], &c)
      unsafe row += count
    }
  }

  /// To add up the lanes of so many counts takes as long as is saved at a place.
  private static let countsPerPlace = 4

  /// Counts places that were noted. A count that waits for itself is slow: where there are many
  /// places each lane has counts of its own.
  private func countByTurns(_ places: UnsafePointer<UInt16>, _ lanes: Lanes, contexts: Int) {
    // Safe: places are below `placeLimit`, of which there are six times as many counts; as
    // many are dealt to each lane.
    if lanes.dealt * Self.countsPerPlace >= contexts << 8 {
      unsafe itape_count_places_512(
        places, lanes.dealt, lanes.count, counts, Self.distance, contexts << 8)
    } else {
      for index in 0..<lanes.dealt { unsafe counts[Int(places[index])] &+= 1 }
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
    precondition(tokens.count < products.count, "A product for each count")
    count(tokens, by: rule, Lanes(ofSample: tokens.count), places: &places, vectors)
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
