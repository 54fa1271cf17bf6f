// SPDX-License-Identifier: Apache-2.0
//
// The period of a device's reports, or of the clock that stamps them (Specs/Encodings.md, section
// 7).

/// Finds periods that differences of times may be multiples of.
enum PeriodSearch {
  /// A period in units times 2¹⁶, and how far differences usually are from its multiples.
  struct Candidate {
    let period: Int64
    let noise: UInt64
  }

  /// The usual difference may be as many periods: a device at rest leaves reports out, and a clock
  /// of 15.6 ms shows a report each 109 ms as seven ticks.
  private static let parts: ClosedRange<UInt64> = 1...16
  /// So many thousandths.
  private static let clearly = 40
  private static let sampleCount = 384
  private static let candidateLimit = 1

  /// The periods worth a trial.
  static func periods(of differences: [UInt64]) -> [Candidate] {
    var sample: [UInt64] = []
    sample.reserveCapacity(4 * sampleCount)
    for range in Samples.ranges(of: differences.count) {
      sample += differences[range.prefix(sampleCount)]
    }
    // A part of them, from all stretches, tells what is usual.
    var sorted: [UInt64] = []
    for index in stride(from: 0, to: sample.count, by: 3) {
      let difference = sample[index]
      if difference > 0, difference < 1 << 40 { sorted.append(difference) }
    }
    sorted.sort()
    guard sorted.count >= 32 else { return [] }
    let usual = mode(sorted)
    // Below a second of nanoseconds nothing here is beyond 2⁶³.
    guard usual < 1 << 30 else { return [] }
    let near = sorted.filter { $0 <= 2 * usual }
    var guesses: [(period: UInt64, score: Int)] = []
    for part in parts where usual / part >= 8 {
      let period = (usual << 16) / part
      let score = score(period, near)
      // A part of a period fits as well as the period: it must fit clearly better to be worth it.
      let best = guesses.last?.score ?? 0
      if score > best + Self.clearly { guesses.append((period, score)) }
      if score + Self.clearly > 1_000 { break }
    }
    return guesses.suffix(candidateLimit).filter { $0.score > 200 }.compactMap {
      refine($0.period, sample)
    }
  }

  /// The middle of the shortest stretch of values that holds a quarter of them.
  private static func mode(_ sorted: [UInt64]) -> UInt64 {
    let width = max(sorted.count / 4, 1)
    var best = (start: 0, span: UInt64.max)
    for start in 0..<(sorted.count - width) {
      // Relative to the value: jitter matters less in long differences.
      let span = ((sorted[start + width - 1] - sorted[start]) << 10) / sorted[start]
      if span < best.span { best = (start, span) }
    }
    return sorted[best.start + width / 2]
  }

  /// How many thousandths of the differences are near a multiple, beyond what chance brings.
  private static func score(_ period: UInt64, _ differences: [UInt64]) -> Int {
    let tolerance = max(1 << 16, period >> 4)
    var hits = 0
    for difference in differences {
      let rest = (difference << 16) % period
      if min(rest, period - rest) <= tolerance { hits += 1 }
    }
    let chance = min(Int(2000 * tolerance / period), 999)
    return (1000 * hits / max(differences.count, 1) - chance) * 1000 / (1000 - chance)
  }

  /// A better period than `guess`, from stretches of differences, and the usual distance from it.
  private static func refine(_ guess: UInt64, _ sample: [UInt64]) -> Candidate? {
    var period = guess
    for length in [1, 8, 64] { period = slope(period, sample, stretch: length) ?? period }
    guard period >= 4 << 16 else { return nil }
    var distances: [UInt64] = []
    for difference in sample.prefix(sampleCount) where difference > 0 && difference < 1 << 40 {
      let rest = (difference << 16) % period
      distances.append(min(rest, period - rest) >> 16)
    }
    guard !distances.isEmpty else { return nil }
    distances.sort()
    return Candidate(period: Int64(period), noise: distances[distances.count / 2])
  }

  /// The median of how long a period is in stretches of differences.
  private static func slope(_ period: UInt64, _ sample: [UInt64], stretch: Int) -> UInt64? {
    var slopes: [UInt64] = []
    var start = 0
    while start + stretch <= sample.count {
      var sum: UInt64 = 0
      var steps: UInt64 = 0
      for difference in sample[start..<(start + stretch)] where difference < 256 * (period >> 16) {
        sum += difference
        steps += ((difference << 16) + period / 2) / period
      }
      if steps > 0 { slopes.append((sum << 16) / steps) }
      // A few hundred single differences have their median where all have theirs.
      start += max(stretch, 4)
    }
    guard !slopes.isEmpty else { return nil }
    slopes.sort()
    return slopes[slopes.count / 2]
  }
}
