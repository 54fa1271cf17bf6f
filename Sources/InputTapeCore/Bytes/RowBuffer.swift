// SPDX-License-Identifier: Apache-2.0
//
// Numbers of a section, written one by one and read in any order: an array would ask at every
// number whether it is its only owner.
//
// Invariant: `count` entries are initialised, of `capacity` that are allocated.

/// A list of plain numbers with one owner, which keeps its memory.
struct RowBuffer<Element: BitwiseCopyable>: ~Copyable {
  private var base: UnsafeMutablePointer<Element>
  private(set) var count = 0
  private var capacity = 64

  init() { unsafe base = .allocate(capacity: capacity) }

  deinit {
    // Safe: nobody else holds it; entries are plain.
    unsafe base.deallocate()
  }

  /// The entry at an index below `count`.
  @inline(__always)
  subscript(index: Int) -> Element {
    get {
      precondition(UInt(bitPattern: index) < UInt(bitPattern: count), "Within the list")
      // Safe: compared above.
      return unsafe base[index]
    }
    nonmutating set {
      precondition(UInt(bitPattern: index) < UInt(bitPattern: count), "Within the list")
      // Safe: compared above.
      unsafe base[index] = newValue
    }
  }

  /// Makes the list so long, all entries equal; what it held is gone.
  mutating func fill(_ count: Int, with value: Element) {
    self.count = 0
    append(count, of: value)
  }

  /// Replaces the list.
  mutating func replace(by values: [Element]) {
    count = 0
    reserve(values.count)
    count = values.count
    // Safe: there is room; an array's elements are initialised.
    unsafe values.withUnsafeBufferPointer { buffer in
      unsafe base.initialize(from: buffer.baseAddress ?? UnsafePointer(base), count: buffer.count)
    }
  }

  /// Adds equal entries at the end.
  @inline(__always)
  mutating func append(_ count: Int, of value: Element) {
    if self.count &+ count > capacity { reserve(count) }
    // Safe: there is room.
    unsafe (base + self.count).initialize(repeating: value, count: count)
    self.count &+= count
  }

  /// Makes room for more entries.
  @inline(never)
  private mutating func reserve(_ more: Int) {
    guard count + more > capacity else { return }
    capacity = max(count + more, 2 * capacity)
    // Safe: as many as are initialised; the old memory is freed once.
    let larger = UnsafeMutablePointer<Element>.allocate(capacity: capacity)
    unsafe larger.moveInitialize(from: base, count: count)
    unsafe base.deallocate()
    unsafe base = larger
  }

  /// Adds the list to an array.
  func append(to array: inout [Element]) {
    // Safe: as many as are initialised.
    unsafe array.append(contentsOf: UnsafeBufferPointer(start: base, count: count))
  }

  /// Takes entries that are `offset` behind some places.
  ///
  /// - Precondition: all of them are within the list.
  func gather<Number: FixedWidthInteger & BitwiseCopyable>(
    _ places: ArraySlice<Int32>, _ offset: Int, into column: inout [Number]
  ) where Element: FixedWidthInteger {
    // Safe: as many as are initialised; the list outlives the call.
    let entries = unsafe UnsafeBufferPointer(start: base, count: count)
    column.append(
      contentsOf: places.lazy.map { place in
        let index = Int(place) &+ offset
        precondition(entries.indices.contains(index), "Within the list")
        // Safe: compared above.
        return unsafe Number(truncatingIfNeeded: entries[index])
      })
  }
}
