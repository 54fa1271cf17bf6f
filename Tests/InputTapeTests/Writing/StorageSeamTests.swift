// SPDX-License-Identifier: Apache-2.0
//
// The stand-ins for the system do what the system does, and fail where they are told to.

import InputTape
import InputTapeTestKit
import Testing

@Suite struct StorageSeamTests {
  private static func write(_ text: String, to sink: any ByteSink) throws(FileError) {
    try sink.write(Array(text.utf8).span)
  }

  /// The system's files, and files in memory.
  private static func storages() throws -> [(storage: any Storage, folder: String)] {
    let folder = "/tmp/itape-seams-\(UInt64.random(in: 0 ... .max))"
    #expect(mkdir(folder, 0o700) == 0)
    return [(SystemStorage(), folder), (MemoryStorage(), "/memory")]
  }

  @Test func storagesAgreeOnWhatTheyDo() throws {
    for (storage, folder) in try Self.storages() {
      let path = folder + "/a"
      let file = try storage.create(path, replacing: false)
      #expect(throws: FileError.self) { _ = try storage.create(path, replacing: false) }
      #expect(try file.write([1, 2, 3, 4].span, at: 0) == 4)
      #expect(try file.write([9].span, at: 2) == 1)
      try file.truncate(to: 3)
      try file.sync()
      #expect(try file.isLinked())
      try storage.rename(path, to: folder + "/b")
      #expect(try storage.names(in: folder) == ["b"])
      var bytes: [UInt8] = []
      let source = try storage.open(folder + "/b")
      try source.read(at: 1, count: 10, into: &bytes)
      #expect(bytes == [2, 9])
      #expect(try source.byteCount() == 3)
      try storage.syncFolder(folder)
      try storage.remove(folder + "/b")
      #expect(try !file.isLinked())
      #expect(throws: FileError.self) { _ = try storage.open(path) }
      rmdir(folder)
    }
  }

  @Test func aRecordGoesWholeThroughShortWritesAndInterruptions() throws {
    let memory = MemoryStorage()
    let plan = FaultPlan([
      Fault([.write], call: 1, repeats: 3, effect: .short(1)),
      Fault([.write], call: 4, effect: .error(EINTR)),
      Fault([.write], call: 5, effect: .short(2)),
    ])
    let storage = FaultingStorage(memory, plan: plan)
    let sink = FileSink(try storage.create("/a", replacing: false))
    try Self.write("0123456789", to: sink)
    #expect(memory.contents("/a") == Array("0123456789".utf8))
    #expect(plan.hitCount == 5)
  }

  @Test(arguments: [ENOSPC, EIO, EROFS, EDQUOT, EFBIG]) func aRecordThatFailsLeavesNothing(
    code: Int32
  ) throws {
    for isCutRefused in [false, true] {
      let memory = MemoryStorage()
      let plan = FaultPlan([
        Fault([.write], call: 2, effect: .short(3)),
        Fault([.write], call: 3, effect: .error(code)),
      ])
      if isCutRefused { plan.add(Fault([.truncate], call: 1, effect: .error(EIO))) }
      let storage = FaultingStorage(memory, plan: plan)
      let sink = FileSink(try storage.create("/a", replacing: false))
      try Self.write("first", to: sink)
      #expect(throws: FileError.system(operation: "write", code: code)) {
        try Self.write("second", to: sink)
      }
      #expect(memory.contents("/a") == Array((isCutRefused ? "firstsec" : "first").utf8))
      try Self.write("3rd", to: sink)
      #expect(memory.contents("/a") == Array("first3rd".utf8))
    }
  }

  @Test func whatCannotBeCutTakesNothingMoreAfterPartOfARecord() throws {
    final class Pipe: StorageFile {
      let isSeekable = false
      func write(_ bytes: Span<UInt8>, at position: UInt64) throws(FileError) -> Int {
        if position >= 8 { throw .system(operation: "write", code: EIO) }
        return min(bytes.count, 8 - Int(position))
      }
      func read(at position: UInt64, count: Int, into buffer: inout [UInt8]) throws(FileError) {}
      func truncate(to byteCount: UInt64) throws(FileError) {}
      func sync() throws(FileError) {}
      func isLinked() throws(FileError) -> Bool { true }
    }
    let sink = FileSink(Pipe())
    try Self.write("0123", to: sink)
    for _ in 0..<3 {
      #expect(throws: FileError.system(operation: "write", code: EIO)) {
        try Self.write("456789", to: sink)
      }
    }
  }

  @Test func aSyncThatFailedIsNeverTriedAgain() throws {
    let plan = FaultPlan([
      Fault([.sync], call: 1, effect: .error(EINTR)), Fault([.sync], call: 2, effect: .error(EIO)),
    ])
    let storage = FaultingStorage(plan: plan)
    let sink = FileSink(try storage.create("/a", replacing: false))
    for _ in 0..<3 { #expect(throws: FileError.self) { try sink.sync() } }
    #expect(plan.count(.sync) == 2)
  }

  @Test func aFullDiskTakesPartAndThenNothing() throws {
    let memory = MemoryStorage()
    memory.capacity = 6
    let sink = FileSink(try memory.create("/a", replacing: false))
    try Self.write("1234", to: sink)
    #expect(throws: FileError.system(operation: "write", path: "/a", code: ENOSPC)) {
      try Self.write("5678", to: sink)
    }
    #expect(memory.contents("/a") == Array("1234".utf8))
    memory.capacity = 100
    try Self.write("5678", to: sink)
    #expect(memory.contents("/a") == Array("12345678".utf8))
  }

  @Test func aStorageRemembersWhatChangedIt() throws {
    let storage = RecordingStorage()
    var options = WriterOptions()
    options.reblocksAtEnd = false
    let writer = try RecordingWriter(
      path: "/a.itape", options: options, environment: WriterEnvironment(storage: storage))
    writer.motion(at: 0, x: 1, y: 2)
    try writer.finish()
    var bytes: [UInt8] = []
    for call in storage.calls {
      if case .write(0, UInt64(bytes.count), let more) = call { bytes += more }
    }
    #expect(storage.calls.first == .create(file: 0, path: "/a.itape"))
    #expect(storage.calls.suffix(2) == [.sync(file: 0), .syncFolder("/")])
    let memory = try #require(storage.base as? MemoryStorage)
    #expect(memory.contents("/a.itape") == bytes)
  }
}
