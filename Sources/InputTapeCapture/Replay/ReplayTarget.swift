// SPDX-License-Identifier: Apache-2.0
//
// Where recorded input is played to.

public import InputTapeCore

/// Takes recorded input and does it again.
public protocol ReplayTarget: AnyObject {
  /// Does one event again.
  ///
  /// - Returns: false for an event that cannot be done here.
  func play(_ event: Event) throws(CaptureError) -> Bool

  /// What has been played takes effect now.
  func flush() throws(CaptureError)

  /// Lets go of everything that is held, and waits until all has taken effect.
  func finish() throws(CaptureError)
}
