// SPDX-License-Identifier: Apache-2.0
//
// The small parts of the container: their bytes, and what comes of each of them changed.

import InputTape
import InputTapeCore
import InputTapeTestKit

/// A case for each part.
enum ContainerCases {
  static let id = RecordingID(bytes: Array(1...16))

  /// Options of a recording whose bytes depend on nothing but this package.
  static var options: WriterOptions {
    var options = WriterOptions()
    options.recordingID = id
    options.encoding.compression = .none
    return options
  }

  static var all: [DigestCase] {
    [
      DigestCase("container/file-header", fileHeader),
      DigestCase("container/record-header", recordHeader),
      DigestCase("container/directory", directory), DigestCase("container/index", index),
      DigestCase("container/trailer", trailer), DigestCase("container/metadata", metadata),
      DigestCase("container/record-list", recordList), DigestCase("container/numbers", numbers),
      DigestCase("container/records", dependence: .libraries, records),
    ]
  }

  private static func fileHeader(_ seen: inout Observation) throws {
    for segment in [0, 1, 0xFFFF_FFFF_FFFF_FFFF] as [UInt64] {
      for count in [0, 77, FileHeader.unknownCount] {
        let header = FileHeader(
          recordingID: id, segmentNumber: segment, predecessorRecordCount: count,
          predecessorHashPrefix: count &* 3)
        seen.addChanges(header.encode(), mend: { bytes in mend(&bytes, 60, 0..<60, 0) }) {
          try $1.add(described: FileHeader.decode($0.span, at: 9))
        }
      }
    }
  }

  private static func recordHeader(_ seen: inout Observation) throws {
    let kinds: [(UInt8, UInt8)] = [
      (1, 4), (1, 0x34), (2, 1), (3, 0), (4, 9), (4, 33), (128, 255),
    ]
    for (type, flags) in kinds {
      var header = RecordHeader(
        type: RecordType(rawValue: type), flags: RecordFlags(rawValue: flags), sequence: 5,
        storedByteCount: 1_003, rawByteCount: flags == 9 ? 2_000 : 1_003, payloadChecksum: 99)
      if type == 1 {
        (header.directoryByteCount, header.rawByteCount, header.eventCount) = (30, 0, 77)
        (header.firstTime, header.span) = (-5, 1 << 40)
        header.sectionCount = 5
        if flags > 4 { (header.firstTime, header.span) = (-5_000_000, 1_234_000) }
      }
      seen.add(header.recordByteCount)
      seen.addChanges(
        header.encode(id: id),
        mend: { bytes in
          guard let end = RecordHeader.end(of: bytes.span) else { return }
          mend(&bytes, 4, 8..<end, id.seed)
        }
      ) {
        let found = try RecordHeader.decode($0.span, id: id, at: 9)
        $1.add(found)
        $1.add(found.hasLastTime)
        $1.add(found.lastTime)
      }
    }
    let limits = [Limits.storedByteCount, Limits.rawByteCount, Limits.eventsPerBlock]
    for value in limits.flatMap({ [$0 - 1, $0, $0 + 1] }) {
      for field in 0..<4 {
        var header = RecordHeader(
          type: field == 2 ? .data : .index, flags: field == 2 ? [] : .zstd,
          sectionCount: field == 2 ? 5 : 0, sequence: 0, storedByteCount: 64, rawByteCount: 64)
        switch field {
        case 0: header.storedByteCount = UInt32(value)
        case 1: header.rawByteCount = UInt32(value)
        case 2: (header.eventCount, header.rawByteCount) = (UInt32(value), 0)
        default:
          (header.type, header.flags, header.sectionCount) = (.data, [], 5)
          (header.firstTime, header.span) = (.max - Int64(value), UInt64(value) + 1)
        }
        seen.attempt("\(field) \(value)") {
          let bytes = header.encode(id: id)
          $0.add(try RecordHeader.decode(bytes.span, id: id, at: 9))
        }
      }
    }
  }

  private static func mend(
    _ bytes: inout [UInt8], _ place: Int, _ range: Range<Int>, _ seed: UInt32
  ) {
    guard bytes.count >= range.upperBound else { return }
    var writer = ByteWriter()
    writer.append(CRC32C.checksum(Array(bytes[range]), continuing: seed))
    bytes.replaceSubrange(place..<(place + 4), with: writer.bytes)
  }

