// SPDX-License-Identifier: Apache-2.0
//
// What a reader does about damage, and how much it may use.

import InputTapeCore

/// What a reader does about a recording that is not whole. In each mode the status says all that is
/// known of what is missing.
@nonexhaustive
public enum ReadMode: String, Hashable, Sendable, CaseIterable {
  /// Anything that is not as it was written is an error at once: damage, a torn end, a recording
  /// that was never closed.
  case strict
  /// A torn end, or none, is no error: a recorder may have been killed. Damage is: after all that
  /// is readable has been given.
  case tolerateTail
  /// What is readable is given, and the rest is in the status.
  case salvage
}

/// How much memory and time a reader may use.
///
/// What goes beyond is an error of code `limitExceeded` at the position that was being read.
public struct ReadBudget: Hashable, Sendable {
  /// Bytes for what is known of records, and for what is decoded at once. The smallest that works
  /// for any recording of one track is 8 MiB. Of events in order, 64 MiB at most or three
  /// eighths of it are held: a section for which that leaves no room beside others is a loss.
  public var memoryByteCount = 256 << 20
  /// Nanoseconds from the reader's opening; nil for as long as it takes.
  public var timeNanoseconds: Int64?

  public init() {}
}
