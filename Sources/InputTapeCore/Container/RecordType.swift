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
  /// The payload of an INDEX record is one Zstandard frame.
  package static let zstd = RecordFlags(rawValue: 8)
  /// The payload of an INDEX record is one raw DEFLATE stream.
  package static let deflate = RecordFlags(rawValue: 16)
  /// With `final`: the recording goes on in the next segment.
  package static let continued = RecordFlags(rawValue: 32)

  /// Bits of a block's flags that give the unit of its times.
  private static let decadeShift: UInt8 = 4
  private static let decadeLimit: UInt8 = 9

  /// In a block: 10 to the power of this, in nanoseconds, is the unit of its times.
  package var decade: UInt8 {
    get { rawValue >> Self.decadeShift }
    set { rawValue = rawValue & 15 | newValue << Self.decadeShift }
  }

  /// In a block: the nanoseconds in which its times are written.
  package var timeUnit: Int64 { Self.unit(ofDecade: decade) }

  /// 10 to the power of a number that is no more than 15.
  package static func unit(ofDecade decade: UInt8) -> Int64 {
    var unit: Int64 = 1
    for _ in 0..<decade { unit *= 10 }
    return unit
  }

  /// The highest decade whose unit all numbers are multiples of.
  package static func decade(dividing numbers: some Sequence<Int64>) -> UInt8 {
    var decade = decadeLimit
    var unit = unit(ofDecade: decade)
    for number in numbers {
      while number % unit != 0 {
        decade -= 1
        unit /= 10
      }
    }
    return decade
  }

  /// Whether a record of a type may have these flags: one that may be passed over has any.
  package func areKnown(in type: RecordType) -> Bool {
    switch type {
    case .data:
      let flags = RecordFlags(rawValue: rawValue & 15)
      let highest = flags.contains(.sealed) ? 0 : Self.decadeLimit
      return flags.isSubset(of: [.final, .sealed, .stateKeyframe]) && decade <= highest
    case .index: return isSubset(of: [.final, .sealed, .zstd, .deflate, .continued])
    default: return type.isSkippable || isSubset(of: [.final, .sealed])
    }
  }
}
