// SPDX-License-Identifier: Apache-2.0
//
// A context rule as a table for the loops that count tokens (Specs/Encodings.md, section 8).
//
// Invariant: any two entries' halves add up to 256 times a context below the limit.

import CInputTapePlatform

/// What a context rule says of every token.
struct ContextLinks: ~Copyable {
  private let links: UnsafeMutablePointer<UInt32>

  init() {
    // Safe: initialised here, freed by `deinit` only.
    unsafe links = UnsafeMutablePointer<UInt32>.allocate(capacity: 256)
    unsafe links.initialize(repeating: 0, count: 256)
  }

  deinit {
    // Safe: nobody else holds it.
    unsafe links.deallocate()
  }

  /// Takes over a rule.
  func set(_ rule: ContextRule) {
    precondition(rule.count <= ContextRule.countLimit, "Contexts within the limit")
    var (nextLimit, laterLimit) = (0, 0)
    rule.forEachLink { token, next, later in
      precondition((0..<256).contains(token) && next >= 0 && later >= 0, "A token and contexts")
      (nextLimit, laterLimit) = (max(nextLimit, next), max(laterLimit, later))
      // Safe: 256 entries, as was just checked.
      unsafe links[token] = UInt32(next << 8) | UInt32(later << 8) << 16
    }
    precondition(nextLimit + laterLimit < rule.count, "Contexts of the rule")
  }

  /// What a token adds to the place of the next one (low 16 bits) and of the one after that (high
  /// 16): contexts times 256.
  @inline(__always)
  subscript(token: UInt32) -> UInt32 {
    // Safe: masked to 256 entries.
    unsafe links[Int(token & 0xFF)]
  }

  /// Notes the places of tokens in three of a stream's lanes, in rows that are as long as there are
  /// lanes, on a processor with vectors of 512 bits: all that a token adds to a place is a byte.
  @inline(__always)
  func notePlaces(
    _ tokens: UnsafePointer<UInt8>, _ lanes: Lanes, to places: UnsafeMutablePointer<UInt16>
  ) {
    // Safe: the caller has so many tokens of each lane, and as many rows of places.
    unsafe itape_note_places_512(tokens, lanes.each, links, lanes.isLong, places)
  }
}
