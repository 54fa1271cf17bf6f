// SPDX-License-Identifier: Apache-2.0
//
// What is held, touched and pointed at on one track (Specs/Format.md, section 6.3).
//
// Invariant: `keys` and `buttons` are sorted; `contacts` is sorted by contact number.

/// What is pressed, touched and pointed at on one track at one moment.
public struct TrackState: Hashable, Sendable {
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

  /// Whether nothing is known and nothing is held.
  public var isEmpty: Bool { self == TrackState() }

  /// Takes over one event.
  public mutating func apply(_ event: Event) {
    switch event.body {
    case .motion(let x, let y): position = Position(x: x, y: y)
    case .button(let button, let state): setButton(button, isDown: state != .up)
    case .key(let code, let state): setKey(code, isDown: state != .up)
    case .touch(let contact, let phase, let x, let y, let pressure):
      let isDown = phase != .ended && phase != .cancelled
      setContact(Contact(contact: contact, x: x, y: y, pressure: pressure), isDown: isDown)
    case .pen(let pen): self.pen = pen
    case .axis(let axis, let value): setAxis(Axis(axis: axis, value: value))
    case .focus(let focus): self.focus = focus
    default: break
    }
  }

  /// Takes over all events of a batch.
  ///
  /// - Complexity: O(events of kinds that press, touch or move an axis); constant for motion.
  package mutating func apply(_ batch: EventBatch) {
    for columns in batch.columns where columns.count > 0 {
      switch columns.kind {
      case .button, .key: applyPresses(columns)
      case .touch, .axis:
        for index in 0..<columns.count { apply(columns, at: index, track: batch.track) }
      case .motion, .pen, .focus: apply(columns, at: columns.count - 1, track: batch.track)
      default: break
      }
    }
  }

  private mutating func apply(_ columns: KindColumns, at index: Int, track: TrackID) {
    let body = Event.Body(kind: columns.kind, fields: columns.fields(at: index))
    apply(Event(time: 0, track: track, body: body))
  }

  private mutating func applyPresses(_ columns: KindColumns) {
    let codes = columns.int32[0]
    let states = columns.int32[1]
    let isKey = columns.kind == .key
    for index in codes.indices {
      if isKey {
        setKey(UInt32(bitPattern: codes[index]), isDown: states[index] != 0)
      } else {
        setButton(codes[index], isDown: states[index] != 0)
      }
    }
  }

  private mutating func setKey(_ code: UInt32, isDown: Bool) {
    let offset = keys.firstIndex { $0 >= code } ?? keys.count
    let isHeld = offset < keys.count && keys[offset] == code
    if isDown, !isHeld, keys.count < Self.heldLimit { keys.insert(code, at: offset) }
    if !isDown, isHeld { keys.remove(at: offset) }
  }

  private mutating func setButton(_ button: Int32, isDown: Bool) {
    let offset = buttons.firstIndex { $0 >= button } ?? buttons.count
    let isHeld = offset < buttons.count && buttons[offset] == button
    if isDown, !isHeld, buttons.count < Self.heldLimit { buttons.insert(button, at: offset) }
    if !isDown, isHeld { buttons.remove(at: offset) }
  }

  private mutating func setContact(_ contact: Contact, isDown: Bool) {
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

  private mutating func setAxis(_ axis: Axis) {
    let offset = axes.firstIndex { $0.axis >= axis.axis } ?? axes.count
    if offset < axes.count, axes[offset].axis == axis.axis {
      axes[offset] = axis
    } else if axes.count < Self.heldLimit {
      axes.insert(axis, at: offset)
    }
  }

  /// Of each sort of thing, this many at once are kept.
  ///
  /// A file can press any number of keys and let none go; no hand can. The bound keeps a hostile
  /// one from making this quadratic.
  public static let heldLimit = 256

  /// Events that bring an empty state into this one.
  package func keyframe(track: TrackID, time: Int64) -> EventBatch {
    var batch = EventBatch(track: track)
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
    return batch
  }
}
