// SPDX-License-Identifier: Apache-2.0
//
// A bar on standard error for work that takes long, on a terminal only.

import InputTape

/// How far a piece of work has come.
struct Progress {
  private let start = MonotonicClock.now()
  private var shown: Int64 = 0
  private let label: String
  private let isShown = StandardError.isTerminal

  init(_ label: String) { self.label = label }

  /// Shows the part that is done; nothing within the first second, and ten times a second at most.
  mutating func update(done: UInt64, of total: UInt64?) {
    guard isShown else { return }
    let now = MonotonicClock.now()
    guard now - start > 1_000_000_000, now - shown > 100_000_000 else { return }
    shown = now
    guard let total, total > 0 else {
      StandardError.write("\r\(label) \(done >> 20) MiB ")
      return
    }
    let part = min(Double(done) / Double(total), 1)
    let filled = Int(part * 30)
    let bar = String(repeating: "#", count: filled) + String(repeating: ".", count: 30 - filled)
    let percent = Int(part * 100)
    StandardError.write("\r\(label) [\(bar)] \(percent) % ")
  }

  /// Takes the bar away.
  func finish() {
    if shown != 0 { StandardError.write("\r\u{1B}[K") }
  }
}
