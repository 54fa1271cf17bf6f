// SPDX-License-Identifier: Apache-2.0
//
// How often each token is expected in a context (Specs/Encodings.md, section 8).

/// Frequencies of tokens, in 1,024ths.
///
/// A frequency is written as its class, the bits it has, and up to two bits below the highest;
/// the first token of the highest class gets what is left.
enum FrequencyTable {
  /// All frequencies of a context are together 2 to this power.
  static let precision = 10
  static let total = 1 << precision
  /// Classes are below this.
  static let classLimit = 16

  /// The class of a frequency.
  @inline(__always)
  static func classOf(_ frequency: Int) -> Int { Int.bitWidth - frequency.leadingZeroBitCount }

  /// The bits of a class that are written.
  @inline(__always)
  static func detailCount(_ number: Int) -> Int {
    // None of classes 0 and 1, one of class 2, two of all others: two bits each.
    Int(
      truncatingIfNeeded: (0xAAAA_AA90 as UInt64) &>> UInt64(truncatingIfNeeded: number &<< 1) & 3)
  }

  /// The smallest frequency of a class and so many bits below its highest one; 0 for class 0.
  @inline(__always)
  static func frequency(_ number: Int, _ count: Int, detail: Int) -> Int {
    // Shifts by a class at most.
    ((1 &<< count | detail) &<< number) &>> (count &+ 1)
  }

  /// The context whose classes are like those of another.
  static func predecessor(of context: Int, _ rule: ContextRule) -> Int? {
    context % rule.lowCount > 0
      ? context - 1 : (context >= rule.lowCount ? context - rule.lowCount : nil)
  }

  // MARK: - Encoder

  /// Takes frequencies for counts, each one that the format can write; at least one count is not 0.
  ///
  /// Tokens so rare that their share is below 1 get 1; the others share what that leaves. Without
  /// branches, as counts are as good as random.
  ///
  /// - Returns: the place of the rest.
  static func take(_ counts: [UInt32], into frequencies: inout [Int32]) -> Int {
    let counts = counts.span
    precondition(counts.count <= 256, "A count for each token")
    frequencies.resize(to: counts.count, filler: 0)
    var target = frequencies.mutableSpan
    let written = Self.written
    // A stream has fewer than 2²⁴ tokens; of equal counts the first is to be the highest.
    var (highest, all): (UInt32, UInt32) = (0, 0)
    for place in counts.indices {
      highest = max(highest, counts[place] &<< 8 | UInt32(truncatingIfNeeded: 255 &- place))
      all &+= counts[place]
    }
    let rest = 255 - Int(highest & 255)
    let (rare, scale) = shares(of: counts, all: Int(all))
    var left = Int32(total)
    for place in 0..<target.count {
      let count = Int(counts[place])
      let share = Int32(written[(count &* scale &+ 1 << 31) &>> 32])
      let frequency = count > rare ? share : Int32(truncatingIfNeeded: min(count, 1))
      target[place] = frequency
      left &-= frequency
    }
    left &+= target[rest]
    while left < 1 {
      var largest = rest == 0 ? 1 : 0
      for place in counts.indices where place != rest && target[place] > target[largest] {
        largest = place
      }
      // By the step of its class: what is left can be written, and is less.
      let step = Int32(1 << max(classOf(Int(target[largest])) - 3, 0))
      left += step
      target[largest] -= step
    }
    target[rest] = left
    return rest
  }

  /// The largest count that is too rare for a share of its own, and what a count above it is worth,
  /// times 2 to the power of 32.
  private static func shares(of counts: Span<UInt32>, all: Int) -> (rare: Int, scale: Int) {
    var (rare, left, sum) = (0, total, all)
    while true {
      let bound = (sum - 1) / left
      guard bound > rare else { return (rare, left << 32 / sum) }
      rare = bound
      let limit = UInt32(truncatingIfNeeded: bound)
      var (ones, rareSum): (UInt32, UInt32) = (0, 0)
      for place in counts.indices {
        let count = counts[place] > limit ? 0 : counts[place]
        ones &+= min(count, 1)
        rareSum &+= count
      }
      (left, sum) = (total &- Int(ones), all &- Int(rareSum))
    }
  }

  /// For each share the frequency that can be written, at least 1, no further from it than half a
  /// step.
  private static let written: [UInt16] = (0...total).map { share in
    let step = max(classOf(share) - 3, 0)
    return UInt16(max(((share + (1 << step) / 2) >> step) << step, 1))
  }

  /// The class of each frequency.
  private static let classes: [UInt8] = (0...total).map { UInt8(classOf($0)) }

  /// For each frequency the bits below the highest that are written, and how many (high four bits);
  /// nothing for as many numbers again, so that a mask finds an entry.
  static let details: [UInt8] = (0..<2 * total).map { frequency in
    guard frequency <= total else { return 0 }
    let number = classOf(frequency)
    let count = detailCount(number)
    return UInt8(frequency >> max(number - 3, 0) & (1 << count - 1) | count << 4)
  }

  /// Puts the classes of frequencies into `classes` from a place on, so that `rest` is the first
  /// place of the highest one.
  static func putClasses(
    of frequencies: [Int32], rest: Int, into classes: inout [UInt8], from start: Int
  ) {
    let frequencies = frequencies.span
    let all = Self.classes
    var target = classes.mutableSpan
    var highest: UInt8 = 0
    for place in frequencies.indices {
      let number = all[Int(frequencies[place])]
      target[start &+ place] = number
      highest = max(highest, place == rest ? number : number &+ (place < rest ? 1 : 0))
    }
    target[start + rest] = highest
  }
}
