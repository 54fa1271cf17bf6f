// SPDX-License-Identifier: Apache-2.0
//
// Rules about the specification's pages.

/// Rules about the specification's pages.
enum SpecRules {
  /// Every page under Specs is linked from its contents page.
  static func unlinked(paths: [String], contents: String) -> [Finding] {
    let targets = linkTargets(in: contents)
    return paths.filter { $0.hasSuffix(".md") && $0 != "Specs/README.md" }
      .filter { !targets.contains(String($0.dropFirst("Specs/".count))) }
      .map { Finding(path: $0, line: 1, message: "Specs/README.md has no link to this page") }
  }

  /// Every link of a page to a file of the repository leads somewhere.
  static func dangling(
    page: String, contents: String, exists: (String) -> Bool
  ) -> [Finding] {
    let folder = page.split(separator: "/").dropLast()
    return linkTargets(in: contents).sorted().filter {
      !$0.contains("://") && !$0.hasPrefix("mailto:") && !exists(resolve($0, in: Array(folder)))
    }.map { Finding(path: page, line: 1, message: "the link to \($0) leads nowhere") }
  }

  private static func resolve(_ link: String, in folder: [Substring]) -> String {
    var parts = folder
    for part in link.split(separator: "/") {
      if part == ".." { _ = parts.popLast() } else if part != "." { parts.append(part) }
    }
    return parts.joined(separator: "/")
  }

  /// The targets of Markdown links, without the part after `#`.
  private static func linkTargets(in contents: String) -> Set<String> {
    var targets: Set<String> = []
    for piece in contents.split(separator: "](", omittingEmptySubsequences: false).dropFirst() {
      let target = piece.prefix { $0 != ")" && $0 != "#" && !$0.isNewline }
      if !target.isEmpty { targets.insert(String(target)) }
    }
    return targets
  }
}
