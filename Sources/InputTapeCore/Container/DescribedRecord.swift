// SPDX-License-Identifier: Apache-2.0
//
// What follows from a record's type and flags (Specs/Format.md, section 4.1).

/// Anything that says of which type a record is.
package protocol DescribedRecord {
  var type: RecordType { get }
  var flags: RecordFlags { get }
}

extension DescribedRecord {
  /// Whether the payload begins with a directory that everybody can read.
  package var hasDirectory: Bool { type == .data && !flags.contains(.sealed) }

  /// Whether the raw length is another than the stored one.
  var isCompressed: Bool { type == .index && !flags.isDisjoint(with: [.zstd, .deflate]) }
}
