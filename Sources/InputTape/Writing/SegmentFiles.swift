// SPDX-License-Identifier: Apache-2.0
//
// The files of one recording: which segment has which name (Specs/Format.md, section 9.6).

import InputTapeCore

/// Names of a recording's segments.
public enum SegmentFiles {
  /// The path of a segment: `name.itape` for the first, `name.0001.itape` and so on for others.
  public static func path(_ first: String, segment: UInt64) -> String {
    guard segment > 0 else { return first }
    let digits = String(segment)
    let number = String(repeating: "0", count: max(4 - digits.count, 0)) + digits
    let ending = ".itape"
    guard first.hasSuffix(ending) else { return "\(first).\(number)" }
    return "\(first.dropLast(ending.count)).\(number)\(ending)"
  }
}

extension SegmentFiles {
  /// The name of the first segment's file, by that of another one; nil where it is no such name.
  static func firstName(of name: String, segment number: UInt64) -> String? {
    let ending = name.hasSuffix(".itape") ? ".itape" : ""
    let stem = name.dropLast(ending.count)
    guard let dot = stem.lastIndex(of: ".") else { return nil }
    let first = stem[..<dot] + ending
    return path(String(first), segment: number).utf8.elementsEqual(name.utf8)
      ? String(first) : nil
  }

  /// The segment that a name stands for; nil for names of other files.
  static func number(of name: String, first: String) -> UInt64? {
    let ending = first.hasSuffix(".itape") ? ".itape" : ""
    let stem = first.dropLast(ending.count) + "."
    guard name.hasPrefix(stem), name.hasSuffix(ending), name.count > stem.count + ending.count
    else { return nil }
    let digits = name.dropFirst(stem.count).dropLast(ending.count)
    guard let number = UInt64(digits), number > 0,
      path(first, segment: number).utf8.elementsEqual(name.utf8)
    else { return nil }
    return number
  }
}
