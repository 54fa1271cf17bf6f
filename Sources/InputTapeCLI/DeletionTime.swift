// SPDX-License-Identifier: Apache-2.0
//
// Until when a recording may be kept (Specs/Recording.md, section 1).

import ArgumentParser

/// A moment at which a recording is to be deleted, as a date of ISO 8601, with or without a time.
struct DeletionTime: ExpressibleByArgument {
  let text: String

  /// A date, or a number of days from now, as in `30d`.
  init?(argument: String) {
    if argument.hasSuffix("d"), let days = Int64(argument.dropLast()), (1...36_500).contains(days) {
      self.init(SystemText.date(of: SystemText.unixSeconds + days * 86_400))
    } else {
      self.init(argument)
    }
  }

  /// What a recording says; nil where that is no date.
  init?(_ text: String) {
    let parts = text.split(separator: "T", maxSplits: 1, omittingEmptySubsequences: false)
    let date = parts.first?.split(separator: "-", omittingEmptySubsequences: false) ?? []
    guard date.map(\.count) == [4, 2, 2], text.utf8.count <= 40,
      date.allSatisfy({ $0.utf8.allSatisfy { (48...57).contains($0) } }),
      let year = Int(date[0]), let month = Int(date[1]), let day = Int(date[2]),
      (1...12).contains(month), (1...Self.days(ofMonth: month, year)).contains(day)
    else { return nil }
    self.text = text
  }

  private static func days(ofMonth month: Int, _ year: Int) -> Int {
    let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    return month == 2 ? (isLeap ? 29 : 28) : [4, 6, 9, 11].contains(month) ? 30 : 31
  }

  /// Whether the day is over, in UTC.
  var hasPassed: Bool { text.prefix(10) < SystemText.date(of: SystemText.unixSeconds) }
}
