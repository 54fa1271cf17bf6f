// SPDX-License-Identifier: Apache-2.0
//
// The state at a moment of a recording that is damaged somewhere: what is called certain is so.

import InputTape
import InputTapeTestKit
import Testing

@Suite struct DamagedStateTests {
  private static let id = RecordingID(bytes: Array(1...16))
  private static let eventCount = 600

  /// Keys of three keyboards that go down and up, and what is down after each event.
  private struct Keys {
    var events: [Event] = []
    var held: [[TrackID: Set<UInt32>]] = []

    init() {
      var rng = SeededRandom(seed: 11)
      var now: [TrackID: Set<UInt32>] = [:]
      for number in 0..<DamagedStateTests.eventCount {
        let track = TrackID(rawValue: UInt16(Int.random(in: 0..<3, using: &rng)))
        let code = UInt32(Int.random(in: 4..<12, using: &rng))
        let isDown = now[track]?.contains(code) ?? false
        if isDown { now[track]?.remove(code) } else { now[track, default: []].insert(code) }
        let body = Event.Body.key(code: code, state: isDown ? .up : .down)
        events.append(Event(time: Int64(number), track: track, body: body))
        held.append(now)
      }
    }
  }

  private func bytes(of keys: Keys) throws -> [UInt8] {
    let sink = MemorySink()
    var options = WriterOptions()
    options.recordingID = Self.id
    options.eventsPerBlock = 20
    let writer = RecordingWriter(sink: sink, options: options)
    for event in keys.events { writer.append(event) }
    try writer.finish()
    return sink.bytes
  }

  /// Changes a byte of each record: of its header, its directory, its sections.
  private func places(in bytes: [UInt8]) throws -> [Int] {
    var places: [Int] = []
    for record in try FoundRecord.all(in: bytes) {
      let (payload, end) = (record.payload, record.end)
      places += [record.start + 9, payload + 3, (payload + end) / 2, end - 9].filter { $0 < end }
    }
    return places
  }

  @Test func whatIsCalledCertainIsSo() throws {
    let keys = Keys()
    let whole = try bytes(of: keys)
    var (asked, certain, uncertain, refused) = (0, 0, 0, 0)
    for place in try places(in: whole) {
      var bytes = whole
      bytes[place] ^= 0x55
      for opening in [RecordingReader.Opening.automatic, .scan] {
        let reader = try RecordingReader(
          source: MemorySource(bytes), opening: opening, mode: .salvage)
        for number in stride(from: 9, to: Self.eventCount, by: 37) {
          guard let state = try? reader.state(at: Int64(number)) else {
            refused += 1
            continue
          }
          asked += 1
          for (track, held) in state.tracks {
            let truth = keys.held[number][track] ?? []
            let isTrue = truth.isSuperset(of: held.keys)
            #expect(isTrue, "byte \(place), \(opening), moment \(number), track \(track)")
            certain += held.keys.count
            uncertain += held.uncertain.keys.count
          }
        }
      }
    }
    print("states in damage: \(asked), keys: \(certain) certain, \(uncertain) uncertain")
    #expect(refused == 0 && asked > 3_000 && certain > 10_000 && uncertain > 1_000)
  }
}
