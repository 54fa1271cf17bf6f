// SPDX-License-Identifier: Apache-2.0
//
// Recordings of more segments than are open at once, and folders with what is no file.

import Foundation
import InputTape
import InputTapeTestKit
import Testing

@Suite(.serialized) struct ManyFilesTests {
  private func withFolder(_ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("itape-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try body(folder)
  }

  /// As many segments as events: a block each.
  private func record(_ path: String, segments: Int) throws {
    var options = WriterOptions()
    options.eventsPerBlock = 1
    options.segmentByteLimit = 1
    options.reblocksAtEnd = false
    let writer = try RecordingWriter(path: path, options: options)
    for number in 0..<segments { writer.motion(at: Int64(number), x: Int32(number), y: 0) }
    #expect(try writer.finish().segmentCount == segments)
  }

  private func descriptorCount() throws -> Int {
    try FileManager.default.contentsOfDirectory(atPath: "/dev/fd").count
  }

  @Test func aRecordingMayHaveMoreSegmentsThanAreOpenAtOnce() throws {
    try withFolder { folder in
      let count = 300
      try record("\(folder)/a.itape", segments: count)
      let before = try descriptorCount()
      let reader = try RecordingReader(path: folder)
      #expect(reader.segmentCount == count)
      #expect(try descriptorCount() < before + 140)
      for _ in 0..<2 {
        var found: [Int32] = []
        try reader.forEachEvent { event in
          if case .motion(let x, _) = event.body { found.append(x) }
        }
        #expect(found == Array(0..<Int32(count)) && reader.status.isComplete)
      }
      print("\(count) segments read with \(try descriptorCount() - before) descriptors more")
    }
  }

  @Test func aFileThatWasReplacedWhileItWasClosedIsNotMistakenForItself() throws {
    try withFolder { folder in
      func path(_ number: Int) -> String { "\(folder)/\(number)" }
      for number in 0..<200 { try Data("\(number)".utf8).write(to: URL(filePath: path(number))) }
      let sources = try (0..<200).map { try FileSource(path: path($0)) }
      var bytes: [UInt8] = []
      for (number, source) in sources.enumerated() {
        try source.read(at: 0, count: 9, into: &bytes)
        #expect(bytes == Array("\(number)".utf8))
      }
      // The first has been closed since; another file takes its name.
      try FileManager.default.moveItem(atPath: path(1), toPath: path(0) + ".new")
      try FileManager.default.removeItem(atPath: path(0))
      try FileManager.default.moveItem(atPath: path(0) + ".new", toPath: path(0))
      #expect(throws: FileError.system(operation: "open again", path: path(0), code: ESTALE)) {
        try sources[0].read(at: 0, count: 9, into: &bytes)
      }
      // One that is open still reads the file that it is.
      try FileManager.default.removeItem(atPath: path(199))
      try sources[199].read(at: 0, count: 9, into: &bytes)
      #expect(bytes == Array("199".utf8))
    }
  }

  @Test func whatIsNoFileIsPassedOverInAFolder() throws {
    try withFolder { folder in
      try record("\(folder)/a.itape", segments: 3)
      #expect(mkfifo("\(folder)/pipe.itape", 0o600) == 0)
      #expect(mkfifo("\(folder)/a.0004.itape", 0o600) == 0)
      #expect(symlink("nowhere", "\(folder)/link.itape") == 0)
      #expect(symlink("loop.itape", "\(folder)/loop.itape") == 0)
      #expect(mkdir("\(folder)/folder.itape", 0o700) == 0)
      let reader = try RecordingReader(path: folder)
      #expect(reader.segmentCount == 3 && reader.eventCount == 3 && reader.status.isComplete)
      #expect(
        throws: FileError.system(operation: "open", path: "\(folder)/pipe.itape", code: ESPIPE)
      ) {
        _ = try RecordingReader(path: "\(folder)/pipe.itape")
      }
    }
  }
}
