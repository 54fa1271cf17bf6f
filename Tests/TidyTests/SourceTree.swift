// SPDX-License-Identifier: Apache-2.0
//
// The files of the repository, found from the place of this file.

import Foundation

/// The files of the repository that rules look at.
enum SourceTree {
  /// The root of the repository.
  static let root = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  private static let folders = ["Sources", "Tests", "Benchmarks", "Fuzz", "Samples", "Scripts"]
  private static let extensions: Set = ["swift", "c", "h", "py", "sh"]

  /// Every source file.
  static let sources: [SourceFile] =
    (["Package.swift"] + folders.flatMap(paths(under:)))
    .filter { extensions.contains(URL(filePath: $0).pathExtension) }
    .compactMap(file)

  /// The file at a path from the root, if there is one that holds text.
  static func file(_ path: String) -> SourceFile? {
    guard let text = try? String(contentsOf: root.appending(path: path), encoding: .utf8) else {
      return nil
    }
    return SourceFile(path: path, text: text)
  }

  /// The paths of the regular files of a folder, sorted; hidden and generated folders are left out.
  static func paths(under folder: String) -> [String] {
    let start = root.appending(path: folder)
    guard
      let enumerator = FileManager.default.enumerator(
        at: start, includingPropertiesForKeys: [.isRegularFileKey], options: [.skipsHiddenFiles])
    else { return [] }
    var found: [String] = []
    let prefix = root.standardizedFileURL.path(percentEncoded: false)
    for case let url as URL in enumerator {
      guard (try? url.resourceValues(forKeys: [.isRegularFileKey]).isRegularFile) == true else {
        continue
      }
      let path = url.standardizedFileURL.path(percentEncoded: false)
      found.append(String(path.dropFirst(prefix.hasSuffix("/") ? prefix.count : prefix.count + 1)))
    }
    return found.filter { !$0.contains("/.") && !$0.contains("__pycache__") }.sorted()
  }
}
