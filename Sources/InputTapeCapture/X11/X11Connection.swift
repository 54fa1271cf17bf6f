// SPDX-License-Identifier: Apache-2.0
//
// A connection to an X11 display, owned.

import CInputTapeCapture

/// An open display.
final class X11Connection {
  // Safe: from `itape_x11_open`, closed in `deinit`, and used by the owner's thread alone.
  private let handle: OpaquePointer

  /// Opens a display.
  ///
  /// - Parameters:
  ///   - name: as in `:0`; nil for the environment's.
  ///   - sends: whether to send input there instead of listening.
  init(_ name: String?, sends: Bool = false) throws(CaptureError) {
    var opened: OpaquePointer?
    let status =
      sends ? itape_x11_open_sender(name, &opened) : itape_x11_open(name, &opened)
    guard status == ITAPE_X11_FINE, let opened = unsafe opened else {
      throw .unavailable(Self.sentence(status, name))
    }
    unsafe handle = opened
  }

  deinit { unsafe itape_x11_close(handle) }

  private static func sentence(_ status: itape_x11_status, _ name: String?) -> String {
    switch status {
    case ITAPE_X11_NO_LIBRARY: "the library libX11 is not on this machine"
    case ITAPE_X11_NO_XINPUT:
      "no XInput 2.2: the library libXi or the display's extension is missing"
    case ITAPE_X11_NO_XTEST: "no XTEST: the library libXtst or the display's extension is missing"
    default:
      name.map { "the X11 display \($0) cannot be opened" }
        ?? "no X11 display can be opened: is DISPLAY set?"
    }
  }

  var descriptor: Int32 { unsafe itape_x11_descriptor(handle) }
  var isGone: Bool { unsafe itape_x11_is_gone(handle) != 0 }
  /// Whether `next` would give an event now, or might.
  var hasPending: Bool { unsafe itape_x11_has_pending(handle) != 0 }
  var hasManager: Bool { unsafe itape_x11_has_manager(handle) != 0 }

  var size: (width: Int32, height: Int32) {
    var width: Int32 = 0
    var height: Int32 = 0
    unsafe itape_x11_size(handle, &width, &height)
    return (width, height)
  }

  /// The next event that has arrived.
  func next() -> itape_x11_event? {
    var event = itape_x11_event()
    return unsafe itape_x11_next(handle, &event) != 0 ? event : nil
  }

  func pointer() -> (x: Int32, y: Int32)? {
    var x: Int32 = 0
    var y: Int32 = 0
    return unsafe itape_x11_pointer(handle, &x, &y) != 0 ? (x, y) : nil
  }

  func focused() -> X11Window? {
    var window = itape_x11_window()
    guard unsafe itape_x11_focused(handle, &window) != 0 else { return nil }
    return X11Window(
      application: String(cString: itape_x11_application(&window)),
      title: String(cString: itape_x11_title(&window)), x: window.x, y: window.y,
      width: window.width, height: window.height)
  }

  // MARK: - Sending

  func sendMotion(x: Int32, y: Int32) { unsafe itape_x11_send_motion(handle, x, y) }
  func sendRelative(dx: Int32, dy: Int32) { unsafe itape_x11_send_relative(handle, dx, dy) }
  func sendButton(_ number: UInt32, isDown: Bool) {
    unsafe itape_x11_send_button(handle, number, isDown ? 1 : 0)
  }
  func sendKey(_ code: UInt32, isDown: Bool) {
    unsafe itape_x11_send_key(handle, code, isDown ? 1 : 0)
  }
  func flush() { unsafe itape_x11_flush(handle) }
  func synchronize() { unsafe itape_x11_sync(handle) }
}

/// A window as the display describes it.
struct X11Window: Equatable {
  var application: String
  var title: String
  var x: Int32
  var y: Int32
  var width: Int32
  var height: Int32
}
