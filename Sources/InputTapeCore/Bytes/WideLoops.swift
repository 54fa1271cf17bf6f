// SPDX-License-Identifier: Apache-2.0
//
// Loops for processors with vectors of 256 bits (Specs/Design/0004-models.md). They give the bytes
// of those that are written in Swift, which is compiled for one kind of processor.
//
// Invariant: what the callers of each promise.

import CInputTapePlatform

/// Numbers to tokens and bits, eight at a time.
enum WideLoops {
  /// Whether this processor has what they need.
  static let areThere = Vectors.best.areWide

  /// The tokens and bits of pairs, up to the first large one.
  ///
  /// - Parameters:
  ///   - range: of the pairs; as many more as a vector has can be read, and tokens written.
  ///   - tokens: of the pairs.
  ///   - bits: with room for those of all pairs.
  /// - Returns: the place of the large pair, or the range's end.
  @inline(__always)
  static func split(
    _ firsts: UnsafePointer<UInt32>, _ seconds: UnsafePointer<UInt32>, _ range: Range<Int>,
    _ form: PairForm, _ tokens: UnsafeMutablePointer<UInt8>, _ writer: inout BitWriter,
    _ bits: UnsafeMutableRawPointer, _ vectors: Vectors
  ) -> Int {
    let split = vectors == .of512 ? itape_split_pairs_512 : itape_split_pairs
    // Safe: the caller's promise.
    return unsafe split(
      firsts, seconds, range.lowerBound, range.upperBound, form.wide, tokens,
      &writer.state, bits)
  }

  /// Counts the tokens of pairs: all, or up to eight of which some are large or not there.
  ///
  /// - Parameters:
  ///   - width: the bits of a number that has no class.
  ///   - counts: for each token, as many as `turns` and one, 256 places apart.
  ///   - total: their extra bits but those below the shift are added to it.
  /// - Returns: the index of the first of those eight.
  @inline(__always)
  static func count(
    _ firsts: UnsafePointer<UInt32>, _ seconds: UnsafePointer<UInt32>, _ range: Range<Int>,
    _ form: PairForm, width: Int, _ counts: UnsafeMutablePointer<UInt32>, turns: Int,
    _ total: inout Int, _ vectors: Vectors
  ) -> Int {
    // Safe: the caller's promise.
    guard vectors == .of512 else {
      return unsafe itape_count_pairs(
        firsts, seconds, range.lowerBound, range.upperBound, form.wide, counts, UInt32(turns),
        &total)
    }
    unsafe itape_count_pairs_512(
      firsts + range.lowerBound, seconds + range.lowerBound, range.count, form.wide,
      UInt32(width), counts, UInt32(turns), &total)
    return range.upperBound
  }

  /// The tokens and bits of numbers, up to some of which one is large or not there.
  ///
  /// - Parameters:
  ///   - tokens: as many as numbers.
  ///   - bits: with room for those of all numbers.
  /// - Returns: the index of the first that was not taken.
  @inline(__always)
  static func split(
    _ numbers: UnsafeBufferPointer<UInt64>, from index: Int, _ scheme: TokenScheme,
    _ tokens: UnsafeMutablePointer<UInt8>, _ writer: inout BitWriter,
    _ bits: UnsafeMutableRawPointer, _ vectors: Vectors
  ) -> Int {
    guard let start = numbers.baseAddress else { return index }
    let split = vectors == .of512 ? itape_split_numbers_512 : itape_split_numbers
    // Safe: the caller's promise.
    return unsafe split(
      start, index, numbers.count, scheme.wide, tokens, &writer.state, bits)
  }

  /// What a linear guess leaves of coordinates.
  ///
  /// - Parameters:
  ///   - range: has at least two coordinates in front of it.
  ///   - residuals: as many as the range.
  @inline(__always)
  static func takeResiduals(
    of coordinates: UnsafePointer<Int32>, _ range: Range<Int>, _ a: Int32, _ isPosition: Bool,
    to residuals: UnsafeMutablePointer<UInt32>, _ vectors: Vectors
  ) {
    // Safe: the caller's promise.
    unsafe itape_residuals(
      residuals, coordinates + range.lowerBound, range.count, a, isPosition, vectors.rawValue)
  }

