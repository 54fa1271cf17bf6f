// SPDX-License-Identifier: Apache-2.0
//
// Short names to numbers, by the bytes of the name packed into three words.

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

/// A table from names to numbers.
struct NameTable {
  private struct Entry {
    var name = PackedName()
    var number: Int = -1
  }

  /// 256 places for at most 64 names, found by hash and then one after another.
  private var entries = [Entry](repeating: Entry(), count: 256)

  /// - Parameter names: the names of the numbers from 0 on; empty ones have no name.
  init(_ names: [String]) {
    precondition(names.count <= 64, "A name table must stay sparse")
    for (number, name) in names.enumerated() where !name.isEmpty {
      let packed = PackedName(name)
      var place = Self.place(of: packed)
      while entries[place].number >= 0 { place = (place + 1) & 255 }
      entries[place] = Entry(name: packed, number: number)
    }
  }

  @inline(__always)
  private static func place(of name: PackedName) -> Int {
    // A multiplicative hash is modulo 2⁶⁴ by nature.
    Int(((name.low ^ name.middle) &* 0x9E37_79B9_7F4A_7C15) >> 56)
  }

  /// The number of a name, or −1.
  @inline(__always)
  func number(of name: PackedName) -> Int {
    var place = Self.place(of: name)
    while true {
      let number = entries[place].number
      if number < 0 || entries[place].name == name { return number }
      place = (place &+ 1) & 255
    }
  }
}
