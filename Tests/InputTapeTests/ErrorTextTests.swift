// SPDX-License-Identifier: Apache-2.0
//
// Errors in words, as a program prints them that knows nothing about them.

import InputTape
import InputTapeTestKit
import Testing

@Suite struct ErrorTextTests {
  private func text(_ body: () throws -> Void) -> String {
    do {
      try body()
      return ""
    } catch {
      return "\(error)"
    }
  }

  @Test func theSystemsErrorsSayWhatCouldNotBeDone() {
    #expect(
      text { _ = try RecordingReader(path: "/nowhere/a.itape") }
        == "cannot open /nowhere/a.itape: No such file or directory")
    #expect(
      text { _ = try RecordingWriter(path: "/nowhere/a.itape") }
        == "cannot create /nowhere/a.itape: No such file or directory")
  }

  @Test func theSystemsErrorsNameTheFile() throws {
    #expect(throws: FileError.system(operation: "open", path: "/nowhere/a.itape", code: 2)) {
      _ = try RecordingReader(path: "/nowhere/a.itape")
    }
    let storage = MemoryStorage()
    storage.capacity = 100
    let writer = try RecordingWriter(
      path: "/r/a.itape", environment: WriterEnvironment(storage: storage))
    for time in 0..<1_000 { writer.motion(at: Int64(time), x: Int32(time * time % 251), y: 0) }
    #expect(throws: FileError.system(operation: "write", path: "/r/a.itape", code: 28)) {
      try writer.flush()
    }
  }

  @Test func wrongBytesSayWhereAndWhat() {
    let bytes = [UInt8](repeating: 7, count: 100)
    #expect(
      text { _ = try RecordingReader(source: MemorySource(bytes)) }
        == "position 0: expected the magic of a recording (error 30)")
    let error = FormatError(.sectionChecksum, at: 98_725)
    #expect("\(error)" == "position 98725: the section's checksum is wrong (error 22)")
    #expect("\(FileError.format(error))" == "\(error)")
  }
}
