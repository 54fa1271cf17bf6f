// SPDX-License-Identifier: Apache-2.0
//
// Encoding and decoding of a file of JSON lines, in memory and on one thread: two rates on one
// line.
//
//   BenchFile FILE.jsonl fast|balanced|compact [EVENTS]

import Foundation
import InputTape
import InputTapeInterchange

/// Repeats a file's events, one recording after another, and prints the best of five runs.
@main
struct BenchFile {
  static func main() throws {
    let arguments = CommandLine.arguments
    guard arguments.count >= 3, let preset = Preset(rawValue: arguments[2]) else {
      print("usage: BenchFile FILE.jsonl fast|balanced|compact [EVENTS]")
      exit(64)
    }
    let group = try read(arguments[1])
    let wanted = arguments.count > 3 ? Int(arguments[3]) ?? 1_000_000 : 1_000_000
    let repeats = max(wanted / max(group.count, 1), 1)
    let count = group.count * repeats
    let recordings = (0..<repeats).map { shifted(group, by: $0) }
    var options = WriterOptions()
    options.encoding.preset = preset
    var (encode, decode) = (0.0, 0.0)
    for _ in 0..<5 {
      let (bytes, encodeRate) = try write(recordings, count, options)
      encode = max(encode, encodeRate)
      decode = max(decode, try columnRate(bytes, expecting: count))
    }
    print("encode \(Int(encode)) decode \(Int(decode))")
  }

  private static func read(_ path: String) throws -> EventGroup {
    let text = [UInt8](try Data(contentsOf: URL(filePath: path)))
    var reader = JSONLReader(MemoryInput(text))
    var all: [TrackID: EventBatch] = [:]
    var group = EventGroup()
    while try reader.read(into: &group, limit: 65_536) > 0 {
      for batch in group.batches {
        batch.forEachEvent { all[batch.track, default: EventBatch(track: batch.track)].append($0) }
      }
      group.removeAll()
    }
    return EventGroup(merging: all.keys.sorted().compactMap { all[$0] })
  }

  /// The events once more, so many recordings later.
  private static func shifted(_ group: EventGroup, by turn: Int) -> [EventBatch] {
    let last = group.batches.compactMap(\.times.last).max() ?? 0
    return group.batches.map { batch in
      var batch = batch
      batch.times = batch.times.map { $0 &+ last &* Int64(turn) }
      return batch
    }
  }

  private static func write(
    _ recordings: [[EventBatch]], _ count: Int, _ options: WriterOptions
  ) throws -> (bytes: [UInt8], rate: Double) {
    let sink = MemorySink()
    let start = ContinuousClock.now
    let writer = RecordingWriter(sink: sink, options: options)
    for batches in recordings { writer.append(batches) }
    try writer.finish()
    return (sink.bytes, Double(count) / seconds(since: start))
  }

  private static func columnRate(_ bytes: [UInt8], expecting count: Int) throws -> Double {
    let start = ContinuousClock.now
    let reader = try RecordingReader(source: MemorySource(bytes))
    var found = 0
    try reader.forEachBlock { batches in found += batches.reduce(0) { $0 + $1.count } }
    precondition(found == count && reader.status.losses.isEmpty, "Events were lost")
    return Double(count) / seconds(since: start)
  }

  private static func seconds(since start: ContinuousClock.Instant) -> Double {
    let duration = (ContinuousClock.now - start).components
    return Double(duration.seconds) + Double(duration.attoseconds) / 1e18
  }
}
