// SPDX-License-Identifier: Apache-2.0
//
// The measurements of `itape bench`, in interleaved rounds.

import InputTape
import InputTapeInterchange

/// Measures one corpus with one writer's options.
final class BenchRun {
  private let corpus: BenchCorpus
  private let options: WriterOptions
  private let eventCount: Int
  /// Its memory is used again: what a growing array costs is not the writer's.
  private let sink = MemorySink()
  /// What was read from all events, the same in each round.
  private var eventDigest: Int64?
  private var samples: [String: [Double]] = [:]

  private static let rounds = 5
  private static let budgetNanoseconds: Int64 = 8_000_000_000
  private static let textEvents = 200_000

  init(corpus: BenchCorpus, options: WriterOptions) {
    self.corpus = corpus
    self.options = options
    eventCount = BenchCorpus.count(corpus.blocks)
  }

  func run() throws -> BenchReport {
    let original = try encode(corpus.original)
    let recording = try encode(corpus.blocks)
    let frames = BenchFrames(blocks: corpus.blocks, settings: options.encoding)
    let text = try BenchText(blocks: corpus.original, eventLimit: Self.textEvents)
    let start = MonotonicClock.now()
    for round in 0...Self.rounds {
      // The first round only warms up.
      let isKept = round > 0
      if round > 1, MonotonicClock.now() - start > Self.budgetNanoseconds { break }
      try measureRecording(recording, isKept)
      measureBounds(frames, isKept)
      if round < 4 { try measureText(text, isKept) }
    }
    let originalCount = BenchCorpus.count(corpus.original)
    var report = BenchReport()
    report.source = corpus.name
    report.isCut = corpus.isCut
    report.events = originalCount
    report.measuredEvents = eventCount
    report.preset = options.encoding.preset.rawValue
    report.threads = options.threads
    report.clock = usesProcessorTime ? "processor" : "wall"
    report.blockEvents = options.eventsPerBlock
    report.bytesPerEvent = Double(original.count) / Double(originalCount)
    report.figures = samples.mapValues(Self.median)
    report.zstdLevel = frames.level
    report.append = BenchAppendPath.measure(preset: options.encoding.preset)
    return report
  }

  /// One thread's work is measured in the process's time, so that other work on the machine does
  /// not make it slower on paper.
  private var usesProcessorTime: Bool { options.threads == 1 }

  private func now() -> Int64 {
    usesProcessorTime ? SystemText.processorNanoseconds : MonotonicClock.now()
  }

  private static func median(_ values: [Double]) -> Double {
    let sorted = values.sorted()
    return sorted.isEmpty ? 0 : sorted[sorted.count / 2]
  }

  private func measure(
    _ name: String, _ isKept: Bool, events: Int? = nil, _ body: () throws -> Void
  ) rethrows {
    let start = now()
    try body()
    let duration = Double(max(now() - start, 1))
    guard isKept else { return }
    samples[name, default: []].append(events.map { Double($0) * 1e9 / duration } ?? duration)
  }

  /// A whole closed recording in memory.
  private func encode(_ blocks: [[EventBatch]], threads: Int? = nil) throws -> [UInt8] {
    sink.removeAll()
    var options = options
    if let threads { options.threads = threads }
    let writer = RecordingWriter(sink: sink, options: options)
    for block in blocks { writer.append(block) }
    try writer.finish()
    return sink.bytes
  }

  private func measureRecording(_ bytes: [UInt8], _ isKept: Bool) throws {
    try measure("encode", isKept, events: eventCount) { _ = try encode(corpus.blocks) }
    var seen = 0
    try measure("decode", isKept, events: eventCount) {
      seen = try decode(bytes, threads: options.threads)
    }
    if options.threads > 1 {
      try measure("oneThreadEncode", isKept, events: eventCount) {
        _ = try encode(corpus.blocks, threads: 1)
      }
      try measure("oneThreadDecode", isKept, events: eventCount) {
        _ = try decode(bytes, threads: 1)
      }
    }
    var sum: Int64 = 0
    try measure("events", isKept, events: eventCount) {
      let reader = try RecordingReader(source: MemorySource(bytes))
      try reader.forEachEvent { event in
        sum &+= event.time &+ event.body.digest
        seen += 1
      }
    }
    guard seen == 2 * eventCount, eventDigest == nil || eventDigest == sum else {
      throw CommandFailure(code: CommandFailure.loss, "Not all events came back")
    }
    eventDigest = sum
    try measureParts(bytes, isKept)
  }

