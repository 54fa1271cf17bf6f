// SPDX-License-Identifier: Apache-2.0
//
// Damage that is found while sections are decoded, by whichever thread.

import InputTapeCore

/// Gathers losses; safe to share.
final class LossLog: @unchecked Sendable {
  private let monitor = Monitor()
  private var losses: Set<Loss> = []

  func note(_ loss: Loss) {
    monitor.withLock { _ = losses.insert(loss) }
  }

  /// All losses, in the order of the file.
  var all: [Loss] {
    monitor.withLock {
      losses.sorted {
        ($0.range.lowerBound, $0.error.position) < ($1.range.lowerBound, $1.error.position)
      }
    }
  }
}
