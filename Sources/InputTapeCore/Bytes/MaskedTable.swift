// SPDX-License-Identifier: Apache-2.0
//
// A table of a power of two of entries whose every index is taken modulo its size: the statistics
// of the adaptive coder (Specs/Adaptive.md), read and written several times a decision.
//
// Invariant: `1 << bits` entries are allocated and initialised for as long as the table lives.

/// A table of `1 << bits` entries without index checks: an index is taken modulo their number.
struct MaskedTable<let bits: Int, Element: BitwiseCopyable>: ~Copyable {
  private let base: UnsafeMutablePointer<Element>

  init(repeating value: Element) {
    precondition((0...24).contains(bits), "A table has up to 2²⁴ entries")
    // Safe: all entries are initialised here, and freed only by `deinit`.
    unsafe base = UnsafeMutablePointer<Element>.allocate(capacity: 1 << bits)
    unsafe base.initialize(repeating: value, count: 1 << bits)
  }

  deinit {
    // Safe: nobody else holds `base`; entries are plain bytes that need no deinitialisation.
    unsafe base.deallocate()
  }

  var count: Int { 1 << bits }

  private var mask: Int { (1 << bits) &- 1 }

  @inline(__always)
  subscript(index: Int) -> Element {
    // Safe: `index & mask` is 0 to `mask`, whatever the index.
    get { unsafe base[index & mask] }
    // Safe: as above.
    nonmutating set { unsafe base[index & mask] = newValue }
  }

  /// The memory of some entries, for loops in C while the table lives.
  @inline(__always)
  func window(_ first: Int, count: Int) -> UnsafeMutablePointer<Element> {
    precondition(
      count >= 0 && first >= 0 && first <= self.count &- count, "Entries of the table")
    // Safe: just compared.
    return unsafe base + first
  }

  /// Sets the first `count` entries.
  func fill(_ count: Int, with value: Element) {
    precondition((0...self.count).contains(count), "No more than the table has")
    // Safe: `count` was just compared with the number of entries.
    unsafe base.update(repeating: value, count: count)
  }
}
