// SPDX-License-Identifier: Apache-2.0
//
// Losses in bounded memory: a file can be damaged in a million places.

import InputTapeCore

/// Losses as they are found; those that touch and have one cause are one, and the last of very many
/// stands for all behind it.
struct LossList: Sendable {
  private(set) var losses: [Loss] = []

  static let limit = 4_096

  mutating func append(_ loss: Loss) {
    guard let last = losses.last else {
      losses.append(loss)
      return
    }
    let isNext =
      last.range.upperBound == loss.range.lowerBound && last.error.code == loss.error.code
      && last.segment == loss.segment && !loss.range.isEmpty
    if (isNext && losses.count >= 64) || losses.count == Self.limit {
      losses[losses.count - 1].extend(by: loss)
    } else {
      losses.append(loss)
    }
  }

  /// Changes the newest loss.
  mutating func updateLast(_ body: (inout Loss) -> Void) {
    guard !losses.isEmpty else { return }
    body(&losses[losses.count - 1])
  }
}
