// SPDX-License-Identifier: Apache-2.0
//
// Columns of a few events, for those who turn them into something else than an `Event`.

/// Consecutive events of one kind on one track, lent for the time of a call.
package struct LentStretch: ~Escapable {
  package let track: TrackID
  /// The events' times.
  package let times: Span<Int64>
  /// All columns of the batch that the events are of.
  package let columns: Span<KindColumns>
  /// The offset in `columns` of those of the events' kind.
  package let offset: Int
  /// Which entries of these columns are the events'.
  package let places: Range<Int>

  /// - Parameters:
  ///   - events: some of those of `stretch`.
  ///   - times: the batch's.
  ///   - columns: the batch's.
  @_lifetime(copy times, copy columns)
  package init(
    _ events: Range<Int>, of stretch: KindStretch, on track: TrackID, _ times: Span<Int64>,
    _ columns: Span<KindColumns>
  ) {
    self.track = track
    self.times = times.extracting(events)
    self.columns = columns
    offset = Int(stretch.column)
    places = stretch.places(of: events)
  }
}
