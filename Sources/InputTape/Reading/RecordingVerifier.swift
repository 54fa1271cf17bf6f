// SPDX-License-Identifier: Apache-2.0
//
// Every check there is, on every byte (Specs/Format.md, section 10.5).

import InputTapeCore

/// Verifies recordings.
public enum RecordingVerifier {
  /// Scans a segment, checks every checksum, decodes every column, computes every
  /// state keyframe again, and compares the index with the scan.
  ///
  /// - Parameters:
  ///   - source: the segment's bytes.
  ///   - progress: is called with the bytes done and all bytes.
  /// - Throws: an error of the system, or that the source is no recording.
  public static func verify(
    _ source: any ByteSource, progress: ((UInt64, UInt64) -> Void)? = nil
  ) throws(FileError) -> VerifyReport {
    try verify([source], [FileHeader(recordingID: .none)], missing: [], progress: progress)
  }

  /// Verifies all segments of a recording, by the path of the first or of their folder.
  public static func verify(
    path: String, storage: any Storage = SystemStorage(),
    progress: ((UInt64, UInt64) -> Void)? = nil
  ) throws(FileError) -> VerifyReport {
    let (found, missing) = try SegmentSearch.segments(at: path, in: storage)
    return try verify(
      found.map(\.source), found.map(\.header), missing: missing, progress: progress)
  }

  private static func verify(
    _ sources: [any ByteSource], _ headers: [FileHeader], missing: [UInt64],
    progress: ((UInt64, UInt64) -> Void)?
  ) throws(FileError) -> VerifyReport {
    var scanners: [RecordingScanner] = []
    var starts: [UInt64] = [0]
    for (index, source) in sources.enumerated() {
      let limit = RecordingContents.limit(behind: index, headers)
      var scanner = try RecordingScanner(source: source, recordLimit: limit)
      try scanner.scan()
      scanners.append(scanner)
      starts.append(starts[index] + (try source.byteCount()))
    }
    let byteCount = starts[sources.count]
    let parts = scanners.map { OpenedSegment($0) }
    let status = RecordingContents.join(parts, headers, starts, missing).status
    let pass = try VerifyPass(source: sources[0], header: scanners[0].header)
    pass.update {
      $0.byteCount = byteCount
      $0.segmentCount = sources.count
      $0.status = status
      $0.comparedIndex = true
    }
    for (index, scanner) in scanners.enumerated() {
      let source = sources[index]
      if index > 0 { try pass.begin(source, scanner.header, isWhole: status.losses.isEmpty) }
      for loss in status.losses where loss.segment == scanner.header.segmentNumber {
        pass.add(problem(of: loss))
      }
      var left = scanner.list.count
      try scanner.list.forEach { entry throws(FileError) in
        left -= 1
        try pass.check(entry, isLast: left == 0)
        progress?(starts[index] + entry.position, byteCount)
      }
      if RecordingContents.limit(behind: index, headers) == .max {
        try compareIndex(source, scanner, pass)
      }
    }
    for segment in status.missingSegments {
      pass.add(
        Problem(
          FormatError(.truncated, at: 0), expected: "a file of segment \(segment)", found: "none"))
    }
    return pass.report
  }

  private static func problem(of loss: Loss) -> Problem {
    let count = loss.range.upperBound - loss.range.lowerBound
    return Problem(
      loss.error, record: loss.sequences?.lowerBound,
      expected: "records that can be read",
      found: "\(count) bytes from position \(loss.range.lowerBound): \(loss.error.code.sentence)")
  }

  /// Compares what the index says with what the scan has found, record by record.
  private static func compareIndex(
    _ source: any ByteSource, _ scanner: RecordingScanner, _ pass: VerifyPass
  ) throws(FileError) {
    guard scanner.status.isClosed, !scanner.status.isHeaderRebuilt else {
      pass.update { $0.comparedIndex = false }
      return
    }
    do throws(FileError) {
      guard try IndexReader.read(source: source, header: scanner.header) != nil else {
        throw FileError.format(FormatError(.index, at: try source.byteCount()))
      }
      try compare(try IndexReader(source, scanner.header), scanner, source)
    } catch {
      guard case .format(let problem) = error else { throw error }
      pass.update { $0.comparedIndex = false }
      pass.add(
        Problem(
          problem, expected: "an index of the \(scanner.list.count) records that were found",
          found: "one that says something else, or that cannot be read"))
    }
  }

  private static func compare(
    _ index: IndexReader, _ scanner: RecordingScanner, _ source: any ByteSource
  ) throws(FileError) {
    var cursor = RecordCursor(scanner.list)
    let loader = SectionLoader(source: source, id: scanner.header.recordingID)
    var place = IndexReader.Place()
    for indexPosition in try index.chain() {
      try index.forEachRecord(ofIndex: indexPosition, from: place) {
        entry, sections throws(FileError) in
        guard let found = cursor.next() else {
          throw .format(FormatError(.index, at: entry.position))
        }
        place.sequence &+= 1
        guard found == entry else { throw .format(FormatError(.index, at: found.position)) }
        guard entry.type == .data else { return }
        let places = try loader.sections(of: found)
        let isSame =
          places.count == sections.count
          && zip(places, sections).allSatisfy { place, section in
            var section = section
            section.checksum = place.entry.checksum
            return section == place.entry
          }
        guard isSame else { throw .format(FormatError(.index, at: found.position)) }
      }
      place.position = indexPosition
    }
  }
}
