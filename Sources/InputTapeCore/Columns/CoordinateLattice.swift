// SPDX-License-Identifier: Apache-2.0
//
// Coordinates of which only some are in use (Specs/Encodings.md, section 6).
//
// Invariant: residues ascend, are below the period and fewer than it.

/// The same few of every so many numbers: a screen that is scaled by two shows even coordinates
/// only, one that is scaled by five quarters none of every fifth.
struct CoordinateLattice: Hashable {
  let period: Int32
  let residues: [Int32]

  static let periodLimit = 1 << 16
  static let residueLimit = 256

  // MARK: - Coordinates

  /// Puts coordinates in place of their numbers. Products are modulo 2³².
  func expand(_ column: inout [Int32]) {
    let (residues, count) = (residues.span, residues.count)
    // Numbers from zero on, so that a quotient that is cut is rounded down.
    let bias = (1 << 31 / count + 1) * count
    let inverse = 1 / Double(count)
    var target = column.mutableSpan
    for index in 0..<target.count {
      let number = Int(target[index]) + bias
      // Half a number from any whole quotient, the product errs by far less than that.
      let quotient = Int((Double(number) + 0.5) * inverse)
      let whole = Int32(truncatingIfNeeded: quotient - bias / count)
      target[index] = whole &* period &+ residues[number - quotient * count]
    }
  }

  /// The numbers of coordinates; nil where one is not in use.
  func numbers(of column: [Int32]) -> [Int32]? {
    var places = [Int32](repeating: -1, count: Int(period))
    for (place, residue) in residues.enumerated() { places[Int(residue)] = Int32(place) }
    let divider = FloorDivider(UInt64(period))
    let count = Int32(residues.count)
    var result: [Int32] = []
    result.resize(forAll: column.count)
    let (source, table) = (column.span, places.span)
    var target = result.mutableSpan
    for index in 0..<min(source.count, target.count) {
      let (quotient, rest) = divider.divide(Int64(source[index]))
      let place = table[Int(rest)]
      guard place >= 0 else { return nil }
      target[index] = Int32(truncatingIfNeeded: quotient) &* count &+ place
    }
    return result
  }

  // MARK: - Choice

  /// Shorter columns would hardly save what a lattice takes.
  private static let shortest = 64
  /// So many coordinates tell whether there may be one.
  private static let firstLook = 64
  /// Scales of 3/2, 5/4, 7/4 and 9/4 come back after half as many coordinates; after as many,
  /// where halves are rounded to even numbers.
  private static let scales = [6, 10, 14, 18]

  /// The lattice of a column and the numbers of its coordinates, if all are on one.
  static func find(
    in column: [Int32], isPosition: Bool
  ) -> (lattice: CoordinateLattice, numbers: [Int32])? {
    guard column.count >= shortest else { return nil }
    let sample = (0..<firstLook).map { Int(column[$0 * column.count / firstLook]) }
    let lattice: CoordinateLattice
    let step = commonDivisor(of: sample)
    if step > 1 {
      guard step <= periodLimit else { return nil }
      let residue = Int32(remainder(sample[0], step))
      lattice = CoordinateLattice(period: Int32(step), residues: [residue])
    } else {
      guard step == 1, isPosition, let found = findScale(of: column, sample) else { return nil }
      lattice = found
    }
    return lattice.numbers(of: column).map { (lattice, $0) }
  }

  private static func remainder(_ value: Int, _ divisor: Int) -> Int {
    let rest = value % divisor
    return rest < 0 ? rest + divisor : rest
  }

  /// The largest number of which all values are as far apart as some multiple of it.
  private static func commonDivisor(of values: [Int]) -> Int {
    var result = 0
    for value in values where result != 1 {
      var (divisor, rest) = (abs(value - values[0]), result)
      while rest != 0 { (divisor, rest) = (rest, divisor % rest) }
      result = divisor
    }
    return result
  }

  private static func findScale(of column: [Int32], _ sample: [Int]) -> CoordinateLattice? {
    let low = sample.min() ?? 0
    let extent = (sample.max() ?? 0) - low
    for period in scales where extent >= 8 * period {
      guard seen(sample.span, period).nonzeroBitCount < period else { continue }
      // Coordinates that are far from each other, and many of them.
      let mask = Samples.ranges(of: column.count).reduce(0 as UInt32) {
        $0 | seen(column.span.extracting($1), period)
      }
      guard 8 * mask.nonzeroBitCount <= 7 * period else { continue }
      let residues = (0..<period).filter { mask >> UInt32($0) & 1 == 1 }.map { Int32($0) }
      return CoordinateLattice(period: Int32(period), residues: residues)
    }
    return nil
  }

  /// A bit for each residue that some values have.
  private static func seen<T: SignedInteger>(_ values: Span<T>, _ period: Int) -> UInt32 {
    // Divisions by constants are products.
    switch period {
    case 6: seen(values, by: 6)
    case 10: seen(values, by: 10)
    case 14: seen(values, by: 14)
    case 18: seen(values, by: 18)
    default: seen(values, by: period)
    }
  }

  @inline(__always)
  private static func seen<T: SignedInteger>(_ values: Span<T>, by period: Int) -> UInt32 {
    var mask: UInt32 = 0
    for index in values.indices where mask != 1 << UInt32(period) - 1 {
      mask |= 1 << UInt32(remainder(Int(values[index]), period))
    }
    return mask
  }
}
