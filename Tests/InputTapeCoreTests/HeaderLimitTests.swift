// SPDX-License-Identifier: Apache-2.0
//
// The limits of a record header: one below, exactly, one beyond, and as far as a field goes.

import InputTapeCore
import Testing

@Suite struct HeaderLimitTests {
  private static let id = RecordingID(bytes: Array(1...16))

  /// A block whose directory is behind its header, changed.
  private static func decode(_ change: (inout RecordHeader) -> Void) -> FormatError? {
    var header = RecordHeader(type: .data, sectionCount: 5, sequence: 0, storedByteCount: 64)
    change(&header)
    let bytes = header.encode(id: id)
    do throws(FormatError) {
      let found = try RecordHeader.decode(bytes.span, id: id, at: 0)
      #expect(found == header)
      return nil
    } catch {
      return error
    }
  }

  @Test func sizesAndCountsHaveLimits() {
    typealias Field = WritableKeyPath<RecordHeader, UInt32>
    let fields: [(field: Field, limit: Int, position: UInt64)] = [
      (\.storedByteCount, Limits.storedByteCount, 14),
      (\.rawByteCount, Limits.rawByteCount, 12),
      (\.eventCount, Limits.eventsPerBlock, 15),
    ]
    for (field, limit, position) in fields {
      func set(_ value: UInt32, in header: inout RecordHeader) {
        if field == \.rawByteCount {
          (header.type, header.flags, header.sectionCount) = (.index, .zstd, 0)
        }
        header[keyPath: field] = value
      }
      for value in [UInt32(0), UInt32(limit - 1), UInt32(limit)] {
        #expect(Self.decode { set(value, in: &$0) } == nil, "\(value)")
      }
      for value in [UInt32(limit + 1), 1 << 31 - 1, 1 << 31, .max] {
        let error = Self.decode { set(value, in: &$0) }
        #expect(error == FormatError(.limitExceeded, at: position), "\(value)")
      }
    }
  }

  @Test func directoriesAndTimesFit() {
    for (count, isGood) in [(UInt16(63), true), (64, true), (65, false), (.max, false)] {
      #expect((Self.decode { $0.directoryByteCount = count } == nil) == isGood)
    }
    let spans: [(first: Int64, span: UInt64, isGood: Bool)] = [
      (0, UInt64(Int64.max), true), (0, UInt64(Int64.max) + 1, false), (.min, .max, true),
      (.min + 1, .max, false), (.max, 0, true), (.max, 1, false), (-1, 1 << 63, true),
    ]
    for (first, span, isGood) in spans {
      let error = Self.decode { header in
        header.firstTime = first
        header.span = span
      }
      #expect((error == nil) == isGood, "\(first) \(span)")
    }
  }
}
