// SPDX-License-Identifier: Apache-2.0
//
// Files of records other than blocks, sound but for there being so many.

import InputTape

extension HostileKind {
  private static func payload(_ pairs: [(String, String)]) -> [UInt8] {
    var writer = ByteWriter()
    writer.append(FileHeader(recordingID: HostileFile.id).encode())
    writer.appendVarint(pairs.count)
    for text in pairs.sorted(by: { $0.0 < $1.0 }).flatMap({ [$0.0, $0.1] }) {
      writer.appendVarint(text.utf8.count)
      writer.append(Array(text.utf8))
    }
    return writer.bytes
  }

  /// The same metadata again and again: only the last one rules.
  private static func metadata(_ name: String, _ pairs: [(String, String)]) -> HostileKind {
    let payload = payload(pairs)
    return HostileKind("metadata " + name) { file, _ in file.append(.metadata, payload) }
  }

  private static let trackNames = [
    ("class", "pen"), ("name", "a"), ("device", "a"), ("codeSpace", ""), ("coordinateSpace", ""),
    ("resolution", "1"), ("subpixelBits", "3"),
  ]

  static let metadata: [HostileKind] = [
    metadata("of nothing", []),
    metadata(
      "of 1,300 values", (10_000..<11_300).map { ("n\($0)", String(repeating: "v", count: 40)) }),
    metadata("of 13,000 names", (10_000..<23_000).map { (String($0), "") }),
    metadata(
      "of as many short names as there are",
      (1..<32).flatMap { first in
        (1..<128).flatMap { second in
          (1..<6).map { third in
            (String(decoding: [first, second, third] as [UInt8], as: UTF8.self), "")
          }
        }
      }),
    metadata(
      "of 500 long tracks",
      (0..<500).map { ("track.\($0).name", String(repeating: "v", count: 4_000)) }),
    metadata(
      "of 1,024 tracks",
      (0..<1_024).flatMap { track in
        trackNames.map { ("track.\(track).\($0.0)", $0.1) }
      }),
    metadata(
      "of more than there may be",
      (0..<1_024).flatMap { track in
        trackNames.map { ("track.\(track).\($0.0)", String(repeating: "v", count: 500)) }
      }),
  ]

  private static let emptyIndex = [UInt8](repeating: 0, count: 9)

  static let records: [HostileKind] = [
    HostileKind("unknown records") { file, _ in
      file.append(RecordType(rawValue: 200), Array(1...8))
    },
    HostileKind("unknown records of the largest size") { file, _ in
      file.append(
        RecordType(rawValue: 200), [UInt8](repeating: 1, count: Limits.storedByteCount))
    },
    HostileKind("records of a type that is kept free") { file, _ in
      file.append(RecordType(rawValue: 7), Array(1...8))
    },
    HostileKind("sealed blocks") { file, _ in file.append(.data, flags: .sealed, Array(1...8)) },
    HostileKind("indexes of nothing") { file, _ in file.append(.index, emptyIndex) },
    HostileKind("last records") { file, _ in file.append(.index, flags: .final, emptyIndex) },
    HostileKind("indexes of 700,000 records") { file, _ in
      var writer = ByteWriter()
      writer.append(UInt64(0))
      writer.appendVarint(700_000)
      for _ in 0..<700_000 { writer.append([200, 0, 0]) }
      file.append(.index, writer.bytes)
    },
  ]
}
