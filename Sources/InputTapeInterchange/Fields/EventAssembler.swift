// SPDX-License-Identifier: Apache-2.0
//
// From the fields of a line to an event in its batch's columns.

import InputTapeCore

/// Checks the fields of a line and adds the event to a group.
struct EventAssembler {
  private let kinds = KindFields.shared
  private let kindNames = NameTable.kinds

  /// The columns of each type that an unknown kind may have.
  static let unknownColumnLimit = 16

  /// The kind of a packed name; nil where the registry does not have it.
  @inline(__always)
  func kind(named name: PackedName) -> EventKind? {
    let number = kindNames.number(of: name)
    return number > 0 ? EventKind(rawValue: UInt8(truncatingIfNeeded: number)) : nil
  }

  /// Adds the event that `values` describe.
  ///
  /// - Returns: false where the group cannot take it and a new one must begin.
  @inline(__always)
  func append(
    _ kind: EventKind, _ values: inout FieldValues, of bytes: Span<UInt8>,
    to group: inout EventGroup
  ) throws(TextFault) -> Bool {
    let track = try track(of: values)
    let time = values[.t]
    let head = FieldName.t.bit | FieldName.device.bit | FieldName.kind.bit
    guard values.has(.t) else { throw missing(.t) }
    guard kind.rawValue < 16 else {
      return try appendUnknown(kind, time, track, values, to: &group)
    }
    let number = Int(kind.rawValue)
    let foreign = values.present & ~(head | kinds.allowed[number])
    guard foreign == 0 else { throw surplus(foreign, kind, values) }
    let layout = kinds.layouts[number]
    var size = 9 + 4 * layout.int32 + 8 * layout.int64
    for index in kinds.range(of: kind) {
      size += try check(kinds.fields[index], &values, of: bytes)
    }
    let offset = group.batchOffset(of: track)
    group.append(
      time: time, kind: kind, layout: layout, toBatch: offset, byteCount: size
    ) { columns in
      for index in kinds.range(of: kind) {
        Self.append(kinds.fields[index], values, of: bytes, to: &columns)
      }
    }
    return true
  }

  @inline(__always)
  private func track(of values: FieldValues) throws(TextFault) -> TrackID {
    guard values.has(.device) else { throw missing(.device) }
    let number = values[.device]
    guard number >= 0, number < Int64(Limits.tracks) else {
      throw TextFault(
        "expected a device from 0 to \(Limits.tracks - 1), found \(number)",
        at: values.offset(of: .device))
    }
    return TrackID(rawValue: UInt16(truncatingIfNeeded: number))
  }

  /// Checks one field's value against its column.
  ///
  /// - Returns: the bytes of its string, if it is one.
  @inline(__always)
  private func check(
    _ field: KindField, _ values: inout FieldValues, of bytes: Span<UInt8>
  ) throws(TextFault) -> Int {
    if field.column == .string { return try checkString(field, &values, of: bytes) }
    guard values.has(field.name) else {
      if field.isOptional { return 0 }
      throw missing(field.name)
    }
    if field.column == .int64 { return 0 }
    let value = values[field.name]
    let lowest = field.isUnsigned ? 0 : Int64(Int32.min) + (field.isOptional ? 1 : 0)
    let highest = field.isUnsigned ? Int64(UInt32.max) : Int64(Int32.max)
    guard value >= lowest, value <= highest else {
      throw TextFault(
        "expected \(field.name.name) from \(lowest) to \(highest), found \(value)",
        at: values.offset(of: field.name))
    }
    return 0
  }

  /// Checks a text or its form in base64, and leaves the range of its bytes with the field.
  private func checkString(
    _ field: KindField, _ values: inout FieldValues, of bytes: Span<UInt8>
  ) throws(TextFault) -> Int {
    var source = field.name
    if field.name.form == .text, let other = FieldName(rawValue: field.name.rawValue + 1),
      values.has(other)
    {
      if values.has(field.name) { throw surplus(other.bit, nil, values) }
      source = other
    }
    guard values.has(source) else { throw missing(field.name) }
    if source.form == .base64 { try decode(source, to: field.name, &values, of: bytes) }
    let count = TextRange(packed: values[field.name]).count
    let isText = field.name == .text || field.name == .bytes
    let limit = isText ? Limits.textByteCount : Limits.stringByteCount
    guard count <= limit else {
      throw TextFault(
        "expected at most \(limit) bytes of \(field.name.name), found \(count)",
        at: values.offset(of: source))
    }
    return 4 + count
  }

  private func decode(
    _ source: FieldName, to target: FieldName, _ values: inout FieldValues, of bytes: Span<UInt8>
  ) throws(TextFault) {
    let text = Array(values.string(source, of: bytes))
    let start = values.scratch.count
    guard Base64.decode(text.span, into: &values.scratch) else {
      throw TextFault("expected base64, found other text", at: values.offset(of: source))
    }
    let range = TextRange(
      start: start, count: values.scratch.count - start, isUnescaped: true)
    values.values[Int(target.rawValue)] = range.packed
  }

  /// Adds one field, which has been checked, to its column.
  @inline(__always)
  private static func append(
    _ field: KindField, _ values: FieldValues, of bytes: Span<UInt8>, to columns: inout KindColumns
  ) {
    switch field.column {
    case .int32:
      let isPresent = values.has(field.name)
      let absent = field.name == .isLowerBound ? 0 : KindColumns.notReported
      columns.int32[field.index].append(
        isPresent ? Int32(truncatingIfNeeded: values[field.name]) : absent)
    case .int64: columns.int64[field.index].append(values[field.name])
    case .string: columns.strings[field.index].append(values.string(field.name, of: bytes))
    }
  }

  private func appendUnknown(
    _ kind: EventKind, _ time: Int64, _ track: TrackID, _ values: FieldValues,
    to group: inout EventGroup
  ) throws(TextFault) -> Bool {
    let fields = [.t, .device, .kind, .int32, .int64, .strings] as [FieldName]
    let foreign = values.present & ~fields.reduce(0) { $0 | $1.bit }
    guard foreign == 0 else { throw surplus(foreign, kind, values) }
    let int32 = values.has(.int32) ? values.int32 : []
    let int64 = values.has(.int64) ? values.int64 : []
    let strings = values.has(.strings) ? values.strings : []
    let layout = KindLayout(int32: int32.count, int64: int64.count, strings: strings.count)
    let offset = group.batchOffset(of: track)
    guard group.accepts(kind, layout: layout, onBatch: offset) else { return false }
    let size = 9 + 4 * int32.count + 8 * int64.count + strings.reduce(0) { $0 + 4 + $1.count }
    group.append(
      time: time, kind: kind, layout: layout, toBatch: offset, byteCount: size
    ) { columns in
      for (index, value) in int32.enumerated() { columns.int32[index].append(value) }
      for (index, value) in int64.enumerated() { columns.int64[index].append(value) }
      for (index, value) in strings.enumerated() { columns.strings[index].append(value) }
    }
    return true
  }

  @inline(never)
  private func missing(_ field: FieldName) -> TextFault {
    TextFault("expected a field \"\(field.name)\", found none", at: 0)
  }

  @inline(never)
  private func surplus(_ set: UInt64, _ kind: EventKind?, _ values: FieldValues) -> TextFault {
    let field = FieldName.allCases.first { set & $0.bit != 0 } ?? .kind
    let owner = kind.map { "kind \"\($0.name)\"" } ?? "a line that has its other form"
    return TextFault(
      "expected only fields of \(owner), found \"\(field.name)\"", at: values.offset(of: field))
  }
}
