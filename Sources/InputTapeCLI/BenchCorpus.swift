// SPDX-License-Identifier: Apache-2.0
//
// The events that `itape bench` measures with: a file's, or a synthetic mixture.

import InputTape
import InputTapeInterchange

/// Events in memory, block by block.
struct BenchCorpus {
  var name: String
  /// The events as they are.
  var original: [[EventBatch]] = []
  /// The same, repeated with later times until there are enough to measure with.
  var blocks: [[EventBatch]] = []
  /// Whether the file has more events than were taken.
  var isCut = false

  private static let enoughEvents = 1_000_000
  /// Several threads need longer: to start them and to touch their memory for the first time takes
  /// a part of a millisecond, and a million events take four.
  private static let enoughEventsOfThreads = 4_000_000
  private static let enoughBlocks = 4_096
  private static let eventLimit = 8_000_000

  static func count(_ blocks: [[EventBatch]]) -> Int {
    blocks.reduce(0) { $0 + $1.reduce(0) { $0 + $1.count } }
  }

  static func load(_ name: String?, blockEvents: Int, threads: Int) throws -> BenchCorpus {
    var corpus = BenchCorpus(name: name ?? "synthetic")
    if let name {
      let form = try FileForm.ofInput(name, advice: "let it be")
      if form == .itape {
        try corpus.readRecording(name, blockEvents)
      } else {
        try corpus.readText(name, form, blockEvents)
      }
    } else {
      corpus.synthesise(blockEvents)
    }
    guard !corpus.original.isEmpty else {
      throw CommandFailure(code: CommandFailure.data, "\(corpus.name): there are no events")
    }
    corpus.repeatBlocks(threads > 1 ? enoughEventsOfThreads : enoughEvents)
    return corpus
  }

  private mutating func take(_ group: inout EventGroup) {
    let batches = group.batches.filter { $0.count > 0 }.sorted { $0.track < $1.track }
    if !batches.isEmpty { original.append(batches) }
    group.removeAll()
  }

  private mutating func readText(_ name: String, _ form: FileForm, _ limit: Int) throws {
    do {
      guard var reader = form.reader(try FileInput(path: name)) else { return }
      var group = EventGroup()
      var count = 0
      while true {
        let more = try reader.read(into: &group, limit: limit)
        if more == 0 { return }
        count += more
        take(&group)
        if count >= Self.eventLimit {
          isCut = true
          return
        }
      }
    } catch {
      throw CommandFailure(error, in: name)
    }
  }

  private mutating func readRecording(_ name: String, _ limit: Int) throws {
    let reader: RecordingReader
    do {
      reader = try InputFile.recording(name)
    } catch {
      throw CommandFailure(error, in: name)
    }
    let runs = reader.runs()
    var group = EventGroup()
    var count = 0
    while let run = try runs.next() {
      // Runs are cut so that blocks are as full as a writer would make them.
      var start = run.range.lowerBound
      while start < run.range.upperBound {
        let range = start..<min(start + limit - group.count, run.range.upperBound)
        if !group.append(run, range) {
          take(&group)
          _ = group.append(run, range)
        }
        count += range.count
        start = range.upperBound
        if group.count >= limit { take(&group) }
      }
      if count >= Self.eventLimit {
        isCut = true
        break
      }
    }
    take(&group)
    try CommandFailure.check(reader.status, of: name)
  }

  private mutating func repeatBlocks(_ enough: Int) {
    let count = Self.count(original)
    let times = original.joined().lazy.flatMap(\.times)
    let span = (times.max() ?? 0).subtractingReportingOverflow(times.min() ?? 0)
    let step = span.overflow ? 0 : span.partialValue &+ 1_000_000
    let wanted = (enough + count - 1) / count
    let repeats = max(min(wanted, Self.enoughBlocks / original.count), 1)
    for turn in 0..<repeats {
      let shift = Int64(turn) &* step
      blocks += original.map { block in
        block.map { batch in
          var batch = batch
          if shift != 0 { batch.times = batch.times.map { $0 &+ shift } }
          return batch
        }
      }
    }
  }

  /// A mouse that moves in strokes and rests, with keys now and then: not measured from anyone.
  private mutating func synthesise(_ limit: Int) {
    var random = BenchRandom()
    var time: Int64 = 0
    var (x, y): (Int32, Int32) = (960, 540)
    var (vx, vy): (Int32, Int32) = (0, 0)
    var left = Self.enoughEvents
    while left > 0 {
      var mouse = EventBatch(track: .first)
      var keys = EventBatch(track: TrackID(rawValue: TrackID.first.rawValue + 1))
      while left > 0, mouse.count + keys.count < limit {
        let draw = random.next()
        left -= 1
        if draw & 0x1FF == 0 {
          time += Int64(draw >> 40 & 0x1FF) * 1_000_000
          let state: KeyState = draw >> 32 & 1 == 0 ? .down : .up
          let code = UInt32(draw >> 16 & 0x3F) + 4
          keys.append(Event(time: time, track: keys.track, body: .key(code: code, state: state)))
          continue
        }
        if draw & 0x7F == 1 {
          (vx, vy) = (Int32(draw >> 8 & 31) - 15, Int32(draw >> 16 & 31) - 15)
          time += Int64(draw >> 40 & 0xFF) * 1_000_000
        }
        time += 8_000_000 + Int64(draw >> 24 & 7) * 125_000
        x = min(max(x &+ vx &+ Int32(draw >> 32 & 3) &- 1, 0), 1919)
        y = min(max(y &+ vy &+ Int32(draw >> 34 & 3) &- 1, 0), 1079)
        mouse.append(Event(time: time, track: mouse.track, body: .motion(x: x, y: y)))
      }
      original.append([mouse, keys].filter { $0.count > 0 })
    }
  }
}

/// Numbers that are the same on every machine.
struct BenchRandom {
  private var state: UInt64 = 0x9E37_79B9_7F4A_7C15

  mutating func next() -> UInt64 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return (state ^ state >> 33) &* 0xFF51_AFD7_ED55_8CCD >> 8
  }
}
