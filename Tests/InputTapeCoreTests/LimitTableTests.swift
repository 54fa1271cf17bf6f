// SPDX-License-Identifier: Apache-2.0
//
// Each limit of Specs/Format.md, section 8, where a reader meets it: at 0, one below, exactly, one
// beyond, and as far as a number goes. `HeaderLimitTests` has those of record headers.

import Foundation
import InputTapeCore
import Testing

@Suite struct LimitTableTests {
  private static let id = RecordingID(bytes: Array(1...16))

  /// A place where a number is read that has a limit.
  struct Place: CustomTestStringConvertible, Sendable {
    var testDescription: String
    var limit: Int
    /// Whether bytes with this number are refused because of the limit, and for no other reason.
    var isRefused: @Sendable (UInt64) -> Bool

    init(_ name: String, _ limit: Int, _ isRefused: @escaping @Sendable (UInt64) -> Bool) {
      testDescription = name
      self.limit = limit
      self.isRefused = isRefused
    }
  }

  // MARK: - The page

  /// What section 8 says, and what the code says.
  private static let page: [(words: String, value: Int)] = [
    ("events a block 65,536", Limits.eventsPerBlock),
    ("stored payload 3 MiB", Limits.storedByteCount),
    ("raw payload or section 4 MiB", Limits.rawByteCount),
    ("tracks 1,024", Limits.tracks),
    ("sections a block 2,048", SectionDirectory.sectionLimit),
    ("a string of metadata 4 KiB", Limits.stringByteCount),
    ("a string of an event 64 KiB", Limits.textByteCount),
    ("columns of a type of one kind 16", Limits.columns),
    ("metadata that is not tracks' own 64 KiB", Limits.metadataByteCount),
  ]

  @Test func thePageAndTheCodeAgree() throws {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    let file = folder.appendingPathComponent("../../Specs/Format.md")
    let text = try String(contentsOf: file, encoding: .utf8)
    let section = try #require(text.components(separatedBy: "## 8. Limits").dropFirst().first)
      .components(separatedBy: "\n## ")[0]
    let words = section.split(whereSeparator: \.isWhitespace).joined(separator: " ").lowercased()
    let units = ["KiB": 1 << 10, "MiB": 1 << 20]
    for (entry, value) in Self.page {
      #expect(words.contains(entry.lowercased()), "\(entry)")
      let parts = entry.split(separator: " ")
      let unit = units[String(parts[parts.count - 1])]
      let digits = String(parts[parts.count - (unit == nil ? 1 : 2)])
      let number = Int(digits.replacingOccurrences(of: ",", with: ""))
      #expect(number.map { $0 * (unit ?? 1) } == value, "\(entry)")
    }
    // Nothing stands in the list that the table does not have.
    #expect(words.components(separatedBy: " · ").count == Self.page.count)
  }

  // MARK: - Where numbers are read

  private static func error(_ body: () throws(FormatError) -> Void) -> FormatError.Code? {
    do throws(FormatError) {
      try body()
      return nil
    } catch {
      return error.code
    }
  }

  private static func header(_ change: (inout RecordHeader) -> Void) -> RecordHeader {
    var header = RecordHeader(type: .data, sequence: 0, storedByteCount: 0)
    change(&header)
    return header
  }

  /// A directory of one section with these numbers.
  private static func directory(
    track: UInt64 = 0, stored: UInt64 = 0, events: UInt64 = 0
  ) -> FormatError.Code? {
    var writer = ByteWriter()
    writer.appendVarint(track)
    writer.append(UInt8(0))
    for number in [stored, events] { writer.appendVarint(number) }
    writer.append(UInt32(0))
    let bytes = writer.bytes
    let header = header {
      $0.sectionCount = 1
      $0.storedByteCount = UInt32(clamping: stored) &+ UInt32(bytes.count)
      $0.eventCount = UInt32(clamping: events)
    }
    return error { () throws(FormatError) in
      _ = try SectionDirectory.decode(bytes.span, header: header, at: 0)
    }
  }

  /// An index of one block with one section of these numbers.
  private static func index(stored: UInt64 = 0, events: UInt64 = 0) -> FormatError.Code? {
    var writer = ByteWriter()
    for number in [0, 1, 0, 1] as [UInt64] { writer.appendVarint(number) }
    writer.append(RecordType.data.rawValue)
    for byte in [0, 1, 0, 0, 0, 0] as [UInt8] { writer.append(byte) }
    // From 0 on both: a zigzag, then whether the events are others.
    let (more, isTooLarge) = stored.multipliedReportingOverflow(by: 4)
    writer.appendVarint(isTooLarge ? .max : more | (events > 0 ? 1 : 0))
    if events > 0 { writer.appendSignedVarint(Int64(clamping: events)) }
    let bytes = writer.bytes
    return error { () throws(FormatError) in
      _ = try BlockList.decodeIndex(bytes.span, of: 1 << 30)
    }
  }