  /// - Returns: the events in the columns.
  private func decode(_ bytes: [UInt8], threads: Int) throws -> Int {
    let reader = try RecordingReader(source: MemorySource(bytes))
    var count = 0
    try reader.forEachBlock(threads: threads) { batches in
      for batch in batches { count += batch.count }
    }
    try CommandFailure.check(reader.status, of: "the recording in memory")
    return count
  }

  private func measureParts(_ bytes: [UInt8], _ isKept: Bool) throws {
    let bounds = try RecordingReader(source: MemorySource(bytes)).timeBounds ?? 0...0
    var filter = EventFilter()
    filter.from = bounds.lowerBound / 2 + bounds.upperBound / 2
    filter.to = filter.from &+ 1_000_000_000
    for _ in 0..<5 {
      var count = 0
      try measure("seek", isKept) {
        let reader = try RecordingReader(source: MemorySource(bytes))
        try reader.forEachEvent(filter) { _ in count += 1 }
      }
    }
    let track = corpus.blocks.lazy.flatMap { $0 }.map(\.track).max() ?? .first
    var projection = EventFilter()
    projection.tracks = [track]
    var count = 0
    try measure("projection", isKept, events: eventCount) {
      let reader = try RecordingReader(source: MemorySource(bytes))
      try reader.forEachBlock(projection, threads: options.threads) { batches in
        for batch in batches { count += batch.count }
      }
    }
  }

  private func measureBounds(_ frames: BenchFrames, _ isKept: Bool) {
    measure("zstdEncode", isKept, events: eventCount) { frames.compress() }
    measure("zstdDecode", isKept, events: eventCount) { frames.decompress() }
    var copy = BenchColumns()
    for block in corpus.blocks.prefix(4) { copy.replace(with: block) }
    measure("memcpy", isKept, events: eventCount) {
      for block in corpus.blocks { copy.replace(with: block) }
    }
  }

  private func measureText(_ text: BenchText, _ isKept: Bool) throws {
    try measure("fromJSONL", isKept, events: text.eventCount) { try text.parse(options) }
    try measure("toJSONL", isKept, events: text.eventCount) { try text.write() }
  }
}

/// Copies of columns, in memory that is used again.
private struct BenchColumns {
  private var times: [Int64] = []
  private var kinds: [EventKind] = []
  private var int32: [Int32] = []
  private var int64: [Int64] = []
  private var bytes: [UInt8] = []

  mutating func replace(with batches: [EventBatch]) {
    times.removeAll(keepingCapacity: true)
    kinds.removeAll(keepingCapacity: true)
    int32.removeAll(keepingCapacity: true)
    int64.removeAll(keepingCapacity: true)
    bytes.removeAll(keepingCapacity: true)
    for batch in batches {
      times.append(contentsOf: batch.times)
      kinds.append(contentsOf: batch.kinds)
      for columns in batch.columns {
        for column in columns.int32 { int32.append(contentsOf: column) }
        for column in columns.int64 { int64.append(contentsOf: column) }
        for column in columns.strings {
          int32.append(contentsOf: column.lengths)
          bytes.append(contentsOf: column.bytes)
        }
      }
    }
  }
}

extension Event.Body {
  /// Something of what happened, so that events are read and not only counted.
  @inline(__always)
  fileprivate var digest: Int64 {
    switch self {
    case .motion(let x, let y), .rawMotion(let x, let y): Int64(x ^ y)
    case .button(let button, let state): Int64(button ^ state.rawValue)
    case .key(let code, let state): Int64(code) ^ Int64(state.rawValue)
    case .scroll(let dx, let dy, _): Int64(dx ^ dy)
    case .touch(let contact, _, let x, let y, _): Int64(contact ^ x ^ y)
    case .axis(let axis, let value): Int64(axis ^ value)
    case .pen(let pen): Int64(pen.x ^ pen.y ^ (pen.pressure ?? 0))
    default: 0
    }
  }
}
