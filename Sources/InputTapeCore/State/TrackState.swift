// SPDX-License-Identifier: Apache-2.0
//
// The state of one track: what events have told, and what is left from before a gap
// (Specs/Format.md, section 6.3).
//
// Invariant: nothing is both in `certain` and in `uncertain`; `uncertain` is empty as long as
// `lastGap` is nil.

/// What is pressed, touched and pointed at on one track at one moment.
///
/// After a gap nobody knows whether what was held before it still is. Such things stand in
/// `uncertain` until an event tells: a key that was let go while nobody looked does not stay down.
public struct TrackState: Hashable, Sendable {
  public typealias Contact = InputState.Contact
  public typealias Position = InputState.Position
  public typealias Axis = InputState.Axis

  /// What events since the last gap have told.
  public private(set) var certain = InputState()
  /// What was so before a gap, and of which no event has told since.
  public private(set) var uncertain = InputState()
  /// The last gap that may have swallowed presses and releases; what was pressed in it and has not
  /// been heard of since is in neither state.
  public private(set) var lastGap: Gap?

  public init() {}

  /// Codes of the keys that are certainly down, sorted.
  public var keys: [UInt32] { certain.keys }
  /// Buttons that are certainly down, sorted.
  public var buttons: [Int32] { certain.buttons }
  /// Fingers that certainly touch, sorted by number.
  public var contacts: [Contact] { certain.contacts }
  /// The last absolute position since the last gap.
  public var position: Position? { certain.position }
  /// What the pen last reported since the last gap.
  public var pen: Pen? { certain.pen }
  /// Gamepad axes that have moved since the last gap, sorted by number.
  public var axes: [Axis] { certain.axes }
  /// The window that has the focus.
  public var focus: Focus? { certain.focus }

  /// Whether nothing is known and nothing is held.
  public var isEmpty: Bool { self == TrackState() }

  // MARK: - Events

  /// Takes over one event.
  public mutating func apply(_ event: Event) {
    switch event.body {
    case .motion(let x, let y): setPosition(Position(x: x, y: y))
    case .button(let button, let state): setButton(button, isDown: state != .up)
    case .key(let code, let state): setKey(code, isDown: state != .up)
    case .touch(let contact, let phase, let x, let y, let pressure):
      let isDown = phase != .ended && phase != .cancelled
      setContact(Contact(contact: contact, x: x, y: y, pressure: pressure), isDown: isDown)
    case .pen(let pen):
      certain.setPen(pen)
      if lastGap != nil { uncertain.removePen() }
    case .axis(let axis, let value):
      certain.setAxis(Axis(axis: axis, value: value))
      if lastGap != nil { uncertain.removeAxis(axis) }
    case .focus(let focus):
      certain.setFocus(focus)
      if lastGap != nil { uncertain.removeFocus() }
    case .gap(let gap): if gap.isForgetful { forget(gap) }
    default: break
    }
  }

  /// Takes over that events are missing: all that was certain may have ended with one of them.
  package mutating func forget(_ gap: Gap) {
    uncertain.merge(certain)
    certain = InputState()
    lastGap = gap
  }

  private mutating func setPosition(_ position: Position) {
    certain.setPosition(position)
    if lastGap != nil { uncertain.removePosition() }
  }

  private mutating func setKey(_ code: UInt32, isDown: Bool) {
    certain.setKey(code, isDown: isDown)
    if lastGap != nil { uncertain.setKey(code, isDown: false) }
  }

  private mutating func setButton(_ button: Int32, isDown: Bool) {
    certain.setButton(button, isDown: isDown)
    if lastGap != nil { uncertain.setButton(button, isDown: false) }
  }

  private mutating func setContact(_ contact: Contact, isDown: Bool) {
    certain.setContact(contact, isDown: isDown)
    if lastGap != nil { uncertain.setContact(contact, isDown: false) }
  }

  // MARK: - Batches

