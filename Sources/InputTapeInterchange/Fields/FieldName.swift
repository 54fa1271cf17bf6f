// SPDX-License-Identifier: Apache-2.0
//
// The names of fields in text (Specs/Registry.md, section 1), in the order of CSV's columns.

/// A field of the text forms.
///
/// A text field is followed by its form in base64, which stands for bytes that are not UTF-8.
enum FieldName: UInt8, CaseIterable {
  case t, device, kind
  case x, y, dx, dy, button, state, phase, code
  case text, textBytes
  case contact, pressure, tiltX, tiltY, buttons, axis, value
  case application, applicationBytes, title, titleBytes
  case width, height, presentationTime
  case media, mediaBytes, label, labelBytes
  case unixNanoseconds, uncertaintyNanoseconds
  case cause, count, isLowerBound, firstTime, lastTime
  case type, bytes
  case int32, int64, strings

  /// The names, by number.
  static let names = [
    "t", "device", "kind",
    "x", "y", "dx", "dy", "button", "state", "phase", "code",
    "text", "textBytes",
    "contact", "pressure", "tiltX", "tiltY", "buttons", "axis", "value",
    "application", "applicationBytes", "title", "titleBytes",
    "width", "height", "presentationTime",
    "media", "mediaBytes", "label", "labelBytes",
    "unixNanoseconds", "uncertaintyNanoseconds",
    "cause", "count", "isLowerBound", "firstTime", "lastTime",
    "type", "bytes",
    "int32", "int64", "strings",
  ]

  var name: String { Self.names[Int(rawValue)] }

  /// The field's bit in a set of fields.
  var bit: UInt64 { 1 << UInt64(rawValue) }

  /// What a value of the field looks like.
  var form: FieldForm {
    switch self {
    case .kind, .text, .application, .title, .media, .label: .text
    case .textBytes, .applicationBytes, .titleBytes, .mediaBytes, .labelBytes, .bytes: .base64
    case .state: .state
    case .phase: .phase
    case .cause: .cause
    case .isLowerBound: .flag
    case .int32, .int64: .numbers
    case .strings: .texts
    default: .number
    }
  }
}
