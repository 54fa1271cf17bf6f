// SPDX-License-Identifier: Apache-2.0
//
// Damage that is found while sections are decoded, by whichever thread.

import InputTapeCore

/// Gathers losses, each once; safe to share.
final class LossLog: @unchecked Sendable {
  private let monitor = Monitor()
  private var losses: Set<Loss> = []
  private var list = LossList()

  func note(_ loss: Loss) {
    monitor.withLock {
      guard !losses.contains(loss) else { return }
      if losses.count < LossList.limit { losses.insert(loss) }
      list.append(loss)
    }
  }

  /// All losses, in the order of the file.
  var all: [Loss] {
    monitor.withLock { list.losses }.sorted {
      ($0.segment, $0.range.lowerBound, $0.error.position) < (
        $1.segment, $1.range.lowerBound, $1.error.position
      )
    }
  }

  var isEmpty: Bool { monitor.withLock { list.losses.isEmpty } }
}
