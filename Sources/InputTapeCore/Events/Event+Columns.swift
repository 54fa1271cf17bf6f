// SPDX-License-Identifier: Apache-2.0
//
// Events to columns and back (Specs/Registry.md, section 1): the one place that knows which field
// stands in which column.

extension Event.Body {
  /// The kind of the event.
  public var kind: EventKind {
    switch self {
    case .motion: .motion
    case .rawMotion: .rawMotion
    case .button: .button
    case .scroll: .scroll
    case .key: .key
    case .text: .text
    case .touch: .touch
    case .pen: .pen
    case .axis: .axis
    case .focus: .focus
    case .frame: .frame
    case .marker: .marker
    case .clock: .clock
    case .gap: .gap
    case .custom: .custom
    case .unknown(let event): event.kind
    }
  }

  /// The fields as columns hold them.
  package var fields: EventFields {
    switch self {
    case .motion(let x, let y): EventFields(int32: [x, y])
    case .rawMotion(let dx, let dy): EventFields(int32: [dx, dy])
    case .button(let button, let state): EventFields(int32: [button, state.rawValue])
    case .scroll(let dx, let dy, let phase):
      EventFields(int32: [dx, dy, field(phase?.rawValue)])
    case .key(let code, let state): EventFields(int32: [Int32(bitPattern: code), state.rawValue])
    case .text(let text), .marker(let text): EventFields(strings: [Array(text.utf8)])
    case .touch(let contact, let phase, let x, let y, let pressure):
      EventFields(int32: [contact, phase.rawValue, x, y, field(pressure)])
    case .pen(let pen):
      EventFields(int32: [
        pen.x, pen.y, field(pen.pressure), field(pen.tiltX), field(pen.tiltY),
        field(pen.phase?.rawValue), field(pen.buttons),
      ])
    case .axis(let axis, let value): EventFields(int32: [axis, value])
    case .focus(let focus):
      EventFields(
        int32: [focus.x, focus.y, focus.width, focus.height].map(field),
        strings: [Array(focus.application.utf8), Array(focus.title.utf8)])
    case .frame(let time, let media): EventFields(int64: [time], strings: [Array(media.utf8)])
    case .clock(let unix, let uncertainty): EventFields(int64: [unix, uncertainty])
    case .gap(let gap):
      EventFields(
        int32: [gap.cause.rawValue, gap.isLowerBound ? 1 : 0],
        int64: [gap.count, gap.firstTime, gap.lastTime])
    case .custom(let type, let bytes): EventFields(int32: [type], strings: [bytes])
    case .unknown(let event):
      EventFields(int32: event.int32, int64: event.int64, strings: event.strings)
    }
  }

  /// The event of a kind and the fields that columns hold for it.
  package init(kind: EventKind, fields: EventFields) {
    let a = fields.int32
    let b = fields.int64
    func text(_ index: Int) -> String { String(decoding: fields.strings[index], as: UTF8.self) }
    guard kind.layout == fields.layout else {
      self = .unknown(
        UnknownEvent(kind: kind, int32: a, int64: b, strings: fields.strings))
      return
    }
    switch kind {
    case .motion: self = .motion(x: a[0], y: a[1])
    case .rawMotion: self = .rawMotion(dx: a[0], dy: a[1])
    case .button: self = .button(button: a[0], state: ButtonState(rawValue: a[1]))
    case .scroll: self = .scroll(dx: a[0], dy: a[1], phase: reported(a[2]).map(Phase.init))
    case .key: self = .key(code: UInt32(bitPattern: a[0]), state: KeyState(rawValue: a[1]))
    case .text: self = .text(text(0))
    case .touch:
      self = .touch(
        contact: a[0], phase: Phase(rawValue: a[1]), x: a[2], y: a[3], pressure: reported(a[4]))
    case .pen: self = .pen(Pen { a[$0] })
    case .axis: self = .axis(axis: a[0], value: a[1])
    case .focus:
      self = .focus(
        Focus(
          application: text(0), title: text(1), x: reported(a[0]), y: reported(a[1]),
          width: reported(a[2]), height: reported(a[3])))
    case .frame: self = .frame(presentationTime: b[0], media: text(0))
    case .marker: self = .marker(text(0))
    case .clock: self = .clock(unixNanoseconds: b[0], uncertaintyNanoseconds: b[1])
    case .gap:
      self = .gap(
        Gap(
          cause: GapCause(rawValue: a[0]), count: b[0], isLowerBound: a[1] != 0, firstTime: b[1],
          lastTime: b[2]))
    case .custom: self = .custom(type: a[0], bytes: fields.strings[0])
    default:
      self = .unknown(UnknownEvent(kind: kind, int32: a, int64: b, strings: fields.strings))
    }
  }
}

/// A field as a column holds it.
func field(_ value: Int32?) -> Int32 { value ?? KindColumns.notReported }

/// A field of a column; nil for one that its source did not report.
@inlinable
func reported(_ value: Int32) -> Int32? { value == KindColumns.notReported ? nil : value }

/// The fields of one event, by column type.
package struct EventFields: Hashable, Sendable {
  package var int32: [Int32] = []
  package var int64: [Int64] = []
  package var strings: [[UInt8]] = []

  package init(int32: [Int32] = [], int64: [Int64] = [], strings: [[UInt8]] = []) {
    self.int32 = int32
    self.int64 = int64
    self.strings = strings
  }

  package var layout: KindLayout {
    KindLayout(int32: int32.count, int64: int64.count, strings: strings.count)
  }
}
