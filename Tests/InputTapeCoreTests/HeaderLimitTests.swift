// SPDX-License-Identifier: Apache-2.0
//
// The limits of a record header: one below, exactly, one beyond, and as far as a field goes.

import InputTapeCore
import Testing

@Suite struct HeaderLimitTests {
  private static let id = RecordingID(bytes: Array(1...16))

  private static func decode(_ change: (inout RecordHeader) -> Void) -> FormatError? {
    var header = RecordHeader(
      type: .data, sequence: 0, storedByteCount: 64, rawByteCount: 0, payloadChecksum: 0)
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
      (\.storedByteCount, Limits.storedByteCount, 16),
      (\.rawByteCount, Limits.rawByteCount, 20),
      (\.eventCount, Limits.eventsPerBlock, 24),
    ]
    for (field, limit, position) in fields {
      for value in [UInt32(0), UInt32(limit - 1), UInt32(limit)] {
        #expect(Self.decode { $0[keyPath: field] = value } == nil, "\(value)")
      }
      for value in [UInt32(limit + 1), 1 << 31 - 1, 1 << 31, .max] {
        let error = Self.decode { $0[keyPath: field] = value }
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
