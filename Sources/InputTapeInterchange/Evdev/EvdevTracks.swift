// SPDX-License-Identifier: Apache-2.0
//
// The tracks of imported input devices: one for each class of each device.

public import InputTapeCore

/// Gives numbers to the tracks of devices, in the order in which they are met.
struct EvdevTracks {
  private struct Place: Hashable {
    var device: Int
    var trackClass: TrackClass
  }

  private var ids: [Place: TrackID] = [:]
  /// The tracks so far.
  private(set) var tracks: [Track] = []

  /// The track of a class of a device; nil where there are too many.
  mutating func track(
    of index: Int, _ device: EvdevDevice, _ trackClass: TrackClass
  ) -> TrackID? {
    let place = Place(device: index, trackClass: trackClass)
    if let id = ids[place] { return id }
    guard tracks.count < Limits.tracks else { return nil }
    let id = TrackID(rawValue: UInt16(tracks.count))
    ids[place] = id
    tracks.append(device.track(id, trackClass))
    return id
  }
}

extension EvdevDevice {
  /// What a recording says of the device's track of a class.
  public func track(_ id: TrackID, _ trackClass: TrackClass) -> Track {
    Track(
      id: id, class: trackClass, name: String(name.prefix(200)), device: identity,
      codeSpace: trackClass == .keyboard ? "evdev" : "", coordinateSpace: "device",
      resolution: [.touch, .pen].contains(trackClass) ? Int(Double(resolution) * 25.4) : 0)
  }

  /// Vendor and product as text.
  public static func identity(vendor: Int, product: Int) -> String {
    func hex(_ number: Int) -> String {
      let digits = String(number & 0xFFFF, radix: 16)
      return String(repeating: "0", count: 4 - digits.count) + digits
    }
    return hex(vendor) + ":" + hex(product)
  }
}
