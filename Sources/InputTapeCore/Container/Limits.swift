// SPDX-License-Identifier: Apache-2.0
//
// The limits of the format (Specs/Format.md, section 8).

/// The limits of the format; a reader refuses what is beyond them before it allocates.
public enum Limits {
  /// Events in a block, all sections together.
  public static let eventsPerBlock = 65_536
  /// Stored bytes of a record's payload.
  public static let storedByteCount = 3 << 20
  /// Bytes of one section after decompression.
  public static let rawByteCount = 4 << 20
  /// Tracks of a recording.
  public static let tracks = 1_024
  /// Bytes of a name, a title or another string of metadata.
  public static let stringByteCount = 4 << 10
  /// Bytes of one piece of text or of one custom event.
  public static let textByteCount = 64 << 10
  /// Columns of one type of a kind.
  public static let columns = 16
  /// Bytes of all names and values of metadata that are not tracks' own.
  public static let metadataByteCount = 64 << 10
  /// Bytes of what a writer says of all tracks together: a METADATA record has room for it.
  public static let trackMetadataByteCount = 2 << 20
}
