// SPDX-License-Identifier: Apache-2.0
//
// What all writers of text have in common.

import InputTapeCore

/// Writes events as text.
///
/// `output` takes the text in pieces, in order; a piece is gone when the call returns.
public protocol EventTextWriter {
  /// Writes what stands before the events; a form without a place for it writes only its own.
  mutating func write<E: Error>(
    _ header: InterchangeHeader, to output: (Span<UInt8>) throws(E) -> Void
  ) throws(E)

  /// Writes the events of a group, in its order.
  mutating func write<E: Error>(
    _ group: EventGroup, to output: (Span<UInt8>) throws(E) -> Void
  ) throws(E)
}
