// SPDX-License-Identifier: Apache-2.0
//
// An X11 display: raw and cooked pointer, keys, the focused window.

import CInputTapeCapture
public import InputTapeCore

/// Records the input of an X11 display, whichever program it is for.
///
/// Four tracks: the pointer in pixels, the pointer in device units with buttons and scrolling, the
/// keyboard (X11 key codes), and the focused window.
public final class X11Source: CaptureSource {
  private let name: String?
  private var connection: X11Connection?
  private var clock = X11Clock()
  private var pointer = TrackID.first
  private var device = TrackID.first
  private var keyboard = TrackID.first
  private var window = TrackID.first
  private var pressed: Set<UInt32> = []
  private var position: (x: Int32, y: Int32)?
  private var lastRawTime: Int64?
  private var lastWindow: X11Window?
  private var nextFocusLook: Int64 = 0
  /// Whether events have arrived that the descriptor does not tell of any more.
  private var hasMore = false
  private var remainder: (x: Double, y: Double) = (0, 0)
  public private(set) var isAtEnd = false

  /// Without a window manager nobody says that the focus has changed.
  private static let focusInterval: Int64 = 250_000_000

  /// - Parameter display: as in `:0`; nil for that of the environment.
  public init(display: String? = nil) { name = display }

  public var summary: [String] {
    ["the pointer, the keyboard and the focused window of the X11 display \(name ?? "in use")"]
  }

  public var classes: Set<TrackClass> { [.pointer, .keyboard, .context] }

  public var knowsFocus: Bool { true }

  public var descriptors: [Int32] { connection.map { [$0.descriptor] } ?? [] }

  public var nextTime: Int64? {
    if hasMore { return 0 }
    return connection?.hasManager == false ? nextFocusLook : nil
  }

  /// The server keeps what has not been read.
  public var restNanoseconds: Int64 { 5_000_000 }

  public func open(_ outlet: CaptureOutlet) throws(CaptureError) {
    let connection = try X11Connection(name)
    func add(_ trackClass: TrackClass, _ name: String, codes: String = "", space: String = "")
      throws(CaptureError) -> TrackID
    {
      let track = Track(
        id: .first, class: trackClass, name: name, codeSpace: codes, coordinateSpace: space)
      guard let id = outlet.addTrack(track) else { throw .unavailable("there are too many tracks") }
      return id
    }
    pointer = try add(.pointer, "X11 pointer", space: "screen")
    device = try add(.pointer, "X11 pointer, raw", space: "device")
    keyboard = try add(.keyboard, "X11 keyboard", codes: "x11")
    window = try add(.context, "X11 focus", space: "screen")
    self.connection = connection
    let now = outlet.now
    movePointer(to: connection.pointer(), at: now, outlet)
    lookAtFocus(at: now, outlet)
  }

  public func take(_ outlet: CaptureOutlet) throws(CaptureError) {
    guard let connection else { return }
    var isFocusDue = false
    var budget = 4_096
    while budget > 0, outlet.room > 0, let event = connection.next() {
      budget -= 1
      let time = clock.time(event.milliseconds, outlet)
      if event.kind == ITAPE_X11_FOCUS.signed {
        isFocusDue = true
      } else {
        emit(event, at: time, outlet)
      }
    }
    if let time = lastRawTime {
      // Another client may have taken the motion for itself: the pointer has moved all the same.
      lastRawTime = nil
      movePointer(to: connection.pointer(), at: time, outlet)
    }
    if isFocusDue || !connection.hasManager && outlet.now >= nextFocusLook {
      lookAtFocus(at: outlet.now, outlet)
    }
    hasMore = connection.hasPending
    guard !connection.isGone else {
      isAtEnd = true
      throw .unavailable("the X11 display has gone away")
    }
  }

  // MARK: - Input

  private func emit(_ event: itape_x11_event, at time: Int64, _ outlet: CaptureOutlet) {
    switch event.kind {
    case ITAPE_X11_MOTION.signed:
      lastRawTime = nil
      movePointer(to: (Self.whole(event.x), Self.whole(event.y)), at: time, outlet)
    case ITAPE_X11_RAW_MOTION.signed:
      lastRawTime = time
      send(.rawMotion, at: time, device, .init(take(\.x, event.x), take(\.y, event.y)), outlet)
    case ITAPE_X11_SCROLL.signed:
      let fields = CaptureSample.Fields(
        Self.whole(event.x.rounded()), Self.whole(event.y.rounded()), CaptureSample.notReported)
      send(.scroll, at: time, device, fields, outlet)
    case ITAPE_X11_BUTTON.signed:
      send(.button, at: time, device, .init(event.detail, event.is_down), outlet)
    case ITAPE_X11_KEY.signed: emitKey(event, at: time, outlet)
    default: break
    }
  }

  private func send(
    _ kind: EventKind, at time: Int64, _ track: TrackID, _ fields: CaptureSample.Fields,
    _ outlet: CaptureOutlet
  ) {
    outlet.emit(CaptureSample(time: time, track: track, kind: kind, fields))
  }

  /// The server presses a key again and again while it is held.
  private func emitKey(_ event: itape_x11_event, at time: Int64, _ outlet: CaptureOutlet) {
    let code = UInt32(truncatingIfNeeded: event.detail)
    var state = KeyState.up
    if event.is_down != 0 {
      state = pressed.insert(code).inserted ? .down : .repeat
    } else {
      pressed.remove(code)
    }
    send(.key, at: time, keyboard, .init(event.detail, state.rawValue), outlet)
  }

  private func movePointer(
    to place: (x: Int32, y: Int32)?, at time: Int64, _ outlet: CaptureOutlet
  ) {
    guard let place, position.map({ $0 != place }) ?? true else { return }
    position = place
    send(.motion, at: time, pointer, .init(place.x, place.y), outlet)
  }

  /// The whole part of a motion; what is left comes with the next.
  private func take(_ axis: WritableKeyPath<(x: Double, y: Double), Double>, _ value: Double)
    -> Int32
  {
    let sum = remainder[keyPath: axis] + value
    let whole = sum.rounded(.towardZero)
    remainder[keyPath: axis] = whole.isFinite ? sum - whole : 0
    return Self.whole(whole)
  }

  private static func whole(_ value: Double) -> Int32 {
    Int32(exactly: value.rounded(.down)) ?? (value > 0 ? .max : .min + 1)
  }

  // MARK: - Focus

  private func lookAtFocus(at time: Int64, _ outlet: CaptureOutlet) {
    nextFocusLook = time + Self.focusInterval
    let focused =
      connection?.focused()
      ?? X11Window(
        application: "", title: "", x: 0, y: 0, width: 0, height: 0)
    guard focused != lastWindow else { return }
    lastWindow = focused
    let focus = Focus(
      application: focused.application, title: focused.title, x: focused.x, y: focused.y,
      width: focused.width, height: focused.height)
    outlet.emit(Event(time: time, track: window, body: .focus(focus)))
  }

  public func close(_ outlet: CaptureOutlet) { connection = nil }
}

extension itape_x11_kind {
  /// As events have it.
  fileprivate var signed: Int32 { Int32(bitPattern: rawValue) }
}
