// SPDX-License-Identifier: Apache-2.0
//
// Memory for the strings of events that a cursor gives: handed out piece by piece, and taken back
// as a whole.
//
// Invariant: `used` never passes the size of the current chunk.

import CInputTape

/// Memory that is taken back as a whole.
final class Arena {
  private var chunks: [(start: UnsafeMutableRawPointer, byteCount: Int)] = []
  private var current = 0
  private var used = 0

  private static let chunkByteCount = 1 << 16
  private static let alignment = 8

  deinit {
    for chunk in chunks { unsafe chunk.start.deallocate() }
  }

  /// Takes all memory back; pointers into it are dead.
  func removeAll() {
    current = 0
    used = 0
  }

  /// Memory for `count` values.
  private func take<T>(_ count: Int, of type: T.Type) -> UnsafeMutablePointer<T> {
    let stride = MemoryLayout<T>.stride
    let byteCount = (max(count, 1) * stride + Self.alignment - 1) & -Self.alignment
    while current < chunks.count, used + byteCount > chunks[current].byteCount {
      current += 1
      used = 0
    }
    if current == chunks.count {
      let size = max(byteCount, Self.chunkByteCount)
      unsafe chunks.append((.allocate(byteCount: size, alignment: Self.alignment), size))
      used = 0
    }
    // Safe: the chunk has room for `byteCount` bytes behind `used`, which is a multiple of 8.
    let start = unsafe chunks[current].start + used
    used += byteCount
    return unsafe start.bindMemory(to: type, capacity: max(count, 1))
  }

  /// Copies values.
  func copy<T>(_ values: some Collection<T>) -> UnsafePointer<T> {
    let target = take(values.count, of: T.self)
    // Safe: there is room for all of them.
    for (index, value) in values.enumerated() {
      unsafe (target + index).initialize(to: value)
    }
    return UnsafePointer(target)
  }

  /// Copies a string.
  func copy(_ bytes: ArraySlice<UInt8>) -> itape_string {
    guard !bytes.isEmpty else { return itape_string() }
    let start = UnsafeRawPointer(copy(bytes) as UnsafePointer<UInt8>)
    // Safe: bytes and characters of C have one size.
    return itape_string(
      bytes: unsafe start.assumingMemoryBound(to: CChar.self), byte_count: bytes.count)
  }

  /// Copies text, with a 0 behind it.
  func copy(_ text: String) -> UnsafePointer<CChar> {
    copy(text.utf8.map { CChar(bitPattern: $0) } + [0])
  }
}
