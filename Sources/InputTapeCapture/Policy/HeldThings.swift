// SPDX-License-Identifier: Apache-2.0
//
// What is held on one track, and what the recording believes to be held.

import InputTapeCore

/// Keys, buttons and contacts that are down: in truth, and as far as has been recorded.
struct HeldThings {
  private struct Thing: Hashable {
    var kind: EventKind
    var number: Int32
  }

  private var held: [Thing: CaptureSample] = [:]
  private var recorded: Set<Thing> = []

  /// No hand holds more; what comes beyond that is not watched.
  private static let limit = 256

  private static func thing(_ sample: CaptureSample) -> (Thing, isDown: Bool)? {
    let number = sample.fields.a
    switch sample.kind {
    case .key, .button:
      return (Thing(kind: sample.kind, number: number), sample.fields.b != 0)
    case .touch:
      let phase = Phase(rawValue: sample.fields.b)
      return (Thing(kind: .touch, number: number), phase != .ended && phase != .cancelled)
    default: return nil
    }
  }

  /// Takes note of an event, recorded or not.
  mutating func note(_ sample: CaptureSample, isRecorded: Bool) {
    guard let (thing, isDown) = Self.thing(sample) else { return }
    if !isDown {
      held[thing] = nil
      if isRecorded { recorded.remove(thing) }
    } else if held.count < Self.limit {
      held[thing] = sample
      if isRecorded { recorded.insert(thing) }
    }
  }

  /// The events that tell the recording what has changed while it did not listen.
  mutating func repairs(at time: Int64, track: TrackID) -> [CaptureSample] {
    var samples: [CaptureSample] = []
    for thing in recorded where held[thing] == nil {
      let isTouch = thing.kind == .touch
      let fields = CaptureSample.Fields(
        thing.number, isTouch ? Phase.cancelled.rawValue : 0, 0, 0,
        isTouch ? CaptureSample.notReported : 0)
      samples.append(CaptureSample(time: time, track: track, kind: thing.kind, fields))
    }
    for (thing, sample) in held where !recorded.contains(thing) {
      var sample = sample
      sample.time = time
      samples.append(sample)
    }
    recorded = Set(held.keys)
    return samples.sorted { ($0.kind, $0.fields.a) < ($1.kind, $1.fields.a) }
  }
}
