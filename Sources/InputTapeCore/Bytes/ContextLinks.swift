// SPDX-License-Identifier: Apache-2.0
//
// A context rule as tables for the loops of modelled streams (Specs/Encodings.md, section 3).
//
// Invariant: every index into the tables is masked to their sizes.

/// What a context rule says, as tables for the loops.
struct ContextLinks: ~Copyable {
  let links: UnsafeMutablePointer<UInt32>
  let high: UnsafeMutablePointer<UInt32>
  let low: UnsafeMutablePointer<UInt32>

  init() {
    // Safe: the three parts lie one behind another in what is allocated, and `deinit` frees it.
    unsafe links = UnsafeMutablePointer<UInt32>.allocate(capacity: 256 + 2 * 64)
    unsafe links.initialize(repeating: 0, count: 256 + 2 * 64)
    unsafe high = links + 256
    unsafe low = links + 256 + 64
  }

  deinit {
    // Safe: nobody else holds it.
    unsafe links.deallocate()
  }

  /// Takes over a rule; contexts are shifted left, for tables with so many entries a context.
  func set(_ rule: ContextRule, shift: Int) {
    let values = rule.links
    let (highPlaces, lowPlaces) = (rule.highPlaces, rule.lowPlaces)
    precondition(
      values.count == 256 && highPlaces.count == 64 && lowPlaces.count == 64, "Rules fill tables")
    for index in 0..<256 {
      // Safe: 256 entries.
      unsafe links[index] = values[index]
    }
    for index in 0..<64 {
      // Safe: 64 entries each.
      unsafe high[index] = UInt32(highPlaces[index] << shift)
      unsafe low[index] = UInt32(lowPlaces[index] << shift)
    }
  }

  /// The context behind two tokens, of which `previous` is the last one's link.
  @inline(__always)
  func context(_ link: UInt32, _ previous: UInt32) -> UInt32 {
    let features = (link & 0xFFFF) &+ (previous &>> 16)
    // Safe: masked to 64 entries.
    return unsafe high[Int((features &>> 8) & 63)] &+ low[Int(features & 63)]
  }

  /// The context at the start of a lane.
  @inline(__always)
  var first: UInt32 {
    // Safe: 64 entries each.
    unsafe high[0] &+ low[0]
  }
}
