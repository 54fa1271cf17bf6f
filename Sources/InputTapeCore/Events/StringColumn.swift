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

  /// Removes all strings and keeps the memory.
  public mutating func removeAll() {
    ends.removeAll(keepingCapacity: true)
    bytes.removeAll(keepingCapacity: true)
  }
}
