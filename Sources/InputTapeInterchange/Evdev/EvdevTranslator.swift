// SPDX-License-Identifier: Apache-2.0
//
// From the kernel's input events to those of a recording (Specs/Registry.md, section 6).
//
// Events of one report belong together: they are given out when the report ends.

import InputTapeCore

/// Turns the events of one input device into those of a recording.
public struct EvdevTranslator: Sendable {
  /// What is known of the device; its kind becomes known by its events where it was not.
  public private(set) var device: EvdevDevice
  /// Keys and buttons that are down by what has been given out: not by events that were lost, and
  /// not by those of a report that has not ended.
  public private(set) var pressed: Set<UInt16> = []
  private var dx: Int32 = 0
  private var dy: Int32 = 0
  private var hasMotion = false
  private var wheel = EvdevWheel()
  private var contacts = EvdevContacts()
  private var pen: EvdevPen
  private var touch = EvdevSingleTouch()
  private var x: Int32 = 0
  private var y: Int32 = 0
  private var hasPosition = false
  private var presses: [(code: UInt16, value: Int32)] = []
  private var axes: [(code: UInt16, value: Int32)] = []
  private var lastTime: Int64 = 0
  private var isSkipping = false
  private var hasPending = false

  public init(_ device: EvdevDevice) {
    self.device = device
    wheel = EvdevWheel(isFine: device.hasFineWheel)
    pen = EvdevPen(tiltResolution: device.tiltResolution)
  }

  /// What a call of `take` wants of its caller.
  public enum Demand: Hashable, Sendable {
    case nothing
    /// The kernel has dropped events since the time of the last report: ask the device for its
    /// state and call `resynchronize`.
    case resynchronize(since: Int64)
  }

  /// Takes an event; where it ends a report, gives out what the report means.
  public mutating func take(_ event: EvdevEvent, emit: (EvdevOutput) -> Void) -> Demand {
    if event.type == EvdevType.synchronize {
      return synchronize(event, emit: emit)
    }
    guard !isSkipping else { return .nothing }
    switch event.type {
    case EvdevType.relative: takeRelative(event)
    case EvdevType.absolute: takeAbsolute(event)
    case EvdevType.key: takeKey(event)
    default: return .nothing
    }
    if !hasPending { hasPending = true }
    return .nothing
  }

  private mutating func synchronize(
    _ event: EvdevEvent, emit: (EvdevOutput) -> Void
  ) -> Demand {
    switch event.code {
    case EvdevCode.dropped:
      isSkipping = true
      forgetPending()
    case EvdevCode.report:
      if isSkipping {
        isSkipping = false
        return .resynchronize(since: lastTime)
      }
      report(at: event.time, emit: emit)
    case EvdevCode.contactEnd where !isSkipping:
      contacts.endContact()
      useContacts()
      hasPending = true
    default: break
    }
    return .nothing
  }

  /// Gives out what has come without the end of its report: the stream has ended.
  public mutating func finish(at time: Int64, emit: (EvdevOutput) -> Void) {
    if hasPending { report(at: time, emit: emit) }
  }

  private mutating func forgetPending() {
    (dx, dy, hasMotion, hasPosition, hasPending) = (0, 0, false, false, false)
    wheel.forget()
    contacts.forgetList()
    presses.removeAll(keepingCapacity: true)
    axes.removeAll(keepingCapacity: true)
  }

  // MARK: - Taking

  private mutating func takeRelative(_ event: EvdevEvent) {
    switch event.code {
    case EvdevCode.relativeX:
      dx = dx &+ event.value
      hasMotion = true
    case EvdevCode.relativeY:
      dy = dy &+ event.value
      hasMotion = true
    default: wheel.take(event.code, event.value)
    }
  }

