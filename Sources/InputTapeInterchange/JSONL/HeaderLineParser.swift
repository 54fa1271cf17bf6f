// SPDX-License-Identifier: Apache-2.0
//
// Lines of kind `recording` and `track`, which stand before the events.

import InputTapeCore

/// Reads `{"kind":"recording","metadata":{…}}` and `{"kind":"track","id":0,"class":"pointer",…}`.
struct HeaderLineParser {
  /// A value of a header line: a string, a number, or an object of strings.
  private enum Value {
    case text(String)
    case number(Int64)
    case fields([InterchangeField])
  }

  private typealias Member = (name: String, value: Value, offset: Int)

  private var scratch: [UInt8] = []

  /// Reads the line at `at` and moves on to the next one.
  ///
  /// - Returns: false where the line is not of the header's kinds, whatever else it is.
  mutating func readLine(
    _ bytes: Span<UInt8>, _ at: inout Int, into header: inout InterchangeHeader
  ) throws(TextFault) -> Bool {
    guard isHeaderLine(bytes, at) else { return false }
    var index = at
    let members = try readObject(bytes, &index) { (self, bytes, index) throws(TextFault) in
      try self.readValue(bytes, &index)
    }
    try JSONLineParser.endLine(bytes, &index)
    for member in members where member.name == "kind" {
      if case .text("track") = member.value {
        header.tracks.append(try track(members, at: at, declared: header.tracks))
      } else {
        header.metadata += try metadata(members)
      }
    }
    at = index
    return true
  }

  /// Whether the members up to `kind`, if they can be read, say that this is a header line.
  private mutating func isHeaderLine(_ bytes: Span<UInt8>, _ at: Int) -> Bool {
    var index = at
    var kinds: [String] = []
    _ = try? readObject(bytes, &index) { (self, bytes, index) throws(TextFault) in
      let value = try self.readValue(bytes, &index)
      if case .text(let text) = value { kinds.append(text) }
      return value
    }
    return kinds.contains("track") || kinds.contains("recording")
  }

  private mutating func readObject<T>(
    _ bytes: Span<UInt8>, _ index: inout Int,
    _ readValue: (inout Self, Span<UInt8>, inout Int) throws(TextFault) -> T
  ) throws(TextFault) -> [(name: String, value: T, offset: Int)] {
    var members: [(name: String, value: T, offset: Int)] = []
    JSONCursor.skipSpace(bytes, &index)
    try JSONCursor.expect(0x7B, bytes, &index)
    JSONCursor.skipSpace(bytes, &index)
    while bytes[index] != 0x7D {
      if !members.isEmpty {
        try JSONCursor.expect(0x2C, bytes, &index)
        JSONCursor.skipSpace(bytes, &index)
      }
      let offset = index
      let name = try readText(bytes, &index)
      guard !members.contains(where: { $0.name == name }) else {
        throw TextFault("expected each field once, found another \"\(name)\"", at: offset)
      }
      JSONCursor.skipSpace(bytes, &index)
      try JSONCursor.expect(0x3A, bytes, &index)
      JSONCursor.skipSpace(bytes, &index)
      members.append((name, try readValue(&self, bytes, &index), offset))
      JSONCursor.skipSpace(bytes, &index)
    }
    index += 1
    return members
  }

  private mutating func readValue(
    _ bytes: Span<UInt8>, _ index: inout Int
  ) throws(TextFault) -> Value {
    switch bytes[index] {
    case 0x22: return .text(try readText(bytes, &index))
    case 0x7B:
      let members = try readObject(bytes, &index) { (self, bytes, index) throws(TextFault) in
        try self.readText(bytes, &index)
      }
      return .fields(members.map { InterchangeField(name: $0.name, value: $0.value) })
    default: return .number(try JSONCursor.readInteger(bytes, &index))
    }
  }

  private mutating func readText(
    _ bytes: Span<UInt8>, _ index: inout Int
  ) throws(TextFault) -> String {
    scratch.removeAll(keepingCapacity: true)
    let range = try JSONString.read(bytes, &index, scratch: &scratch)
    let end = range.start + range.count
    if range.isUnescaped { return String(decoding: scratch[range.start..<end], as: UTF8.self) }
    var copy: [UInt8] = []
    for place in range.start..<end { copy.append(bytes[place]) }
    return String(decoding: copy, as: UTF8.self)
  }

  private func metadata(_ members: [Member]) throws(TextFault) -> [InterchangeField] {
    var fields: [InterchangeField] = []
    for (name, value, offset) in members where name != "kind" {
      guard name == "metadata", case .fields(let list) = value else {
        throw TextFault("expected \"metadata\" with an object of strings", at: offset)
      }
      try check(list, at: offset)
      fields += list
    }
    return fields
  }

  /// Checks what a recording's metadata must keep to.
  private func check(_ fields: [InterchangeField], at offset: Int) throws(TextFault) {
    for field in fields {
      let count = max(field.name.utf8.count, field.value.utf8.count)
      guard count <= Limits.stringByteCount, !field.name.hasPrefix("track.") else {
        throw TextFault(
          "expected names and values of at most \(Limits.stringByteCount) bytes, and no name that "
            + "begins with \"track.\"", at: offset)
      }
    }
  }

  private func track(
    _ members: [Member], at start: Int, declared: [Track]
  ) throws(TextFault) -> Track {
    guard let id = members.first(where: { $0.name == "id" }) else {
      throw TextFault("expected a field \"id\", found none", at: start)
    }
    let number = try number(id, 0...Int64(Limits.tracks - 1))
    var track = Track(id: TrackID(rawValue: UInt16(number)), class: .custom)
    guard !declared.contains(where: { $0.id == track.id }) else {
      throw TextFault("expected each track once, found another \(number)", at: id.offset)
    }
    guard let member = members.first(where: { $0.name == "class" }),
      let trackClass = TrackClass(name: try text(member))
    else { throw TextFault("expected a field \"class\" with a class's name", at: start) }
    track.trackClass = trackClass
    for member in members { try set(member, of: &track) }
    return track
  }

  private func set(_ member: Member, of track: inout Track) throws(TextFault) {
    switch member.name {
    case "id", "class", "kind": break
    case "name": track.name = try text(member)
    case "device": track.device = try text(member)
    case "codeSpace": track.codeSpace = try text(member)
    case "coordinateSpace": track.coordinateSpace = try text(member)
    case "subpixelBits": track.subpixelBits = Int(try number(member, 0...31))
    case "resolution": track.resolution = Int(try number(member, .min ... .max))
    default:
      throw TextFault("expected a field of a track, found \"\(member.name)\"", at: member.offset)
    }
  }

  private func text(_ member: Member) throws(TextFault) -> String {
    guard case .text(let text) = member.value, text.utf8.count <= Limits.stringByteCount else {
      throw TextFault(
        "expected \"\(member.name)\" with text of at most \(Limits.stringByteCount) bytes",
        at: member.offset)
    }
    return text
  }

  private func number(_ member: Member, _ range: ClosedRange<Int64>) throws(TextFault) -> Int64 {
    guard case .number(let value) = member.value, range.contains(value) else {
      throw TextFault(
        "expected \"\(member.name)\" with a number from \(range.lowerBound) to "
          + "\(range.upperBound)", at: member.offset)
    }
    return value
  }
}
