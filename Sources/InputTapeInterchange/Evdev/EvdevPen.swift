// SPDX-License-Identifier: Apache-2.0
//
// A pen over a tablet: its axes and buttons gathered until the device reports.

import InputTapeCore

/// The state of one device's pen.
struct EvdevPen {
  private var pen = Pen(x: 0, y: 0)
  private var isNear = false
  private var isTouching = false
  private var wasNear = false
  private var wasTouching = false
  private var buttons: Int32 = 0
  private(set) var isChanged = false
  private let tiltResolution: Int

  init(tiltResolution: Int) { self.tiltResolution = tiltResolution }

  /// Takes a value of an axis; false where pens have none of this number.
  mutating func takeAxis(_ code: UInt16, _ value: Int32) -> Bool {
    switch code {
    case EvdevCode.x: pen.x = value
    case EvdevCode.y: pen.y = value
    case EvdevCode.pressure: pen.pressure = value
    case EvdevCode.tiltX: pen.tiltX = degrees(value)
    case EvdevCode.tiltY: pen.tiltY = degrees(value)
    case EvdevCode.distance: return true
    default: return false
    }
    isChanged = true
    return true
  }

  private func degrees(_ value: Int32) -> Int32 {
    guard tiltResolution > 0 else { return value }
    let degrees = (Double(value) / Double(tiltResolution) * 180 / .pi).rounded()
    return Int32(exactly: degrees) ?? value
  }

  /// Takes a key of a digitizer.
  mutating func takeKey(_ code: UInt16, isDown: Bool) {
    switch code {
    case EvdevCode.penTools:
      isNear = isDown
      if code == EvdevCode.eraser { setButton(8, isDown) }
    case EvdevCode.touching: isTouching = isDown
    case EvdevCode.stylus: setButton(1, isDown)
    case EvdevCode.secondStylus: setButton(2, isDown)
    case EvdevCode.thirdStylus: setButton(4, isDown)
    default: return
    }
    isChanged = true
  }

  private mutating func setButton(_ bit: Int32, _ isDown: Bool) {
    buttons = isDown ? buttons | bit : buttons & ~bit
  }

  /// What the pen does now.
  mutating func report() -> Event.Body? {
    isChanged = false
    let phase: Phase
    switch (wasTouching, isTouching) {
    case (false, true): phase = .began
    case (true, true): phase = .moved
    case (true, false): phase = .ended
    case (false, false): phase = isNear ? .hovering : .ended
    }
    let isGone = !isNear && !isTouching
    defer {
      wasNear = isNear
      wasTouching = isTouching
    }
    if isGone, !wasNear, !wasTouching { return nil }
    var result = pen
    result.phase = phase
    result.buttons = buttons
    return .pen(result)
  }
}
