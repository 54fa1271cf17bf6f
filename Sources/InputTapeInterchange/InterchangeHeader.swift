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
