// SPDX-License-Identifier: Apache-2.0
//
// The loops that make tokens and extra bits of numbers (Specs/Encodings.md, sections 4 and 6).
//
// Invariant: there is a token for each number, and room for the bits of all.

/// Numbers to tokens and bits.
enum TokenSplit {
  /// The bytes that the bits of so many tokens need at most, with room for the last store: 64 bits
  /// for each number of a token.
  private static func room(tokens: Int, numbers: Int) -> Int {
    BitWriter.byteCount(fields: tokens * numbers)
  }

  /// Pairs of numbers to tokens and bits.
  ///
  /// - Returns: the bytes of the bits.
  static func pairs(
    _ first: Span<UInt32>, _ second: Span<UInt32>, _ form: PairForm, tokens: inout [UInt8],
    bits: BitRoom
  ) -> Int {
    precondition(
      first.count == tokens.count && second.count == tokens.count && form.shift == 0,
      "Numbers for each token, and no bits of them raw")
    // Safe: there are as many numbers as tokens.
    return unsafe first.withUnsafeBufferPointer { xs in
      unsafe second.withUnsafeBufferPointer { ys in
        guard let xs = xs.baseAddress, let ys = ys.baseAddress else { return 0 }
        return pairs(unsafe NumberPairs(xs, ys), form, 0, tokens: &tokens, bits: bits)
      }
    }
  }

  /// What a grid makes of times, its steps and residuals, to tokens and bits; the lowest bits of
  /// residuals stay bits where the form says so.
  ///
  /// - Parameter differences: times since the last event, in units.
  /// - Returns: the bytes of the bits.
  static func grid(
    _ differences: Span<UInt64>, _ grid: ClockGrid, _ form: PairForm, tokens: inout [UInt8],
    bits: BitRoom
  ) -> Int {
    precondition(differences.count == tokens.count, "A difference for each token")
    // Safe: there are as many differences as tokens.
    return unsafe differences.withUnsafeBufferPointer { differences in
      guard let differences = differences.baseAddress else { return 0 }
      let source = unsafe GridPairs(differences, grid)
      let shift = UInt64(form.shift)
      return form.shift <= shortShiftLimit
        ? pairs(source, form, shift, tokens: &tokens, bits: bits)
        : pairs(source, form, shift, isLong: true, tokens: &tokens, bits: bits)
    }
  }

  /// What a linear guess leaves of coordinates, to tokens and bits.
  ///
  /// - Parameter a: eighths of the last movement that are guessed for the next.
  /// - Returns: the bytes of the bits.
  static func movements(
    _ first: Span<Int32>, _ second: Span<Int32>, a: Int32, isPosition: Bool, _ form: PairForm,
    tokens: inout [UInt8], bits: BitRoom
  ) -> Int {
    precondition(
      first.count == tokens.count && second.count == tokens.count, "Coordinates for each token")
    // Safe: there are as many coordinates as tokens.
    return unsafe first.withUnsafeBufferPointer { xs in
      unsafe second.withUnsafeBufferPointer { ys in
        guard let xs = xs.baseAddress, let ys = ys.baseAddress else { return 0 }
        return switch (a, isPosition) {
        case (0, true):
          unsafe pairs(
            MovementPairs(xs, ys, a: 0, isPosition: true), form, 0, tokens: &tokens, bits: bits)
        case (8, true):
          unsafe pairs(
            MovementPairs(xs, ys, a: 8, isPosition: true), form, 0, tokens: &tokens, bits: bits)
        default:
          unsafe pairs(
            MovementPairs(xs, ys, a: a, isPosition: isPosition), form, 0, tokens: &tokens,
            bits: bits)
        }
      }
    }
  }

  /// Up to this shift the bits of two pairs of small numbers, 16 and the shift each, go with what
  /// is pending into 64.
  private static let shortShiftLimit = 12

