// SPDX-License-Identifier: Apache-2.0
//
// Which events a C caller wants, checked.

import CInputTape
import InputTape

extension EventFilter {
  /// NULL is every event.
  init(_ pointer: UnsafePointer<itape_filter>?) throws(CallFailure) {
    self.init()
    guard pointer != nil else { return }
    let given = try itape_filter(reading: pointer, "filter")
    let known = UInt32(ITAPE_FILTER_FROM | ITAPE_FILTER_TO)
    guard given.flags & ~known == 0 else { throw .argument("filter.flags has unknown flags") }
    if given.flags & UInt32(ITAPE_FILTER_FROM) != 0 { from = given.from }
    if given.flags & UInt32(ITAPE_FILTER_TO) != 0 { to = given.to }
    if given.tracks != nil {
      guard given.track_count <= Limits.tracks else {
        throw .argument("filter.track_count is more than \(Limits.tracks)")
      }
      tracks = Set(
        try array(given.tracks, given.track_count, "filter.tracks").map(TrackID.init(rawValue:)))
    }
    if given.classes != 0 {
      classes = Set(
        (0..<16).filter { given.classes >> UInt32($0) & 1 != 0 }
          .map { TrackClass(rawValue: UInt8($0)) })
    }
    let words = [given.kinds.0, given.kinds.1, given.kinds.2, given.kinds.3]
    if words != [0, 0, 0, 0] {
      kinds = KindSet(
        (0..<256).filter { words[$0 / 64] >> UInt64($0 % 64) & 1 != 0 }
          .map { EventKind(rawValue: UInt8($0)) })
    }
  }
}
