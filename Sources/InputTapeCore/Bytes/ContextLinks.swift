// SPDX-License-Identifier: Apache-2.0
//
// A context rule as a table for the loops of modelled streams (Specs/Encodings.md, section 8).
//
// Invariant: any two entries' halves add up to a context below the limit, in the units asked for.

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
  ///
  /// - Parameter unit: what a context counts as: all together no more than 16 bits hold, or 32
  ///   where contexts follow from the last token alone.
  func set(_ rule: ContextRule, unit: Int) {
    precondition(
      rule.count <= ContextRule.countLimit
        && unit * ContextRule.countLimit <= 1 << (rule.isShort ? 32 : 16),
      "Contexts within the limit and an entry")
    var (nextLimit, laterLimit) = (0, 0)
    rule.forEachLink { token, next, later in
      precondition((0..<256).contains(token) && next >= 0 && later >= 0, "A token and contexts")
      (nextLimit, laterLimit) = (max(nextLimit, next), max(laterLimit, later))
      // Safe: 256 entries, as was just checked.
      unsafe links[token] = UInt32(next * unit) | UInt32(later * unit) << 16
    }
    precondition(
      nextLimit + laterLimit < rule.count && (laterLimit == 0 || !rule.isShort),
      "Contexts of the rule")
  }

  /// What a token adds to the next context (low 16 bits) and to the one after that (high 16 bits);
  /// all bits are the next one's where it alone matters.
  @inline(__always)
  subscript(token: UInt32) -> UInt32 {
    // Safe: masked to 256 entries.
    unsafe links[Int(token & 0xFF)]
  }

  /// Notes the places of tokens in three of a stream's lanes, in rows that are as long as there are
  /// lanes, on a processor with vectors of 512 bits; the rule's unit is 256, so that all it adds to
  /// a place is a byte of the context.
  @inline(__always)
  func notePlaces(
    _ tokens: UnsafePointer<UInt8>, _ lanes: Lanes, to places: UnsafeMutablePointer<UInt16>
  ) {
    // Safe: the caller has so many tokens of each lane, and as many rows of places.
    unsafe itape_note_places_512(tokens, lanes.each, links, lanes.isLong, places)
  }
}
