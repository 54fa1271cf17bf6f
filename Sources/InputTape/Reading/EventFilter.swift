// SPDX-License-Identifier: Apache-2.0
//
// Which events a reader is asked for.

import InputTapeCore

/// Which events are wanted; the default is all.
public struct EventFilter: Hashable, Sendable {
  /// Events at or after this time, in nanoseconds.
  public var from: Int64 = .min
  /// Events before this time; nil for all to the end.
  ///
  /// Blocks of later events only are not opened: where a track's times step back over such a block,
  /// what is behind it may come earlier among other tracks' events than without an end.
  public var to: Int64?
  /// Events of these tracks; nil for all.
  public var tracks: Set<TrackID>?
  /// Events of tracks of these classes; nil for all.
  public var classes: Set<TrackClass>?
  /// Events of these kinds.
  public var kinds = KindSet.all

  public init() {}

  /// Whether no event is left out because of its time.
  @usableFromInline var isAllTime: Bool { from == .min && to == nil }

  func includes(_ section: SectionEntry) -> Bool {
    (tracks?.contains(section.track) ?? true)
      && (classes?.contains(section.trackClass) ?? true)
  }

  func includes(_ time: Int64) -> Bool {
    time >= from && (to.map { time < $0 } ?? true)
  }
}
