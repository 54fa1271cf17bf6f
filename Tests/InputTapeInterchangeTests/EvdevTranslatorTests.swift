// SPDX-License-Identifier: Apache-2.0
//
// What the kernel's events of each sort of device become.

import InputTapeCore
import InputTapeInterchange
import Testing

/// A device that a test writes reports of.
struct ReportWriter {
  private var translator: EvdevTranslator
  private var time: Int64 = 0
  private(set) var outputs: [EvdevOutput] = []
  private(set) var demands: [EvdevTranslator.Demand] = []

  init(_ device: EvdevDevice = EvdevDevice()) { translator = EvdevTranslator(device) }

  var bodies: [Event.Body] { outputs.map(\.body) }
  var pressed: Set<UInt16> { translator.pressed }

  mutating func send(_ type: UInt16, _ code: UInt16, _ value: Int32) {
    let event = EvdevEvent(time: time, type: type, code: code, value: value)
    let demand = translator.take(event) { outputs.append($0) }
    if demand != .nothing { demands.append(demand) }
  }

  /// Sends events and the end of their report.
  mutating func report(_ events: (type: UInt16, code: UInt16, value: Int32)...) {
    time += 1_000_000
    for event in events { send(event.type, event.code, event.value) }
    send(0, 0, 0)
  }

  mutating func resynchronize(
    pressed: [(code: UInt16, isDown: Bool)], slots: (UInt16) -> [Int32]?
  ) {
    translator.resynchronize(at: time, pressed: pressed, slots: slots) { outputs.append($0) }
  }
}

