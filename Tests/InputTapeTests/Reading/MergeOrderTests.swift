// SPDX-License-Identifier: Apache-2.0
//
// The order of events of several tracks, against a merge that looks at one event after another.

import InputTape
import InputTapeTestKit
import Testing

@Suite struct MergeOrderTests {
  private let random: SeededRandom

  init() { random = SeededRandom(seed: 11) }

  /// Events of some tracks: often at one time, now and then earlier than the one before, and of
  /// kinds that change seldom or with each event.
  private func tracks(
    _ count: Int, of eventCounts: ClosedRange<Int> = 1...300, using random: inout SeededRandom
  ) -> [[Event]] {
    (0..<count).map { track in
      var time = Int64.random(in: -50...50, using: &random)
      let step = Int64.random(in: 1...40, using: &random)
      let kinds = Int.random(in: 1...9, using: &random)
      var kind = 0
      return (0..<Int.random(in: eventCounts, using: &random)).map { index in
        time += Int64.random(in: -(step / 8)...step, using: &random)
        if Int.random(in: 0..<4, using: &random) == 0 { kind = index % kinds }
        return Event(
          time: time, track: TrackID(rawValue: UInt16(track)), body: body(kind, Int32(index)))
      }
    }
  }

  private func body(_ kind: Int, _ number: Int32) -> Event.Body {
    switch kind {
    case 0: .motion(x: number, y: -number)
    case 1: .key(code: UInt32(number), state: .down)
    case 2: .button(button: number, state: .up)
    case 3: .rawMotion(dx: number, dy: 1)
    case 4: .touch(contact: number, phase: .moved, x: 1, y: 2, pressure: reported(number))
    case 5: .axis(axis: 3, value: number)
    case 6: .scroll(dx: number, dy: -1, phase: reported(number).map(Phase.init))
    case 7:
      .pen(
        Pen(
          x: number, y: 1, pressure: reported(number), tiltX: 3, tiltY: 4, phase: .moved,
          buttons: reported(number + 1)))
    default: .marker("\(number)")
    }
  }

  /// A field that every third event has not.
  private func reported(_ number: Int32) -> Int32? { number % 3 == 0 ? nil : number }

  private func recording(_ tracks: [[Event]], blockEvents: Int) throws -> [UInt8] {
    var options = WriterOptions()
    options.eventsPerBlock = blockEvents
    let sink = MemorySink()
    let writer = RecordingWriter(sink: sink, options: options)
    for event in merge(tracks) { writer.append(event) }
    try writer.finish()
    return sink.bytes
  }

  /// Of each track the next event; of these the earliest, and of those the first track's.
  private func merge(_ tracks: [[Event]]) -> [Event] {
    var next = tracks.map { $0[...] }
    var merged: [Event] = []
    while let event = next.compactMap(\.first).min(by: { ($0.time, $0.track) < ($1.time, $1.track) }
    ) {
      merged.append(event)
      next[Int(event.track.rawValue)].removeFirst()
    }
    return merged
  }

  /// Expects the events of a filter one by one, and run by run.
  ///
  /// - Returns: the most events of a batch that a run is of.
  @discardableResult
  private func expect(
    _ filter: EventFilter, of tracks: [[Event]], in bytes: [UInt8],
    budget: ReadBudget = ReadBudget(), _ comment: Comment
  ) throws -> Int {
    let expected = merge(tracks).filter {
      filter.kinds.contains($0.kind) && filter.tracks?.contains($0.track) ?? true
        && $0.time >= filter.from && (filter.to == nil || $0.time < filter.to ?? 0)
    }
    let reader = try RecordingReader(source: MemorySource(bytes), budget: budget)
    var found: [Event] = []
    try reader.forEachEvent(filter) { found.append($0) }
    #expect(found == expected, comment)
    found.removeAll()
    let runs = reader.runs(filter)
    var most = 0
    while let run = try runs.next() {
      run.forEachEvent { found.append($0) }
      most = max(most, run.batch.count)
    }
    #expect(found == expected, comment)
    return most
  }

  @Test(arguments: [1, 2, 3, 12], [5, 64, 5_000])
  func eventsOfAllTracksAreMerged(trackCount: Int, blockEvents: Int) throws {
    var random = random
    for round in 0..<6 {
      let tracks = tracks(trackCount, using: &random)
      let bytes = try recording(tracks, blockEvents: blockEvents)
      for (kinds, to) in [
        (KindSet.all, Int64?.none), (KindSet([.key, .touch]), nil), (.all, 700), (.all, 90),
      ] {
        var filter = EventFilter()
        filter.kinds = kinds
        if let to {
          filter.from = 30
          filter.to = to
        }
        try expect(filter, of: tracks, in: bytes, "round \(round)")
        filter.tracks = Set(tracks.compactMap(\.first?.track).filter { $0.rawValue != 1 })
        try expect(filter, of: tracks, in: bytes, "round \(round)")
      }
    }
  }

