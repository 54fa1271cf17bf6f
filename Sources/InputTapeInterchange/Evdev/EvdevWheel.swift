// SPDX-License-Identifier: Apache-2.0
//
// Wheels: whole detents, and parts of them where the device reports both.

import InputTapeCore

/// The wheels of one device until it reports.
struct EvdevWheel: Sendable {
  private var isFine: Bool
  private var dx: Int32 = 0
  private var dy: Int32 = 0
  private var fineDX: Int32 = 0
  private var fineDY: Int32 = 0
  private var isChanged = false

  init(isFine: Bool = false) { self.isFine = isFine }

  mutating func take(_ code: UInt16, _ value: Int32) {
    switch code {
    case EvdevCode.wheel: dy = dy &+ value &* 120
    case EvdevCode.horizontalWheel: dx = dx &+ value &* 120
    case EvdevCode.fineWheel:
      fineDY = fineDY &+ value
      isFine = true
    case EvdevCode.fineHorizontalWheel:
      fineDX = fineDX &+ value
      isFine = true
    default: return
    }
    isChanged = true
  }

  mutating func forget() { (dx, dy, fineDX, fineDY, isChanged) = (0, 0, 0, 0, false) }

  /// The scrolling of a report; whole detents say nothing new where parts of them are reported.
  func report() -> Event.Body? {
    guard isChanged else { return nil }
    let (x, y) = isFine ? (fineDX, fineDY) : (dx, dy)
    return x == 0 && y == 0 ? nil : .scroll(dx: x, dy: y, phase: nil)
  }
}
