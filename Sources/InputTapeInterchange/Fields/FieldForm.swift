// SPDX-License-Identifier: Apache-2.0
//
// What values look like in text (Specs/Registry.md, sections 1 and 3).

import InputTapeCore

/// What a value looks like in text.
enum FieldForm: UInt8 {
  case number
  case text
  case base64
  /// A name or a number.
  case state, phase, cause
  /// True or false, or a number.
  case flag
  case numbers
  case texts

  /// The named values, by number.
  var names: [String] {
    switch self {
    case .state: ["up", "down", "repeat"]
    case .phase: ["began", "moved", "ended", "cancelled", "momentum", "hovering"]
    case .cause: GapCause.names
    default: []
    }
  }

  var isText: Bool { self == .text || self == .base64 }
}
