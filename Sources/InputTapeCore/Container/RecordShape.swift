// SPDX-License-Identifier: Apache-2.0
//
// What of a record is the same in most records of a segment (Specs/Format.md, section 7).

/// Type and flags of a record, and of each section of a block what does not change.
struct RecordShape: DescribedRecord, Hashable, Sendable {
  var type: RecordType
  var flags: RecordFlags
  var sections: [SectionShape]

  /// Of a block's times; none other is higher.
  var decade: UInt8 { hasDirectory ? flags.decade : .max }

  func encode(into writer: inout ByteWriter) {
    writer.append(type.rawValue)
    writer.append(flags.rawValue)
    guard hasDirectory else { return }
    writer.appendVarint(sections.count)
    for section in sections { section.encode(into: &writer) }
  }

  static func decode(_ reader: inout ByteReader) throws(FormatError) -> RecordShape {
    var shape = RecordShape(
      type: RecordType(rawValue: try reader.readUInt8()),
      flags: RecordFlags(rawValue: try reader.readUInt8()), sections: [])
    guard shape.flags.areKnown(in: shape.type) else { throw reader.error(.unsupportedEncoding) }
    guard shape.hasDirectory else { return shape }
    for _ in 0..<(try reader.readCount(limit: SectionDirectory.sectionLimit)) {
      shape.sections.append(try SectionShape.decode(&reader))
    }
    return shape
  }
}
