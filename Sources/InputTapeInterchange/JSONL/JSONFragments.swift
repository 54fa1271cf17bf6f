// SPDX-License-Identifier: Apache-2.0
//
// The parts of lines that are the same for all events of a kind.

import InputTapeCore

/// The bytes between the values of lines, and where each part starts.
struct JSONFragments {
  /// All parts, one after another.
  private(set) var bytes: [UInt8] = []
  /// For each known kind's number: `,"kind":"motion"`.
  private(set) var kinds: [Range<Int>] = []
  /// For each entry of `KindFields.fields`: `,"x":`.
  private(set) var fields: [Range<Int>] = []
  /// `{"t":` and `,"device":`.
  private(set) var time = 0..<0
  private(set) var device = 0..<0
  /// The quoted names of named values, and for each form where its names start in `names`.
  private(set) var names: [Range<Int>] = []
  private(set) var nameStarts: [Int] = []
  private(set) var nameCounts: [Int] = []

  static let shared = JSONFragments()

  private init() {
    time = add("{\"t\":")
    device = add(",\"device\":")
    kinds = KindFields.kindNames.map { add(",\"kind\":\"\($0)\"") }
    fields = KindFields.shared.fields.map { add(",\"\($0.name.name)\":") }
    for field in FieldName.allCases {
      nameStarts.append(names.count)
      if field.form == .flag {
        names += [add("false"), add("true")]
      } else {
        for name in field.form.names { names.append(add("\"\(name)\"")) }
      }
      nameCounts.append(names.count - (nameStarts.last ?? 0))
    }
  }

  private mutating func add(_ text: String) -> Range<Int> {
    let start = bytes.count
    bytes.append(contentsOf: Array(text.utf8))
    return start..<bytes.count
  }

  /// Where the quoted name of a value stands, if it has one in this kind.
  @inline(__always)
  func name(of value: Int64, _ field: FieldName, _ kind: EventKind) -> Range<Int>? {
    let count = nameCounts[Int(field.rawValue)]
    guard count > 0, value >= 0, value < Int64(count) else { return nil }
    // Of the states only a key's may repeat.
    if field == .state, value == 2, kind != .key { return nil }
    if field == .isLowerBound, value == 0 { return nil }
    return names[nameStarts[Int(field.rawValue)] &+ Int(truncatingIfNeeded: value)]
  }
}