  /// All tracks end and begin with one time, the earliest or the latest that there is.
  @Test(arguments: [2, 3])
  func theEarliestAndTheLatestTimesAreMerged(trackCount: Int) throws {
    var random = random
    for times: [Int64] in [[.min, .min + 1], [.max - 1, .max], [.min, 0, .max]] {
      let tracks = (0..<trackCount).map { track in
        (0..<40).map { number in
          Event(
            time: times[number * times.count / 40], track: TrackID(rawValue: UInt16(track)),
            body: body(Int.random(in: 0..<3, using: &random), Int32(number)))
        }
      }
      for blockEvents in [7, 5_000] {
        let bytes = try recording(tracks, blockEvents: blockEvents)
        try expect(EventFilter(), of: tracks, in: bytes, "\(times)")
        var filter = EventFilter()
        filter.from = times[1]
        try expect(filter, of: tracks, in: bytes, "\(times)")
      }
    }
  }

  @Test(arguments: [2, 3, 5])
  func windowsAreMergedWhereMemoryIsShort(trackCount: Int) throws {
    var random = random
    let tracks = tracks(trackCount, of: 3_000...4_000, using: &random)
    let bytes = try recording(tracks, blockEvents: 20_000)
    var budget = ReadBudget()
    budget.memoryByteCount = 128 << 10
    var filter = EventFilter()
    for (from, to) in [(Int64.min, Int64?.none), (500, 2_000)] {
      filter.from = from
      filter.to = to
      let most = try expect(filter, of: tracks, in: bytes, budget: budget, "\(from)")
      #expect(most == 512)
    }
  }

  /// The events of a stretch that is lent.
  private func events(_ stretch: borrowing LentStretch) -> [Event] {
    let columns = stretch.columns[stretch.offset]
    let (times, first) = (stretch.times, stretch.places.lowerBound)
    #expect(times.count == stretch.places.count)
    return times.indices.map { index in
      let fields = columns.fields(at: first + index)
      return Event(
        time: times[index], track: stretch.track,
        body: Event.Body(kind: columns.kind, fields: fields))
    }
  }

  @Test(arguments: [1, 3, 12])
  func someAtATimeAreTheSameEvents(trackCount: Int) throws {
    var random = random
    for round in 0..<8 {
      let tracks = tracks(trackCount, using: &random)
      let bytes = try recording(tracks, blockEvents: 64)
      var filter = EventFilter()
      if round % 2 == 1 { filter.kinds = KindSet([.key, .touch, .rawMotion]) }
      let runs = try RecordingReader(source: MemorySource(bytes)).runs(filter)
      var found: [Event] = []
      var isAtEnd = false
      while !isAtEnd {
        // What a part was lent of is given as a run from there on.
        if Int.random(in: 0..<3, using: &random) == 0, let run = try runs.next() {
          run.forEachEvent { found.append($0) }
        }
        let limit = Int.random(in: 1...9, using: &random)
        let before = found.count
        let count = try runs.next(limit) { found += events($0) }
        #expect(count == found.count - before && count <= limit)
        isAtEnd = count < limit
      }
      #expect(found == merge(tracks).filter { filter.kinds.contains($0.kind) }, "round \(round)")
      let rest = try runs.next()
      #expect(rest == nil)
    }
  }

  @Test(arguments: [0, 1, nil])
  func eventsInFrontOfAnErrorAreGiven(damaged: Int?) throws {
    var random = random
    let events = tracks(1, using: &random)[0].sorted { $0.time < $1.time }
    var bytes = try recording([events], blockEvents: 64)
    let blocks = try FoundRecord.all(in: bytes).filter { $0.header.type == .data }
    #expect(blocks.count > 2)
    let number = damaged ?? blocks.count - 1
    bytes[blocks[number].end - 1] ^= 1
    for limit in [1, 64, 100, 5_000] {
      let reader = try RecordingReader(source: MemorySource(bytes), mode: .strict)
      let runs = reader.runs()
      var found: [Event] = []
      var (given, count) = (0, 1)
      #expect(throws: FileError.self) {
        while count > 0 {
          count = try runs.next(limit) { found += self.events($0) }
          given += count
        }
      }
      #expect(given == found.count, "\(limit)")
      #expect(found == Array(events[..<found.count]))
      #expect(found.count == 64 * number, "\(limit)")
      let rest = damaged == nil ? try? runs.next() : nil
      #expect(rest == nil)
    }
  }
}
