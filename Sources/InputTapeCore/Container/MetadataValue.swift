// SPDX-License-Identifier: Apache-2.0
//
// One thing that a recording says of itself (Specs/Format.md, section 5).
//
// Invariant: names and values are the same where their bytes are. Swift compares strings by what
// they look like: "é" as one scalar and as two would be one name.

/// A name and its value.
public struct MetadataValue: Hashable, Sendable {
  public let name: String
  public let value: String

  public static func == (left: MetadataValue, right: MetadataValue) -> Bool {
    left.name.utf8.elementsEqual(right.name.utf8)
      && left.value.utf8.elementsEqual(right.value.utf8)
  }

  public func hash(into hasher: inout Hasher) {
    for byte in name.utf8 { hasher.combine(byte) }
    for byte in value.utf8 { hasher.combine(byte) }
  }
}

extension [MetadataValue] {
  /// Where a name is in this array, which is sorted by names' bytes, or has its place.
  func place(of name: String) -> (offset: Int, isHere: Bool) {
    var low = 0
    var high = count
    while low < high {
      let middle = (low + high) / 2
      if self[middle].name.utf8.lexicographicallyPrecedes(name.utf8) {
        low = middle + 1
      } else {
        high = middle
      }
    }
    return (low, low < count && self[low].name.utf8.elementsEqual(name.utf8))
  }

  /// The value of a name.
  subscript(name: String) -> String? {
    get {
      let (offset, isHere) = place(of: name)
      return isHere ? self[offset].value : nil
    }
    set {
      let (offset, isHere) = place(of: name)
      if isHere { remove(at: offset) }
      if let newValue { insert(MetadataValue(name: name, value: newValue), at: offset) }
    }
  }
}
