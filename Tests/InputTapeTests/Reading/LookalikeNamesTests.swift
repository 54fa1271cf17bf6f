// SPDX-License-Identifier: Apache-2.0
//
// Files whose names look alike, and are two to the system.

#if os(Linux)
  import Foundation
  import InputTape
  import Testing

  @Suite struct LookalikeNamesTests {
    private func record(_ path: String, _ count: Int) throws {
      let writer = try RecordingWriter(path: path)
      for number in 0..<count { writer.motion(at: Int64(number), x: Int32(number), y: 0) }
      try writer.finish()
    }

    @Test func twoRecordingsWithNamesThatLookAlikeAreTwo() throws {
      let folder = FileManager.default.temporaryDirectory
        .appendingPathComponent("itape-\(UUID().uuidString)").path
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      defer { try? FileManager.default.removeItem(atPath: folder) }
      let (composed, decomposed) = ("\(folder)/\u{E9}.itape", "\(folder)/e\u{301}.itape")
      try record(composed, 3)
      try record(decomposed, 5)
      #expect(try RecordingReader(path: composed).eventCount == 3)
      #expect(try RecordingReader(path: decomposed).eventCount == 5)
      #expect(throws: FileError.self) { _ = try RecordingReader(path: folder) }
      // A name like that of a second segment, of the other one.
      try record("\(folder)/e\u{301}.0001.itape", 1)
      #expect(try RecordingReader(path: composed).status.isComplete)
    }
  }
#endif
