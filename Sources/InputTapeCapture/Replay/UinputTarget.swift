// SPDX-License-Identifier: Apache-2.0
//
// Recorded input played through a virtual device of the Linux kernel.

import CInputTapeCapture
public import InputTapeCore
import InputTapeInterchange

#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// Plays through `/dev/uinput`: relative motion, buttons, wheels and keys.
public final class UinputTarget: ReplayTarget {
  private let descriptor: Int32
  private let tracks: ReplayTracks
  private var horizontal = ReplayWheel()
  private var vertical = ReplayWheel()
  private var pressed: Set<UInt32> = []
  private var isChanged = false

  public init(tracks: [Track]) throws(CaptureError) {
    descriptor = itape_uinput_open("itape replay")
    guard descriptor >= 0 else {
      throw -descriptor == ENOENT || -descriptor == ENODEV
        ? .unavailable("this kernel has no virtual input devices (/dev/uinput is not there)")
        : .system(operation: "open /dev/uinput", code: -descriptor)
    }
    self.tracks = ReplayTracks(tracks)
  }

  deinit { close(descriptor) }

  public func play(_ event: Event) throws(CaptureError) -> Bool {
    switch event.body {
    case .rawMotion(let dx, let dy):
      try send(EvdevType.relative, 0, dx)
      try send(EvdevType.relative, 1, dy)
    case .button(let number, let state):
      guard let code = Self.buttonCode(number) else { return false }
      try press(code, state != .up)
    case .scroll(let dx, let dy, _):
      try send(EvdevType.relative, 8, Int32(vertical.detents(dy)))
      try send(EvdevType.relative, 6, Int32(horizontal.detents(dx)))
    case .key(let code, let state):
      guard let code = tracks.evdevCode(code, event.track), code < 0x100 else { return false }
      if state != .repeat { try press(code, state != .up) }
    default: return false
    }
    return true
  }

  private static func buttonCode(_ number: Int32) -> UInt32? {
    switch number {
    case 1: 0x110
    case 2: 0x112
    case 3: 0x111
    case 8...12: UInt32(0x113 + number - 8)
    default: nil
    }
  }

  private func press(_ code: UInt32, _ isDown: Bool) throws(CaptureError) {
    try send(EvdevType.key, UInt16(code), isDown ? 1 : 0)
    if isDown { pressed.insert(code) } else { pressed.remove(code) }
  }

  private func send(_ type: UInt16, _ code: UInt16, _ value: Int32) throws(CaptureError) {
    if type == EvdevType.relative, value == 0 { return }
    let failure = itape_uinput_send(descriptor, Int32(type), Int32(code), value)
    guard failure == 0 else { throw .system(operation: "send input", code: failure) }
    isChanged = true
  }

  public func flush() throws(CaptureError) {
    guard isChanged else { return }
    isChanged = false
    let failure = itape_uinput_send(descriptor, 0, 0, 0)
    guard failure == 0 else { throw .system(operation: "send input", code: failure) }
  }

  public func finish() throws(CaptureError) {
    for code in pressed.sorted() { try press(code, false) }
    try flush()
  }
}
