// SPDX-License-Identifier: Apache-2.0
//
// A context rule as a table for the loops of modelled streams (Specs/Encodings.md, section 8).
//
// Invariant: any two entries' halves add up to a context below the limit.

/// What a context rule says of every token.
struct ContextLinks: ~Copyable {
  /// What a token adds to the next context (low 16 bits) and to the one after that (high 16 bits).
  private let links: UnsafeMutablePointer<UInt32>
  private static let half: UInt32 = 0xFFFF

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
      unsafe links[token] = UInt32(next) | UInt32(later) << 16
    }
    precondition(nextLimit + laterLimit < rule.count, "Contexts of the rule")
  }

  /// What a token adds to the next context and to the one after that.
  @inline(__always)
  subscript(token: UInt32) -> (next: UInt32, later: UInt32) {
    // Safe: masked to 256 entries.
    let link = unsafe links[Int(token & 0xFF)]
    return (link & Self.half, link &>> 16)
  }

  subscript(token: Int) -> (next: Int, later: Int) {
    let (next, later) = self[UInt32(truncatingIfNeeded: token)]
    return (Int(next), Int(later))
  }
}
