// SPDX-License-Identifier: Apache-2.0
//
// Which events are not of the main kind, and the loops that sort tokens by that
// (Specs/Encodings.md, section 7).
//
// Invariant: words and counts are of the same events, and there is a word behind those that have
// their bits.

import CInputTapePlatform

/// A mark for each event that is not of the main kind; keeps its memory.
///
/// Lot 0 has events without one behind one without, 1 those with one behind one without, 2 those
/// without one behind one with, and 3 those with one behind one with.
struct EventMarks {
  private var words: [UInt64] = []
  /// How many tokens each lot has, and all.
  private var counts: [UInt32] = [0, 0, 0, 0]
  private var tokenCount = 0

  static let lots = 0..<4
  /// So many tokens more than a lot has are read and written.
  static let slack = 64

  /// Takes the kinds of events, of which there is one at least.
  mutating func replace(
    with kinds: [EventKind], main: EventKind, vectors: Vectors = .best
  ) {
    precondition(!kinds.isEmpty, "A first event")
    tokenCount = kinds.count - 1
    words.resize(to: kinds.count / 64 + 2, filler: 0)
    // Safe: a kind is a byte; there are two words for what is behind all words that are full.
    unsafe kinds.span.withUnsafeBytes { kinds in
      unsafe words.withUnsafeMutableBufferPointer { words in
        unsafe counts.withUnsafeMutableBufferPointer { counts in
          guard let source = kinds.baseAddress, let words = words.baseAddress,
            let counts = counts.baseAddress
          else { return }
          unsafe itape_mark_lots(
            source.assumingMemoryBound(to: UInt8.self), kinds.count, main.rawValue, words, counts,
            vectors.rawValue)
        }
      }
    }
  }

  /// How many tokens are in a lot.
  func count(of lot: Int) -> Int { Int(counts[lot]) }

  /// Replaces `target` by the tokens of a lot.
  func split(
    _ tokens: [UInt8], lot: Int, into target: inout [UInt8], vectors: Vectors = .best
  ) {
    precondition(tokens.count == tokenCount, "A token for each event but the first")
    target.resize(forAll: count(of: lot) + Self.slack)
    // Safe: marks are of as many tokens, and there is room for those of the lot and the slack.
    unsafe tokens.withUnsafeBufferPointer { tokens in
      unsafe words.withUnsafeBufferPointer { words in
        unsafe target.withUnsafeMutableBufferPointer { target in
          guard let source = tokens.baseAddress, let words = words.baseAddress,
            let target = target.baseAddress
          else { return }
          unsafe itape_split_lot(source, tokens.count, words, UInt32(lot), target, vectors.rawValue)
        }
      }
    }
    target.removeLast(Self.slack)
  }

  /// Puts the tokens of a lot, as many as it has, where they are among all.
  ///
  /// - Parameter source: is as it was at the end.
  func join(
    _ source: inout [UInt8], lot: Int, into tokens: inout [UInt8], vectors: Vectors = .best
  ) {
    precondition(
      tokens.count == tokenCount && source.count == count(of: lot), "A token for each event")
    source.resize(to: source.count + Self.slack, filler: 0)
    // Safe: marks are of as many tokens, and behind those of the lot there is the slack.
    unsafe source.withUnsafeBufferPointer { source in
      unsafe words.withUnsafeBufferPointer { words in
        unsafe tokens.withUnsafeMutableBufferPointer { tokens in
          guard let source = source.baseAddress, let words = words.baseAddress,
            let target = tokens.baseAddress
          else { return }
          unsafe itape_join_lot(target, tokens.count, words, UInt32(lot), source, vectors.rawValue)
        }
      }
    }
    source.removeLast(Self.slack)
  }
}
