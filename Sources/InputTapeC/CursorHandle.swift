// SPDX-License-Identifier: Apache-2.0
//
// A walk over events behind its C handle.
//
// Invariant: `index` is the next event of `run`, which holds those before `end`.

import CInputTape
import InputTape

/// What an `itape_cursor *` points at.
final class CursorHandle: Handle {
  static let name = "cursor"

  private let runs: OrderedRuns
  private let texts = Arena()
  private var run: EventRun?
  private var index = 0

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
      if index == run?.range.upperBound ?? 0 { run = try nextRun() }
      guard let run else { break }
      let batch = run.batch
      let end = run.range.upperBound
      while index < end, count < capacity {
        let kind = batch.kinds[index]
        if run.kinds.contains(kind), let column = batch.columnOffset(of: kind) {
          var event = itape_event()
          event.time = batch.times[index]
          event.track = batch.track.rawValue
          event.kind = kind.rawValue
          event.fields = itape_fields(batch.columns[column], at: run.place(ofEvent: index), texts)
          // Safe: the caller's array has `capacity` entries.
          unsafe (events + count).initialize(to: event)
          count += 1
        }
        index += 1
      }
    }
    return count
  }

  private func nextRun() throws(FileError) -> EventRun? {
    let run = try runs.next()
    index = run?.range.lowerBound ?? 0
    return run
  }
}