  @inline(__always)
  private static func pairs<Source: PairSource>(
    _ start: Source, _ form: PairForm, _ shift: UInt64, isLong: Bool = false,
    tokens: inout [UInt8], bits: BitRoom
  ) -> Int {
    let count = tokens.count
    bits.reserve(room(tokens: count, numbers: 2))
    let (a, b) = (PairClassifier.all[form.firstDirect], PairClassifier.all[form.secondDirect])
    var writer = BitWriter()
    var source = start
    // Safe: tokens are written below their count, tables have `smallCount` entries, and a token's
    // bits are at most 16 bytes of the room.
    unsafe a.small.withUnsafeBufferPointer { smallA in
      unsafe b.small.withUnsafeBufferPointer { smallB in
        unsafe tokens.withUnsafeMutableBufferPointer { tokens in
          let bits = unsafe bits.bytes
          let small = unsafe SmallPairs(smallA, smallB, tokens, shift)
          var index = 0
          var (x, y): (UInt64, UInt64) = (0, 0)
          while index < count {
            // Copies, so that they stay in registers.
            var (pending, rest) = (writer, source)
            while index < count {
              (x, y) = rest.next(index)
              guard small.take(x, y, at: index, &pending, isLong: isLong) else { break }
              index &+= 1
              if !isLong {
                guard index < count else { break }
                (x, y) = rest.next(index)
                guard small.take(x, y, at: index, &pending, isLong: false) else { break }
                index &+= 1
              }
              unsafe pending.store(to: bits)
            }
            unsafe pending.store(to: bits)
            (writer, source) = (pending, rest)
            guard index < count else { break }
            unsafe tokens[index] = large(
              a.classify(x, width: Source.width), b.classify(y &>> shift, width: Source.width),
              y, shift, &writer, bits)
            index &+= 1
          }
          unsafe writer.appendShort(0, count: 7, to: bits)
        }
      }
    }
    return writer.used
  }

  /// Appends the bits of a pair with a large number, and returns its token.
  @inline(never)
  private static func large(
    _ first: PairClass, _ second: PairClass, _ y: UInt64, _ shift: UInt64,
    _ writer: inout BitWriter, _ bits: UnsafeMutableRawPointer
  ) -> UInt8 {
    unsafe append(first.extra, first.count, &writer, bits)
    if second.number == PairScheme.open {
      unsafe append(y, second.count, &writer, bits)
    } else {
      unsafe append(y & ((1 &<< shift) &- 1), Int(shift), &writer, bits)
      unsafe append(second.extra, second.count, &writer, bits)
    }
    return UInt8(truncatingIfNeeded: first.number &<< 4 | second.number)
  }

  /// Numbers to tokens and bits.
  ///
  /// - Returns: the bytes of the bits.
  static func numbers(
    _ numbers: Span<UInt64>, _ classifier: TokenClassifier, tokens: inout [UInt8],
    bits: BitRoom
  ) -> Int {
    let count = tokens.count
    precondition(numbers.count == count, "A number for each token")
    bits.reserve(room(tokens: count, numbers: 1))
    let limit = UInt64(TokenClassifier.smallCount)
    let scheme = classifier.scheme
    // Safe: indices are below `count`, those of the table below `smallCount`; each token's bits are
    // at most 8 bytes of the room. Two small numbers have 16 bits at most.
    return unsafe numbers.withUnsafeBufferPointer { numbers in
      unsafe classifier.small.withUnsafeBufferPointer { small in
        unsafe tokens.withUnsafeMutableBufferPointer { tokens in
          let bits = unsafe bits.bytes
          var writer = BitWriter()
          var index = 0
          while index < count {
            // A copy, so that it stays in registers.
            var pending = writer
            while index &+ 2 <= count {
              let (first, second) = unsafe (numbers[index], numbers[index &+ 1])
              guard first | second < limit else { break }
              let left = unsafe small[Int(truncatingIfNeeded: first)]
              let right = unsafe small[Int(truncatingIfNeeded: second)]
              unsafe tokens[index] = UInt8(truncatingIfNeeded: left)
              unsafe tokens[index &+ 1] = UInt8(truncatingIfNeeded: right)
              pending.hold(UInt64(left &>> 16), count: Int(left &>> 8 & 0xFF))
              pending.hold(UInt64(right &>> 16), count: Int(right &>> 8 & 0xFF))
              unsafe pending.store(to: bits)
              index &+= 2
            }
            writer = pending
            for place in index..<min(index &+ 2, count) {
              let (token, extra, size) = unsafe scheme.encode(numbers[place])
              unsafe tokens[place] = UInt8(truncatingIfNeeded: token)
              unsafe append(extra, size, &writer, bits)
            }
            index = min(index &+ 2, count)
          }
          unsafe writer.appendShort(0, count: 7, to: bits)
          return writer.used
        }
      }
    }
  }

