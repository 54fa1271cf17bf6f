// SPDX-License-Identifier: Apache-2.0
//
// What is to be known of a column as a whole: loops without checks or branches, so that compilers
// look at many entries at a time. What comes and goes makes branches slow.

extension Span where Element: FixedWidthInteger & BitwiseCopyable {
  /// All entries joined by "or".
  var union: Element {
    unsafe withUnsafeBufferPointer { entries in
      var union: Element = 0
      // Safe: below the count.
      for index in 0..<entries.count { union |= unsafe entries[index] }
      return union
    }
  }

  /// How many entries are `value`.
  func count(of value: Element) -> Int {
    unsafe withUnsafeBufferPointer { entries in
      var others: Element.Magnitude = 0
      // Safe: below the count.
      for index in 0..<entries.count { others &+= unsafe (entries[index] ^ value).isSome }
      return entries.count &- Int(others)
    }
  }

  /// How many entries are not the one before.
  var changeCount: Int {
    unsafe withUnsafeBufferPointer { entries in
      var changes: Element.Magnitude = 0
      // Safe: below the count, and behind another.
      for index in 1..<Swift.max(entries.count, 1) {
        changes &+= unsafe (entries[index] ^ entries[index &- 1]).isSome
      }
      return Int(changes)
    }
  }
}

extension Span where Element == Int64 {
  /// Whether no entry is less than the one before, as far as differences tell: those of entries
  /// whose two highest bits are the same do not overflow, and of others nothing is said.
  var areSurelyRising: Bool {
    unsafe withUnsafeBufferPointer { entries in
      guard let last = unsafe entries.last else { return true }
      var union = last ^ last &<< 1
      // Safe: below the count, and behind another.
      for index in 1..<entries.count {
        let (entry, before) = unsafe (entries[index], entries[index &- 1])
        union |= (entry &- before) | (before ^ before &<< 1)
      }
      return union >= 0
    }
  }
}

extension FixedWidthInteger {
  /// 1, or 0 for 0: compilers would make a branch of a comparison.
  @inline(__always)
  var isSome: Magnitude {
    let magnitude = Magnitude(truncatingIfNeeded: self)
    return (magnitude | (0 &- magnitude)) &>> Magnitude(truncatingIfNeeded: Self.bitWidth &- 1)
  }
}
