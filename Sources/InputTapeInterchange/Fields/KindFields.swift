// SPDX-License-Identifier: Apache-2.0
//
// Which fields an event of each kind has in text, and which columns hold them
// (Specs/Registry.md, section 1).

import InputTapeCore

/// A field of a kind, and the column that holds it.
struct KindField {
  /// The type of a column.
  enum Column: UInt8 {
    case int32, int64, string
  }

  var name: FieldName
  var column: Column
  /// The number of the column among those of its type.
  var index: Int
  /// Whether the field may be absent.
  var isOptional: Bool
  /// Whether an Int32 column holds the bits of an unsigned number.
  var isUnsigned = false
}

/// The fields of all known kinds: one run of fields for each kind.
struct KindFields {
  /// The fields of all kinds, kind by kind.
  private(set) var fields: [KindField] = []
  /// For each known kind's number the run of its fields.
  private(set) var starts: [Int] = []
  /// For each known kind's number the fields that it may have.
  private(set) var allowed: [UInt64] = []
  /// The layout of each known kind.
  private(set) var layouts: [KindLayout] = []

  /// The names of kinds, by number.
  static let kindNames = [
    "", "motion", "rawMotion", "button", "scroll", "key", "text", "touch", "pen", "axis", "focus",
    "frame", "marker", "clock", "gap", "custom",
  ]

  static let shared = KindFields()

  private init() {
    starts.append(0)
    allowed.append(0)
    layouts.append(KindLayout())
    for kind in EventKind.known {
      starts.append(fields.count)
      let list = Self.list(of: kind)
      fields += list
      allowed.append(list.reduce(0) { $0 | $1.name.bit | Self.bytesBit(of: $1) })
      layouts.append(kind.layout ?? KindLayout())
    }
    starts.append(fields.count)
  }

  /// The bit of the field that holds, in base64, text that is not UTF-8.
  private static func bytesBit(of field: KindField) -> UInt64 {
    field.name.form == .text ? field.name.bit << 1 : 0
  }

  /// The offsets in `fields` of a known kind's fields.
  @inline(__always)
  func range(of kind: EventKind) -> Range<Int> {
    starts[Int(kind.rawValue)]..<starts[Int(kind.rawValue) + 1]
  }

  private static func list(of kind: EventKind) -> [KindField] {
    switch kind {
    case .motion: numbers(.x, .y)
    case .rawMotion: numbers(.dx, .dy)
    case .button: numbers(.button, .state)
    case .scroll: numbers(.dx, .dy) + [optional(.phase, 2)]
    case .key: [number(.code, 0, isUnsigned: true), number(.state, 1)]
    case .text: [text(.text, 0)]
    case .touch: numbers(.contact, .phase, .x, .y) + [optional(.pressure, 4)]
    case .pen:
      numbers(.x, .y) + [
        optional(.pressure, 2), optional(.tiltX, 3), optional(.tiltY, 4), optional(.phase, 5),
        optional(.buttons, 6),
      ]
    case .axis: numbers(.axis, .value)
    case .focus:
      [
        text(.application, 0), text(.title, 1), optional(.x, 0), optional(.y, 1),
        optional(.width, 2), optional(.height, 3),
      ]
    case .frame: [long(.presentationTime, 0), text(.media, 0)]
    case .marker: [text(.label, 0)]
    case .clock: [long(.unixNanoseconds, 0), long(.uncertaintyNanoseconds, 1)]
    case .gap:
      [
        number(.cause, 0), long(.count, 0), optional(.isLowerBound, 1), long(.firstTime, 1),
        long(.lastTime, 2),
      ]
    case .custom: [number(.type, 0), text(.bytes, 0)]
    default: []
    }
  }

  private static func numbers(_ names: FieldName...) -> [KindField] {
    names.enumerated().map { number($1, $0) }
  }

  private static func number(
    _ name: FieldName, _ index: Int, isUnsigned: Bool = false
  ) -> KindField {
    KindField(
      name: name, column: .int32, index: index, isOptional: false, isUnsigned: isUnsigned)
  }

  private static func optional(_ name: FieldName, _ index: Int) -> KindField {
    KindField(name: name, column: .int32, index: index, isOptional: true)
  }

  private static func long(_ name: FieldName, _ index: Int) -> KindField {
    KindField(name: name, column: .int64, index: index, isOptional: false)
  }

  private static func text(_ name: FieldName, _ index: Int) -> KindField {
    KindField(name: name, column: .string, index: index, isOptional: false)
  }
}

extension EventKind {
  /// The name in text: the registry's, or the number of a kind that has none there.
  public var name: String {
    let names = KindFields.kindNames
    return (1..<names.count).contains(Int(rawValue)) ? names[Int(rawValue)] : String(rawValue)
  }

  /// The kind of a registry name or number; nil for any other text.
  public init?(name: some StringProtocol) {
    if let number = UInt8(name), number > 0 {
      self.init(rawValue: number)
    } else if !name.isEmpty, let index = KindFields.kindNames.firstIndex(where: { $0 == name }) {
      self.init(rawValue: UInt8(index))
    } else {
      return nil
    }
  }
}
