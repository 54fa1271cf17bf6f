// SPDX-License-Identifier: Apache-2.0
//
// Events on their way from the one thread that appends to the one that encodes.
//
// A row is 2 words and more of 8 bytes: kind, track, flag and the first Int32; the time; the other
// fields. Rows wrap word by word, so that a row needs no contiguous room.
//
// Invariant: tail ≤ published ≤ tail + capacity; the producer writes only words in
// published..<tail + capacity, the consumer reads only words in tail..<published.

import CInputTapePlatform
public import Synchronization

#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// What a ring's two sides share; lives in memory that does not move.
@usableFromInline
package struct EventRingState: ~Copyable {
  /// Words written and handed over.
  @usableFromInline package let published = Atomic<Int>(0)
  /// Words that the consumer has taken.
  @usableFromInline package let tail = Atomic<Int>(0)
  /// The producer's: words written.
  @usableFromInline package var head = 0
  /// The producer's: up to here it may write without asking.
  @usableFromInline package var limit: Int

  @usableFromInline
  package init(limit: Int) { self.limit = limit }
}

/// A bounded queue of events between one producer and one consumer, without locks.
@frozen
@usableFromInline
package struct EventRing: @unchecked Sendable {
  @usableFromInline package let words: UnsafeMutablePointer<UInt64>
  @usableFromInline package let state: UnsafeMutablePointer<EventRingState>
  @usableFromInline package let mask: Int

  /// - Parameters:
  ///   - capacity: words, a power of two; the shortest rows fit in 8.
  ///   - limit: words that the producer may write before it asks.
  package init(capacity: Int, limit: Int) {
    assert(capacity >= 8 && capacity & (capacity - 1) == 0 && limit <= capacity)
    unsafe words = .allocate(capacity: capacity)
    unsafe words.initialize(repeating: 0, count: capacity)
    unsafe state = .allocate(capacity: 1)
    unsafe state.initialize(to: EventRingState(limit: limit))
    mask = capacity - 1
  }

  package func deallocate() {
    unsafe state.deinitialize(count: 1)
    unsafe state.deallocate()
    unsafe words.deallocate()
  }

  package var capacity: Int { mask + 1 }

  /// Keeps the memory from being paged out; 0, or the system's error number.
  package func lockMemory() -> Int32 {
    // Safe: the allocation lives as long as the ring.
    unsafe mlock(words, capacity * 8) == 0 ? 0 : errno
  }

  /// Lets the words go, of which none is waiting any more; the memory stays the ring's.
  package func releaseContents() {
    // Safe: as above; a word is read only after it has been written.
    unsafe itape_release_contents(words, capacity * 8)
  }

  package func unlockMemory() {
    // Safe: as above.
    _ = unsafe munlock(words, capacity * 8)
  }

  // MARK: - Producer

  /// Whether `count` words fit before the producer must ask.
  @inlinable
  @inline(__always)
  package func hasRoom(_ count: Int) -> Bool {
    unsafe state.pointee.head &+ count <= state.pointee.limit
  }

  /// Appends a row of three words.
  @inlinable
  @inline(__always)
  package func push(_ word0: UInt64, _ word1: UInt64, _ word2: UInt64) {
    // Safe: the mask keeps every index within the allocation; `hasRoom(3)` was true.
    let head = unsafe state.pointee.head
    unsafe words[head & mask] = word0
    unsafe words[(head &+ 1) & mask] = word1
    unsafe words[(head &+ 2) & mask] = word2
    unsafe state.pointee.head = head &+ 3
    unsafe state.pointee.published.store(head &+ 3, ordering: .releasing)
  }

  /// Appends a row of four words.
  @inlinable
  @inline(__always)
  func push(_ word0: UInt64, _ word1: UInt64, _ word2: UInt64, _ word3: UInt64) {
    // Safe: the mask keeps every index within the allocation; `hasRoom(4)` was true.
    let head = unsafe state.pointee.head
    unsafe words[head & mask] = word0
    unsafe words[(head &+ 1) & mask] = word1
    unsafe words[(head &+ 2) & mask] = word2
    unsafe words[(head &+ 3) & mask] = word3
    unsafe state.pointee.head = head &+ 4
    unsafe state.pointee.published.store(head &+ 4, ordering: .releasing)
  }

  /// Appends a row of five words.
  @inlinable
  @inline(__always)
  func push(_ word0: UInt64, _ word1: UInt64, _ word2: UInt64, _ word3: UInt64, _ word4: UInt64) {
    // Safe: the mask keeps every index within the allocation; `hasRoom(5)` was true.
    let head = unsafe state.pointee.head
    unsafe words[head & mask] = word0
    unsafe words[(head &+ 1) & mask] = word1
    unsafe words[(head &+ 2) & mask] = word2
    unsafe words[(head &+ 3) & mask] = word3
    unsafe words[(head &+ 4) & mask] = word4
    unsafe state.pointee.head = head &+ 5
    unsafe state.pointee.published.store(head &+ 5, ordering: .releasing)
  }

  /// Appends a row; there is room for it.
  package func push(_ row: [UInt64]) {
    // Safe: as above.
    let head = unsafe state.pointee.head
    for (index, word) in row.enumerated() { unsafe words[(head &+ index) & mask] = word }
    unsafe state.pointee.head = head &+ row.count
    unsafe state.pointee.published.store(head &+ row.count, ordering: .releasing)
  }

  /// Writes a word behind those that have been handed over; there is room for it.
  @inlinable
  @inline(__always)
  package func put(_ offset: Int, _ word: UInt64) {
    // Safe: the mask keeps the index within the allocation.
    unsafe words[(state.pointee.head &+ offset) & mask] = word
  }

  /// Hands over as many words as have been put.
  @inlinable
  @inline(__always)
  package func publish(_ count: Int) {
    // Safe: the state lives as long as the ring.
    let head = unsafe state.pointee.head &+ count
    unsafe state.pointee.head = head
    unsafe state.pointee.published.store(head, ordering: .releasing)
  }

  package var head: Int { unsafe state.pointee.head }

  package func setLimit(_ limit: Int) { unsafe state.pointee.limit = limit }

  // MARK: - Consumer

  package var tail: Int { unsafe state.pointee.tail.load(ordering: .acquiring) }

  package var published: Int { unsafe state.pointee.published.load(ordering: .acquiring) }

  func take(through end: Int) { unsafe state.pointee.tail.store(end, ordering: .releasing) }

  /// A word between `tail` and `published`.
  @inline(__always)
  func word(_ index: Int) -> UInt64 {
    // Safe: the mask keeps the index within the allocation.
    unsafe words[index & mask]
  }
}

