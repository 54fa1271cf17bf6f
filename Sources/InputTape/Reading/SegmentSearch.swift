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
  /// A file that is not the first segment stands alone. A first one that is destroyed, or that is
  /// not there, is left out where others are: its sync may have failed, and they have what it had.
  static func segments(
    at path: String, in storage: any Storage
  ) throws(FileError) -> (found: [Found], missing: [UInt64]) {
    let first = try firstPath(path, storage)
    var source: (any ByteSource)?
    var failure: FileError?
    do throws(FileError) {
      source = try storage.open(first)
    } catch {
      failure = error
    }
    if let source, let header = try header(of: source) {
      let found = Found(path: first, source: source, header: header)
      guard header.segmentNumber == 0 else { return ([found], []) }
      return try others(behind: found, first, storage)
    }
    let (found, missing) = try others(behind: nil, first, storage)
    if !found.isEmpty { return (found, missing) }
    // Whoever opens it says what is wrong.
    guard let source else { throw failure ?? .system(operation: "open", path: first, code: ENOENT) }
    return ([Found(path: first, source: source, header: FileHeader(recordingID: .none))], [])
  }

  private static func others(
    behind head: Found?, _ first: String, _ storage: any Storage
  ) throws(FileError) -> (found: [Found], missing: [UInt64]) {
    var found = head.map { [$0] } ?? []
    var missing: [UInt64] = []
    var expected: UInt64 = head == nil ? 0 : 1
    for number in numbers(first, storage) {
      guard let next = try segment(number, of: first, found.first?.header, storage) else {
        continue
      }
      // A second segment that has all records again needs no first one.
      if number == 1, next.header.predecessorRecordCount == 0 { expected = 1 }
      while expected < number, missing.count < LossList.limit {
        missing.append(expected)
        expected += 1
      }
      found.append(next)
      expected = number + 1
    }
    return (found, missing)
  }

  private static func segment(
    _ number: UInt64, of first: String, _ header: FileHeader?, _ storage: any Storage
  ) throws(FileError) -> Found? {
    let path = SegmentFiles.path(first, segment: number)
    guard let source = try file(path, storage), let own = try self.header(of: source),
      own.segmentNumber == number,
      header.map({ $0.recordingID == own.recordingID }) ?? true
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

  /// The numbers that files have beside the first segment, sorted.
  static func numbers(_ first: String, _ storage: any Storage) -> [UInt64] {
    let name = String(first.split(separator: "/").last ?? "")
    guard let names = try? storage.names(in: storage.folder(of: first)) else { return [] }
    return names.compactMap { SegmentFiles.number(of: $0, first: name) }
      .filter { $0 < UInt64.max }.sorted()
  }

  /// Refuses to begin a recording beside segments that would be taken for its own, or be in the way
  /// of its own.
  static func refuseOthers(
    beside path: String, options: WriterOptions, id: RecordingID, _ storage: any Storage
  ) throws(FileError) {
    guard options.mayHaveSegments || options.isReplacing else { return }
    for number in numbers(path, storage) {
      let other = SegmentFiles.path(path, segment: number)
      if options.isReplacing {
        guard let source = try file(other, storage), try header(of: source)?.recordingID == id
        else { continue }
      }
      throw .system(operation: "begin \(path) beside", path: other, code: EEXIST)
    }
  }

  /// A file; nil for what only has the name of one: a pipe, a folder, a link to nothing.
  private static func file(
    _ path: String, _ storage: any Storage
  ) throws(FileError) -> (any ByteSource)? {
    do throws(FileError) {
      return try storage.open(path)
    } catch {
      switch error {
      case .system(_, _, ENOENT), .system(_, _, ESPIPE), .system(_, _, ELOOP): return nil
      default: throw error
      }
    }
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
    let files = names.filter { $0.hasSuffix(".itape") }
    // By their bytes: the system tells names apart that look alike.
    var firsts: Set<[UInt8]> = []
    for name in files {
      guard let source = try file("\(path)/\(name)", storage) else { continue }
      switch try header(of: source)?.segmentNumber {
      case 0?: firsts.insert(Array(name.utf8))
      case let number?:
        // Of a recording whose first file is not there, or destroyed, the others tell its name.
        if let first = SegmentFiles.firstName(of: name, segment: number) {
          firsts.insert(Array(first.utf8))
        }
      case nil: break
      }
    }
    // Whoever opens the only file says what is wrong with it.
    if firsts.isEmpty, files.count == 1 { firsts = [Array(files[0].utf8)] }
    guard let first = firsts.first else {
      throw .system(operation: "find a recording in", path: path, code: ENOENT)
    }
    guard firsts.count == 1 else {
      let names = firsts.map { String(decoding: $0, as: UTF8.self) }.sorted()
      let more = names.count > 3 ? " and \(names.count - 3) more" : ""
      throw .system(
        operation: "choose among \(names.prefix(3).joined(separator: ", "))\(more) in",
        path: path, code: EISDIR)
    }
    return "\(path)/\(String(decoding: first, as: UTF8.self))"
  }
}

extension RecordingID {
  /// Stands for an ID that is not known.
  static let none = RecordingID(bytes: [UInt8](repeating: 0, count: 16))
}
