// SPDX-License-Identifier: Apache-2.0
//
// What a target needs to know of a recording's tracks.

import InputTapeCore

/// The key codes and pointers of a recording, for those who play it.
struct ReplayTracks {
  private let codeSpaces: [TrackID: String]
  /// Whether some track says where the pointer is on the screen: then relative motion says the same
  /// again.
  let hasScreen: Bool

  init(_ tracks: [Track]) {
    codeSpaces = Dictionary(tracks.map { ($0.id, $0.codeSpace) }, uniquingKeysWith: { a, _ in a })
    hasScreen = tracks.contains { $0.trackClass == .pointer && $0.coordinateSpace == "screen" }
  }

  /// The kernel's code of a key; nil where the recording does not tell, or another system counts.
  func evdevCode(_ code: UInt32, _ track: TrackID) -> UInt32? {
    guard code > 0 else { return nil }
    switch codeSpaces[track] {
    case "evdev": return code < 0x300 ? code : nil
    case "x11": return code > 8 && code < 256 ? code - 8 : nil
    default: return nil
    }
  }
}

/// Detents of a wheel out of parts of them.
struct ReplayWheel {
  private var left: Int64 = 0

  /// Whole detents, which may be negative; what is left comes with the next.
  mutating func detents(_ value: Int32) -> Int {
    left += Int64(value)
    let whole = left / 120
    left -= whole * 120
    return Int(min(max(whole, -1_000), 1_000))
  }
}
