// SPDX-License-Identifier: Apache-2.0
//
// Tokens two by two in a byte (Specs/Encodings.md, section 8).
//
// Invariant: there are sixteen names, and a place for each token, none above the limit.

import CInputTapePlatform

/// Which tokens have names of half a byte. All others have the name behind those.
struct TokenTwins {
  /// Those that have names, in the names' order: 1 to 15.
  let named: [UInt8]

  /// The form of a modelled stream.
  static let form: UInt8 = 4
  static let namedCounts = 1...15
  /// How many halves of a byte there are.
  private static let nameCount = 16
  /// So many more bytes of others are written.
  private static let slack = 64

  init(named: [UInt8]) {
    precondition(Self.namedCounts.contains(named.count), "Names of half a byte")
    self.named = named
  }

  private var limit: UInt8 { UInt8(named.count) }

  /// How many twins so many tokens make.
  static func count(of tokens: Int) -> Int { tokens / 2 + tokens % 2 }

  /// Replaces `twins` by those of tokens, and `others` by tokens without a name.
  func join(
    _ tokens: Span<UInt8>, into twins: inout [UInt8], others: inout [UInt8],
    vectors: Vectors = .best
  ) {
    var places = [UInt8](repeating: limit, count: 256)
    for (place, token) in named.enumerated().reversed() { places[Int(token)] = UInt8(place) }
    twins.resize(forAll: Self.count(of: tokens.count))
    others.resize(forAll: tokens.count + Self.slack)
    var otherCount = 0
    // Safe: 256 places, a twin for two tokens, and room for all of them and the slack.
    unsafe tokens.withUnsafeBufferPointer { tokens in
      unsafe twins.withUnsafeMutableBufferPointer { twins in
        unsafe others.withUnsafeMutableBufferPointer { others in
          guard let source = tokens.baseAddress, let twins = twins.baseAddress,
            let others = others.baseAddress
          else { return }
          otherCount = unsafe itape_make_twins(
            source, tokens.count, places, limit, twins, others, vectors.rawValue)
        }
      }
    }
    others.removeLast(others.count - otherCount)
  }

  /// How many tokens of twins have no name; nil where a half is no name.
  ///
  /// - Parameter count: how many tokens there are, two in each byte but maybe the last.
  func otherCount(in twins: [UInt8], of count: Int, vectors: Vectors = .best) -> Int? {
    precondition(twins.count == Self.count(of: count), "Two tokens in a byte")
    if count % 2 == 1, twins[twins.count - 1] > 15 { return nil }
    // Safe: reads the bytes that there are.
    let found = unsafe twins.withUnsafeBufferPointer { twins in
      guard let source = twins.baseAddress else { return 0 }
      return unsafe itape_count_others(source, twins.count, limit, vectors.rawValue)
    }
    return found <= 2 * twins.count ? found : nil
  }

  /// Fills `tokens` from twins and tokens that have no name; false where those are not as many.
  func split(
    _ twins: [UInt8], others: [UInt8], into tokens: inout [UInt8], vectors: Vectors = .best
  ) -> Bool {
    precondition(twins.count == Self.count(of: tokens.count), "Two tokens in a byte")
    let names = named + Array(repeating: 0, count: Self.nameCount - named.count)
    // Safe: a twin for two tokens, sixteen names, and others are read as far as there are some.
    return unsafe twins.withUnsafeBufferPointer { twins in
      unsafe others.withUnsafeBufferPointer { others in
        unsafe tokens.withUnsafeMutableBufferPointer { tokens in
          unsafe itape_take_twins(
            twins.baseAddress, tokens.count, names, limit, others.baseAddress, others.count,
            tokens.baseAddress, vectors.rawValue)
        }
      }
    }
  }
}
