// SPDX-License-Identifier: Apache-2.0
//
// What an input device's events become.

public import InputTapeCore

/// An event of a device, for the track of a class that the device has.
public struct EvdevOutput: Hashable, Sendable {
  public var time: Int64
  /// The class of the track where it belongs.
  public var trackClass: TrackClass
  public var body: Event.Body

  init(_ time: Int64, _ trackClass: TrackClass, _ body: Event.Body) {
    self.time = time
    self.trackClass = trackClass
    self.body = body
  }
}
