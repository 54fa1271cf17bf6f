// SPDX-License-Identifier: Apache-2.0
//
// Arbitrary bytes as the payload of a recording's INDEX record, all checksums mended: whatever it
// claims, the events are those that a scan finds.

import InputTape
import InputTapeCore

/// An index that anybody may have written, over records that are good.
public final class IndexProbe: Probe {
  /// A recording up to its INDEX record, and the events in it.
  private let base: [UInt8]
  private let events: [Event]
  private let sequence: UInt32
  private let id = HeaderProbe.id

  public init() {
    var options = WriterOptions()
    options.recordingID = id
    options.eventsPerBlock = 8
    options.encoding.compression = .none
    let sink = MemorySink()
    let writer = RecordingWriter(sink: sink, options: options)
    for index in 0..<10 {
      writer.motion(at: Int64(index) * 1_000, x: Int32(index), y: -1)
    }
    // Blocks of more sections than a header has room for, most of which begin later.
    for index in 10..<22 {
      let track = TrackID(rawValue: UInt16(index % 6))
      writer.axis(at: Int64(index) * 1_000, axis: 0, value: Int32(index), track: track)
    }
    do {
      try writer.finish()
    } catch {
      preconditionFailure("Writing to memory failed: \(error)")
    }
    guard let contents = ProbeContents(sink.bytes, opening: .scan) else {
      preconditionFailure("What was written is no recording")
    }
    let bytes = sink.bytes
    let place = bytes.suffix(Trailer.byteCount).prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
    base = Array(bytes[..<place])
    events = contents.events
    guard let index = try? RecordHeader.decode(bytes.span.extracting(place...), id: id, at: 0)
    else { preconditionFailure("The last record is none") }
    sequence = index.sequence
  }

  public func run(_ bytes: [UInt8]) -> Bool {
    var input = ProbeInput(bytes)
    let head = input.uint8()
    var payload = input.rest
    if head & 1 == 0, !payload.isEmpty { payload[0] = 0 }
    let recording = base + record(payload, flags: .final) + trailer
    guard let indexed = ProbeContents(recording, opening: .automatic),
      let scanned = ProbeContents(recording, opening: .scan)
    else { preconditionFailure("A good header was refused") }
    precondition(scanned.events == events, "A scan lost events")
    // What an index says wrongly of a block is a loss, and said to be one.
    precondition(
      indexed.events == events || !indexed.isWhole, "An index hid or changed events")
    guard let reader = try? RecordingReader(source: MemorySource(recording), mode: .salvage)
    else { return false }
    return reader.status.usedIndex
  }

  private func record(_ payload: [UInt8], flags: RecordFlags) -> [UInt8] {
    let encoded = RecordEncoder().encode(
      .index, flags: flags, payload: payload, compression: .none, sequence: sequence, id: id)
    return encoded.bytes
  }

  private var trailer: [UInt8] { Trailer.encode(indexPosition: UInt64(base.count), id: id) }
}
