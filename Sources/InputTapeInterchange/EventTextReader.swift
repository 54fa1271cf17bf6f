// SPDX-License-Identifier: Apache-2.0
//
// What all readers of text have in common.

import InputTapeCore

/// Reads events from text.
public protocol EventTextReader {
  /// What the text says before its first event; complete after the first call of `read`.
  var header: InterchangeHeader { get }

  /// Adds events to a group until it has `limit` events or is full.
  ///
  /// - Returns: how many events were added; 0 at the end of the stream, or where `group` is full.
  /// - Throws: `InterchangeError` at the first text that is not an event, after which the events
  ///   before it are in `group`; or what the input throws.
  mutating func read(into group: inout EventGroup, limit: Int) throws -> Int
}
