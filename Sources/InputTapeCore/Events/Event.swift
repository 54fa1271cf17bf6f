// SPDX-License-Identifier: Apache-2.0
//
// One event, for those who want one value for it; columns are the faster way.

/// One timestamped input of one track.
public struct Event: Hashable, Sendable {
  /// Nanoseconds on the recording's clock, from its start.
  public var time: Int64
  public var track: TrackID
  public var body: Body

  // Transparent: else the compiler keeps an event that is made and read at once in memory, and
  // drops its body with a call.
  @_transparent
  public init(time: Int64, track: TrackID, body: Body) {
    self.time = time
    self.track = track
    self.body = body
  }

  public var kind: EventKind { body.kind }

  /// What happened. Optional fields are nil where the source does not report them.
  ///
  /// Cases with text or bytes are indirect: so events of pointers, keys and contacts are copied
  /// and dropped without a look into a large payload, most often without any instruction.
  @nonexhaustive
  public enum Body: Hashable, Sendable {
    case motion(x: Int32, y: Int32)
    case rawMotion(dx: Int32, dy: Int32)
    case button(button: Int32, state: ButtonState)
    case scroll(dx: Int32, dy: Int32, phase: Phase?)
    case key(code: UInt32, state: KeyState)
    indirect case text(String)
    case touch(contact: Int32, phase: Phase, x: Int32, y: Int32, pressure: Int32?)
    case pen(Pen)
    case axis(axis: Int32, value: Int32)
    indirect case focus(Focus)
    /// Refers to a frame of a video: presentation time in nanoseconds, and the medium's name.
    indirect case frame(presentationTime: Int64, media: String)
    indirect case marker(String)
    /// Anchors the recording's clock: nanoseconds since 1970-01-01 UTC, and how far it may be off.
    case clock(unixNanoseconds: Int64, uncertaintyNanoseconds: Int64)
    indirect case gap(Gap)
    /// Bytes of a type that the metadata names.
    indirect case custom(type: Int32, bytes: [UInt8])
    /// An event of a kind that this version does not know, as its columns held it.
    indirect case unknown(UnknownEvent)
  }
}

/// What a pen reports.
///
/// Held as columns hold it, in seven Int32, so that no event takes more room for the pen's sake.
public struct Pen: Hashable, Sendable {
  public var x: Int32
  public var y: Int32
  @usableFromInline var pressureField: Int32
  @usableFromInline var tiltXField: Int32
  @usableFromInline var tiltYField: Int32
  @usableFromInline var phaseField: Int32
  @usableFromInline var buttonsField: Int32

  public init(
    x: Int32, y: Int32, pressure: Int32? = nil, tiltX: Int32? = nil, tiltY: Int32? = nil,
    phase: Phase? = nil, buttons: Int32? = nil
  ) {
    self.x = x
    self.y = y
    pressureField = field(pressure)
    tiltXField = field(tiltX)
    tiltYField = field(tiltY)
    phaseField = field(phase?.rawValue)
    buttonsField = field(buttons)
  }

  /// A pen of its columns' fields, by their order.
  @inlinable
  init(field: (Int) -> Int32) {
    x = field(0)
    y = field(1)
    pressureField = field(2)
    tiltXField = field(3)
    tiltYField = field(4)
    phaseField = field(5)
    buttonsField = field(6)
  }

  public var pressure: Int32? {
    get { reported(pressureField) }
    set { pressureField = field(newValue) }
  }

  public var tiltX: Int32? {
    get { reported(tiltXField) }
    set { tiltXField = field(newValue) }
  }

  public var tiltY: Int32? {
    get { reported(tiltYField) }
    set { tiltYField = field(newValue) }
  }

  public var phase: Phase? {
    get { reported(phaseField).map(Phase.init) }
    set { phaseField = field(newValue?.rawValue) }
  }

  public var buttons: Int32? {
    get { reported(buttonsField) }
    set { buttonsField = field(newValue) }
  }
}

extension Pen: CustomReflectable {
  /// The fields as they are set, for those who print a pen.
  public var customMirror: Mirror {
    Mirror(
      self,
      children: [
        "x": x, "y": y, "pressure": pressure as Any, "tiltX": tiltX as Any, "tiltY": tiltY as Any,
        "phase": phase as Any, "buttons": buttons as Any,
      ], displayStyle: .struct)
  }
}

/// A window that has the focus.
public struct Focus: Hashable, Sendable {
  public var application: String
  public var title: String
  public var x: Int32?
  public var y: Int32?
  public var width: Int32?
  public var height: Int32?

  public init(
    application: String, title: String = "", x: Int32? = nil, y: Int32? = nil,
    width: Int32? = nil, height: Int32? = nil
  ) {
    self.application = application
    self.title = title
    self.x = x
    self.y = y
    self.width = width
    self.height = height
  }
}

/// An explicit record of what is missing and why.
public struct Gap: Hashable, Sendable {
  public var cause: GapCause
  /// How many events are missing: exactly, or at least.
  public var count: Int64
  public var isLowerBound: Bool
  /// Times of the first and last missing event, where known.
  public var firstTime: Int64
  public var lastTime: Int64

  public init(
    cause: GapCause, count: Int64, isLowerBound: Bool = false, firstTime: Int64, lastTime: Int64
  ) {
    self.cause = cause
    self.count = count
    self.isLowerBound = isLowerBound
    self.firstTime = firstTime
    self.lastTime = lastTime
  }
}

/// The columns of one event of an unknown kind.
public struct UnknownEvent: Hashable, Sendable {
  public var kind: EventKind
  public var int32: [Int32]
  public var int64: [Int64]
  public var strings: [[UInt8]]

  public init(kind: EventKind, int32: [Int32], int64: [Int64], strings: [[UInt8]]) {
    self.kind = kind
    self.int32 = int32
    self.int64 = int64
    self.strings = strings
  }
}
