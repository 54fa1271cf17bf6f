// SPDX-License-Identifier: Apache-2.0
//
// What somebody does at a computer, from a seed: devices that come and go, and their events.
//
// Invariant: no two events are equal, so that each one read can be told from all others.

import InputTape
import InputTapeTestKit

/// Events of mouse, keyboard, touch and wheel, of devices that are plugged in and out.
struct SimulatedInput {
  /// What a device sends.
  enum Device: CaseIterable {
    case mouse, keyboard, touchpad, wheel
  }

  private var random: SeededRandom
  private var devices: [(track: TrackID, device: Device)] = []
  private var nextTrack: UInt16 = 0
  private var serial: Int32 = 0
  private var latest: [TrackID: Int64] = [:]
  private var held: [TrackID: UInt32] = [:]

  /// Where what the clocks say stands.
  static let clockTrack = TrackID(rawValue: UInt16(Limits.tracks - 1))

  init(seed: UInt64) {
    random = SeededRandom(seed: seed)
    _ = plug(.mouse)
    _ = plug(.keyboard)
  }

  private mutating func below(_ bound: Int) -> Int { Int.random(in: 0..<bound, using: &random) }

  // MARK: - Devices

  /// Plugs in a device.
  ///
  /// - Returns: its track.
  mutating func plug(_ device: Device) -> Track {
    let id = TrackID(rawValue: nextTrack)
    nextTrack += 1
    devices.append((id, device))
    switch device {
    case .mouse: return Track(id: id, class: .pointer, name: "mouse \(id.rawValue)")
    case .keyboard: return Track(id: id, class: .keyboard, name: "keys", codeSpace: "hid")
    case .touchpad: return Track(id: id, class: .touch, coordinateSpace: "device")
    case .wheel: return Track(id: id, class: .pointer, name: "wheel")
    }
  }

  /// Plugs a device in, or takes one away.
  ///
  /// - Returns: the new one's track.
  mutating func changeDevices() -> Track? {
    if devices.count > 1, below(2) == 0 {
      devices.remove(at: below(devices.count))
      return nil
    }
    guard nextTrack < 900 else { return nil }
    return plug(Device.allCases[below(Device.allCases.count)])
  }

  // MARK: - Events

  /// The next event, at about a time.
  mutating func event(at time: Int64) -> Event {
    let (track, device) = devices[below(devices.count)]
    serial += 1
    var time = time
    // Some clocks step back, and some events are at one time.
    if below(50) == 0 { time -= Int64(below(2_000_000)) }
    if below(20) == 0 { time = latest[track] ?? time }
    // These have no serial number: their time makes them what they are.
    if device == .keyboard { time = max(time, (latest[track] ?? .min / 2) + 1) }
    latest[track] = max(time, latest[track] ?? time)
    return Event(time: time, track: track, body: body(of: device, track))
  }

  private mutating func body(of device: Device, _ track: TrackID) -> Event.Body {
    switch device {
    case .mouse:
      if below(30) == 0 { return .custom(type: serial, bytes: [UInt8](repeating: 7, count: 9)) }
      return .motion(x: serial, y: Int32(below(1_080)))
    case .keyboard:
      if below(12) == 0 { return .text("word \(serial)") }
      if let code = held[track] {
        if below(3) > 0 { held[track] = nil }
        return .key(code: code, state: held[track] == nil ? .up : .repeat)
      }
      let code = UInt32(4 + below(40))
      held[track] = code
      return .key(code: code, state: .down)
    case .touchpad:
      return .touch(
        contact: Int32(below(3)), phase: Phase(rawValue: Int32(below(4))), x: serial,
        y: Int32(below(700)), pressure: below(2) == 0 ? nil : Int32(below(255)))
    case .wheel: return .scroll(dx: serial, dy: Int32(120 * (below(3) - 1)), phase: nil)
    }
  }

  /// What the wall clock says, which somebody may have set.
  mutating func clock(at time: Int64) -> Event {
    serial += 1
    let step = Int64(below(7_200) - 3_600) * 1_000_000_000
    return Event(
      time: time, track: Self.clockTrack,
      body: .clock(unixNanoseconds: time + step, uncertaintyNanoseconds: Int64(serial)))
  }
}
