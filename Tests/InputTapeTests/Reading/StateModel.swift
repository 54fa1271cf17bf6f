// SPDX-License-Identifier: Apache-2.0
//
// What is held at a moment, worked out the plain way: all events of the recording, one by one.

import InputTape

/// The state of one track, as a table of things and whether they are certain.
struct StateModel: Equatable {
  enum Thing: Hashable {
    case key(UInt32)
    case button(Int32)
    case contact(Int32)
    case axis(Int32)
    case position
    case pen
    case focus
  }

  struct Entry: Equatable {
    var body: Event.Body
    var isCertain = true
  }

  var things: [Thing: Entry] = [:]

  /// The state of a track after those of its events that are not later than a moment.
  init(_ events: [Event], at time: Int64) {
    for event in events where event.time <= time { apply(event.body) }
    for event in events where event.time > time {
      if case .gap(let gap) = event.body, gap.firstTime <= time { forgetAll() }
    }
  }

  private mutating func apply(_ body: Event.Body) {
    switch body {
    case .motion: things[.position] = Entry(body: body)
    case .button(let button, let state):
      things[.button(button)] =
        state == .up ? nil : Entry(body: .button(button: button, state: .down))
    case .key(let code, let state):
      things[.key(code)] = state == .up ? nil : Entry(body: .key(code: code, state: .down))
    case .touch(let contact, let phase, let x, let y, let pressure):
      let isOver = phase == .ended || phase == .cancelled
      things[.contact(contact)] =
        isOver
        ? nil
        : Entry(body: .touch(contact: contact, phase: .moved, x: x, y: y, pressure: pressure))
    case .pen: things[.pen] = Entry(body: body)
    case .axis(let axis, _): things[.axis(axis)] = Entry(body: body)
    case .focus: things[.focus] = Entry(body: body)
    case .gap(let gap):
      let isStored = [GapCause.diskFull, .ioError, .syncFailed].contains(gap.cause)
      if gap.count > 0 || gap.isLowerBound, !isStored { forgetAll() }
    default: break
    }
  }

  private mutating func forgetAll() {
    for thing in things.keys { things[thing]?.isCertain = false }
  }

  /// The same table from the library's answer.
  init(_ state: TrackState) {
    add(state.certain, isCertain: true)
    add(state.uncertain, isCertain: false)
  }

  private mutating func add(_ state: InputState, isCertain: Bool) {
    func put(_ thing: Thing, _ body: Event.Body) {
      // What stands in both lists would be found here.
      let isNew = things[thing] == nil
      things[thing] = Entry(body: isNew ? body : .marker("twice"), isCertain: isCertain)
    }
    for code in state.keys { put(.key(code), .key(code: code, state: .down)) }
    for button in state.buttons { put(.button(button), .button(button: button, state: .down)) }
    for contact in state.contacts {
      put(
        .contact(contact.contact),
        .touch(
          contact: contact.contact, phase: .moved, x: contact.x, y: contact.y,
          pressure: contact.pressure))
    }
    for axis in state.axes { put(.axis(axis.axis), .axis(axis: axis.axis, value: axis.value)) }
    if let position = state.position { put(.position, .motion(x: position.x, y: position.y)) }
    if let pen = state.pen { put(.pen, .pen(pen)) }
    if let focus = state.focus { put(.focus, .focus(focus)) }
  }
}