@Suite struct EvdevTranslatorTests {
  @Test func aMouseMovesClicksAndScrolls() {
    var mouse = ReportWriter()
    mouse.report((2, 0, 5), (2, 1, -3))
    mouse.report((2, 0, 1))
    mouse.report((1, 0x110, 1))
    mouse.report((1, 0x110, 0), (2, 1, 2))
    mouse.report((1, 0x111, 1))
    mouse.report((1, 0x112, 1))
    mouse.report((2, 8, -1))
    mouse.report((2, 6, 2))
    #expect(
      mouse.bodies == [
        .rawMotion(dx: 5, dy: -3), .rawMotion(dx: 1, dy: 0), .button(button: 1, state: .down),
        .rawMotion(dx: 0, dy: 2), .button(button: 1, state: .up),
        .button(button: 3, state: .down), .button(button: 2, state: .down),
        .scroll(dx: 0, dy: -120, phase: nil), .scroll(dx: 240, dy: 0, phase: nil),
      ])
    #expect(mouse.outputs.allSatisfy { $0.trackClass == .pointer })
    #expect(mouse.outputs.map(\.time) == [1, 2, 3, 4, 4, 5, 6, 7, 8].map { $0 * 1_000_000 })
  }

  @Test func aFineWheelCountsOnce() {
    var mouse = ReportWriter()
    mouse.report((2, 0x0B, 30))
    mouse.report((2, 8, 1), (2, 0x0B, 90))
    mouse.report((2, 8, 1), (2, 0x0B, 120))
    #expect(
      mouse.bodies == [
        .scroll(dx: 0, dy: 30, phase: nil), .scroll(dx: 0, dy: 90, phase: nil),
        .scroll(dx: 0, dy: 120, phase: nil),
      ])
  }

  @Test func aKeyboardPressesRepeatsAndReleases() {
    var keyboard = ReportWriter()
    keyboard.report((4, 4, 30), (1, 30, 1))
    keyboard.report((1, 30, 2))
    keyboard.report((4, 4, 30), (1, 30, 0))
    #expect(
      keyboard.bodies == [
        .key(code: 30, state: .down), .key(code: 30, state: .repeat), .key(code: 30, state: .up),
      ])
    #expect(keyboard.outputs.allSatisfy { $0.trackClass == .keyboard })
  }

  @Test func contactsComeBySlot() {
    var touch = ReportWriter()
    touch.report(
      (3, 0x2F, 0), (3, 0x39, 45), (3, 0x35, 100), (3, 0x36, 200), (1, 0x14A, 1), (3, 0, 100),
      (3, 1, 200))
    touch.report((3, 0x2F, 1), (3, 0x39, 46), (3, 0x35, 7), (3, 0x36, 8), (3, 0x3A, 50))
    touch.report((3, 0x2F, 0), (3, 0x35, 101), (3, 0x2F, 1), (3, 0x36, 9))
    touch.report((3, 0x2F, 0), (3, 0x39, -1))
    touch.report((3, 0x2F, 1), (3, 0x39, 47))
    touch.report((3, 0x39, -1), (1, 0x14A, 0))
    let pressed: Int32 = 50
    #expect(
      touch.bodies == [
        .touch(contact: 0, phase: .began, x: 100, y: 200, pressure: nil),
        .touch(contact: 1, phase: .began, x: 7, y: 8, pressure: pressed),
        .touch(contact: 0, phase: .moved, x: 101, y: 200, pressure: nil),
        .touch(contact: 1, phase: .moved, x: 7, y: 9, pressure: pressed),
        .touch(contact: 0, phase: .ended, x: 101, y: 200, pressure: nil),
        .touch(contact: 1, phase: .ended, x: 7, y: 9, pressure: pressed),
        .touch(contact: 1, phase: .began, x: 7, y: 9, pressure: pressed),
        .touch(contact: 1, phase: .ended, x: 7, y: 9, pressure: pressed),
      ])
  }

  @Test(arguments: [false, true])
  func contactsComeInLists(_ haveNumbers: Bool) {
    var touch = ReportWriter()
    func list(_ contacts: [(id: Int32, x: Int32, y: Int32)]) {
      for contact in contacts {
        if haveNumbers { touch.send(3, 0x39, contact.id) }
        touch.send(3, 0x35, contact.x)
        touch.send(3, 0x36, contact.y)
        touch.send(0, 2, 0)
      }
      if contacts.isEmpty { touch.send(0, 2, 0) }
      touch.report((1, 0x14A, contacts.isEmpty ? 0 : 1), (3, 0, contacts.first?.x ?? 0))
    }
    list([(9, 100, 200)])
    list([(9, 101, 200), (4, 900, 50)])
    // In another order, one where it was.
    list([(4, 890, 55), (9, 101, 200)])
    // A report that lists none says nothing of contacts.
    touch.report((1, 0x110, 1))
    list([(4, 880, 60)])
    list([(4, 880, 60), (5, 7, 7)])
    list([])
    list([])
    #expect(
      touch.bodies.filter { $0 != .button(button: 1, state: .down) } == [
        .touch(contact: 0, phase: .began, x: 100, y: 200, pressure: nil),
        .touch(contact: 0, phase: .moved, x: 101, y: 200, pressure: nil),
        .touch(contact: 1, phase: .began, x: 900, y: 50, pressure: nil),
        .touch(contact: 1, phase: .moved, x: 890, y: 55, pressure: nil),
        .touch(contact: 0, phase: .ended, x: 101, y: 200, pressure: nil),
        .touch(contact: 1, phase: .moved, x: 880, y: 60, pressure: nil),
        .touch(contact: 0, phase: .began, x: 7, y: 7, pressure: nil),
        .touch(contact: 0, phase: .ended, x: 7, y: 7, pressure: nil),
        .touch(contact: 1, phase: .ended, x: 880, y: 60, pressure: nil),
      ])
    #expect(touch.outputs.allSatisfy { $0.trackClass == .touch || $0.body.kind == .button })
  }

  @Test func listsThatAreLostAreNoContacts() {
    var touch = ReportWriter()
    touch.report((3, 0x35, 1), (3, 0x36, 2), (0, 2, 0))
    touch.send(3, 0x35, 50)
    touch.send(0, 2, 0)
    touch.send(0, 3, 0)
    touch.report((3, 0x35, 60), (0, 2, 0))
    touch.report((3, 0x35, 3), (3, 0x36, 2), (0, 2, 0))
    // More than a hand has: 32 of them, each with a number of its own.
    for index in 0..<40 {
      touch.send(3, 0x35, Int32(index) * 10)
      touch.send(0, 2, 0)
    }
    touch.report()
    #expect(touch.demands.count == 1)
    #expect(
      touch.bodies.prefix(2) == [
        .touch(contact: 0, phase: .began, x: 1, y: 2, pressure: nil),
        .touch(contact: 0, phase: .moved, x: 3, y: 2, pressure: nil),
      ])
    #expect(touch.bodies.count == 2 + 32)
  }

  /// Whoever lists contacts after telling of them in another way leaves none open.
  @Test func listsComeAfterSlotsOrOneFinger() {
    var slots = ReportWriter()
    slots.report((3, 0x2F, 1), (3, 0x39, 7), (3, 0x35, 10), (3, 0x36, 20))
    slots.report((3, 0x35, 90), (0, 2, 0), (3, 0x35, 12), (3, 0x36, 21), (0, 2, 0))
    slots.report((0, 2, 0))
    #expect(
      slots.bodies == [
        .touch(contact: 1, phase: .began, x: 10, y: 20, pressure: nil),
        .touch(contact: 0, phase: .began, x: 12, y: 21, pressure: nil),
        .touch(contact: 1, phase: .moved, x: 90, y: 20, pressure: nil),
        .touch(contact: 0, phase: .ended, x: 12, y: 21, pressure: nil),
        .touch(contact: 1, phase: .ended, x: 90, y: 20, pressure: nil),
      ])
    var finger = ReportWriter()
    finger.report((1, 0x14A, 1), (3, 0, 5), (3, 1, 6))
    finger.report((3, 0x35, 7), (3, 0x36, 8), (0, 2, 0))
    finger.report((0, 2, 0))
    #expect(
      finger.bodies == [
        .touch(contact: 0, phase: .began, x: 5, y: 6, pressure: nil),
        .touch(contact: 0, phase: .ended, x: 5, y: 6, pressure: nil),
        .touch(contact: 0, phase: .began, x: 7, y: 8, pressure: nil),
        .touch(contact: 0, phase: .ended, x: 7, y: 8, pressure: nil),
      ])
  }

  @Test func aPenHoversTouchesAndLeaves() {
    var device = EvdevDevice()
    device.kind = .pen
    device.tiltResolution = 57
    var tablet = ReportWriter(device)
    tablet.report((1, 0x140, 1), (3, 0, 10), (3, 1, 20), (3, 0x1A, 57))
    tablet.report((1, 0x14A, 1), (3, 0x18, 300))
    tablet.report((3, 0, 11), (1, 0x14B, 1))
    tablet.report((1, 0x14A, 0), (3, 0x18, 0), (1, 0x14B, 0))
    tablet.report((1, 0x140, 0))
    func pen(_ x: Int32, _ pressure: Int32?, _ phase: Phase, _ buttons: Int32 = 0) -> Event.Body {
      .pen(Pen(x: x, y: 20, pressure: pressure, tiltX: 57, phase: phase, buttons: buttons))
    }
    #expect(
      tablet.bodies == [
        pen(10, nil, .hovering), pen(10, 300, .began), pen(11, 300, .moved, 1),
        pen(11, 0, .ended), pen(11, 0, .ended),
      ])
    #expect(tablet.outputs.allSatisfy { $0.trackClass == .pen })
  }

  @Test func aGamepadHasAxesAndButtons() {
    var pad = ReportWriter()
    pad.report((1, 0x130, 1))
    pad.report((3, 0, 1_000), (3, 5, -7))
    pad.report((3, 0x10, -1))
    #expect(
      pad.bodies == [
        .button(button: 1, state: .down), .axis(axis: 0, value: 1_000),
        .axis(axis: 5, value: -7), .axis(axis: 16, value: -1),
      ])
    #expect(pad.outputs.allSatisfy { $0.trackClass == .gamepad })
  }

  @Test func devicesThatPointAbsolutelyAreMice() {
    var device = EvdevDevice()
    device.setCapabilities { type, code in
      [(3, 0), (3, 1), (1, 0x110)].contains { $0 == (type, code) }
    }
    #expect(device.kind == .mouse)
    var tablet = ReportWriter(device)
    tablet.report((3, 0, 500))
    tablet.report((3, 1, 600))
    #expect(tablet.bodies == [.motion(x: 500, y: 0), .motion(x: 500, y: 600)])
  }

  @Test func asksForTheStateAfterALoss() {
    var mouse = ReportWriter()
    mouse.report((2, 0, 1))
    mouse.report((1, 0x110, 1))
    mouse.report((0, 3, 0), (2, 0, 100), (1, 0x110, 0))
    #expect(mouse.demands == [.resynchronize(since: 2_000_000)])
    mouse.resynchronize(pressed: [(code: 0x110, isDown: false)]) { _ in nil }
    mouse.report((2, 0, 2))
    #expect(
      mouse.bodies == [
        .rawMotion(dx: 1, dy: 0), .button(button: 1, state: .down),
        .button(button: 1, state: .up), .rawMotion(dx: 2, dy: 0),
      ])
  }

  @Test func keysOfALostReportAreNotHeldForDown() {
    var keyboard = ReportWriter()
    keyboard.report((1, 30, 1))
    // One press of the report that the loss ends, and one that is behind it: neither is given out.
    keyboard.report((1, 31, 1), (0, 3, 0), (1, 32, 1))
    #expect(keyboard.demands.count == 1)
    #expect(keyboard.pressed == [30])
    // The device has all three down: two of them are news.
    let news = [30, 31, 32].filter { !keyboard.pressed.contains($0) }
    keyboard.resynchronize(pressed: news.map { ($0, true) }) { _ in nil }
    #expect(
      keyboard.bodies == [30, 31, 32].map { .key(code: $0, state: .down) })
    #expect(keyboard.pressed == [30, 31, 32])
    keyboard.report((1, 31, 0))
    #expect(keyboard.pressed == [30, 32])
  }

  @Test func takesOverContactsAfterALoss() {
    var touch = ReportWriter()
    touch.report((3, 0x2F, 0), (3, 0x39, 5), (3, 0x35, 1), (3, 0x36, 2))
    touch.resynchronize(pressed: []) { axis in
      switch axis {
      case 0x39: [-1, 6]
      case 0x35: [1, 30]
      case 0x36: [2, 40]
      default: nil
      }
    }
    #expect(
      touch.bodies.dropFirst() == [
        .touch(contact: 0, phase: .ended, x: 1, y: 2, pressure: nil),
        .touch(contact: 1, phase: .began, x: 30, y: 40, pressure: nil),
      ])
  }

  @Test func takesAnyNumbers() {
    var random = SystemRandomNumberGenerator()
    for kind in EvdevDeviceKind.allCases {
      var device = EvdevDevice()
      device.kind = kind
      var any = ReportWriter(device)
      for _ in 0..<20_000 {
        let type = UInt16.random(in: 0...5, using: &random)
        let code = UInt16.random(in: 0...0x2FF, using: &random)
        any.send(type, Bool.random() ? code : code & 0x3F, Int32.random(in: .min ... .max))
      }
    }
  }
}
