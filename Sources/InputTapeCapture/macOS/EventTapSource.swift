// SPDX-License-Identifier: Apache-2.0
//
// The event tap of macOS. Written, and never run: no machine of the project has macOS.

#if os(macOS)

  import Carbon
  import CoreGraphics
  import Darwin
  public import InputTapeCore

  /// Records the pointer and the keyboard of a macOS session by a listening event tap.
  ///
  /// Needs the permission for input monitoring. Untested. While a secure field has the keyboard the
  /// system sends no keys: a gap with cause `secureInput`, without count and times, says so.
  public final class EventTapSource: CaptureSource {
    private var tap: CFMachPort?
    private var pending: [(kind: CGEventType, event: CGEvent)] = []
    private var pointer = TrackID.first
    private var keyboard = TrackID.first
    private var isSecure = false
    private var pressed: Set<UInt32> = []

    public init() {}

    public var summary: [String] { ["the pointer and the keyboard of this session (event tap)"] }

    public var classes: Set<TrackClass> { [.pointer, .keyboard] }

    public var descriptors: [Int32] { [] }

    /// The tap's port is served by the run loop of the session's thread, a few times a second more
    /// often than a screen shows.
    public var nextTime: Int64? { 0 }
    public var restNanoseconds: Int64 { 4_000_000 }

    public func open(_ outlet: CaptureOutlet) throws(CaptureError) {
      func add(_ track: Track) throws(CaptureError) -> TrackID {
        guard let id = outlet.addTrack(track) else {
          throw .unavailable("there are too many tracks")
        }
        return id
      }
      pointer = try add(
        Track(id: .first, class: .pointer, name: "macOS pointer", coordinateSpace: "screen"))
      keyboard = try add(
        Track(id: .first, class: .keyboard, name: "macOS keyboard", codeSpace: "macOS"))
      let kinds: [CGEventType] = [
        .mouseMoved, .leftMouseDragged, .rightMouseDragged, .otherMouseDragged, .leftMouseDown,
        .leftMouseUp, .rightMouseDown, .rightMouseUp, .otherMouseDown, .otherMouseUp,
        .scrollWheel, .keyDown, .keyUp, .flagsChanged,
      ]
      let mask = kinds.reduce(CGEventMask(0)) { $0 | 1 << CGEventMask($1.rawValue) }
      // Safe: the source outlives the tap, which `close` ends.
      let context = unsafe Unmanaged.passUnretained(self).toOpaque()
      tap = unsafe CGEvent.tapCreate(
        tap: .cgSessionEventTap, place: .headInsertEventTap, options: .listenOnly,
        eventsOfInterest: mask,
        callback: { _, kind, event, context in
          guard let context = unsafe context else { return unsafe Unmanaged.passUnretained(event) }
          let source = unsafe Unmanaged<EventTapSource>.fromOpaque(context).takeUnretainedValue()
          source.pending.append((kind, event))
          return unsafe Unmanaged.passUnretained(event)
        }, userInfo: context)
      guard let tap else {
        throw .unavailable("macOS gives no events: allow input monitoring in System Settings")
      }
      let loop = CFMachPortCreateRunLoopSource(nil, tap, 0)
      CFRunLoopAddSource(CFRunLoopGetCurrent(), loop, .commonModes)
      CGEvent.tapEnable(tap: tap, enable: true)
    }

    public func take(_ outlet: CaptureOutlet) throws(CaptureError) {
      while CFRunLoopRunInMode(.defaultMode, 0, true) == .handledSource {}
      noteSecureInput(outlet)
      let events = pending
      pending.removeAll(keepingCapacity: true)
      for (kind, event) in events { emit(kind, event, outlet) }
    }

    /// While passwords are typed nothing is told, not even when it began.
    private func noteSecureInput(_ outlet: CaptureOutlet) {
      let isSecure = IsSecureEventInputEnabled()
      defer { self.isSecure = isSecure }
      guard self.isSecure, !isSecure else { return }
      let gap = Gap(
        cause: .secureInput, count: 0, isLowerBound: true, firstTime: 0, lastTime: 0)
      outlet.emit(Event(time: outlet.now, track: keyboard, body: .gap(gap)))
    }

    private func emit(_ kind: CGEventType, _ event: CGEvent, _ outlet: CaptureOutlet) {
      let time = max(Int64(bitPattern: event.timestamp) - outlet.start, 0)
      switch kind {
      case .tapDisabledByTimeout, .tapDisabledByUserInput: restart(at: outlet.now, outlet)
      case .keyDown, .keyUp, .flagsChanged: emitKey(kind, event, at: time, outlet)
      case .scrollWheel:
        // Fixed-point detents, of which 65,536 make one.
        let dy = event.getIntegerValueField(.scrollWheelEventFixedPtDeltaAxis1) * 120 / 65_536
        let dx = event.getIntegerValueField(.scrollWheelEventFixedPtDeltaAxis2) * 120 / 65_536
        send(.scroll, time, pointer, Int32(clamping: -dx), Int32(clamping: dy), outlet)
      case .leftMouseDown, .rightMouseDown, .otherMouseDown:
        send(.button, time, pointer, Self.button(event), 1, outlet)
      case .leftMouseUp, .rightMouseUp, .otherMouseUp:
        send(.button, time, pointer, Self.button(event), 0, outlet)
      default:
        let place = event.location
        send(
          .motion, time, pointer, Int32(clamping: Int(place.x)), Int32(clamping: Int(place.y)),
          outlet)
      }
    }

    private func send(
      _ kind: EventKind, _ time: Int64, _ track: TrackID, _ a: Int32, _ b: Int32,
      _ outlet: CaptureOutlet
    ) {
      let third: Int32 = kind == .scroll ? CaptureSample.notReported : 0
      outlet.emit(CaptureSample(time: time, track: track, kind: kind, .init(a, b, third)))
    }

    /// Left, right and others count 0, 1, 2, …; here left, middle and right are 1, 2 and 3.
    private static func button(_ event: CGEvent) -> Int32 {
      switch event.getIntegerValueField(.mouseEventButtonNumber) {
      case 0: 1
      case 1: 3
      case 2: 2
      case let number: Int32(clamping: number + 5)
      }
    }

    private func emitKey(
      _ kind: CGEventType, _ event: CGEvent, at time: Int64, _ outlet: CaptureOutlet
    ) {
      let code = UInt32(clamping: event.getIntegerValueField(.keyboardEventKeycode))
      var isDown = kind == .keyDown
      // Modifiers do not say which way they went: they change sides each time.
      if kind == .flagsChanged { isDown = !pressed.contains(code) }
      var state = KeyState.up
      if isDown {
        state = pressed.insert(code).inserted ? .down : .repeat
      } else {
        pressed.remove(code)
      }
      send(.key, time, keyboard, Int32(bitPattern: code), state.rawValue, outlet)
    }

    /// The system has switched the tap off, because it was slow or because somebody said so.
    private func restart(at time: Int64, _ outlet: CaptureOutlet) {
      if let tap { CGEvent.tapEnable(tap: tap, enable: true) }
      for track in [pointer, keyboard] {
        let gap = Gap(
          cause: .tapDisabled, count: 0, isLowerBound: true, firstTime: time, lastTime: time)
        outlet.emit(Event(time: time, track: track, body: .gap(gap)))
      }
    }

    public func close(_ outlet: CaptureOutlet) {
      guard let tap else { return }
      CGEvent.tapEnable(tap: tap, enable: false)
      CFMachPortInvalidate(tap)
      self.tap = nil
    }
  }

#endif
