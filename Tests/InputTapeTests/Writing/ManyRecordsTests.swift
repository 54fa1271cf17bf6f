// SPDX-License-Identifier: Apache-2.0
//
// Records of other tools, very many of them, and no event between them.

import InputTape
import Testing

@Suite struct ManyRecordsTests {
  private static func payload(_ number: Int) -> [UInt8] {
    [UInt8](repeating: UInt8(number & 0xFF), count: 100)
  }

  /// An index stands after each 4 MiB of records, whatever they are; and few wait for an event.
  @Test func recordsWithoutEventsAreWrittenAndIndexed() throws {
    let sink = MemorySink()
    let writer = RecordingWriter(sink: sink)
    let count = 70_000
    for number in 0..<count {
      writer.append(ExtraRecord(type: 200, payload: Self.payload(number)))
    }
    try writer.flush()
    #expect(sink.bytes.count > 5 << 20)
    try writer.finish()
    let source = MemorySource(sink.bytes)
    let report = try RecordingVerifier.verify(source)
    #expect(report.isSound && report.comparedIndex)
    // The metadata, the records, two indexes between them and the last one.
    #expect(report.recordCount == count + 4)
    let reader = try RecordingReader(source: source)
    #expect(reader.status.usedIndex)
    let records = try reader.extraRecords()
    #expect(records.count == count)
    #expect(records.enumerated().allSatisfy { $1.record.payload == Self.payload($0) })
  }
}
