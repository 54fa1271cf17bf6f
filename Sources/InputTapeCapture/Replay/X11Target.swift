// SPDX-License-Identifier: Apache-2.0
//
// Recorded input played to an X11 display through its XTEST extension.

public import InputTapeCore

/// Plays to an X11 display.
public final class X11Target: ReplayTarget {
  private let connection: X11Connection
  private let tracks: ReplayTracks
  private var horizontal = ReplayWheel()
  private var vertical = ReplayWheel()
  private var keys: Set<UInt32> = []
  private var buttons: Set<UInt32> = []

  /// - Parameters:
  ///   - display: as in `:0`; nil for that of the environment.
  ///   - tracks: what the recording says of its tracks.
  public init(display: String?, tracks: [Track]) throws(CaptureError) {
    connection = try X11Connection(display, sends: true)
    self.tracks = ReplayTracks(tracks)
  }

  public func play(_ event: Event) throws(CaptureError) -> Bool {
    guard !connection.isGone else { throw .unavailable("the X11 display has gone away") }
    switch event.body {
    case .motion(let x, let y): connection.sendMotion(x: x, y: y)
    case .rawMotion(let dx, let dy):
      if tracks.hasScreen { return true }
      connection.sendRelative(dx: dx, dy: dy)
    case .button(let number, let state):
      guard (1...255).contains(number) else { return false }
      press(UInt32(number), isDown: state != .up)
    case .scroll(let dx, let dy, _):
      click(vertical.detents(dy), positive: 4, negative: 5)
      click(horizontal.detents(dx), positive: 7, negative: 6)
    case .key(let code, let state):
      guard let code = tracks.evdevCode(code, event.track), code < 248 else { return false }
      // The display repeats keys by itself.
      if state != .repeat { pressKey(code + 8, isDown: state != .up) }
    default: return false
    }
    return true
  }

  private func press(_ number: UInt32, isDown: Bool) {
    connection.sendButton(number, isDown: isDown)
    if isDown { buttons.insert(number) } else { buttons.remove(number) }
  }

  private func pressKey(_ code: UInt32, isDown: Bool) {
    connection.sendKey(code, isDown: isDown)
    if isDown { keys.insert(code) } else { keys.remove(code) }
  }

  private func click(_ detents: Int, positive: UInt32, negative: UInt32) {
    for _ in 0..<abs(detents) {
      let button = detents > 0 ? positive : negative
      connection.sendButton(button, isDown: true)
      connection.sendButton(button, isDown: false)
    }
  }

  public func flush() throws(CaptureError) { connection.flush() }

  public func finish() throws(CaptureError) {
    for code in keys.sorted() { pressKey(code, isDown: false) }
    for number in buttons.sorted() { press(number, isDown: false) }
    connection.synchronize()
  }
}
