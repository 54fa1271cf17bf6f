// SPDX-License-Identifier: Apache-2.0
//
// Small recordings cut at every byte and with every bit flipped (invariants: what is returned was
// written, what is missing is reported, nothing traps), and sinks that fail.

import InputTape
import Testing

@Suite struct RecordingDamageTests {
  private static let settings: [EncodingSettings] = [
    EncodingSettings(), EncodingSettings(preset: .compact), EncodingSettings(compression: .none),
    EncodingSettings(compression: .deflate(level: nil)),
  ]

  private static let events = RoundTripTests.ordered(RoundTripTests.events(60))

  private func record(_ settings: EncodingSettings) throws -> [UInt8] {
    let sink = MemorySink()
    var options = WriterOptions()
    options.encoding = settings
    options.eventsPerBlock = 20
    options.recordingID = RecordingID(bytes: Array(1...16))
    let writer = RecordingWriter(sink: sink, options: options)
    for event in Self.events { writer.append(event) }
    try writer.finish()
    return sink.bytes
  }

  @Test(arguments: settings)
  func everyPrefixGivesItsWholeBlocks(_ settings: EncodingSettings) throws {
    let bytes = try record(settings)
    var counts: Set<Int> = []
    for length in bytes.indices {
      guard
        let (events, status) = try? RoundTripTests.read(Array(bytes[..<length]))
      else {
        #expect(length < 64)
        continue
      }
      #expect(!status.isComplete)
      #expect(events.count % 20 == 0)
      #expect(events == Array(Self.events.prefix(events.count)))
      counts.insert(events.count)
    }
    #expect(counts == [0, 20, 40, 60])
    print("cuts: \(bytes.count)")
  }

  /// Every bit is flipped and looked for; the reader, and the form that is slow to decode, take two
  /// bits of each byte, and `make soak-readers` all of them.
  @Test(arguments: settings.prefix(2))
  func noFlippedBitGoesUndetected(_ settings: EncodingSettings) throws {
    let bytes = try record(settings)
    let written = Set(Self.events)
    var flips = 0
    for index in bytes.indices {
      for bit in 0..<8 {
        let isRead = bit & 3 == index & 3
        guard isRead || settings.preset != .compact else { continue }
        var damaged = bytes
        damaged[index] ^= 1 << bit
        let source = MemorySource(damaged)
        if let report = try? RecordingVerifier.verify(source) {
          // A minor version or a compatible feature of a later writer is no damage, but its
          // checksum is.
          #expect(!report.isSound, "byte \(index) bit \(bit)")
        }
        if isRead, let (events, _) = try? RoundTripTests.read(damaged) {
          #expect(events.allSatisfy(written.contains))
          #expect(events.count >= Self.events.count - 20)
        }
        flips += 1
      }
    }
    #expect(flips >= 2 * bytes.count)
    print("flips: \(flips)")
  }

  /// Refuses some of its writes.
  private final class FailingSink: ByteSink {
    let memory = MemorySink()
    var refused: Set<Int>
    var calls = 0

    init(refusing refused: Set<Int>) { self.refused = refused }

    func write(_ bytes: Span<UInt8>) throws(FileError) {
      calls += 1
      if refused.contains(calls) { throw .system(operation: "write", code: 28) }
      try memory.write(bytes)
    }

    func sync() throws(FileError) {}
  }

  @Test func eventsThatCannotBeWrittenAreCounted() throws {
    for refused in 4..<9 {
      let sink = FailingSink(refusing: [refused])
      var options = WriterOptions()
      options.eventsPerBlock = 20
      let writer = RecordingWriter(sink: sink, options: options)
      for event in Self.events { writer.append(event) }
      _ = try? writer.finish()
      let reader = try RecordingReader(source: MemorySource(sink.memory.bytes))
      var readable = 0
      var missing: Int64 = 0
      try reader.forEachEvent { event in
        if case .gap(let gap) = event.body { missing += gap.count } else { readable += 1 }
      }
      if refused < 6 { #expect(readable + Int(missing) == Self.events.count, "call \(refused)") }
      #expect(reader.status.losses.isEmpty)
    }
  }
}