  // MARK: - Back again

  /// The tokens and bits of some numbers or pairs.
  struct Source {
    /// As many as are to be taken at most.
    let tokens: UnsafeBufferPointer<UInt8>
    let bits: UnsafeRawBufferPointer
    let vectors: Vectors
    /// Where the bits of the next token begin, in bits.
    var offset = 0

    /// The last place from which `bitsAhead` bytes can be read, in bits; negative where none is.
    @inline(__always)
    fileprivate var last: Int { unsafe (bits.count &- bitsAhead) &<< 3 }
  }

  /// What has fewer bytes of bits behind its place is for others.
  static let bitsAhead = 64
  /// Forms of larger shifts are, too.
  static let shiftLimit = 16

  /// The numbers of pairs, eight by eight or more, up to those that are for others.
  ///
  /// - Parameters:
  ///   - firsts: room for as many numbers as tokens, as are `seconds`.
  /// - Returns: how many pairs were taken.
  @inline(__always)
  static func join(
    _ source: inout Source, _ form: PairForm, _ firsts: UnsafeMutablePointer<UInt32>,
    _ seconds: UnsafeMutablePointer<UInt32>
  ) -> Int {
    guard let tokens = unsafe source.tokens.baseAddress else { return 0 }
    let (last, count) = unsafe (source.last, source.tokens.count)
    // Safe: the caller's promise. What stops the widest is for the others.
    var (taken, end) = (0, count)
    if source.vectors == .of512 {
      taken = unsafe itape_join_pairs_512(
        tokens, count, source.bits.baseAddress, &source.offset, source.bits.count, form.wide,
        firsts, seconds)
      end = min(taken + 16, count)
    }
    return unsafe taken
      + itape_join_pairs(
        tokens + taken, end - taken, source.bits.baseAddress, &source.offset, last, form.wide,
        firsts + taken, seconds + taken)
  }

  /// The times of steps and residuals on a grid, eight by eight, up to those that are for others.
  ///
  /// - Parameters:
  ///   - count: of steps and residuals, at most 128.
  ///   - times: room for as many.
  /// - Returns: how many were taken.
  @inline(__always)
  static func follow(
    _ steps: UnsafePointer<UInt32>, _ residuals: UnsafePointer<UInt32>, _ count: Int,
    _ grid: itape_grid, _ state: inout itape_grid_state, _ times: UnsafeMutablePointer<Int64>,
    _ vectors: Vectors
  ) -> Int {
    // Safe: the caller's promise.
    unsafe itape_follow_grid(steps, residuals, count, grid, &state, times, vectors.rawValue)
  }

  /// Numbers, eight by eight or more, up to those that are for others.
  ///
  /// - Parameters:
  ///   - numbers: room for as many as tokens.
  /// - Returns: how many were taken.
  @inline(__always)
  static func join(
    _ source: inout Source, _ scheme: TokenScheme, _ numbers: UnsafeMutablePointer<UInt64>
  ) -> Int {
    guard let tokens = unsafe source.tokens.baseAddress else { return 0 }
    let (last, count) = unsafe (source.last, source.tokens.count)
    // Safe: the caller's promise. What stops the widest is for the others.
    var (taken, end) = (0, count)
    if source.vectors == .of512 {
      taken = unsafe itape_join_numbers_512(
        tokens, count, source.bits.baseAddress, &source.offset, source.bits.count, scheme.wide,
        numbers)
      end = min(taken + 16, count)
    }
    return unsafe taken
      + itape_join_numbers(
        tokens + taken, end - taken, source.bits.baseAddress, &source.offset, last, scheme.wide,
        numbers + taken)
  }
}

extension PairForm {
  /// As wide loops want it.
  @inline(__always)
  fileprivate var wide: itape_pair_form {
    itape_pair_form(
      first_direct: UInt32(firstDirect), second_direct: UInt32(secondDirect),
      shift: UInt32(shift))
  }
}

extension TokenScheme {
  /// As wide loops want it.
  @inline(__always)
  fileprivate var wide: itape_token_form {
    itape_token_form(split: UInt32(split), detail: UInt32(detail))
  }
}
