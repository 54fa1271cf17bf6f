// SPDX-License-Identifier: Apache-2.0
//
// The 48 bytes before each record's payload (Specs/Format.md, section 4).
//
// Invariant: a decoded header has passed its checksum, and its lengths are within the limits.

/// What stands before a record's payload.
package struct RecordHeader: Hashable, Sendable {
  package static let byteCount = 48

  package var type: RecordType
  package var flags: RecordFlags
  /// Bytes of a DATA payload's directory, which is all that `payloadChecksum` covers there; 0 in
  /// other records.
  package var directoryByteCount: UInt16
  /// 0 for a segment's first record, then one more each.
  package var sequence: UInt32
  /// Bytes of the payload as it stands in the file, without padding.
  package var storedByteCount: UInt32
  /// Bytes of the payload after decompression; 0 in DATA records.
  package var rawByteCount: UInt32
  package var eventCount: UInt32
  package var payloadChecksum: UInt32
  /// The earliest time in the block, in nanoseconds.
  package var firstTime: Int64
  /// The latest time minus the earliest, in nanoseconds.
  package var span: UInt64

  package init(
    type: RecordType, flags: RecordFlags = [], directoryByteCount: UInt16 = 0, sequence: UInt32,
    storedByteCount: UInt32, rawByteCount: UInt32, eventCount: UInt32 = 0,
    payloadChecksum: UInt32, firstTime: Int64 = 0, span: UInt64 = 0
  ) {
    self.type = type
    self.flags = flags
    self.directoryByteCount = directoryByteCount
    self.sequence = sequence
    self.storedByteCount = storedByteCount
    self.rawByteCount = rawByteCount
    self.eventCount = eventCount
    self.payloadChecksum = payloadChecksum
    self.firstTime = firstTime
    self.span = span
  }

  /// Payload and padding: records begin at multiples of 8.
  package var paddedByteCount: Int { (Int(storedByteCount) + 7) & ~7 }

  /// Header, payload and padding.
  package var recordByteCount: Int { Self.byteCount + paddedByteCount }

  /// Whether the latest time is an Int64, too; the difference of two is a UInt64.
  package var hasLastTime: Bool {
    span <= UInt64(bitPattern: Int64.max) &- UInt64(bitPattern: firstTime)
  }

  /// The latest time in the block.
  package var lastTime: Int64 { firstTime &+ Int64(bitPattern: span) }

  package func encode(id: RecordingID) -> [UInt8] {
    var writer = ByteWriter(reserving: Self.byteCount)
    writer.append(id.sync)
    writer.append(UInt32(0))
    writer.append(type.rawValue)
    writer.append(flags.rawValue)
    writer.append(directoryByteCount)
    writer.append(sequence)
    writer.append(storedByteCount)
    writer.append(rawByteCount)
    writer.append(eventCount)
    writer.append(payloadChecksum)
    writer.append(firstTime)
    writer.append(span)
    let checksum = CRC32C.checksum(writer.bytes.span.extracting(8..<48), continuing: id.seed)
    writer.set(checksum, at: 4)
    return writer.bytes
  }

  /// Reads a header and makes the checks that need nothing but its 48 bytes, in the order of the
  /// specification.
  package static func decode(
    _ bytes: Span<UInt8>, id: RecordingID, at position: UInt64
  ) throws(FormatError) -> RecordHeader {
    guard bytes.count >= byteCount else {
      throw FormatError(.truncated, at: position &+ UInt64(bytes.count))
    }
    var reader = ByteReader(bytes.extracting(0..<byteCount), at: position)
    guard try reader.readUInt32() == id.sync else { throw FormatError(.noRecord, at: position) }
    let checksum = try reader.readUInt32()
    guard CRC32C.checksum(bytes.extracting(8..<48), continuing: id.seed) == checksum else {
      throw FormatError(.headerChecksum, at: position &+ 4)
    }
    let header = RecordHeader(
      type: RecordType(rawValue: try reader.readUInt8()),
      flags: RecordFlags(rawValue: try reader.readUInt8()),
      directoryByteCount: try reader.readUInt16(), sequence: try reader.readUInt32(),
      storedByteCount: try reader.readUInt32(), rawByteCount: try reader.readUInt32(),
      eventCount: try reader.readUInt32(), payloadChecksum: try reader.readUInt32(),
      firstTime: try reader.readInt64(), span: try reader.readUInt64())
    try header.check(at: position)
    return header
  }

  private func check(at position: UInt64) throws(FormatError) {
    let isKnown = (1...8).contains(type.rawValue)
    guard isKnown || type.isSkippable else {
      throw FormatError(.unsupportedEncoding, at: position &+ 8)
    }
    guard type.isSkippable || flags.isSubset(of: .known(in: type)) else {
      throw FormatError(.unsupportedEncoding, at: position &+ 9)
    }
    guard storedByteCount <= Limits.storedByteCount else {
      throw FormatError(.limitExceeded, at: position &+ 16)
    }
    guard rawByteCount <= Limits.rawByteCount else {
      throw FormatError(.limitExceeded, at: position &+ 20)
    }
    guard eventCount <= Limits.eventsPerBlock else {
      throw FormatError(.limitExceeded, at: position &+ 24)
    }
    guard UInt32(directoryByteCount) <= storedByteCount else {
      throw FormatError(.malformed, at: position &+ 10)
    }
    guard hasLastTime else { throw FormatError(.malformed, at: position &+ 40) }
  }
}
