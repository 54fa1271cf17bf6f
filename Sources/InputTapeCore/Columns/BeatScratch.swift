// SPDX-License-Identifier: Apache-2.0
//
// Movements of a mouse whose sensor looks less often than it reports (Specs/Encodings.md, section
// 6).

/// Memory for movements by a beat.
struct BeatScratch {
  private var moves: [Int32] = []
  private var deviations: [Int32] = []

  /// Movements by a beat, into `values`.
  mutating func restore(
    _ residuals: Span<UInt32>, _ beat: BeatGuess, isFolded: Bool, into values: inout [Int32]
  ) {
    let padding = MovementColumn.padding
    let total = padding + values.count
    // Taken out, so that each is an array of its own while both are filled.
    var (moves, deviations) = (moves, deviations)
    (self.moves, self.deviations) = ([], [])
    defer { (self.moves, self.deviations) = (moves, deviations) }
    moves.removeAll(keepingCapacity: true)
    moves.append(contentsOf: repeatElement(0, count: total))
    deviations.removeAll(keepingCapacity: true)
    deviations.append(contentsOf: repeatElement(0, count: total))
    var past = moves.mutableSpan
    var far = deviations.mutableSpan
    var target = values.mutableSpan
    let shift = Int32(beat.shift)
    let half: Int32 = shift > 0 ? 1 &<< (shift &- 1) : 0
    var window: Int32 = 0
    for index in 0..<min(residuals.count, target.count) {
      let place = padding &+ index
      var sum = half &+ window &<< Int32(beat.termBits)
      for term in 1...beat.terms { sum &+= far[place &- term &* beat.lag] }
      var residual = Zigzag.decode(residuals[index])
      if isFolded, shift > 0 { residual = Movement.fold(residual, sum, shift: shift) }
      let move = sum &>> shift &+ residual
      past[place] = move
      far[place] = move &<< Int32(beat.windowBits) &- window
      window = window &+ move &- past[place &- beat.window]
      target[index] = move
    }
  }
}
