// SPDX-License-Identifier: Apache-2.0
//
// A column of byte strings.
//
// Invariant: `ends` never decreases, and its last entry is `bytes.count`.

/// Byte strings, one after another.
public struct StringColumn: Hashable, Sendable {
  /// The offset in `bytes` at which each string ends; it begins where the one before it ended.
  public private(set) var ends: [Int32] = []
  /// The strings' bytes: UTF-8 for text, anything for custom events.
  public private(set) var bytes: [UInt8] = []

  public init() {}

  /// The number of strings.
  public var count: Int { ends.count }

  /// The offsets in `bytes` of one string.
  public func range(_ index: Int) -> Range<Int> {
    (index == 0 ? 0 : Int(ends[index - 1]))..<Int(ends[index])
  }

  /// One string.
  public subscript(index: Int) -> ArraySlice<UInt8> { bytes[range(index)] }

  /// Adds a string at the end.
  ///
  /// - Precondition: the column stays under 2³¹ bytes.
  public mutating func append(_ string: some Collection<UInt8>) {
    bytes.append(contentsOf: string)
    ends.append(Int32(bytes.count))
  }

  /// The bytes of the longest string; 0 where there is none.
  package var longestByteCount: Int {
    var (longest, start): (Int32, Int32) = (0, 0)
    for end in ends {
      longest = max(longest, end - start)
      start = end
    }
    return Int(longest)
  }

  /// Memory of the column in which nothing stands.
  package var slackByteCount: Int {
    4 * (ends.capacity - ends.count) + bytes.capacity - bytes.count
  }

  /// The bytes of each string.
  package var lengths: [Int32] {
    ends.indices.map { ends[$0] - ($0 == 0 ? 0 : ends[$0 - 1]) }
  }

  /// Replaces all strings by those of some lengths, one after another in `bytes`.
  ///
  /// - Precondition: no length is negative, and their sum is `bytes.count`.
  package mutating func replace(lengths: [Int32], bytes: [UInt8]) {
    var end: Int32 = 0
    ends.removeAll(keepingCapacity: true)
    for length in lengths {
      precondition(length >= 0, "A length is not negative")
      end += length
      ends.append(end)
    }
    precondition(Int(end) == bytes.count, "The lengths make up the bytes")
    self.bytes = bytes
  }

  /// Removes all strings and keeps the memory.
  public mutating func removeAll() {
    ends.removeAll(keepingCapacity: true)
    bytes.removeAll(keepingCapacity: true)
  }
}
