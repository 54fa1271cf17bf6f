// SPDX-License-Identifier: Apache-2.0
//
// Which keys and buttons are held (Specs/Adaptive.md, section 8).

/// Keys or buttons that are held, the oldest first; no more than 16.
struct AdaptiveHeld {
  struct Entry {
    var code: Int32
    var time: Int64
  }

  private(set) var entries: [Entry] = []

  var count: Int { entries.count }

  /// The offset of a code.
  func offset(of code: Int32) -> Int? { entries.lastIndex { $0.code == code } }

  mutating func press(_ code: Int32, at time: Int64) {
    if let offset = offset(of: code) { entries.remove(at: offset) }
    if entries.count == 16 { entries.removeFirst() }
    entries.append(Entry(code: code, time: time))
  }

  mutating func release(_ offset: Int) { entries.remove(at: offset) }

  /// Sets the time of the newest.
  mutating func setTime(_ time: Int64) {
    if !entries.isEmpty { entries[entries.count - 1].time = time }
  }
}

/// What is known of keys and buttons.
struct AdaptiveKeys {
  var keys = AdaptiveHeld()
  var buttons = AdaptiveHeld()
  /// The last three states, and the last three codes pressed.
  var states: (UInt64, UInt64, UInt64) = (0, 0, 0)
  var codes: (Int32, Int32, Int32) = (0, 0, 0)
  var lastPress: Int64 = 0
  private var isPress = false

  init() {}

  mutating func noteState(_ state: Int32) {
    let number = UInt64(min(max(state, 0), 2))
    states = (number, states.0, states.1)
    isPress = state == 1
  }

  /// Notes the time of the key or button that was just coded.
  mutating func note(isButton: Bool, time: Int64) {
    guard isPress else { return }
    if isButton { buttons.setTime(time) } else { keys.setTime(time) }
    lastPress = time
  }
}

/// What a key's time depends on.
struct AdaptiveKeyContext {
  /// 0 press, 1 press while others are held, 2 release of the only one, 3 any other.
  var group: Int
  /// The code, and the one before it for a press.
  var code: UInt64
  /// Units since the key, or for a press any key, was pressed.
  var elapsed: Int64
}
