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
  static let areThere = itape_has_wide_vectors()

  /// The tokens and bits of a chunk's pairs, up to the first large one.
  ///
  /// - Parameters:
  ///   - range: within the chunk, of which eight pairs more can be read.
  ///   - tokens: of the chunk.
  ///   - bits: with room for those of all pairs.
  /// - Returns: the place of the large pair, or the range's end.
  @inline(__always)
  static func split(
    _ chunk: PairChunk, _ range: Range<Int>, _ form: PairForm,
    _ tokens: UnsafeMutablePointer<UInt8>, _ writer: inout BitWriter,
    _ bits: UnsafeMutableRawPointer
  ) -> Int {
    let form = itape_pair_form(
      first_direct: UInt32(form.firstDirect), second_direct: UInt32(form.secondDirect),
      shift: UInt32(form.shift))
    // Safe: the caller's promise.
    return unsafe itape_split_pairs(
      chunk.firsts, chunk.seconds, range.lowerBound, range.upperBound, form, tokens, &writer.state,
      bits)
  }

  /// The tokens and bits of numbers, up to eight of which some are large or not there.
  ///
  /// - Parameters:
  ///   - tokens: as many as numbers.
  ///   - bits: with room for those of all numbers.
  /// - Returns: the index of the first of those eight.
  @inline(__always)
  static func split(
    _ numbers: UnsafeBufferPointer<UInt64>, from index: Int, _ scheme: TokenScheme,
    _ tokens: UnsafeMutablePointer<UInt8>, _ writer: inout BitWriter,
    _ bits: UnsafeMutableRawPointer
  ) -> Int {
    guard let start = numbers.baseAddress else { return index }
    let form = itape_token_form(split: UInt32(scheme.split), detail: UInt32(scheme.detail))
    // Safe: the caller's promise.
    return unsafe itape_split_numbers(
      start, index, numbers.count, form, tokens, &writer.state, bits)
  }

  /// What a linear guess leaves of coordinates.
  ///
  /// - Parameters:
  ///   - range: has at least two coordinates in front of it.
  ///   - residuals: as many as the range.
  @inline(__always)
  static func takeResiduals(
    of coordinates: UnsafePointer<Int32>, _ range: Range<Int>, _ a: Int32, _ isPosition: Bool,
    to residuals: UnsafeMutablePointer<UInt32>
  ) {
    // Safe: the caller's promise.
    unsafe itape_residuals(
      residuals, coordinates + range.lowerBound, range.count, a, isPosition)
  }
}