  /// Takes over all events of a batch.
  ///
  /// - Complexity: O(events of kinds that press, touch or move an axis), constant for motion; all
  ///   events where there is a gap.
  package mutating func apply(_ batch: EventBatch) {
    if !batch.gaps.isEmpty {
      batch.forEachEvent { apply($0) }
      return
    }
    for columns in batch.columns where columns.count > 0 {
      switch columns.kind {
      case .button, .key: applyPresses(columns)
      case .touch, .axis: applyLast(columns, track: batch.track)
      case .motion, .pen, .focus: apply(columns, at: columns.count - 1, track: batch.track)
      default: break
      }
    }
  }

  private mutating func apply(_ columns: KindColumns, at index: Int, track: TrackID) {
    let body = Event.Body(kind: columns.kind, fields: columns.fields(at: index))
    apply(Event(time: 0, track: track, body: body))
  }

  private mutating func applyLast(_ columns: KindColumns, track: TrackID) {
    let held = columns.kind == .touch ? certain.contacts.count : certain.axes.count
    for index in Self.tellingPlaces(columns.int32[0], held: held) {
      apply(columns, at: index, track: track)
    }
  }

  private mutating func applyPresses(_ columns: KindColumns) {
    let codes = columns.int32[0]
    let held = columns.kind == .key ? certain.keys.count : certain.buttons.count
    for index in Self.tellingPlaces(codes, held: held) {
      let isDown = columns.int32[1][index] != 0
      if columns.kind == .key {
        setKey(UInt32(bitPattern: codes[index]), isDown: isDown)
      } else {
        setButton(codes[index], isDown: isDown)
      }
    }
  }

  /// The events that tell what is held behind them: the last of each code, contact or axis, or all
  /// where there may be more of these than a state holds.
  private static func tellingPlaces(_ numbers: [Int32], held: Int) -> [Int] {
    guard let lasts = lastPlaces(numbers.span), held + lasts.count <= InputState.heldLimit
    else { return Array(numbers.indices) }
    return lasts
  }

  /// Where each code comes last, which is all that tells; nil where there are too many codes to
  /// look for each.
  private static func lastPlaces(_ codes: Span<Int32>) -> [Int]? {
    var seen: [Int32] = []
    var places: [Int] = []
    // Of codes with the same low byte, the one that was seen last; at first a code of another byte.
    var recent = [Int32](repeating: 0, count: 256)
    recent[0] = 1
    var table = recent.mutableSpan
    var small = SmallCodes()
    var rest = codes.count
    while true {
      rest = small.skip(codes.extracting(first: rest))
      guard rest > 0 else { return places }
      // What stops the set is soon behind.
      let end = max(rest - 16, 0)
      while rest > end {
        rest -= 1
        let code = codes[rest]
        let slot = Int(code & 0xFF)
        guard table[slot] != code else { continue }
        table[slot] = code
        guard !seen.contains(code) else { continue }
        guard seen.count < InputState.heldLimit else { return nil }
        seen.append(code)
        small.insert(code)
        places.append(rest)
      }
    }
  }

  /// No fewer bytes than `keyframe(track:time:)` takes as rows.
  package var keyframeByteCount: Int {
    certain.keyframeByteCount + uncertain.keyframeByteCount + 48
  }

  /// Events that bring an empty state into this one: what is uncertain, the gap that made it so,
  /// and what is certain.
  package func keyframe(track: TrackID, time: Int64) -> EventBatch {
    var batch = EventBatch(track: track)
    uncertain.appendKeyframe(time: time, to: &batch)
    if let lastGap { batch.append(Event(time: time, track: track, body: .gap(lastGap))) }
    certain.appendKeyframe(time: time, to: &batch)
    return batch
  }
}

extension EventBatch {
  /// Whether an event of it is of a kind that may change its track's state.
  package var changesState: Bool {
    columns.contains { columns in
      guard columns.count > 0 else { return false }
      switch columns.kind {
      case .motion, .button, .key, .touch, .pen, .axis, .focus, .gap: return true
      default: return false
      }
    }
  }
}

extension Gap {
  /// Whether what was held before it is no longer known.
  ///
  /// It is where nothing is missing, and where the writer had the events and could not store them:
  /// then the next state keyframe tells.
  public var isForgetful: Bool {
    guard count != 0 || isLowerBound else { return false }
    return cause != .diskFull && cause != .ioError && cause != .syncFailed
  }
}
