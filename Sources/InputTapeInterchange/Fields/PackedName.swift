// SPDX-License-Identifier: Apache-2.0
//
// Short names as three words.

/// The bytes of a name, packed; names have at most 24 bytes and no byte of zero.
struct PackedName: Equatable {
  var low: UInt64 = 0
  var middle: UInt64 = 0
  var high: UInt64 = 0

  static let byteLimit = 24

  init() {}

  init(_ name: String) {
    precondition(name.utf8.count <= Self.byteLimit, "A name of the registry has at most 24 bytes")
    for (index, byte) in name.utf8.enumerated() { set(byte, at: index) }
  }

  /// Sets one byte.
  ///
  /// - Precondition: `index` is below 24, and the byte is still zero.
  @inline(__always)
  mutating func set(_ byte: UInt8, at index: Int) {
    // A shift by the bits below 64: `index & 7` is below 8.
    let word = UInt64(byte) &<< UInt64(truncatingIfNeeded: (index & 7) &* 8)
    if index < 8 {
      low |= word
    } else if index < 16 {
      middle |= word
    } else {
      high |= word
    }
  }
}