  // MARK: - Counting

  /// Adds the tokens of pairs to 256 counts.
  ///
  /// - Returns: how many extra bits they have.
  static func count<N: PairNumber>(
    _ first: Span<N>, _ second: Span<N>, _ a: PairClassifier, _ b: PairClassifier, shift: Int,
    into counts: inout [Int32]
  ) -> Int {
    precondition(first.count == second.count && counts.count == 256, "Pairs, and their tokens")
    let limit = UInt64(PairClassifier.smallCount)
    let shift = UInt64(shift)
    var total = 0
    // Safe: indices are below both counts, those of tables below `smallCount`, tokens below 256.
    unsafe counts.withUnsafeMutableBufferPointer { counts in
      unsafe a.small.withUnsafeBufferPointer { smallA in
        unsafe b.small.withUnsafeBufferPointer { smallB in
          unsafe first.withUnsafeBufferPointer { xs in
            unsafe second.withUnsafeBufferPointer { ys in
              for index in xs.indices {
                let x = unsafe UInt64(xs[index])
                let y = unsafe UInt64(ys[index]) &>> shift
                if x | y < limit {
                  let left = unsafe smallA[Int(truncatingIfNeeded: x)]
                  let right = unsafe smallB[Int(truncatingIfNeeded: y)]
                  if (left | right) & PairClassifier.open == 0 {
                    unsafe counts[Int((left &<< 4 | right) & 0xFF)] &+= 1
                    total &+= Int((left &>> 8 & 0xFF) &+ (right &>> 8 & 0xFF))
                    continue
                  }
                }
                let left = a.classify(x, width: N.bitWidth)
                let right = b.classify(y, width: N.bitWidth)
                unsafe counts[(left.number &<< 4 | right.number) & 0xFF] &+= 1
                total &+= left.count &+ right.count
              }
            }
          }
        }
      }
    }
    return total &+ Int(shift) &* first.count
  }

  /// Adds the tokens of numbers to 256 counts.
  ///
  /// - Returns: how many extra bits they have.
  static func count(
    _ numbers: Span<UInt64>, _ classifier: TokenClassifier, into counts: inout [Int32]
  ) -> Int {
    precondition(counts.count == 256, "Tokens")
    let limit = UInt64(TokenClassifier.smallCount)
    let scheme = classifier.scheme
    var total = 0
    // Safe: indices of the table are below `smallCount`, tokens below 256.
    unsafe counts.withUnsafeMutableBufferPointer { counts in
      unsafe classifier.small.withUnsafeBufferPointer { small in
        unsafe numbers.withUnsafeBufferPointer { numbers in
          for index in numbers.indices {
            let number = unsafe numbers[index]
            if number < limit {
              let entry = unsafe small[Int(truncatingIfNeeded: number)]
              unsafe counts[Int(entry & 0xFF)] &+= 1
              total &+= Int(entry &>> 8 & 0xFF)
            } else {
              let (token, _, size) = scheme.encode(number)
              unsafe counts[token & 0xFF] &+= 1
              total &+= size
            }
          }
        }
      }
    }
    return total
  }

  /// Appends up to 64 bits.
  @inline(__always)
  private static func append(
    _ value: UInt64, _ count: Int, _ writer: inout BitWriter, _ bits: UnsafeMutableRawPointer
  ) {
    if count <= 56 {
      unsafe writer.appendShort(value, count: count, to: bits)
    } else {
      unsafe writer.appendShort(value & 0xFFFF_FFFF, count: 32, to: bits)
      unsafe writer.appendShort(value &>> 32, count: count &- 32, to: bits)
    }
  }
}

/// Pairs of small numbers to tokens and bits, by tables.
private struct SmallPairs {
  private let first: UnsafeBufferPointer<UInt32>
  private let second: UnsafeBufferPointer<UInt32>
  private let tokens: UnsafeMutableBufferPointer<UInt8>
  private let shift: UInt64
  private let mask: UInt64

  @inline(__always)
  init(
    _ first: UnsafeBufferPointer<UInt32>, _ second: UnsafeBufferPointer<UInt32>,
    _ tokens: UnsafeMutableBufferPointer<UInt8>, _ shift: UInt64
  ) {
    unsafe self.first = first
    unsafe self.second = second
    unsafe self.tokens = tokens
    self.shift = shift
    mask = (1 &<< shift) &- 1
  }

