// SPDX-License-Identifier: Apache-2.0
//
// All that a reader says of a recording.

import InputTape
import InputTapeCore

extension Observation {
  /// Adds a recording's facts and events, read in every way.
  mutating func add(recording storage: any Storage, at path: String, isWide: Bool = true) {
    for opening in [RecordingReader.Opening.automatic, .scan] {
      for mode in ReadMode.allCases where isWide || mode == .salvage {
        attempt("\(opening) \(mode)") { seen in
          let reader = try RecordingReader(
            path: path, opening: opening, mode: mode, storage: storage)
          seen.addFacts(of: reader)
          seen.attempt("events") { try $0.add(reader.runs()) }
          seen.add(reader.status)
        }
      }
    }
    attempt("verified") { $0.add(try RecordingVerifier.verify(path: path, storage: storage)) }
    guard isWide else { return }
    attempt("parts") { seen in
      let reader = try RecordingReader(path: path, mode: .salvage, storage: storage)
      seen.addParts(of: reader)
    }
    addBudgets(storage, path)
    attempt("recovered") { try $0.addRecovery(storage, path) }
  }

  mutating func add(_ status: ReadStatus) {
    add(status.name)
    add(described: status)
  }

  mutating func add(_ report: VerifyReport) {
    add(report.isSound)
    add(described: report)
    for problem in report.problems { add(problem.message) }
  }

  mutating func addFacts(of reader: borrowing RecordingReader) {
    add(reader.header.encode())
    add(reader.metadata.encode(header: reader.header))
    for track in reader.metadata.tracks { add(described: track) }
    for value in reader.metadata.values { add(described: value) }
    add(reader.byteCount)
    add(reader.segmentCount)
    add(reader.eventCount)
    add(reader.blockCount)
    add(described: reader.timeBounds as Any)
    add(reader.trackFacts)
    mark("facts")
  }

  mutating func add(_ facts: [TrackID: TrackFacts]) {
    for (track, facts) in facts.sorted(by: { $0.key < $1.key }) {
      add(track.rawValue)
      add(described: facts)
    }
  }

  /// Adds blocks, other records, states, and what filters leave.
  private mutating func addParts(of reader: borrowing RecordingReader) {
    attempt("records") { seen in
      for (block, record) in try reader.extraRecords() {
        seen.add(block)
        seen.add(record.type)
        seen.add(record.payload)
      }
    }
    attempt("blocks") { seen in
      let blocks = BlockReader(reader)
      for block in 0..<min(blocks.count, 12) {
        let (batches, lossCount) = try blocks.read(block)
        seen.add(lossCount)
        for batch in batches { seen.add(batch) }
      }
    }
    attempt("each block") { seen in
      try reader.forEachBlock(EventFilter()) { seen.add(described: $0.count) }
    }
    let bounds = reader.timeBounds ?? 0...0
    let middle = bounds.lowerBound &+ (bounds.upperBound &- bounds.lowerBound) / 2
    for time in [bounds.lowerBound &- 1, bounds.lowerBound, middle, bounds.upperBound] {
      attempt("state at \(time)") { $0.add(try reader.state(at: time)) }
    }
    for (number, filter) in filters(bounds, middle).enumerated() {
      attempt("filter \(number)") { try $0.add(reader.runs(filter)) }
    }
    add(reader.status)
  }

  mutating func add(_ state: RecordingState) {
    for (track, state) in state.tracks.sorted(by: { $0.key < $1.key }) {
      add(track.rawValue)
      add(state)
    }
  }

  mutating func add(_ state: TrackState) {
    add(state.keyframe(track: .first, time: 0))
    add(state.keyframeByteCount)
    add(described: state)
  }

  private func filters(_ bounds: ClosedRange<Int64>, _ middle: Int64) -> [EventFilter] {
    var found = [EventFilter](repeating: EventFilter(), count: 6)
    found[0].kinds = KindSet([.key, .touch, .text])
    found[1].from = middle
    found[2].to = middle
    found[3].tracks = [.first, TrackID(rawValue: 2)]
    found[4].classes = [.keyboard, .touch]
    found[5].from = bounds.lowerBound &+ 1
    found[5].to = bounds.upperBound
    found[5].kinds = KindSet([.motion, .rawMotion, .gap])
    return found
  }

  /// Adds what becomes of a reader that may use little.
  private mutating func addBudgets(_ storage: any Storage, _ path: String) {
    for memory in [0, 1 << 10, 64 << 10, 1 << 20, 8 << 20] {
      attempt("memory \(memory)") { seen in
        var budget = ReadBudget()
        budget.memoryByteCount = memory
        let reader = try RecordingReader(
          path: path, mode: .salvage, budget: budget, storage: storage)
        try seen.add(reader.runs())
        seen.add(reader.status)
      }
    }
    for opening in [RecordingReader.Opening.automatic, .scan] {
      attempt("no time, \(opening)") { seen in
        var budget = ReadBudget()
        budget.timeNanoseconds = 0
        let reader = try RecordingReader(
          path: path, opening: opening, mode: .salvage, budget: budget, storage: storage)
        try seen.add(reader.runs())
      }
    }
  }

  private mutating func addRecovery(_ storage: any Storage, _ path: String) throws {
    var options = WriterOptions()
    options.eventsPerBlock = 500
    options.encoding.compression = .none
    options.queueWordCount = 1 << 14
    let output = "/recovered.itape"
    var places: [UInt64] = []
    let report = try RecordingRecovery.recover(
      path: path, to: output, options: options,
      environment: WriterEnvironment(storage: storage)
    ) { done, all in places += [done, all] }
    add(described: report)
    add(places.count)
    add(places.last ?? 0)
    let bytes = try storage.open(output)
    var copy: [UInt8] = []
    try bytes.read(at: 0, count: Int(try bytes.byteCount()), into: &copy)
    add(copy)
    mark("copy")
    add(try RecordingVerifier.verify(path: output, storage: storage))
    try storage.remove(output)
  }
}
