// SPDX-License-Identifier: Apache-2.0
//
// Memory that an object keeps from one use to the next.

/// An array that is out of its object while it is in use, so that it is nobody else's and is filled
/// without checks of exclusive access.
struct SpareBytes {
  private var bytes: [UInt8] = []

  /// Hands out the array, until it is kept again.
  mutating func take() -> [UInt8] {
    defer { bytes = [] }
    return bytes
  }

  /// Keeps an array for the next use.
  mutating func keep(_ bytes: [UInt8]) { self.bytes = bytes }
}