  /// An index that claims so many empty blocks, in a file that has room for a hundred.
  private static func indexRecords(_ count: UInt64) -> FormatError.Code? {
    var writer = ByteWriter()
    writer.append(UInt8(0))
    writer.appendVarint(count)
    writer.append(UInt8(0))
    if count > 0 {
      writer.appendVarint(count)
      writer.append([RecordType.data.rawValue, 0, 0])
      // First time and span of each.
      writer.append(repeatElement(UInt8(0), count: 2 * Int(min(count, 1 << 10))))
    }
    let bytes = writer.bytes
    let position = UInt64(FileHeader.byteCount + RecordHeader.leastByteCount * 100)
    return error { () throws(FormatError) in
      _ = try BlockList.decodeIndex(bytes.span, of: position)
    }
  }

  private static func sections(_ count: UInt64) -> FormatError.Code? {
    let entries = (0..<min(count, 4_096)).map { number in
      SectionEntry(
        track: TrackID(rawValue: UInt16(min(number / 2, 1_023))), trackClass: .custom,
        content: number % 2 == 0 ? .state : .events, form: .plain, storedByteCount: 0,
        eventCount: 0, firstTime: 0, checksum: 0)
    }
    let directory = SectionDirectory.encode(entries, firstTime: 0, unit: 1)
    var writer = ByteWriter()
    let header = RecordHeader(type: .data, sequence: 0, storedByteCount: 0)
    writer.append(header.encode(id: id)[..<11])
    for number in [count, 0, 0, UInt64(directory.count), 0, UInt64(directory.count)] {
      writer.appendVarint(number)
    }
    writer.append(CRC32C.checksum(directory))
    if count <= RecordHeader.inlineSectionCount {
      writer = ByteWriter()
      writer.append(header.encode(id: id)[..<11])
      for number in [count, 0, 0] { writer.appendVarint(number) }
      writer.append(directory)
    }
    writer.set(CRC32C.checksum(Array(writer.bytes[8...]), continuing: id.seed), at: 4)
    let bytes = writer.bytes
    return error { () throws(FormatError) in
      let header = try RecordHeader.decode(bytes.span, id: id, at: 0)
      _ = try SectionDirectory.decode(directory.span, header: header, at: 0)
    }
  }

  /// A compressed section that says that it has so many bytes.
  private static func rawSection(_ count: UInt64) -> FormatError.Code? {
    var writer = ByteWriter()
    writer.append(UInt8(1))
    writer.appendVarint(count)
    let bytes = writer.bytes
    var batch = EventBatch(track: .first)
    return error { () throws(FormatError) in
      try SectionDecoder().decode(
        bytes.span, form: .zstd, eventCount: 1, firstTime: 0, kinds: .all, at: 0, into: &batch)
    }
  }

  /// An unknown kind with so many columns of a type, none of which has an entry.
  private static func columns(_ count: UInt64, ofType type: Int) -> FormatError.Code? {
    var writer = ByteWriter()
    writer.append(UInt8(0))
    writer.appendVarint(1)
    writer.append(UInt8(200))
    for index in 0..<3 { writer.appendVarint(index == type ? count : 0) }
    let bytes = writer.bytes
    var batch = EventBatch(track: .first)
    return error { () throws(FormatError) in
      try SectionDecoder().decode(
        bytes.span, form: .plain, eventCount: 1, firstTime: 0, kinds: .all, at: 0, into: &batch)
    }
  }

  private static func metadata(_ pairs: [(name: UInt64, value: UInt64)]) -> FormatError.Code? {
    var writer = ByteWriter()
    writer.append(FileHeader(recordingID: RecordingID(bytes: Array(1...16))).encode())
    writer.appendVarint(pairs.count)
    for (index, pair) in pairs.enumerated() {
      for length in [pair.name, pair.value] {
        writer.appendVarint(length)
        // Names ascend by their first byte.
        writer.append(repeatElement(UInt8(65 + index), count: Int(min(length, 1 << 17))))
      }
    }
    let bytes = writer.bytes
    return error { () throws(FormatError) in
      _ = try RecordingMetadata.decode(bytes.span, at: 0)
    }
  }

  /// Free metadata of so many bytes in all.
  private static func metadataBytes(_ count: UInt64) -> FormatError.Code? {
    var left = Int(min(count, 1 << 18))
    var pairs: [(name: UInt64, value: UInt64)] = []
    while left > 0 {
      let value = min(left - 1, Limits.stringByteCount)
      pairs.append((1, UInt64(value)))
      left -= 1 + value
    }
    return metadata(pairs)
  }

