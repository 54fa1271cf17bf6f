// SPDX-License-Identifier: Apache-2.0
//
// Events by the thousand into a recording, as columns.

import InputTapeCore

extension RecordingWriter {
  /// Appends all events of a batch.
  ///
  /// Waits for the queue to be encoded, unless events that are too many are to be dropped
  /// (`WriterOptions.Overload.drop`).
  ///
  /// - Returns: false if the events were dropped, all of them.
  /// - Complexity: O(*n*).
  @discardableResult
  public func append(_ batch: EventBatch) -> Bool { append([batch]) }

  /// Takes what is in queues now; each queue's events stay in their order.
  package func drain(_ rings: [EventRing]) {
    engine.withLock {
      for ring in rings { engine.drain(ring, to: ring.published) }
    }
  }

  /// Appends the events of several tracks, which belong to one stretch of time.
  ///
  /// A block is cut before them if they would not all fit into the one that is being filled.
  ///
  /// - Precondition: kinds are not 0, and those that the registry knows have its columns; strings
  ///   keep to `Limits.textByteCount`.
  /// - Returns: false if the events were dropped, all of them.
  @discardableResult
  public func append(_ batches: [EventBatch]) -> Bool {
    check(batches)
    return engine.accept(batches)
  }

  /// As `append`; may keep batches and leave others in their place, whose memory can be used again.
  package func append(giving batches: inout [EventBatch]) {
    check(batches)
    engine.accept(giving: &batches)
  }

  private func check(_ batches: [EventBatch]) {
    for columns in batches.lazy.flatMap(\.columns) where columns.count > 0 {
      precondition(
        columns.kind.rawValue > 0 && (columns.kind.layout ?? columns.layout) == columns.layout,
        "A kind is not 0 and has the registry's columns")
      precondition(
        columns.strings.allSatisfy { $0.longestByteCount <= Limits.textByteCount },
        "A string of an event is too long")
    }
  }

  /// Appends absolute positions from columns of one length; false if they were dropped.
  @discardableResult
  public func motions(
    at times: Span<Int64>, x: Span<Int32>, y: Span<Int32>, track: TrackID = .first
  ) -> Bool {
    append(Self.batch(.motion, times, [copy(x), copy(y)], track))
  }

  /// Appends relative motions from columns of one length; false if they were dropped.
  @discardableResult
  public func rawMotions(
    at times: Span<Int64>, dx: Span<Int32>, dy: Span<Int32>, track: TrackID = .first
  ) -> Bool {
    append(Self.batch(.rawMotion, times, [copy(dx), copy(dy)], track))
  }

  /// Appends keys from columns of one length; codes are bit patterns. False if they were dropped.
  @discardableResult
  public func keys(
    at times: Span<Int64>, codes: Span<Int32>, states: Span<Int32>, track: TrackID = .first
  ) -> Bool {
    append(Self.batch(.key, times, [copy(codes), copy(states)], track))
  }

  private static func batch(
    _ kind: EventKind, _ times: Span<Int64>, _ columns: [[Int32]], _ track: TrackID
  ) -> EventBatch {
    precondition(
      columns.allSatisfy { $0.count == times.count }, "Columns have one entry for each event")
    var batch = EventBatch(track: track)
    batch.times = copy(times)
    batch.kinds = Array(repeating: kind, count: times.count)
    let layout = KindLayout(int32: columns.count)
    let offset = batch.ensureColumns(of: kind, layout: layout)
    batch.columns[offset].int32 = columns
    batch.columns[offset].count = times.count
    return batch
  }
}

private func copy<T: BitwiseCopyable>(_ span: Span<T>) -> [T] {
  [T](capacity: span.count) { (output: inout OutputSpan<T>) in
    for index in span.indices { output.append(span[index]) }
  }
}
