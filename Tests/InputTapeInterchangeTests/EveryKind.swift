// SPDX-License-Identifier: Apache-2.0
//
// Events of every kind with ordinary and with awkward fields.

import InputTapeCore

/// Bodies of events of every kind, known and not.
let everyBody: [Event.Body] = [
  .motion(x: 1043, y: -410), .motion(x: .min, y: .max), .rawMotion(dx: 1, dy: -2),
  .button(button: 1, state: .down), .button(button: 2, state: ButtonState(rawValue: 2)),
  .button(button: 3, state: .up), .button(button: 0, state: ButtonState(rawValue: -7)),
  .scroll(dx: 0, dy: -120, phase: nil), .scroll(dx: 3, dy: 4, phase: .momentum),
  .key(code: 30, state: .repeat), .key(code: .max, state: .up),
  .key(code: 0, state: KeyState(rawValue: 9)),
  .text("plain"), .text(""),
  .text("\"q\" \\ \u{1B}[31m \n\r\t \u{7F} \u{85} \u{202E} \u{2028} é 🙂"),
  .text("=1+1"), .text("'=1+1"), .text("''"), .text("'"), .text("-5"), .text("+"), .text("@x,y"),
  .text("\tindented"), .text("a\r\nb"), .text("'hello'"), .text(" "), .text("\u{FEFF}x"),
  .text("\u{E0041}\u{200B}"), .text("a\0b"),
  .touch(contact: 3, phase: .began, x: 1, y: 2, pressure: nil),
  .touch(contact: 0, phase: Phase(rawValue: 77), x: -1, y: 0, pressure: 5),
  .pen(Pen(x: 1, y: 2)),
  .pen(
    Pen(x: 1, y: 2, pressure: 0, tiltX: -3, tiltY: 4, phase: .hovering, buttons: 1)),
  .axis(axis: 2, value: -32768),
  .focus(Focus(application: "an editor", title: "a \"file\"")),
  .focus(Focus(application: "", title: "", x: 0, y: -1, width: 640, height: 480)),
  .frame(presentationTime: -1, media: "screen.mkv"), .marker("begin"), .marker(""),
  .clock(unixNanoseconds: .max, uncertaintyNanoseconds: 0),
  .gap(Gap(cause: .policy, count: 3, firstTime: 1, lastTime: 2)),
  .gap(Gap(cause: .clockStep, count: .max, isLowerBound: true, firstTime: .min, lastTime: 0)),
  .gap(Gap(cause: GapCause(rawValue: 11), count: 0, firstTime: 0, lastTime: 0)),
  .custom(type: 7, bytes: []), .custom(type: -1, bytes: [0, 255, 10, 34]),
  .custom(type: 1, bytes: [0xFB, 0xFF, 0xFE]),
  .unknown(
    UnknownEvent(
      kind: EventKind(rawValue: 16), int32: [1, .min], int64: [.max], strings: [[], [1, 2, 255]])),
  .unknown(UnknownEvent(kind: EventKind(rawValue: 255), int32: [], int64: [], strings: [])),
]

/// The bodies as events on a few tracks.
let everyEvent: [Event] = everyBody.enumerated().map { index, body in
  Event(
    time: Int64(index) * 1_000_003 - 2_000_000, track: TrackID(rawValue: UInt16(index % 3 * 511)),
    body: body)
}
