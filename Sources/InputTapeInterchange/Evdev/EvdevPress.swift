// SPDX-License-Identifier: Apache-2.0
//
// Keys and buttons by the kernel's numbers (Specs/Registry.md, section 6).

import InputTapeCore

/// What a key or button of a device becomes.
enum EvdevPress {
  static func output(
    _ time: Int64, _ code: UInt16, _ value: Int32, _ kind: EvdevDeviceKind
  ) -> EvdevOutput {
    guard let number = buttonNumber(code) else {
      let body = Event.Body.key(code: UInt32(code), state: KeyState(rawValue: value))
      return EvdevOutput(time, .keyboard, body)
    }
    let body = Event.Body.button(button: number, state: value == 0 ? .up : .down)
    let isMouse = EvdevCode.mouseButtons.contains(code)
    let trackClass: TrackClass = isMouse ? .pointer : kind == .pen ? .pen : .gamepad
    return EvdevOutput(time, trackClass, body)
  }

  /// The number of a button, from 1; nil for keys.
  static func buttonNumber(_ code: UInt16) -> Int32? {
    let code = Int32(code)
    switch code {
    // Left, right and middle are 1, 3 and 2; 4 to 7 are wheels elsewhere.
    case 0x110: return 1
    case 0x111: return 3
    case 0x112: return 2
    case 0x113...0x117: return code - 0x113 + 8
    case 0x130...0x13F: return code - 0x130 + 1
    case 0x120...0x12F: return code - 0x120 + 1
    case 0x220...0x223: return code - 0x220 + 17
    case 0x100...0x10F: return code - 0x100 + 21
    case 0x2C0...0x2E7: return code - 0x2C0 + 41
    default: return nil
    }
  }
}
