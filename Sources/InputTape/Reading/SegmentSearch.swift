// SPDX-License-Identifier: Apache-2.0
//
// Which files a recording is in (Specs/Format.md, section 9.6).

import InputTapeCore

/// Finds the segments of a recording.
enum SegmentSearch {
  /// A segment's file, opened.
  struct Found {
    var path = ""
    var source: any ByteSource
    var header: FileHeader
  }

  /// The segments of the recording in a file or a folder, in order.
  ///
  /// A file that is not the first segment stands alone.
  static func segments(
    at path: String, in storage: any Storage
  ) throws(FileError) -> (found: [Found], missing: [UInt64]) {
    let first = try firstPath(path, storage)
    let source = try storage.open(first)
    guard let header = try header(of: source) else {
      // Whoever opens it says what is wrong.
      return ([Found(path: first, source: source, header: FileHeader(recordingID: .none))], [])
    }
    var found = [Found(path: first, source: source, header: header)]
    guard header.segmentNumber == 0 else { return (found, []) }
    var missing: [UInt64] = []
    var number: UInt64 = 1
    let last = try lastNumber(first, storage)
    while number <= last {
      if let next = try segment(number, of: first, header, storage) {
        found.append(next)
      } else {
        missing.append(number)
      }
      number += 1
    }
    // Files of an older recording of the same name are none of this one.
    while let end = missing.last, end > found[found.count - 1].header.segmentNumber {
      missing.removeLast()
    }
    return (found, missing)
  }

  private static func segment(
    _ number: UInt64, of first: String, _ header: FileHeader, _ storage: any Storage
  ) throws(FileError) -> Found? {
    let source: any ByteSource
    let path = SegmentFiles.path(first, segment: number)
    do {
      source = try storage.open(path)
    } catch {
      if case .system(_, ENOENT) = error { return nil }
      throw error
    }
    guard let own = try self.header(of: source), own.recordingID == header.recordingID,
      own.segmentNumber == number
    else { return nil }
    return Found(path: path, source: source, header: own)
  }

  /// The file header, or a copy of it.
  private static func header(of source: any ByteSource) throws(FileError) -> FileHeader? {
    do {
      return try RecordingScanner(source: source).header
    } catch {
      guard case .format = error else { throw error }
      return nil
    }
  }

  /// The highest number that a file has beside the first segment.
  private static func lastNumber(
    _ first: String, _ storage: any Storage
  ) throws(FileError) -> UInt64 {
    let folder = storage.folder(of: first)
    let name = String(first.split(separator: "/").last ?? "")
    var last: UInt64 = 0
    guard let names = try? storage.names(in: folder) else { return 0 }
    for other in names {
      guard let number = SegmentFiles.number(of: other, first: name) else { continue }
      last = max(last, number)
    }
    return last
  }

  /// The path of the first segment: of a folder's only recording, or the path itself.
  private static func firstPath(
    _ path: String, _ storage: any Storage
  ) throws(FileError) -> String {
    let names: [String]
    do {
      names = try storage.names(in: path)
    } catch {
      return path
    }
    var firsts: [String] = []
    for name in names where name.hasSuffix(".itape") {
      let source = try storage.open("\(path)/\(name)")
      if try header(of: source)?.segmentNumber == 0 { firsts.append(name) }
    }
    guard let first = firsts.first, firsts.count == 1 else {
      throw .system(
        operation: "choose among the \(firsts.count) recordings in \(path)",
        code: firsts.isEmpty ? ENOENT : EINVAL)
    }
    return "\(path)/\(first)"
  }
}

extension RecordingID {
  /// Stands for an ID that is not known.
  static let none = RecordingID(bytes: [UInt8](repeating: 0, count: 16))
}
