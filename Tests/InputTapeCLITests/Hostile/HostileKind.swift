// SPDX-License-Identifier: Apache-2.0
//
// All kinds of files that somebody could make to keep a reader busy, of any size.

import InputTape

/// One way to fill a file.
struct HostileKind: Sendable {
  let name: String
  private let fill: @Sendable (inout HostileFile, Int) -> Void

  /// Adds records until there are as many bytes.
  ///
  /// - Parameter body: adds the record of a number, counted from 0.
  init(_ name: String, each body: @escaping @Sendable (inout HostileFile, Int) -> Void) {
    self.init(
      named: name,
      fill: { file, byteCount in
        var number = 0
        while file.byteCount < byteCount {
          body(&file, number)
          number += 1
        }
      })
  }

  /// - Parameter fill: is told how many bytes the file shall have.
  init(named name: String, fill: @escaping @Sendable (inout HostileFile, Int) -> Void) {
    self.name = name
    self.fill = fill
  }

  func file(byteCount: Int) -> HostileFile {
    var file = HostileFile()
    fill(&file, byteCount)
    return file
  }

  static let all = headers + fileHeaders + metadata + records + sections
}
