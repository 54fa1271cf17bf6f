// SPDX-License-Identifier: Apache-2.0
//
// Events made of arbitrary bytes, into a batch, encoded and decoded: every event must come back.

import InputTapeCore

/// Events out of bytes, through a batch and a section of any settings.
public final class BatchProbe: Probe {
  private let encoder = SectionEncoder()
  private let decoder = SectionDecoder()
  private var decoded = EventBatch(track: TrackID(rawValue: 3))
  private var encoded: [UInt8] = []

  public init() {}

  public func run(_ bytes: [UInt8]) -> Bool {
    var input = ProbeInput(bytes)
    let choice = Int(input.uint8())
    let track = TrackID(rawValue: 3)
    var batch = EventBatch(track: track)
    var events: [Event] = []
    while !input.isEmpty {
      let event = input.event(track: track, after: events.last?.time ?? 0)
      batch.append(event)
      events.append(event)
    }
    compare(batch, events)
    encoded.removeAll(keepingCapacity: true)
    let settings = SectionRoundTrip.settings[choice % SectionRoundTrip.settings.count]
    let form = encoder.encode(batch, settings: settings, into: &encoded)
    let firstTime = batch.times.first ?? 0
    do throws(FormatError) {
      try decoder.decode(
        encoded.span, form: form, eventCount: batch.count, firstTime: firstTime, kinds: .all,
        at: 0, into: &decoded)
    } catch {
      preconditionFailure("What was encoded cannot be decoded: \(error), \(settings)")
    }
    compare(decoded, events)
    return true
  }

  private func compare(_ batch: EventBatch, _ events: [Event]) {
    var index = 0
    batch.forEachEvent { event in
      precondition(event == events[index], "An event came back changed")
      index += 1
    }
    precondition(index == events.count, "Events were lost")
  }
}
