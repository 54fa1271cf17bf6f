// SPDX-License-Identifier: Apache-2.0
//
// Somebody who reads a recording while it is written, on a system that fails now and then.

import InputTape
import InputTapeTestKit

/// Follows a recording and keeps what it was given.
struct SimulatedFollower {
  private let follower: RecordingFollower
  private let plan = FaultPlan()
  private(set) var events: [Event] = []
  private(set) var blockCount = 0
  private(set) var isAtEnd = false

  init(path: String, storage: MemoryStorage) {
    follower = RecordingFollower(path: path, storage: FaultingStorage(storage, plan: plan))
  }

  var losses: [Loss] { follower.losses }

  /// Takes what is there.
  ///
  /// - Parameter seed: of reads that fail; nil for none.
  mutating func take(failing seed: UInt64?) throws {
    while true {
      if let seed {
        plan.setChances(
          [FaultChance([.read, .open], perMille: 100, effect: .error(EIO))], seed: seed)
      }
      let step = Result { try follower.next() }
      plan.clear()
      guard case .success(let found) = step else {
        // Asked again, it goes on where it was.
        if seed == nil { _ = try step.get() }
        return
      }
      switch found {
      case .block(let runs):
        blockCount += 1
        while let run = try runs.next() {
          try run.forEachEvent { event throws(FileError) in events.append(event) }
        }
      case .end:
        isAtEnd = true
        return
      default: return
      }
    }
  }
}
