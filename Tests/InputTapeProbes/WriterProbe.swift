// SPDX-License-Identifier: Apache-2.0
//
// Operations of a writer made of arbitrary bytes, on a sink that may refuse: what was accepted is
// read back, and what was not is counted.

import InputTape
import InputTapeCore

/// A sink that refuses some of its writes, and may do so for ever.
private final class RefusingSink: ByteSink {
  let memory = MemorySink()
  private let refused: UInt64
  private var calls: UInt64 = 0
  private(set) var refusals = 0

  /// - Parameter refused: bit n says that call n is refused.
  init(refused: UInt64) { self.refused = refused }

  func write(_ bytes: Span<UInt8>) throws(FileError) {
    defer { calls += 1 }
    if calls < 64, refused >> calls & 1 == 1 {
      refusals += 1
      throw .system(operation: "write", code: calls & 1 == 0 ? 28 : 5)
    }
    try memory.write(bytes)
  }

  func sync() throws(FileError) {}
}

/// A writer under any sequence of operations.
public final class WriterProbe: Probe {
  public init() {}

  public func run(_ bytes: [UInt8]) -> Bool {
    var input = ProbeInput(bytes)
    let options = options(&input)
    let refused = input.uint8() & 3 == 3 ? UInt64(input.uint16()) << 2 : 0
    let sink = RefusingSink(refused: refused)
    let writer = RecordingWriter(sink: sink, options: options)
    var events: [Event] = []
    while !input.isEmpty { operate(writer, &input, &events) }
    let isWhole = finish(writer) && sink.refusals == 0
    check(sink.memory.bytes, events, isWhole: isWhole, isRefused: refused != 0)
    return isWhole
  }

  private func options(_ input: inout ProbeInput) -> WriterOptions {
    var options = WriterOptions()
    let head = Int(input.uint8())
    options.encoding = SectionRoundTrip.settings[head % SectionRoundTrip.settings.count]
    options.eventsPerBlock = [1, 2, 7, 40, 4_096, 65_536][head / 9 % 6]
    options.recordingID = HeaderProbe.id
    return options
  }

  private func operate(
    _ writer: borrowing RecordingWriter, _ input: inout ProbeInput, _ events: inout [Event]
  ) {
    let head = input.uint8()
    let track = TrackID(rawValue: UInt16(head >> 4))
    switch head & 15 {
    case 0: _ = try? writer.flush()
    case 1: _ = try? writer.sync()
    case 2: writer.setMetadata("name." + input.text().prefix(3), input.text())
    case 3: writer.setTrack(Track(id: track, class: .custom, name: input.text()))
    case 4: writer.append(ExtraRecord(type: 128 | head, payload: Array(input.text().utf8)))
    case 5, 6:
      var batch = EventBatch(track: track)
      for _ in 0...(input.uint8() & 15) {
        let event = input.event(track: track, after: events.last?.time ?? 0)
        batch.append(event)
        events.append(event)
      }
      writer.append(batch)
    default:
      let event = input.event(track: track, after: events.last?.time ?? 0)
      writer.append(event)
      events.append(event)
    }
  }

  /// Whether nothing failed.
  private func finish(_ writer: consuming RecordingWriter) -> Bool {
    do {
      try writer.finish()
      return true
    } catch {
      return false
    }
  }

  /// What is there was written; what is missing was counted, where the end could be written.
  private func check(_ bytes: [UInt8], _ events: [Event], isWhole: Bool, isRefused: Bool) {
    guard let contents = ProbeContents(bytes, opening: .scan) else {
      precondition(isRefused, "What was written is no recording")
      return
    }
    precondition(contents.isWhole, "A failed write left damage behind")
    guard !isWhole else {
      precondition(isInOrder(contents.events, events), "Events came back changed")
      return
    }
    let offered = Set(events)
    var readable = 0
    for event in contents.events where offered.contains(event) { readable += 1 }
    precondition(readable <= events.count)
    for event in contents.events where !offered.contains(event) {
      guard case .gap = event.body else { preconditionFailure("An event nobody wrote") }
    }
  }

  /// Whether each track's events are those that were offered, in their order.
  private func isInOrder(_ found: [Event], _ offered: [Event]) -> Bool {
    guard found.count == offered.count else { return false }
    let byTrack = Dictionary(grouping: found, by: \.track)
    return byTrack == Dictionary(grouping: offered, by: \.track)
  }
}
