// SPDX-License-Identifier: Apache-2.0
//
// Files of headers: each has the right checksum, and hardly one has what it says behind it.

import InputTape

extension HostileKind {
  private static func random(_ number: Int, below limit: UInt64 = 1 << 32) -> UInt64 {
    // Any number for any record, without a state that would have to be kept.
    let mixed = (UInt64(number) &+ 1) &* 0x9E37_79B9_7F4A_7C15
    return (mixed ^ mixed >> 31) &* 0xBF58_476D_1CE4_E5B9 >> 24 % limit
  }

  static let headers: [HostileKind] = [
    HostileKind("blocks without directories") { file, _ in file.append { _ in } },
    HostileKind("blocks of one number") { file, _ in file.append { $0.sequence = 0 } },
    HostileKind("blocks numbered backwards") { file, number in
      file.append { $0.sequence = .max - UInt32(number) }
    },
    HostileKind("every second block") { file, number in
      file.append { $0.sequence = 2 * UInt32(number) }
    },
    HostileKind("blocks of any number") { file, number in
      file.append { $0.sequence = UInt32(random(number)) }
    },
    HostileKind("pairs of blocks far apart") { file, number in
      file.append { $0.sequence = UInt32(truncatingIfNeeded: number / 2 * 1_000_000 + number % 2) }
    },
    HostileKind("blocks of the largest size") { file, _ in
      file.append {
        $0.sequence = 0
        $0.sectionCount = 5
        $0.storedByteCount = UInt32(Limits.storedByteCount)
      }
    },
    HostileKind("blocks of any size") { file, number in
      file.append {
        $0.sectionCount = 5
        $0.storedByteCount = UInt32(random(number, below: UInt64(Limits.storedByteCount)))
      }
    },
    HostileKind(
      named: "metadata as long as the file",
      fill: { file, byteCount in
        while file.byteCount < byteCount {
          let left = byteCount - file.byteCount - 40
          file.append {
            $0.type = .metadata
            $0.storedByteCount = UInt32(min(max(left, 0), Limits.storedByteCount) & ~7)
          }
        }
      }),
    HostileKind("directories of the largest size") { file, _ in
      file.append {
        $0.sectionCount = 5
        $0.storedByteCount = 65_536
        $0.directoryByteCount = .max
      }
    },
    HostileKind("records of any type") { file, number in
      file.append {
        $0.type = RecordType(rawValue: UInt8(random(number, below: 256)))
        $0.flags = RecordFlags(rawValue: UInt8(random(number + 7, below: 64)))
      }
    },
    HostileKind("headers with a wrong checksum") { file, _ in
      file.append { _ in }
      file.changeByte(atEnd: 4)
    },
    HostileKind(
      named: "marks of records",
      fill: { file, byteCount in
        let sync = HostileFile.id.sync
        let mark = (0..<4).map { UInt8(truncatingIfNeeded: sync >> UInt32(8 * $0)) }
        file.appendRaw(mark, times: (byteCount - file.byteCount) / 4)
      }),
  ]

  /// Behind a header that is destroyed, the reader looks for a copy.
  static let fileHeaders: [HostileKind] = [
    HostileKind(
      named: "beginnings of file headers",
      fill: { file, byteCount in fillWithHeaders(cutTo: 8, &file, byteCount) }),
    HostileKind(
      named: "file headers with a wrong checksum",
      fill: { file, byteCount in fillWithHeaders(cutTo: 16, &file, byteCount) }),
    HostileKind(
      named: "file headers of others",
      fill: { file, byteCount in
        file.destroyHeader()
        for number in 0..<byteCount / FileHeader.byteCount {
          let id = (0..<16).map { UInt8(truncatingIfNeeded: random(number + $0)) }
          file.appendRaw(FileHeader(recordingID: RecordingID(bytes: id)).encode(), times: 1)
        }
      }),
  ]

  /// Beginnings of file headers, so many bytes of each.
  private static func fillWithHeaders(
    cutTo count: Int, _ file: inout HostileFile, _ byteCount: Int
  ) {
    file.destroyHeader()
    let header = FileHeader(recordingID: HostileFile.id).encode()
    file.appendRaw(Array(header[..<count]), times: byteCount / count)
  }
}
