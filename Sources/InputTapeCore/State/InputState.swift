// SPDX-License-Identifier: Apache-2.0
//
// What is held, touched and pointed at (Specs/Format.md, section 6.3).
//
// Invariant: `keys` and `buttons` are sorted; `contacts` and `axes` are sorted by number.

/// What is pressed, touched and pointed at, as far as events have told.
public struct InputState: Hashable, Sendable {
  /// A finger on a touch device.
  public struct Contact: Hashable, Sendable {
    public var contact: Int32
    public var x: Int32
    public var y: Int32
    public var pressure: Int32?
  }

  /// A place in the track's coordinate space.
  public struct Position: Hashable, Sendable {
    public var x: Int32
    public var y: Int32
  }

  /// A gamepad axis and where it stands.
  public struct Axis: Hashable, Sendable {
    public var axis: Int32
    public var value: Int32
  }

  /// Codes of the keys that are down, sorted.
  public private(set) var keys: [UInt32] = []
  /// Buttons that are down, sorted.
  public private(set) var buttons: [Int32] = []
  /// Fingers that touch, sorted by number.
  public private(set) var contacts: [Contact] = []
  /// The last absolute position, where there was one.
  public private(set) var position: Position?
  /// What the pen last reported.
  public private(set) var pen: Pen?
  /// Gamepad axes that have moved, sorted by number.
  public private(set) var axes: [Axis] = []
  /// The window that has the focus.
  public private(set) var focus: Focus?

  public init() {}

  /// Of each sort of thing, this many at once are kept.
  ///
  /// A file can press any number of keys and let none go; no hand can. The bound keeps a hostile
  /// one from making this quadratic.
  public static let heldLimit = 256

  // MARK: - Single things

  mutating func setPosition(_ position: Position) { self.position = position }
  mutating func setPen(_ pen: Pen) { self.pen = pen }
  mutating func setFocus(_ focus: Focus) { self.focus = focus }

  mutating func setKey(_ code: UInt32, isDown: Bool) {
    let offset = keys.firstIndex { $0 >= code } ?? keys.count
    let isHeld = offset < keys.count && keys[offset] == code
    if isDown, !isHeld, keys.count < Self.heldLimit { keys.insert(code, at: offset) }
    if !isDown, isHeld { keys.remove(at: offset) }
  }

  mutating func setButton(_ button: Int32, isDown: Bool) {
    let offset = buttons.firstIndex { $0 >= button } ?? buttons.count
    let isHeld = offset < buttons.count && buttons[offset] == button
    if isDown, !isHeld, buttons.count < Self.heldLimit { buttons.insert(button, at: offset) }
    if !isDown, isHeld { buttons.remove(at: offset) }
  }

  mutating func setContact(_ contact: Contact, isDown: Bool) {
    let offset = contacts.firstIndex { $0.contact >= contact.contact } ?? contacts.count
    let isKnown = offset < contacts.count && contacts[offset].contact == contact.contact
    switch (isDown, isKnown) {
    case (true, true): contacts[offset] = contact
    case (true, false):
      if contacts.count < Self.heldLimit { contacts.insert(contact, at: offset) }
    case (false, true): contacts.remove(at: offset)
    case (false, false): break
    }
  }

  mutating func setAxis(_ axis: Axis) {
    let offset = axes.firstIndex { $0.axis >= axis.axis } ?? axes.count
    if offset < axes.count, axes[offset].axis == axis.axis {
      axes[offset] = axis
    } else if axes.count < Self.heldLimit {
      axes.insert(axis, at: offset)
    }
  }

  // MARK: - As a whole

  /// Takes over all that another state holds; what both hold is as the other says.
  mutating func merge(_ other: InputState) {
    for code in other.keys { setKey(code, isDown: true) }
    for button in other.buttons { setButton(button, isDown: true) }
    for contact in other.contacts { setContact(contact, isDown: true) }
    for axis in other.axes { setAxis(axis) }
    position = other.position ?? position
    pen = other.pen ?? pen
    focus = other.focus ?? focus
  }

  mutating func removePosition() { position = nil }
  mutating func removePen() { pen = nil }
  mutating func removeFocus() { focus = nil }
  mutating func removeAxis(_ axis: Int32) { axes.removeAll { $0.axis == axis } }

  /// No fewer bytes than `appendKeyframe(time:to:)` adds as rows.
  var keyframeByteCount: Int {
    let events = 3 + keys.count + buttons.count + contacts.count + axes.count
    let text = focus.map { $0.application.utf8.count + $0.title.utf8.count } ?? 0
    return 48 * events + text
  }

  /// Events that bring an empty state into this one.
  func appendKeyframe(time: Int64, to batch: inout EventBatch) {
    let track = batch.track
    func append(_ body: Event.Body) {
      batch.append(Event(time: time, track: track, body: body))
    }
    if let position { append(.motion(x: position.x, y: position.y)) }
    for button in buttons { append(.button(button: button, state: .down)) }
    for code in keys { append(.key(code: code, state: .down)) }
    for contact in contacts {
      append(
        .touch(
          contact: contact.contact, phase: .moved, x: contact.x, y: contact.y,
          pressure: contact.pressure))
    }
    if let pen { append(.pen(pen)) }
    for axis in axes { append(.axis(axis: axis.axis, value: axis.value)) }
    if let focus { append(.focus(focus)) }
  }
}