  /// Where the limit decides alone: what is within it is accepted.
  private static let exactPlaces: [Place] = [
    Place("sections of a directory", 2_048) { sections($0) == .limitExceeded },
    Place("track of a section", 1_023) { directory(track: $0) == .limitExceeded },
    Place("events of a section", 65_536) { directory(events: $0) == .limitExceeded },
    Place("events of a section in the index", 65_536) { index(events: $0) == .limitExceeded },
    Place("records of an index", 100) { indexRecords($0) == .limitExceeded },
    Place("bytes of a name", 4_096) { metadata([($0, 1)]) == .limitExceeded },
    Place("bytes of a value", 4_096) { metadata([(1, $0)]) == .limitExceeded },
    Place("bytes of free metadata", 65_536) { metadataBytes($0) == .limitExceeded },
  ]

  @Test(arguments: exactPlaces) func whatIsBeyondIsRefused(_ place: Place) {
    check(place)
  }

  /// Where something else is missing from the bytes when the number is within the limit.
  private static let otherPlaces: [Place] = [
    Place("stored bytes of a section", 3 << 20) { directory(stored: $0) == .limitExceeded },
    Place("stored bytes of a section in the index", (3 << 20) - 11) {
      index(stored: $0) == .limitExceeded
    },
    Place("raw bytes of a section", 4 << 20) { rawSection($0) == .limitExceeded },
    Place("32-bit columns", 16) { columns($0, ofType: 0) == .limitExceeded },
    Place("64-bit columns", 16) { columns($0, ofType: 1) == .limitExceeded },
    Place("text columns", 16) { columns($0, ofType: 2) == .limitExceeded },
  ]

  @Test(arguments: otherPlaces) func whatIsBeyondIsRefusedBeforeAllElse(_ place: Place) {
    check(place)
  }

  private func check(_ place: Place) {
    let limit = UInt64(place.limit)
    var count = 0
    for value in [0, 1, limit - 1, limit] {
      #expect(!place.isRefused(value), "\(value)")
      count += 1
    }
    for value in [limit + 1, 2 * limit, 1 << 31 - 1, 1 << 31, 1 << 32 - 1, 1 << 63, .max] {
      #expect(place.isRefused(value), "\(value)")
      count += 1
    }
    print("\(place.testDescription): \(count) values around \(place.limit)")
  }

  @Test func whatIsWithinIsAccepted() {
    for value in [0, 2_047, 2_048] as [UInt64] { #expect(Self.sections(value) == nil) }
    for value in [0, 1_022, 1_023] as [UInt64] { #expect(Self.directory(track: value) == nil) }
    for value in [0, 65_535, 65_536] as [UInt64] {
      #expect(Self.directory(events: value) == nil)
      #expect(Self.index(events: value) == nil)
      #expect(Self.metadataBytes(value) == nil)
    }
    for value in [0, 99, 100] as [UInt64] { #expect(Self.indexRecords(value) == nil) }
    for value in [0, 4_095, 4_096] as [UInt64] {
      #expect(Self.metadata([(value, 1)]) == nil)
      #expect(Self.metadata([(1, value)]) == nil)
    }
    for stored in [0, (3 << 20) - 12, (3 << 20) - 11] as [UInt64] {
      #expect(Self.index(stored: stored) == nil)
    }
  }

  @Test func textsHaveALimit() throws {
    for length in [0, 65_535, 65_536] {
      var batch = EventBatch(track: .first)
      for time in 0..<2 as Range<Int64> {
        let text = String(repeating: "x", count: length)
        batch.append(Event(time: time, track: .first, body: .marker(text)))
      }
      let plain = EncodingSettings(preset: .fast, compression: .none)
      var section = EncodedSection(batch, plain)
      var decoded = EventBatch(track: .first)
      func code() -> FormatError.Code? {
        let bytes = section.bytes
        return Self.error { () throws(FormatError) in
          try SectionDecoder().decode(
            bytes.span, form: section.form, eventCount: 2, firstTime: 0, kinds: .all, at: 0,
            into: &decoded)
        }
      }
      #expect(code() == nil && holdSameEvents(decoded, batch), "\(length)")
      guard length == 65_536 else { continue }
      // The lengths are one number, 65,536 as a signed varint.
      let number: [UInt8] = [0x80, 0x80, 0x08]
      let places = section.bytes.indices.filter { section.bytes[$0...].starts(with: number) }
      let place = try #require(places.first)
      section.bytes[place] = 0x82
      #expect(code() == .limitExceeded)
      section.bytes[place] = 0x81
      #expect(code() == .limitExceeded, "A length below 0")
    }
  }
}
