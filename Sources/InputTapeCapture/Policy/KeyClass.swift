// SPDX-License-Identifier: Apache-2.0
//
// The sort of a key: what is left of it where its content is not recorded
// (Specs/Registry.md, code space `class`).

/// The sort of a key.
enum KeyClass: UInt32 {
  case other = 0
  /// Letters, punctuation and space.
  case letter = 1
  case digit = 2
  /// Arrows, Home, End, Page Up and Down, Tab.
  case navigation = 3
  case modifier = 4
  /// Return, Backspace, Delete, Insert.
  case editing = 5
  case function = 6

  /// The sort of a key by its code in a code space.
  init(_ code: UInt32, codeSpace: String) {
    switch codeSpace {
    case "evdev": self = Self.evdev(code)
    // X servers on Linux give the kernel's codes plus 8.
    case "x11": self = code >= 8 ? Self.evdev(code - 8) : .other
    case "hid": self = code >> 16 == 7 ? Self.hid(code & 0xFFFF) : .other
    case "windowsVK": self = Self.windows(code)
    case "macOS": self = Self.macOS(code)
    default: self = .other
    }
  }

  private static func evdev(_ code: UInt32) -> KeyClass {
    switch code {
    case 2...11, 71...73, 75...77, 79...82: .digit
    case 12, 13, 16...27, 30...41, 43...53, 57, 86: .letter
    case 15, 102...109: .navigation
    case 29, 42, 54, 56, 58, 69, 97, 100, 125, 126: .modifier
    case 14, 28, 96, 110, 111: .editing
    case 59...68, 87, 88, 183...194: .function
    default: .other
    }
  }

  private static func hid(_ usage: UInt32) -> KeyClass {
    switch usage {
    case 0x1E...0x27, 0x59...0x62: .digit
    case 0x04...0x1D, 0x2C...0x38, 0x64: .letter
    case 0x2B, 0x4A, 0x4B, 0x4D...0x52: .navigation
    case 0x39, 0xE0...0xE7: .modifier
    case 0x28, 0x2A, 0x49, 0x4C, 0x58: .editing
    case 0x3A...0x45, 0x68...0x73: .function
    default: .other
    }
  }

  private static func windows(_ code: UInt32) -> KeyClass {
    switch code {
    case 0x30...0x39, 0x60...0x69: .digit
    case 0x20, 0x41...0x5A, 0xBA...0xC0, 0xDB...0xDF, 0xE2: .letter
    case 0x09, 0x21...0x28: .navigation
    case 0x10...0x12, 0x14, 0x5B, 0x5C, 0xA0...0xA5: .modifier
    case 0x08, 0x0D, 0x2D, 0x2E: .editing
    case 0x70...0x87: .function
    default: .other
    }
  }

  private static func macOS(_ code: UInt32) -> KeyClass {
    switch code {
    case 18...23, 25, 26, 28, 29, 82...92: .digit
    case 0...17, 24, 27, 30...35, 37...47, 49, 50: .letter
    case 48, 115, 116, 119, 121, 123...126: .navigation
    case 54...63: .modifier
    case 36, 51, 76, 117: .editing
    case 96...101, 103, 105...107, 109, 111, 113, 118, 120, 122: .function
    default: .other
    }
  }
}