  private static func entries(_ rng: inout SeededRandom) -> [SectionEntry] {
    var found: [SectionEntry] = []
    let unit: Int64 = rng.isOne(in: 3) ? 1 : 1_000
    for track in 0..<(1 + rng.number(below: 5)) {
      for content in [SectionEntry.Content.state, .events] where !rng.isOne(in: 3) {
        found.append(
          SectionEntry(
            track: TrackID(rawValue: UInt16(track * 250)),
            trackClass: TrackClass(rawValue: UInt8(track)), content: content,
            form: rng.element([.plain, .zstd, .deflate, .adaptive]),
            storedByteCount: rng.number(below: 40_000), eventCount: rng.number(below: 9_000),
            firstTime: 1_000 + Int64(rng.number(below: 1_000_000)) * unit,
            checksum: UInt32(truncatingIfNeeded: rng.next())))
      }
    }
    return found
  }

  private static func header(of entries: [SectionEntry]) -> (RecordHeader, [UInt8]) {
    var header = RecordHeader(
      type: .data, flags: .stateKeyframe, sectionCount: UInt16(entries.count), sequence: 0,
      storedByteCount: 0)
    header.firstTime = 1_000
    header.span = 2_000_000
    let times = entries.map(\.firstTime) + [1_000, 2_000_000]
    header.flags.decade = RecordFlags.decade(dividing: times)
    let bytes = SectionDirectory.encode(
      entries, firstTime: header.firstTime, unit: header.timeUnit)
    header.directoryByteCount = UInt16(bytes.count)
    header.storedByteCount = UInt32(bytes.count + entries.reduce(0) { $0 + $1.storedByteCount })
    header.eventCount = UInt32(
      entries.reduce(0) { $0 + ($1.content == .events ? $1.eventCount : 0) })
    return (header, bytes)
  }

  private static func directory(_ seen: inout Observation) throws {
    for seed in 1...12 as ClosedRange<UInt64> {
      var rng = SeededRandom(seed: seed)
      let (header, bytes) = header(of: entries(&rng))
      seen.addChanges(bytes) {
        for entry in try SectionDirectory.decode($0.span, header: header, at: 9) {
          $1.add(entry)
        }
      }
    }
  }

  private static func blockList(_ rng: inout SeededRandom, count: Int) -> BlockList {
    var (list, position) = (BlockList(), UInt64(0))
    for number in 0..<count {
      if rng.isOne(in: 4) {
        let header = RecordHeader(
          type: rng.element([.metadata, .index, RecordType(rawValue: 130)]),
          flags: RecordFlags(rawValue: 0), sequence: UInt32(number),
          storedByteCount: UInt32(rng.number(below: 5_000)))
        let record = RecordEntry(header, position: position)
        list.append(record, sections: [])
        position += record.byteCount
        continue
      }
      var sections = entries(&rng)
      var (header, _) = header(of: sections)
      header.sequence = UInt32(number)
      let shift = Int64(number) * 1_000_000 - Int64(rng.number(below: 3_000)) * 1_000
      header.firstTime += shift
      for index in sections.indices { sections[index].firstTime += shift }
      let record = RecordEntry(header, position: position)
      list.append(record, sections: sections)
      position += record.byteCount
    }
    return list
  }

  private static func index(_ seen: inout Observation) throws {
    for seed in 1...10 as ClosedRange<UInt64> {
      var rng = SeededRandom(seed: seed)
      let list = blockList(&rng, count: 1 + rng.number(below: 9))
      seen.add(list.byteCount)
      let previous: UInt64 = seed.isMultiple(of: 2) ? 0 : 1_000
      let end = list.byteCount + (previous == 0 ? 64 : previous)
      let bytes = list.encodeIndex(previousIndex: previous)
      seen.addChanges(bytes) {
        let (previous, found) = try BlockList.decodeIndex($0.span, of: end)
        $1.add(previous)
        for (number, record) in found.records.enumerated() {
          $1.add(record)
          $1.add(found.sectionRange(of: number).upperBound)
        }
        for section in found.sections { $1.add(section) }
      }
      for place in [0, 13, 14, 63, 64, 65, 77, 78, end - 1, end + 1, end + 4_000] {
        seen.attempt("at \(place)") {
          $0.add(described: try BlockList.decodeIndex(bytes.span, of: place).list.records.count)
        }
      }
    }
  }

