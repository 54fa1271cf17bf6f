// SPDX-License-Identifier: Apache-2.0
//
// Room for the bits of a column, of which most columns fill a part.
//
// Invariant: `bytes` has `count` bytes, which nobody has set: pages that are not written to cost
// nothing.

/// Memory for bits that are being written; kept for the next column.
final class BitRoom {
  private(set) var bytes: UnsafeMutableRawPointer
  private var count: Int

  init() {
    count = 4_096
    unsafe bytes = .allocate(byteCount: count, alignment: 8)
  }

  deinit {
    // Safe: nobody else holds it.
    unsafe bytes.deallocate()
  }

  /// Makes room for so many bytes; those of the last column are gone.
  func reserve(_ needed: Int) {
    guard needed > count else { return }
    // Safe: nobody keeps the pointer for longer than a column.
    unsafe bytes.deallocate()
    count = needed
    unsafe bytes = .allocate(byteCount: count, alignment: 8)
  }

  /// The first bytes, which were written before.
  func withPrefix<R>(_ used: Int, _ body: (Span<UInt8>) -> R) -> R {
    precondition(used >= 0 && used <= count, "No more than there is room for")
    // Safe: within the memory, for the call.
    return unsafe body(RawSpan(_unsafeStart: bytes, byteCount: used)._unsafeView(as: UInt8.self))
  }
}

@available(*, unavailable)
extension BitRoom: Sendable {}  // One owner at a time.
