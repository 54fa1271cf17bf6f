// SPDX-License-Identifier: Apache-2.0
//
// Recordings with one change each, whose checksums agree or do not.

import InputTapeProbes
import InputTapeTestKit

/// Makes changed copies of a recording from a seed.
struct Mutant {
  private var rng: SeededRandom

  init(seed: UInt64) { rng = SeededRandom(seed: seed) }

  /// A copy with one change; most have their checksums mended.
  mutating func make(_ bytes: [UInt8]) -> [UInt8] {
    var changed = bytes
    let place = Int.random(in: 0..<bytes.count, using: &rng)
    switch Int.random(in: 0..<10, using: &rng) {
    case 0: return Array(bytes[..<place])
    case 1, 2: changed[place] ^= 1 << UInt8.random(in: 0..<8, using: &rng)
    case 3: changed.swapAt(place, Int.random(in: 0..<bytes.count, using: &rng))
    case 4, 5, 6:
      changed[place] = [0, 1, 0x7F, 0x80, 0xFF].randomElement(using: &rng) ?? 0
    default: changed[place] &+= Bool.random(using: &rng) ? 1 : 255
    }
    if UInt8.random(in: 0..<8, using: &rng) != 0 { Mender.mend(&changed) }
    return changed
  }
}
