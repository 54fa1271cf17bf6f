// SPDX-License-Identifier: Apache-2.0
//
// States at moments before, within and behind gaps, across blocks, keyframes, tracks and segments.

import InputTape
import InputTapeCore
import InputTapeProbes
import InputTapeTestKit

/// Recordings in which something is always held and much is missing.
enum StateWalkCases {
  static var all: [DigestCase] {
    (1...5 as ClosedRange<UInt64>).map { seed in
      DigestCase("state/walk-\(seed)") { seen in
        let bytes = try recording(seed)
        addStates(of: bytes, every: 5, &seen)
        // What cannot be read is uncertain.
        for offset in stride(from: 100 + Int(seed), to: bytes.count, by: 307) {
          var changed = bytes
          changed[offset] ^= 4
          addStates(of: changed, every: 29, &seen)
          Mender.mend(&changed)
          addStates(of: changed, every: 29, &seen)
          seen.mark("byte \(offset)")
        }
      }
    }
  }

  private static func recording(_ seed: UInt64) throws -> [UInt8] {
    var options = ContainerCases.options
    options.eventsPerBlock = [4, 9, 20, 35, 60][Int(seed) - 1]
    let sink = MemorySink()
    let writer = RecordingWriter(sink: sink, options: options)
    var rng = SeededRandom(seed: seed)
    for step in 0..<160 {
      let track = TrackID(rawValue: UInt16(rng.number(below: 3)))
      let time = Int64(step * 2)
      switch rng.number(below: 5) {
      case 0:
        let first = time + Int64(rng.number(below: 120)) - 90
        writer.append(
          Event(
            time: rng.isOne(in: 3) ? first : time, track: track,
            body: .gap(
              Gap(
                cause: rng.element([.paused, .queueFull, .diskFull, .syncFailed]),
                count: Int64(rng.number(below: 3)), isLowerBound: rng.isOne(in: 2),
                firstTime: first, lastTime: first + Int64(rng.number(below: 60))))))
      case 1:
        writer.button(at: time, button: 1, state: rng.isOne(in: 2) ? .up : .down, track: track)
      case 2: writer.motion(at: time, x: Int32(step), y: 1, track: track)
      default:
        writer.key(
          at: time, code: UInt32(rng.number(below: 3)), state: rng.isOne(in: 4) ? .up : .down,
          track: track)
      }
    }
    try writer.finish()
    return sink.bytes
  }

  private static func addStates(of bytes: [UInt8], every step: Int64, _ seen: inout Observation) {
    for opening in [RecordingReader.Opening.automatic, .scan] {
      seen.attempt("\(opening)") { seen in
        let reader = try RecordingReader(
          source: MemorySource(bytes), opening: opening, mode: .salvage)
        for time in stride(from: Int64(-9), to: 340, by: Int64.Stride(step)) {
          seen.attempt("\(time)") { $0.add(try reader.state(at: time)) }
        }
        seen.add(reader.status)
      }
    }
  }
}
