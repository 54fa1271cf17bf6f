// SPDX-License-Identifier: Apache-2.0
//
// What a policy leaves of an event.

import InputTapeCore

/// Takes out of events what a level does not allow.
enum PolicyReduction {
  /// What a level leaves of an event of numbers; `count` and `off` leave nothing.
  static func reduce(
    _ sample: CaptureSample, to level: CapturePolicy.Level, codeSpace: String
  ) -> CaptureSample {
    guard level != .full else { return sample }
    var result = sample
    let absent = CaptureSample.notReported
    let fields = sample.fields
    switch sample.kind {
    case .key:
      let code = UInt32(bitPattern: fields.a)
      let known = level == .class ? KeyClass(code, codeSpace: codeSpace) : .other
      result.fields = .init(Int32(bitPattern: known.rawValue), fields.b)
    case .button: result.fields = .init(level == .class ? fields.a : 0, fields.b)
    case .scroll: result.fields = .init(0, 0, fields.c)
    case .touch: result.fields = .init(fields.a, fields.b, 0, 0, absent)
    case .pen: result.fields = .init(0, 0, absent, absent, absent, fields.f, absent)
    default: result.fields = .init()
    }
    return result
  }

  /// What a level leaves of an event with text; clocks and gaps are not somebody's input.
  static func reduce(_ body: Event.Body, to level: CapturePolicy.Level) -> Event.Body {
    guard level != .full else { return body }
    switch body {
    case .text: return .text("")
    case .marker: return .marker("")
    case .focus(let focus):
      return .focus(Focus(application: level == .class ? focus.application : ""))
    case .frame(let time, let media):
      return .frame(presentationTime: time, media: level == .class ? media : "")
    case .custom(let type, _): return .custom(type: type, bytes: [])
    case .unknown(let event):
      return .custom(type: Int32(event.kind.rawValue), bytes: [])
    default: return body
    }
  }
}