/// The first word of a row.
@usableFromInline
package enum EventRow {
  /// The row has any layout, which stands in it.
  package static let wideFlag: UInt64 = 1 << 24

  @inlinable
  @inline(__always)
  package static func head(_ kind: EventKind, _ track: TrackID, _ first: Int32) -> UInt64 {
    UInt64(kind.rawValue) | UInt64(track.rawValue) << 8
      | UInt64(UInt32(bitPattern: first)) << 32
  }

  @inlinable
  @inline(__always)
  package static func pair(_ low: Int32, _ high: Int32) -> UInt64 {
    UInt64(UInt32(bitPattern: low)) | UInt64(UInt32(bitPattern: high)) << 32
  }

  /// A row for fields of any layout.
  package static func wide(
    _ kind: EventKind, _ track: TrackID, time: Int64, fields: EventFields
  ) -> [UInt64] {
    let layout = fields.layout
    var row: [UInt64] = [
      0, UInt64(bitPattern: time),
      UInt64(layout.int32) | UInt64(layout.int64) << 16 | UInt64(layout.strings) << 32,
    ]
    row += fields.int32.map { UInt64(UInt32(bitPattern: $0)) }
    row += fields.int64.map { UInt64(bitPattern: $0) }
    for string in fields.strings {
      row.append(UInt64(string.count))
      var word: UInt64 = 0
      for (index, byte) in string.enumerated() {
        word |= UInt64(byte) << UInt64(8 * (index & 7))
        if index & 7 == 7 {
          row.append(word)
          word = 0
        }
      }
      if string.count & 7 != 0 { row.append(word) }
    }
    row[0] = head(kind, track, Int32(row.count)) | wideFlag
    return row
  }
}
