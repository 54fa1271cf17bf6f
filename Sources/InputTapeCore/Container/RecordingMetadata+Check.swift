// SPDX-License-Identifier: Apache-2.0
//
// The walk over the pairs of a METADATA record, with all its checks, and the checks alone: of many
// records the last one rules, and a file of nothing else costs what its bytes cost.

extension RecordingMetadata {
  /// Checks the payload of a METADATA record whose checksum has been checked.
  ///
  /// - Returns: the copy of the file header.
  package static func check(
    _ bytes: Span<UInt8>, at position: UInt64
  ) throws(FormatError) -> FileHeader {
    try forEachPair(bytes, at: position) { isTrackPair($0, $1, $2) }
  }

  /// Walks over the pairs of a payload, and checks it.
  ///
  /// - Parameter take: is given the bytes, and where the name and the value of a pair are, both
  ///   UTF-8; says whether the pair is a track's own.
  /// - Returns: the copy of the file header.
  static func forEachPair(
    _ bytes: Span<UInt8>, at position: UInt64,
    _ take: (Span<UInt8>, Range<Int>, Range<Int>) -> Bool
  ) throws(FormatError) -> FileHeader {
    var reader = ByteReader(bytes, at: position)
    let header = try FileHeader.decode(
      try reader.readSpan(count: FileHeader.byteCount), at: position)
    let count = try reader.readCount(limit: Limits.rawByteCount)
    var last: Range<Int>?
    var freeByteCount = 0
    for _ in 0..<count {
      let name = try readText(&reader)
      let value = try readText(&reader)
      if let last, !precedes(bytes, last, name) { throw reader.error(.malformed) }
      guard isText(bytes, name), isText(bytes, value) else { throw reader.error(.malformed) }
      if !take(bytes, name, value) {
        freeByteCount += name.count + value.count
        guard freeByteCount <= Limits.metadataByteCount else {
          throw FormatError(.limitExceeded, at: position)
        }
      }
      last = name
    }
    guard reader.remaining == 0 else { throw reader.error(.malformed) }
    return header
  }

  /// Where the bytes of a name or value are.
  private static func readText(_ reader: inout ByteReader) throws(FormatError) -> Range<Int> {
    let count = try reader.readCount(limit: Limits.stringByteCount)
    let start = reader.offset
    _ = try reader.readSpan(count: count)
    return start..<start + count
  }

  private static func precedes(
    _ bytes: Span<UInt8>, _ one: Range<Int>, _ other: Range<Int>
  ) -> Bool {
    for index in 0..<min(one.count, other.count) {
      let (left, right) = (bytes[one.lowerBound + index], bytes[other.lowerBound + index])
      if left != right { return left < right }
    }
    return one.count < other.count
  }

  private static func isText(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
    for index in range where bytes[index] >= 0x80 {
      return String(validating: range.map { bytes[$0] }, as: UTF8.self) != nil
    }
    return true
  }

  /// A text that is UTF-8.
  static func text(_ bytes: Span<UInt8>, _ range: Range<Int>) -> String {
    String(decoding: range.map { bytes[$0] }, as: UTF8.self)
  }

  private static let trackPrefix = Array("track.".utf8)

  private static func isTrackPair(
    _ bytes: Span<UInt8>, _ name: Range<Int>, _ value: Range<Int>
  ) -> Bool {
    guard name.count > trackPrefix.count else { return false }
    for (index, byte) in trackPrefix.enumerated() where bytes[name.lowerBound + index] != byte {
      return false
    }
    return TrackPair(text(bytes, name), text(bytes, value)) != nil
  }
}
