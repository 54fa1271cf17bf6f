// SPDX-License-Identifier: Apache-2.0
//
// What a block's draft knows of the block before.

import InputTapeCore
import Testing

@testable import InputTape

@Suite struct DraftTests {
  /// The last block of a file is coded like those in front of it, whatever its length.
  @Test func aDraftIsAmongAsManyEventsAsTheOneBefore() {
    var builder = DraftBuilder()
    func take(_ count: Int) -> BlockDraft {
      for time in 0..<count {
        builder.append(
          Event(time: Int64(time), track: .first, body: .rawMotion(dx: 1, dy: 0)))
      }
      return builder.take()
    }
    #expect([9_000, 5, 7, 3, 8].map { take($0).neighbourCount } == [9_000, 9_000, 7, 7, 8])
  }
}
