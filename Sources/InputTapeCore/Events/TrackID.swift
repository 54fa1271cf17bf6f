// SPDX-License-Identifier: Apache-2.0
//
// The number of a track.

/// The number of a track within its recording: 0 to `Limits.tracks` − 1.
@frozen
public struct TrackID: RawRepresentable, Hashable, Comparable, Sendable {
  public var rawValue: UInt16

  @inlinable
  public init(rawValue: UInt16) { self.rawValue = rawValue }

  @inlinable
  public static func < (left: TrackID, right: TrackID) -> Bool { left.rawValue < right.rawValue }

  /// Track 0.
  public static let first = TrackID(rawValue: 0)
}
