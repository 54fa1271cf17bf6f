// SPDX-License-Identifier: Apache-2.0
//
// The types of records (Specs/Registry.md, section 4).

/// The type of a record; types with the high bit may be skipped by who does not know them.
package struct RecordType: RawRepresentable, Hashable, Sendable {
  package var rawValue: UInt8

  package init(rawValue: UInt8) { self.rawValue = rawValue }

  package static let data = RecordType(rawValue: 1)
  package static let metadata = RecordType(rawValue: 2)
  package static let keys = RecordType(rawValue: 3)
  package static let index = RecordType(rawValue: 4)
  package static let seal = RecordType(rawValue: 5)
  package static let gap = RecordType(rawValue: 6)
  package static let tombstone = RecordType(rawValue: 7)
  package static let replacement = RecordType(rawValue: 8)

  package var isSkippable: Bool { rawValue & 0x80 != 0 }
}

/// The flags of a record.
package struct RecordFlags: OptionSet, Hashable, Sendable {
  package var rawValue: UInt8

  package init(rawValue: UInt8) { self.rawValue = rawValue }

  /// The last record of a recording that was closed.
  package static let final = RecordFlags(rawValue: 1)
  /// The payload is sealed; counts and times in the header are 0.
  package static let sealed = RecordFlags(rawValue: 2)
  /// The block holds the state of every track at its start.
  package static let stateKeyframe = RecordFlags(rawValue: 4)
  /// The payload of a METADATA or INDEX record is one Zstandard frame.
  package static let zstd = RecordFlags(rawValue: 8)
  /// The payload of a METADATA or INDEX record is one raw DEFLATE stream.
  package static let deflate = RecordFlags(rawValue: 16)
  /// With `final`: the recording goes on in the next segment.
  package static let continued = RecordFlags(rawValue: 32)

  /// The flags that a record of a known type may have.
  package static func known(in type: RecordType) -> RecordFlags {
    switch type {
    case .data: [.final, .sealed, .stateKeyframe]
    case .index: [.final, .sealed, .zstd, .deflate, .continued]
    default: [.final, .sealed]
    }
  }
}