  private mutating func takeKey(_ event: EvdevEvent) {
    guard EvdevCode.digitizerKeys.contains(event.code) else {
      if device.kind == .auto {
        if EvdevCode.gamepadButtons.contains(event.code) { device.kind = .gamepad }
        if EvdevCode.mouseButtons.contains(event.code) { device.kind = .mouse }
      }
      presses.append((event.code, event.value))
      return
    }
    let isDown = event.value != 0
    notePressed(event.code, event.value)
    if device.kind == .auto {
      device.kind = EvdevCode.penTools.contains(event.code) ? .pen : .touch
    }
    if device.kind == .pen { pen.takeKey(event.code, isDown: isDown) }
    if device.kind == .touch, !device.hasSlots, event.code == EvdevCode.touching {
      touch.setTouching(isDown)
    }
  }

  private mutating func notePressed(_ code: UInt16, _ value: Int32) {
    if value == 0 { pressed.remove(code) } else { pressed.insert(code) }
  }

  private mutating func takeAbsolute(_ event: EvdevEvent) {
    if event.code >= EvdevCode.slot, contacts.take(event.code, event.value) {
      useContacts()
      return
    }
    if device.kind == .auto, event.code > EvdevCode.y, event.code <= EvdevCode.lastHat {
      device.kind = .gamepad
    }
    switch device.kind {
    case .pen where pen.takeAxis(event.code, event.value): return
    case .touch:
      // The first contact again, for those who know no slots.
      if !device.hasSlots { touch.takeAxis(event.code, event.value) }
    case .gamepad: axes.append((event.code, event.value))
    case .auto, .mouse, .keyboard, .pen: takePosition(event)
    }
  }

  /// A device that tells of contacts: one that seemed to be the only one is one of them.
  private mutating func useContacts() {
    if !device.hasSlots { touch.setTouching(false) }
    device.hasSlots = true
    if device.kind == .auto { device.kind = .touch }
  }

  /// Devices that point without touching, as those of virtual machines do.
  private mutating func takePosition(_ event: EvdevEvent) {
    switch event.code {
    case EvdevCode.x: x = event.value
    case EvdevCode.y: y = event.value
    default:
      axes.append((event.code, event.value))
      return
    }
    // Before the device is known, what it does first may say that it is touched.
    touch.takeAxis(event.code, event.value)
    _ = pen.takeAxis(event.code, event.value)
    hasPosition = true
  }

  // MARK: - Giving out

  private mutating func report(at time: Int64, emit: (EvdevOutput) -> Void) {
    if hasMotion { emit(EvdevOutput(time, .pointer, .rawMotion(dx: dx, dy: dy))) }
    if hasPosition, device.kind == .mouse || device.kind == .auto {
      emit(EvdevOutput(time, .pointer, .motion(x: x, y: y)))
    }
    if device.kind == .touch, let body = touch.report() { emit(EvdevOutput(time, .touch, body)) }
    contacts.report { emit(EvdevOutput(time, .touch, $0)) }
    if device.kind == .pen, pen.isChanged, let body = pen.report() {
      emit(EvdevOutput(time, .pen, body))
    }
    let axisClass = device.kind == .pen ? TrackClass.pen : .gamepad
    for (code, value) in axes {
      emit(EvdevOutput(time, axisClass, .axis(axis: Int32(code), value: value)))
    }
    for (code, value) in presses {
      notePressed(code, value)
      emit(EvdevPress.output(time, code, value, device.kind))
    }
    if let scroll = wheel.report() { emit(EvdevOutput(time, .pointer, scroll)) }
    lastTime = time
    forgetPending()
  }

  // MARK: - After a loss

  /// Takes over the device's state after the kernel has dropped events.
  ///
  /// - Parameters:
  ///   - time: of the events that say so.
  ///   - pressed: keys and buttons that changed: their codes, and whether they are down now.
  ///   - slots: values of an axis of contacts by slot; nil where the device has none.
  ///   - emit: is called with each event.
  public mutating func resynchronize(
    at time: Int64, pressed: [(code: UInt16, isDown: Bool)], slots: (UInt16) -> [Int32]?,
    emit: (EvdevOutput) -> Void
  ) {
    for (code, isDown) in pressed {
      takeKey(EvdevEvent(time: time, type: EvdevType.key, code: code, value: isDown ? 1 : 0))
    }
    contacts.resynchronize(slots)
    report(at: time, emit: emit)
  }
}
