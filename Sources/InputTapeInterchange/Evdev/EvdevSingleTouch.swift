// SPDX-License-Identifier: Apache-2.0
//
// Touch devices that know one contact: the axes are where it is.

import InputTapeCore

/// The one contact of a device without slots.
struct EvdevSingleTouch: Sendable {
  private var x: Int32 = 0
  private var y: Int32 = 0
  private var pressure: Int32?
  private var isTouching = false
  private var wasTouching = false
  private var isChanged = false

  mutating func takeAxis(_ code: UInt16, _ value: Int32) {
    switch code {
    case EvdevCode.x: x = value
    case EvdevCode.y: y = value
    case EvdevCode.pressure: pressure = value
    default: return
    }
    isChanged = true
  }

  mutating func setTouching(_ isTouching: Bool) {
    self.isTouching = isTouching
    isChanged = true
  }

  mutating func report() -> Event.Body? {
    defer {
      wasTouching = isTouching
      isChanged = false
    }
    guard isChanged, isTouching || wasTouching else { return nil }
    let phase: Phase = !isTouching ? .ended : wasTouching ? .moved : .began
    return .touch(contact: 0, phase: phase, x: x, y: y, pressure: pressure)
  }
}