  private static func trailer(_ seen: inout Observation) throws {
    for position in [0, 64, 112, 1 << 40, .max] as [UInt64] {
      let bytes = Trailer.encode(indexPosition: position, id: id)
      seen.addChanges(bytes, mend: { mend(&$0, 8, 0..<8, id.seed) }) {
        $1.add(try Trailer.decode($0.span, id: id, at: 1 << 41))
      }
    }
  }

  private static func metadata(_ seen: inout Observation) throws {
    var metadata = RecordingMetadata()
    metadata["purpose"] = "a digest"
    metadata["empty"] = ""
    for number in 0..<4 {
      var track = Track(id: TrackID(rawValue: UInt16(number * 300)), class: .pointer)
      if number > 0 { track.name = "device \(number)" }
      if number > 1 { (track.device, track.codeSpace) = ("usb", "evdev") }
      if number > 2 {
        (track.coordinateSpace, track.subpixelBits, track.resolution) = ("screen", 8, 1_600)
      }
      metadata.setTrack(track)
    }
    let header = FileHeader(recordingID: id)
    seen.addChanges(metadata.encode(header: header), strides: 1) {
      let (found, metadata) = try RecordingMetadata.decode($0.span, at: 9)
      $1.add(described: found)
      $1.add(metadata.encode(header: found))
    }
  }

  private static func recordList(_ seen: inout Observation) throws {
    for seed in 1...4 as ClosedRange<UInt64> {
      var rng = SeededRandom(seed: seed)
      var lists = [RecordList(), RecordList()]
      for (number, count) in [(0, 300), (1, 127 + Int(seed))] {
        let blocks = blockList(&rng, count: count)
        for (index, record) in blocks.records.enumerated() {
          lists[number].append(
            record, sections: Array(blocks.sections[blocks.sectionRange(of: index)]))
        }
        seen.add(lists[number])
      }
      lists[0].append(lists[1], movedBy: 1 << 40)
      seen.add(lists[0])
      seen.mark("\(seed)")
    }
  }

  /// Numbers as bytes, and bytes as numbers.
  private static func numbers(_ seen: inout Observation) throws {
    var rng = SeededRandom(seed: 1)
    var writer = ByteWriter(reserving: 3)
    for shift in 0..<64 {
      for value in [UInt64(1) << UInt64(shift), (UInt64(1) << UInt64(shift)) &- 1, rng.next()] {
        writer.appendVarint(value)
        writer.appendSignedVarint(Int64(bitPattern: value))
        writer.append(UInt16(truncatingIfNeeded: value))
        writer.append(UInt32(truncatingIfNeeded: value))
        writer.append(value)
        writer.append(Int64(bitPattern: value))
      }
    }
    seen.add(writer.bytes)
    let bytes = writer.bytes
    for cut in [bytes.count, bytes.count - 1, bytes.count - 9, 5, 0] {
      seen.attempt("cut \(cut)") { seen in
        let part = Array(bytes[..<cut])
        var reader = ByteReader(part.span, at: 50)
        while true {
          seen.add(try reader.readVarint())
          seen.add(try reader.readSignedVarint())
          seen.add(try reader.readUInt16())
          seen.add(try reader.readUInt32())
          seen.add(try reader.readUInt64())
          seen.add(try reader.readInt64())
          seen.add(reader.remaining)
        }
      }
    }
    // Varints in the ways that are not allowed, and at their limits.
    let longest = [UInt8](repeating: 0xFF, count: 9)
    for bytes in [
      [0x80, 0], [0x80], [0xFF, 0x80, 0], longest + [1], longest + [2], longest + [0x80, 1],
      longest + [0], [0x7F], [0x80, 1],
    ] as [[UInt8]] {
      seen.attempt("varint \(bytes)") { seen in
        var reader = ByteReader(bytes.span, at: 50)
        seen.add(try reader.readVarint())
        seen.add(reader.offset)
      }
      for limit in [126, 127, 128] {
        seen.attempt("count \(bytes) \(limit)") { seen in
          var reader = ByteReader(bytes.span, at: 50)
          seen.add(try reader.readCount(limit: limit))
        }
      }
    }
  }

