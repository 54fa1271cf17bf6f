// SPDX-License-Identifier: Apache-2.0
//
// A walk over events behind its C handle.

import CInputTape
import InputTape

/// What an `itape_cursor *` points at.
final class CursorHandle: Handle {
  static let name = "cursor"

  private let runs: OrderedRuns
  private let texts = Arena()

  init(_ runs: OrderedRuns) { self.runs = runs }

  /// Puts up to `capacity` events into the caller's memory.
  ///
  /// - Returns: how many there were.
  func read(
    _ events: UnsafeMutablePointer<itape_event>, capacity: Int
  ) throws(FileError) -> Int {
    texts.removeAll()
    var count = 0
    return try runs.next(capacity) { stretch in
      // Safe: the caller's array has `capacity` entries, and no more events are given.
      Self.put(stretch, unsafe events + count, texts)
      count += stretch.times.count
    }
  }

  /// Puts consecutive events of one kind into the caller's memory, which has room for all of them.
  private static func put(
    _ stretch: borrowing LentStretch, _ target: UnsafeMutablePointer<itape_event>, _ texts: Arena
  ) {
    var event = itape_event()
    event.track = stretch.track.rawValue
    let kind = stretch.columns[stretch.offset].kind
    event.kind = kind.rawValue
    switch kind {
    case .motion, .rawMotion, .button, .key, .axis: putPairs(stretch, event, target)
    default:
      let columns = stretch.columns[stretch.offset]
      for index in stretch.times.indices {
        event.time = stretch.times[index]
        event.fields = itape_fields(columns, at: stretch.places.lowerBound + index, texts)
        // Safe: as said above.
        unsafe (target + index).initialize(to: event)
      }
    }
  }

  /// The same for kinds whose fields are two numbers: where these are in a C struct does not depend
  /// on what the kind calls them.
  private static func putPairs(
    _ stretch: borrowing LentStretch, _ model: itape_event,
    _ target: UnsafeMutablePointer<itape_event>
  ) {
    var event = model
    let fields = stretch.columns[stretch.offset].int32.span
    let first = fields[0].span.extracting(stretch.places)
    let second = fields[1].span.extracting(stretch.places)
    for index in stretch.times.indices {
      event.time = stretch.times[index]
      event.fields.motion = itape_position(x: first[index], y: second[index])
      // Safe: as said above.
      unsafe (target + index).initialize(to: event)
    }
  }
}