  /// Takes a pair; false where one of its numbers is not small, or its bits are too many for one
  /// store.
  @inline(__always)
  func take(
    _ x: UInt64, _ y: UInt64, at index: Int, _ writer: inout BitWriter, isLong: Bool
  ) -> Bool {
    guard x | y &>> shift < UInt64(PairClassifier.smallCount) else { return false }
    // Safe: tables have `smallCount` entries, and the caller's index is below the count of tokens.
    let left = unsafe first[Int(truncatingIfNeeded: x)]
    let right = unsafe second[Int(truncatingIfNeeded: y &>> shift)]
    let leftCount = UInt64(left &>> 8 & 0xFF)
    let size = leftCount &+ UInt64(right &>> 8 & 0xFF) &+ shift
    guard (left | right) & PairClassifier.open == 0, !isLong || size <= 56 else { return false }
    unsafe tokens[index] = UInt8(truncatingIfNeeded: left &<< 4 | right & 15)
    let extra = UInt64(right &>> 16) &<< shift | y & mask
    writer.hold(
      UInt64(left &>> 16) | extra &<< leftCount, count: Int(truncatingIfNeeded: size))
    return true
  }
}

/// Where pairs of numbers come from.
private protocol PairSource {
  /// The bits of a number that has no class.
  static var width: Int { get }
  /// The pair of an index; they are asked for one after another.
  mutating func next(_ index: Int) -> (first: UInt64, second: UInt64)
}

/// Pairs as they are.
private struct NumberPairs: PairSource {
  private let first: UnsafePointer<UInt32>
  private let second: UnsafePointer<UInt32>

  static var width: Int { 32 }

  init(_ first: UnsafePointer<UInt32>, _ second: UnsafePointer<UInt32>) {
    unsafe self.first = first
    unsafe self.second = second
  }

  @inline(__always)
  mutating func next(_ index: Int) -> (first: UInt64, second: UInt64) {
    // Safe: indices are below the count of tokens, of which there are as many.
    unsafe (UInt64(first[index]), UInt64(second[index]))
  }
}

/// Times as a grid's steps and residuals.
private struct GridPairs: PairSource {
  private let differences: UnsafePointer<UInt64>
  private var grid: ClockGrid

  static var width: Int { 64 }

  @inline(__always)
  init(_ differences: UnsafePointer<UInt64>, _ grid: ClockGrid) {
    unsafe self.differences = differences
    self.grid = grid
  }

  @inline(__always)
  mutating func next(_ index: Int) -> (first: UInt64, second: UInt64) {
    // Safe: indices are below the count of tokens, of which there are as many.
    let (steps, residual) = unsafe grid.take(Int64(bitPattern: differences[index]))
    return (UInt64(bitPattern: steps), Zigzag.encode(residual))
  }
}

/// Coordinates as what a linear guess leaves of their movements. Differences are modulo 2³².
private struct MovementPairs: PairSource {
  private let first: UnsafePointer<Int32>
  private let second: UnsafePointer<Int32>
  private let a: Int32
  private let isPosition: Bool
  private var x: Int32 = 0
  private var y: Int32 = 0
  private var stepX: Int32 = 0
  private var stepY: Int32 = 0

  static var width: Int { 32 }

  @inline(__always)
  init(
    _ first: UnsafePointer<Int32>, _ second: UnsafePointer<Int32>, a: Int32, isPosition: Bool
  ) {
    unsafe self.first = first
    unsafe self.second = second
    self.a = a
    self.isPosition = isPosition
  }

  @inline(__always)
  mutating func next(_ index: Int) -> (first: UInt64, second: UInt64) {
    // Safe: indices are below the count of tokens, of which there are as many.
    let (nextX, nextY) = unsafe (first[index], second[index])
    let guessX = (a &* stepX &+ 4) &>> Movement.linearShift
    let guessY = (a &* stepY &+ 4) &>> Movement.linearShift
    stepX = isPosition ? nextX &- x : nextX
    stepY = isPosition ? nextY &- y : nextY
    (x, y) = (nextX, nextY)
    return (UInt64(Zigzag.encode(stepX &- guessX)), UInt64(Zigzag.encode(stepY &- guessY)))
  }
}
