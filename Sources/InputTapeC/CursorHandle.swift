// SPDX-License-Identifier: Apache-2.0
//
// A walk over events behind its C handle.
//
// Invariant: `index` is the next event of `batch`, and `kindStarts` says for each of its columns
// how many events of that kind come before it.

import CInputTape
import InputTape

/// What an `itape_cursor *` points at.
final class CursorHandle: Handle {
  static let name = "cursor"

  private let runs: OrderedRuns
  private let texts = Arena()
  private var batch = EventBatch(track: .first)
  private var kinds = KindSet.all
  private var index = 0
  private var end = 0
  private var kindStarts: [Int] = []

  init(_ runs: OrderedRuns) { self.runs = runs }

  /// Puts up to `capacity` events into the caller's memory.
  ///
  /// - Returns: how many there were.
  func read(
    _ events: UnsafeMutablePointer<itape_event>, capacity: Int
  ) throws(FileError) -> Int {
    texts.removeAll()
    var count = 0
    while count < capacity {
      if index == end, try !nextRun() { break }
      let kind = batch.kinds[index]
      // A batch holds columns for every kind that it names.
      guard let column = batch.columns.firstIndex(where: { $0.kind == kind }) else { break }
      if kinds.contains(kind) {
        var event = itape_event()
        event.time = batch.times[index]
        event.track = batch.track.rawValue
        event.kind = kind.rawValue
        event.fields = itape_fields(batch.columns[column], at: kindStarts[column], texts)
        // Safe: the caller's array has `capacity` entries.
        unsafe (events + count).initialize(to: event)
        count += 1
      }
      kindStarts[column] += 1
      index += 1
    }
    return count
  }

  private func nextRun() throws(FileError) -> Bool {
    guard let run = try runs.next() else { return false }
    batch = run.batch
    kinds = run.kinds
    index = run.range.lowerBound
    end = run.range.upperBound
    kindStarts = run.kindStarts
    return true
  }
}
