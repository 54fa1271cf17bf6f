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
    var options = WriterOptions()
    options.encoding.preset = preset
    var (encode, decode) = (0.0, 0.0)
    for _ in 0..<5 {
      let (bytes, encodeRate) = try write(group, repeats, options)
      encode = max(encode, encodeRate)
      decode = max(decode, try columnRate(bytes, expecting: group.count * repeats))
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

  private static func write(
    _ group: EventGroup, _ repeats: Int, _ options: WriterOptions
  ) throws -> (bytes: [UInt8], rate: Double) {
    let last = group.batches.compactMap(\.times.last).max() ?? 0
    var batches = group.batches
    let sink = MemorySink()
    let start = ContinuousClock.now
    let writer = RecordingWriter(sink: sink, options: options)
    for _ in 0..<repeats {
      writer.append(batches)
      for track in batches.indices {
        for index in batches[track].times.indices { batches[track].times[index] += last }
      }
    }
    try writer.finish()
    return (sink.bytes, Double(group.count * repeats) / seconds(since: start))
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