  /// Whole records, packed and not, and what comes of each of them changed.
  private static func records(_ seen: inout Observation) throws {
    var rng = SeededRandom(seed: 4)
    for size in [0, 1, 7, 8, 1_023, 1_024, 4_000] {
      let payload = (0..<size).map { _ in UInt8(rng.number(below: 5)) }
      for compression in [Compression.none, .zstd(level: nil), .deflate(level: nil)] {
        for type in [RecordType.index, .metadata, RecordType(rawValue: 200)] {
          let (header, bytes) = RecordEncoder().encode(
            type, flags: .final, payload: payload, compression: compression, sequence: 3, id: id)
          seen.add(header)
          seen.add(bytes)
          let stored = Array(bytes[header.headByteCount...])
          seen.add(payload: stored, of: header)
          var other = header
          other.rawByteCount &+= 1
          seen.add(payload: stored, of: other)
          other.rawByteCount &-= 2
          seen.add(payload: stored, of: other)
          other = header
          other.flags.formSymmetricDifference([.zstd, .deflate])
          seen.add(payload: stored, of: other)
          seen.add(payload: Array(stored.dropLast()), of: header)
          seen.add(payload: stored + [0], of: header)
          for place in [0, stored.count / 2, stored.count - 1] where !stored.isEmpty {
            var changed = stored
            changed[place] ^= 1
            seen.add(payload: changed, of: header)
            other = header
            other.payloadChecksum = CRC32C.checksum(
              Array(changed[..<Int(header.storedByteCount)]))
            seen.add(payload: changed, of: other)
          }
          seen.mark("\(size) \(compression) \(type)")
        }
      }
    }
  }
}

extension Observation {
  fileprivate mutating func add(payload: [UInt8], of header: RecordHeader) {
    attempt("payload") { seen in
      seen.add(try RecordDecoder().payload(payload.span, of: header, at: 1_000))
    }
  }

  fileprivate mutating func add(_ list: RecordList) {
    add(list.count)
    add(list.memoryByteCount)
    add(list.pageCount)
    add(list.blockCount)
    add(list.eventCount)
    add(list.byteCount)
    add(described: list.timeBounds as Any)
    add(list.facts)
    for page in 0..<list.pageCount {
      add(list.firstPosition(ofPage: page))
      add(list.start(ofPage: page))
      add(described: list.timeBounds(ofPage: page) as Any)
      add(list.mayHave([.first, TrackID(rawValue: 750)], onPage: page))
      add(list.mayHave([TrackID(rawValue: 9)], onPage: page))
      for record in list.records(ofPage: page) {
        add(record)
        add(list.page(at: record.position))
        add(list.page(at: record.position + 1))
      }
    }
    for number in 0...list.blockCount {
      if let record = list.block(number) { add(record) }
    }
    list.forEach { add($0.position) }
    for time in stride(from: Int64(-4_000_000), to: 310_000_000, by: 7_500_000) {
      for record in [list.lastBlock(beginningBy: time), list.keyframe(before: time)] {
        if let record { add(record) } else { add(false) }
      }
    }
  }

  /// Adds bytes, and what comes of them: as they are, cut, and with each byte changed, its checksum
  /// put right or not.
  mutating func addChanges(
    _ bytes: [UInt8], strides: Int = 1, mend: ((inout [UInt8]) -> Void)? = nil,
    _ look: ([UInt8], inout Observation) throws -> Void
  ) {
    add(bytes)
    attempt("as it is") { try look(bytes, &$0) }
    attempt("longer") { try look(bytes + [0], &$0) }
    for offset in stride(from: 0, to: bytes.count, by: strides) {
      attempt("cut at \(offset)") { try look(Array(bytes[..<offset]), &$0) }
      for change in [1, 4, 32, 128, 255] as [UInt8] {
        var changed = bytes
        changed[offset] ^= change
        if let mend {
          attempt("unmended \(offset) \(change)") { try look(changed, &$0) }
          mend(&changed)
        }
        attempt("changed \(offset) \(change)") { try look(changed, &$0) }
      }
    }
  }
}
