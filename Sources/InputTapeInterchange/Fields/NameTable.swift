// SPDX-License-Identifier: Apache-2.0
//
// Short names to numbers.

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

extension NameTable {
  static let fields = NameTable(FieldName.names)
  static let kinds = NameTable(KindFields.kindNames)
  static let states = NameTable(FieldForm.state.names)
  static let phases = NameTable(FieldForm.phase.names)
  static let causes = NameTable(FieldForm.cause.names)
}
