// SPDX-License-Identifier: Apache-2.0
//
// Objects behind C handles.

import CInputTape

/// An object that a C caller owns through an opaque handle.
protocol Handle: AnyObject {
  /// What the header calls it.
  static var name: String { get }
}

extension Handle {
  /// Gives an object to the caller.
  static func give(_ object: Self, to target: UnsafeMutablePointer<OpaquePointer?>) {
    // Safe: `close` takes the reference back.
    unsafe target.pointee = OpaquePointer(Unmanaged.passRetained(object).toOpaque())
  }

  /// Uses the object behind a handle.
  @inline(__always)
  static func with<R>(
    _ handle: OpaquePointer?, _ body: (Self) throws(CallFailure) -> R
  ) throws(CallFailure) -> R {
    guard let handle else { throw .isNull(name) }
    // Safe: the caller keeps the contract: the handle is one of ours, and is not closed.
    return try body(
      unsafe Unmanaged<Self>.fromOpaque(UnsafeRawPointer(handle)).takeUnretainedValue())
  }

  /// Takes the object back; NULL does nothing.
  static func close(_ handle: OpaquePointer?) {
    guard let handle else { return }
    // Safe: as above, and the caller does not use the handle again.
    unsafe Unmanaged<Self>.fromOpaque(UnsafeRawPointer(handle)).release()
  }
}
