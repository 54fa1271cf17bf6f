// SPDX-License-Identifier: Apache-2.0
//
// Which keys and buttons are held (Specs/Adaptive.md, section 8).
//
// Invariant: of each sort no more than `capacity` are held, the oldest first, each code once.

/// A key or button that is held.
struct AdaptiveHeld {
  var code: Int32 = 0
  /// When it was pressed, in units.
  var time: Int64 = 0
}

/// The bits of codes above the lowest eight, as a usage page of HID has them.
struct AdaptiveKeyPage {
  /// Those of the last code that had some; before that the page of HID's keyboards.
  var page: UInt32 = 0x700
  var isSeen = false
}

/// What is known of keys and buttons.
struct AdaptiveKeys: ~Copyable {
  /// How many keys, and how many buttons, are remembered.
  static var capacity: Int { 16 }

  private let held = MaskedTable<5, AdaptiveHeld>(repeating: AdaptiveHeld())
  private var counts = (0, 0)
  /// The last three states, and the last three codes pressed.
  private(set) var states: (UInt64, UInt64, UInt64) = (0, 0, 0)
  var codes: (Int32, Int32, Int32) = (0, 0, 0)
  private(set) var lastPress: Int64 = 0
  private var pages = (AdaptiveKeyPage(), AdaptiveKeyPage())
  private var isPress = false

  mutating func reset() {
    counts = (0, 0)
    states = (0, 0, 0)
    codes = (0, 0, 0)
    lastPress = 0
    pages = (AdaptiveKeyPage(), AdaptiveKeyPage())
    isPress = false
  }

  /// How many are held.
  func count(isButton: Bool) -> Int { isButton ? counts.1 : counts.0 }

  private func place(_ offset: Int, _ isButton: Bool) -> Int {
    isButton ? Self.capacity &+ offset : offset
  }

  /// One of those held.
  func entry(_ offset: Int, isButton: Bool) -> AdaptiveHeld { held[place(offset, isButton)] }

  /// Where a code is held.
  func offset(of code: Int32, isButton: Bool) -> Int? {
    (0..<count(isButton: isButton)).first { entry($0, isButton: isButton).code == code }
  }

  /// Forgets one of those held.
  mutating func release(_ offset: Int, isButton: Bool) {
    let count = count(isButton: isButton) &- 1
    for index in offset..<max(offset, count) {
      held[place(index, isButton)] = held[place(index &+ 1, isButton)]
    }
    if isButton { counts.1 = count } else { counts.0 = count }
  }

  /// Adds one to those held, and forgets the oldest where there are too many.
  mutating func press(_ code: Int32, isButton: Bool) {
    if let offset = offset(of: code, isButton: isButton) { release(offset, isButton: isButton) }
    if count(isButton: isButton) == Self.capacity { release(0, isButton: isButton) }
    let count = count(isButton: isButton)
    held[place(count, isButton)] = AdaptiveHeld(code: code)
    if isButton { counts.1 = count &+ 1 } else { counts.0 = count &+ 1 }
    codes = (code, codes.0, codes.1)
  }

  func page(isButton: Bool) -> AdaptiveKeyPage { isButton ? pages.1 : pages.0 }

  mutating func note(page: UInt32, isButton: Bool) {
    let noted = AdaptiveKeyPage(page: page, isSeen: true)
    if isButton { pages.1 = noted } else { pages.0 = noted }
  }

  mutating func noteState(_ state: Int32) {
    states = (UInt64(min(max(state, 0), 2)), states.0, states.1)
    isPress = state == 1
  }

  /// Notes the time of the key or button that was just coded.
  mutating func note(isButton: Bool, time: Int64) {
    guard isPress else { return }
    held[place(count(isButton: isButton) &- 1, isButton)].time = time
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
