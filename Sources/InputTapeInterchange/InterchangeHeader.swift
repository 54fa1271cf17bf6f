// SPDX-License-Identifier: Apache-2.0
//
// What text says of a recording before its events.

import InputTapeCore

/// What text says of a recording before its events; empty where it says nothing.
public struct InterchangeHeader: Hashable, Sendable {
  /// The recording's metadata: names and values, in the order in which they came.
  public var metadata: [InterchangeField] = []
  /// The tracks that were declared, in the order in which they came.
  public var tracks: [Track] = []

  public init(metadata: [InterchangeField] = [], tracks: [Track] = []) {
    self.metadata = metadata
    self.tracks = tracks
  }
}

/// A name and a value of a recording's metadata.
public struct InterchangeField: Hashable, Sendable {
  public var name: String
  public var value: String

  public init(name: String, value: String) {
    self.name = name
    self.value = value
  }
}

extension TrackClass {
  /// The class of a track that nobody declared and whose first event is of `kind`.
  public init(firstKind kind: EventKind) {
    self =
      switch kind {
      case .motion, .rawMotion, .button, .scroll: .pointer
      case .key: .keyboard
      case .text: .text
      case .touch: .touch
      case .pen: .pen
      case .axis: .gamepad
      case .focus, .frame, .marker, .clock, .gap: .context
      default: .custom
      }
  }
}
