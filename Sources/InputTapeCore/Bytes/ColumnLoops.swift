// SPDX-License-Identifier: Apache-2.0
//
// What is to be known of a column as a whole: loops without checks or branches, so that compilers
// look at many entries at a time. What comes and goes makes branches slow.

import CInputTapePlatform

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

extension Span where Element == Int32 {
  /// How many entries are `value`.
  func count(of value: Int32, vectors: Vectors = .best) -> Int {
    unsafe withUnsafeBufferPointer { entries in
      guard let start = entries.baseAddress else { return 0 }
      // Safe: so many entries.
      return unsafe itape_count_entries(start, entries.count, value, vectors.rawValue)
    }
  }

  /// How many entries are not the one before, and all joined by "or".
  func facts(vectors: Vectors = .best) -> (changeCount: Int, union: Int32) {
    unsafe withUnsafeBufferPointer { entries in
      guard !entries.isEmpty, let start = entries.baseAddress else { return (0, 0) }
      // Safe: so many entries, at least one.
      let facts = unsafe itape_look_at_column(start, entries.count, vectors.rawValue)
      return (Int(facts.change_count), facts.joined)
    }
  }
}

extension Array where Element == UInt64 {
  /// Replaces the array by the first entries of codes, without their sign; returns all of them
  /// joined by "or".
  mutating func replace(by codes: [Int32], count: Int) -> UInt64 {
    precondition(count <= codes.count, "No more than there are")
    resize(forAll: count)
    return unsafe codes.withUnsafeBufferPointer { codes in
      unsafe withUnsafeMutableBufferPointer { target in
        var union: UInt64 = 0
        // Safe: below both counts.
        for index in 0..<count {
          let number = unsafe UInt64(UInt32(bitPattern: codes[index]))
          union |= number
          unsafe target[index] = number
        }
        return union
      }
    }
  }
}

extension Array where Element == Int32 {
  /// Puts the low 32 bits of numbers in front; returns all numbers joined by "or".
  mutating func replaceFirst(by numbers: Span<UInt64>, vectors: Vectors = .best) -> UInt64 {
    precondition(numbers.count <= count, "A place for each number")
    return unsafe numbers.withUnsafeBufferPointer { numbers in
      unsafe withUnsafeMutableBufferPointer { target in
        // Safe: just compared.
        guard let source = numbers.baseAddress, let target = target.baseAddress else { return 0 }
        return unsafe itape_narrow_numbers(target, source, numbers.count, vectors.rawValue)
      }
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
