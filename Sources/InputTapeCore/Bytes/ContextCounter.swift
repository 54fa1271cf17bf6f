// SPDX-License-Identifier: Apache-2.0
//
// How often tokens come in each context of a rule (Specs/Encodings.md, section 8).
//
// Invariant: there is a count for each context below the limit and each token.

/// Counts the tokens of a stream by the contexts of a rule.
struct ContextCounter: ~Copyable {
  private let links = ContextLinks()
  /// By place; then how many tokens were weighed in each context.
  private let counts: UnsafeMutablePointer<UInt32>

  private static let placeLimit = ContextRule.countLimit << 8
  private static let capacity = placeLimit + ContextRule.countLimit

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
    unsafe (counts + Self.placeLimit).update(repeating: 0, count: ContextRule.countLimit)
  }

  /// Counts tokens by context, and notes the place of each, context · 256 + token: by turns those
  /// of the four lanes, then those that are left over.
  func count(_ tokens: Span<UInt8>, places: inout [UInt16]) {
    places.resize(to: tokens.count, filler: 0)
    let each = Lanes.length(of: tokens.count)
    // Safe: lanes are ranges within `tokens` and `places`, which have one length;
    // places are below `placeLimit`, as contexts are below the limit.
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
    // Safe: a place is below `placeLimit`.
    unsafe counts[Int(place)] &+= 1
    past = past &>> 16 &+ links[UInt32(token)]
    return place
  }

  // MARK: - Trials

  /// Counts a sample's tokens by context, and weighs them.
  ///
  /// - Returns: the tokens' entropy in their contexts, in units of `Logarithm`, and how many counts
  ///   are above 0.
  func weigh(_ tokens: Span<UInt8>) -> (entropy: Int, filled: Int) {
    let growths = Logarithm.growths
    precondition(tokens.count <= growths.count, "A growth for each count")
    let each = tokens.count / Lanes.count
    var weight = Weight()
    // Safe: indices lie within the four parts of `tokens`; no count reaches the number of growths.
    unsafe tokens.withUnsafeBufferPointer { source in
      unsafe growths.withUnsafeBufferPointer { growths in
        guard let source = source.baseAddress, let growths = growths.baseAddress else { return }
        var (a, b, c, d): (UInt32, UInt32, UInt32, UInt32) = (0, 0, 0, 0)
        for index in 0..<each {
          unsafe weigh(source[index], &a, growths, &weight)
          unsafe weigh(source[index &+ each], &b, growths, &weight)
          unsafe weigh(source[index &+ 2 &* each], &c, growths, &weight)
          unsafe weigh(source[index &+ 3 &* each], &d, growths, &weight)
        }
      }
    }
    return (weight.contexts &- weight.cells, weight.filled)
  }

  /// Sums of counts times their logarithms, as they grow.
  private struct Weight {
    var contexts = 0
    var cells = 0
    var filled = 0
  }

  @inline(__always)
  private func weigh(
    _ token: UInt8, _ past: inout UInt32, _ growths: UnsafePointer<UInt16>, _ weight: inout Weight
  ) {
    let place = Int(UInt16(truncatingIfNeeded: past | UInt32(token)))
    // Safe: a place is below `placeLimit`, and its context below the limit; counts are below the
    // number of growths.
    let count = unsafe Int(counts[place])
    unsafe counts[place] &+= 1
    weight.cells &+= unsafe Int(growths[count])
    weight.filled &+= count == 0 ? 1 : 0
    let total = unsafe Int(counts[Self.placeLimit &+ place &>> 8])
    unsafe counts[Self.placeLimit &+ place &>> 8] &+= 1
    weight.contexts &+= unsafe Int(growths[total])
    past = past &>> 16 &+ links[UInt32(token)]
  }

  // MARK: - Counts

  /// How often some tokens were counted in the first contexts, context by context.
  func counts(of tokens: [Int], contexts: Int) -> [UInt32] {
    precondition(
      contexts <= ContextRule.countLimit && tokens.allSatisfy { (0..<256).contains($0) },
      "Contexts within the limit, and tokens")
    var result = [UInt32](repeating: 0, count: contexts * tokens.count)
    // Safe: just compared, and the result has a place for each.
    unsafe result.withUnsafeMutableBufferPointer { target in
      unsafe tokens.withUnsafeBufferPointer { tokens in
        var place = 0
        for context in 0..<contexts {
          for token in unsafe tokens {
            unsafe target[place] = counts[context &<< 8 | token]
            place &+= 1
          }
        }
      }
    }
    return result
  }

  /// The tokens that were counted in some of the contexts.
  func usedTokens(contexts: Int) -> [Int] {
    precondition(contexts <= ContextRule.countLimit, "Contexts within the limit")
    var union = [UInt32](repeating: 0, count: 256)
    // Safe: 256 entries for each context, and in the union.
    unsafe union.withUnsafeMutableBufferPointer { union in
      for context in 0..<contexts {
        let row = unsafe counts + (context << 8)
        for token in 0..<256 { unsafe union[token] |= row[token] }
      }
    }
    return union.indices.filter { union[$0] > 0 }
  }
}
