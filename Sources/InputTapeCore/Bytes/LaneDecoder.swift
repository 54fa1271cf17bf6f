// SPDX-License-Identifier: Apache-2.0
//
// Modelled streams to tokens, from bytes that nobody has checked yet (Specs/Encodings.md, section
// 8).
//
// Invariant: any two tokens' links add up to a context below the limit, and each of its values has
// a token.

import CInputTapePlatform

/// Decodes tokens by context.
struct LaneDecoder: ~Copyable {
  private let links: UnsafeMutablePointer<itape_lane_links>
  /// Contexts one after another: the token of each value of a state's lowest bits, then shares.
  /// Both are so small that those in use stay in a processor's first cache.
  private let contexts: UnsafeMutablePointer<UInt8>

  /// Tokens are stored so many at a time, and so behind the last, too.
  private static let storeSize = 16
  private static let sharesOffset = Int(ITAPE_LANE_SHARES)
  private static let contextStride =
    sharesOffset + 256 * MemoryLayout<itape_lane_share>.stride
  private static let capacity = ContextRule.countLimit * contextStride

  init() {
    precondition(Self.sharesOffset >= FrequencyTable.total + Self.storeSize, "Room for a store")
    // Safe: initialised here, freed by `deinit` only.
    unsafe contexts = UnsafeMutablePointer<UInt8>.allocate(capacity: Self.capacity)
    unsafe contexts.initialize(repeating: 0, count: Self.capacity)
    unsafe links = UnsafeMutablePointer<itape_lane_links>.allocate(capacity: 1)
    unsafe links.initialize(to: itape_lane_links())
    begin(.none)
  }

  deinit {
    // Safe: nobody else holds them.
    unsafe contexts.deallocate()
    unsafe links.deallocate()
  }

  /// Takes over a rule; all values of its contexts are to be set after that.
  func begin(_ rule: ContextRule) {
    precondition(rule.count <= ContextRule.countLimit, "Contexts within the limit")
    var (nextLimit, laterLimit) = (0, 0)
    unsafe links.pointee.first = UnsafePointer(contexts)
    // Safe: 256 entries of both, and a token is one of them.
    unsafe withUnsafeMutableBytes(of: &links.pointee.next) { next in
      let next = unsafe next.assumingMemoryBound(to: UnsafePointer<UInt8>.self)
      unsafe withUnsafeMutableBytes(of: &links.pointee.later) { later in
        let later = unsafe later.assumingMemoryBound(to: Int.self)
        rule.forEachLink { token, nextContext, laterContext in
          (nextLimit, laterLimit) = (max(nextLimit, nextContext), max(laterLimit, laterContext))
          unsafe next[token] = UnsafePointer(contexts + nextContext * Self.contextStride)
          unsafe later[token] = laterContext * Self.contextStride
        }
      }
    }
    precondition(
      nextLimit + laterLimit < rule.count && (laterLimit == 0 || !rule.isShort),
      "Contexts of the rule")
  }

  /// Gives a context its only token, 0.
  func setEmpty(_ context: Int) {
    precondition((0..<ContextRule.countLimit).contains(context), "A context")
    // Safe: the context is one of those that there are.
    unsafe put(0, 0, FrequencyTable.total, contexts + context * Self.contextStride)
  }

  /// Gives a context its tokens, ascending, each with its share of all values; some have none.
  func set(_ tokens: Span<UInt8>, _ frequencies: Span<Int>, in context: Int) {
    precondition(
      (0..<ContextRule.countLimit).contains(context) && tokens.count == frequencies.count,
      "A context, and a share for each token")
    // Safe: the context is one of those that there are.
    let target = unsafe contexts + context * Self.contextStride
    var start = 0
    for place in tokens.indices {
      let frequency = frequencies[place]
      precondition(frequency >= 0 && frequency <= FrequencyTable.total - start, "Shares of all")
      // Safe: as just compared.
      unsafe put(tokens[place], start, frequency, target)
      start &+= frequency
    }
    precondition(start == FrequencyTable.total, "Shares of all")
  }

  /// Puts a token into a context; what stands behind its values is overwritten by the next one's.
  @inline(__always)
  private func put(
    _ token: UInt8, _ start: Int, _ frequency: Int, _ target: UnsafeMutablePointer<UInt8>
  ) {
    // Safe: the caller's `start + frequency` does not pass the context's values, behind which there
    // is room for a store, and the share is one of its 256.
    let pattern = SIMD2(repeating: UInt64(token) &* 0x0101_0101_0101_0101)
    var place = unsafe UnsafeMutableRawPointer(target + start)
    let end = unsafe place + frequency
    repeat {
      unsafe place.storeBytes(of: pattern, as: SIMD2<UInt64>.self)
      unsafe place += Self.storeSize
    } while unsafe place < end
    unsafe UnsafeMutableRawPointer(target + Self.sharesOffset)
      .assumingMemoryBound(to: itape_lane_share.self)[Int(token)] = itape_lane_share(
        frequency: UInt16(truncatingIfNeeded: frequency), start: UInt16(truncatingIfNeeded: start))
  }

  /// Fills `tokens` from the lanes' states and words, by the rule that was begun last.
  ///
  /// - Returns: whether states are in range, all words were needed, no more, and all lanes end
  ///   where they must.
  func decode(
    _ bytes: Span<UInt8>, isShort: Bool, into tokens: inout [UInt8]
  ) -> Bool {
    let lanes = Lanes(of: tokens.count)
    // Safe: links are those of a rule, and lead to contexts that were set.
    return unsafe bytes.withUnsafeBytes { source in
      unsafe tokens.withUnsafeMutableBufferPointer { target in
        unsafe itape_take_lanes(
          source.baseAddress, source.count, links, isShort, lanes.count, target.baseAddress,
          target.count)
      }
    }
  }
}
