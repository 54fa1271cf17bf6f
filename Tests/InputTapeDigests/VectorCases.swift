// SPDX-License-Identifier: Apache-2.0
//
// The vectors (Specs/Vectors/v1), read in every way.

import Foundation
import InputTape

/// A case for each file of a recording, valid or not, and for each folder of segments.
enum VectorCases {
  private static let folder = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Specs/Vectors/v1")

  static func all() throws -> [DigestCase] {
    try ["valid", "invalid"].flatMap(files) + segments()
  }

  private static func contents(_ folder: URL) throws -> [URL] {
    try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
      .sorted { $0.lastPathComponent < $1.lastPathComponent }
  }

  private static func files(_ name: String) throws -> [DigestCase] {
    try contents(folder.appending(path: name)).filter { $0.pathExtension == "itape" }.map { file in
      let bytes = try [UInt8](Data(contentsOf: file))
      let title = file.deletingPathExtension().lastPathComponent
      return DigestCase("\(name)/\(title)") { seen in
        let storage = MemoryStorage()
        storage.put(bytes, at: "/r/a.itape")
        seen.add(recording: storage, at: "/r/a.itape")
      }
    }
  }

  private static func segments() throws -> [DigestCase] {
    try contents(folder.appending(path: "segments")).filter(\.hasDirectoryPath).map { folder in
      let files = try contents(folder).map {
        (name: $0.lastPathComponent, bytes: try [UInt8](Data(contentsOf: $0)))
      }
      return DigestCase("segments/\(folder.lastPathComponent)") { seen in
        let storage = MemoryStorage()
        for file in files { storage.put(file.bytes, at: "/r/" + file.name) }
        seen.add(recording: storage, at: "/r")
        for file in files where file.name.hasSuffix(".itape") {
          seen.add(recording: storage, at: "/r/" + file.name, isWide: false)
        }
        seen.attempt("paths") {
          $0.add(described: try RecordingFiles.paths(at: "/r", storage: storage))
        }
      }
    }
  }
}
