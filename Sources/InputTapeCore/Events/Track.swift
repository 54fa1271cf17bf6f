// SPDX-License-Identifier: Apache-2.0
//
// What a recording says of one of its tracks (Specs/Format.md, section 5).

/// A track: the events of one device or source, in order.
public struct Track: Hashable, Sendable {
  public var id: TrackID
  public var trackClass: TrackClass
  /// A name for people, such as the device's.
  public var name: String
  /// Vendor and product, as in `046d:c08b`.
  public var device: String
  /// What key codes mean: `hid`, `evdev`, `windowsVK`, `macOS`, `x11`; empty where unknown.
  public var codeSpace: String
  /// What coordinates mean: `screen`, `window`, `device`, …; empty where unknown.
  public var coordinateSpace: String
  /// Coordinates are in units of 2 to the power of minus this.
  public var subpixelBits: Int
  /// Device units for an inch (a mouse's CPI), or 0 where unknown.
  public var resolution: Int

  public init(
    id: TrackID, class trackClass: TrackClass, name: String = "", device: String = "",
    codeSpace: String = "", coordinateSpace: String = "", subpixelBits: Int = 0,
    resolution: Int = 0
  ) {
    self.id = id
    self.trackClass = trackClass
    self.name = name
    self.device = device
    self.codeSpace = codeSpace
    self.coordinateSpace = coordinateSpace
    self.subpixelBits = subpixelBits
    self.resolution = resolution
  }
}
