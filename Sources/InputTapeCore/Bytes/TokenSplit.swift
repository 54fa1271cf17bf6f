// SPDX-License-Identifier: Apache-2.0
//
// The loops that make tokens and extra bits of numbers (Specs/Encodings.md, sections 4 and 6).
//
// Invariant: there is a token for each number, and room for the bits of all.

/// Numbers to tokens and bits.
enum TokenSplit {
  /// The bytes that the bits of so many tokens need at most, with room for the last store: 64 bits
  /// for each number of a token.
  static func room(tokens: Int, numbers: Int) -> Int {
    BitWriter.byteCount(fields: tokens * numbers)
  }

  /// Pairs of numbers to tokens and bits; the lowest `shift` bits of the second ones stay bits.
  ///
  /// - Returns: the bytes of the bits.
  static func pairs<N: PairNumber>(
    _ first: Span<N>, _ second: Span<N>, _ a: PairClassifier, _ b: PairClassifier, shift: Int,
    tokens: inout [UInt8], bits: inout [UInt8]
  ) -> Int {
    let count = tokens.count
    precondition(
      first.count == count && second.count == count && bits.count >= room(tokens: count, numbers: 2),
      "Numbers and room for each token")
    // Safe: indices are below `count`; each token's bits are at most 16 bytes of the room.
    return unsafe first.withUnsafeBufferPointer { xs in
      unsafe second.withUnsafeBufferPointer { ys in
        unsafe tokens.withUnsafeMutableBufferPointer { tokens in
          unsafe bits.withUnsafeMutableBytes { bits in
            guard let xs = xs.baseAddress, let ys = ys.baseAddress,
              let tokens = tokens.baseAddress, let bits = bits.baseAddress
            else { return 0 }
            // A constant where it is 0, so that the loop is compiled for it.
            return shift == 0
              ? unsafe pairs(xs, ys, a, b, 0, tokens, count, bits)
              : unsafe pairs(xs, ys, a, b, UInt64(shift), tokens, count, bits)
          }
        }
      }
    }
  }

  @inline(__always)
  private static func pairs<N: PairNumber>(
    _ xs: UnsafePointer<N>, _ ys: UnsafePointer<N>, _ a: PairClassifier, _ b: PairClassifier,
    _ shift: UInt64, _ tokens: UnsafeMutablePointer<UInt8>, _ count: Int,
    _ bits: UnsafeMutableRawPointer
  ) -> Int {
    var writer = BitWriter()
    let mask: UInt64 = (1 &<< shift) &- 1
    let limit = UInt64(PairClassifier.smallCount)
    // Safe: the tables have `smallCount` entries; the rest is the caller's promise.
    unsafe a.small.withUnsafeBufferPointer { smallA in
      unsafe b.small.withUnsafeBufferPointer { smallB in
        var index = 0
        while index < count {
          // A copy, so that it stays in registers.
          var pending = writer
          while index < count {
            let x = unsafe UInt64(xs[index])
            let y = unsafe UInt64(ys[index])
            guard x | y &>> shift < limit else { break }
            let left = unsafe smallA[Int(truncatingIfNeeded: x)]
            let right = unsafe smallB[Int(truncatingIfNeeded: y &>> shift)]
            let leftCount = UInt64(left &>> 8 & 0xFF)
            let size = leftCount &+ UInt64(right &>> 8 & 0xFF) &+ shift
            guard (left | right) & PairClassifier.open == 0, size <= 56 else { break }
            unsafe tokens[index] = UInt8(truncatingIfNeeded: left &<< 4 | right & 15)
            let extra = UInt64(right &>> 16) &<< shift | y & mask
            unsafe pending.appendShort(
              UInt64(left &>> 16) | extra &<< leftCount, count: Int(truncatingIfNeeded: size),
              to: bits)
            index &+= 1
          }
          writer = pending
          guard index < count else { break }
          let y = unsafe UInt64(ys[index])
          unsafe tokens[index] = large(
            a.classify(UInt64(xs[index]), width: N.bitWidth),
            b.classify(y &>> shift, width: N.bitWidth), y, shift, &writer, bits)
          index &+= 1
        }
      }
    }
    unsafe writer.appendShort(0, count: 7, to: bits)
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
    bits: inout [UInt8]
  ) -> Int {
    let count = tokens.count
    precondition(
      numbers.count == count && bits.count >= room(tokens: count, numbers: 1),
      "Numbers and room for each token")
    let limit = UInt64(TokenClassifier.smallCount)
    let scheme = classifier.scheme
    // Safe: indices are below `count`, those of the table below `smallCount`; each token's bits are
    // at most 8 bytes of the room.
    return unsafe numbers.withUnsafeBufferPointer { numbers in
      unsafe classifier.small.withUnsafeBufferPointer { small in
        unsafe tokens.withUnsafeMutableBufferPointer { tokens in
          unsafe bits.withUnsafeMutableBytes { bits in
            guard let bits = bits.baseAddress else { return 0 }
            var writer = BitWriter()
            for index in 0..<count {
              let number = unsafe numbers[index]
              guard number < limit else {
                let (token, extra, size) = scheme.encode(number)
                unsafe tokens[index] = UInt8(truncatingIfNeeded: token)
                unsafe append(extra, size, &writer, bits)
                continue
              }
              let entry = unsafe small[Int(truncatingIfNeeded: number)]
              unsafe tokens[index] = UInt8(truncatingIfNeeded: entry)
              unsafe writer.appendShort(
                UInt64(entry &>> 16), count: Int(entry &>> 8 & 0xFF), to: bits)
            }
            unsafe writer.appendShort(0, count: 7, to: bits)
            return writer.used
          }
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
