// SPDX-License-Identifier: Apache-2.0
//
// The loops that make tokens and extra bits of numbers (Specs/Encodings.md, section 4), and
// those that count classes of numbers and tokens of pairs (section 6).
//
// Invariant: there is a token for each number, and room for the bits of all.

/// Numbers to tokens and bits.
enum TokenSplit {
  /// The bytes that the bits of so many tokens need at most, with room for the last store: 64 bits
  /// for each number of a token.
  static func room(tokens: Int, numbers: Int) -> Int {
    BitWriter.byteCount(fields: tokens * numbers)
  }

  /// Numbers to tokens and bits.
  ///
  /// - Returns: the bytes of the bits.
  static func numbers(
    _ numbers: Span<UInt64>, _ classifier: TokenClassifier, tokens: inout [UInt8],
    bits: BitRoom, isWide: Bool = WideLoops.areThere
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
          guard let target = tokens.baseAddress else { return 0 }
          let bits = unsafe bits.bytes
          var writer = BitWriter()
          var index = 0
          while index < count {
            if isWide {
              index = unsafe WideLoops.split(numbers, from: index, scheme, target, &writer, bits)
            }
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
    _ first: Span<N>, _ second: Span<N>, _ form: PairForm, into counts: inout [Int32]
  ) -> Int {
    precondition(
      first.count == second.count && counts.count == 256
        && PairScheme.directRange.contains(form.firstDirect)
        && PairScheme.directRange.contains(form.secondDirect), "Pairs, and their tokens")
    var total = 0
    var start = 0
    while start < first.count {
      // Sums of entries are as wide as so many need.
      let range = start..<min(start + PairSizes.sumLimit, first.count)
      total += countStretch(
        first.extracting(range), second.extracting(range), form, into: &counts)
      start = range.upperBound
    }
    return total &+ form.shift &* first.count
  }

  private static func countStretch<N: PairNumber>(
    _ first: Span<N>, _ second: Span<N>, _ form: PairForm, into counts: inout [Int32]
  ) -> Int {
    let limit = UInt64(PairClassifier.smallCount)
    let shift = UInt64(form.shift)
    var total = 0
    var sum: UInt64 = 0
    // Safe: indices are below both counts, those of sizes below `smallCount` behind where a scheme
    // of the format begins, tokens below 256.
    unsafe counts.withUnsafeMutableBufferPointer { counts in
      unsafe PairSizes.all.withUnsafeBufferPointer { sizes in
        guard let sizes = sizes.baseAddress else { return }
        let sizesA = unsafe sizes + PairSizes.start(of: form.firstDirect)
        let sizesB = unsafe sizes + PairSizes.start(of: form.secondDirect)
        unsafe first.withUnsafeBufferPointer { xs in
          unsafe second.withUnsafeBufferPointer { ys in
            for index in xs.indices {
              let x = unsafe UInt64(xs[index])
              let y = unsafe UInt64(ys[index]) &>> shift
              if x | y < limit {
                let left = unsafe sizesA[Int(truncatingIfNeeded: x)]
                let right = unsafe sizesB[Int(truncatingIfNeeded: y)]
                unsafe counts[Int(truncatingIfNeeded: (left &<< 4 | right) & 0xFF)] &+= 1
                sum &+= left &+ right
                continue
              }
              let left = PairScheme(direct: form.firstDirect).classify(x, width: N.bitWidth)
              let right = PairScheme(direct: form.secondDirect).classify(y, width: N.bitWidth)
              unsafe counts[(left.number &<< 4 | right.number) & 0xFF] &+= 1
              total &+= left.count &+ right.count
            }
          }
        }
      }
    }
    return total &+ PairSizes.bits(sum, width: N.bitWidth)
  }

  /// Adds the fine classes of numbers to their counts.
  ///
  /// - Parameters:
  ///   - found: the classes that have counts, and room for one more than all.
  ///   - foundCount: how many those are.
  static func count(
    _ numbers: Span<UInt64>, into counts: inout [Int32], found: inout [UInt16],
    foundCount: inout Int
  ) {
    precondition(
      counts.count == FineClass.count && found.count == FineClass.count + 1
        && (0...FineClass.count).contains(foundCount), "A count and a place for each class")
    var end = foundCount
    // Safe: a class is below the number of counts, and is put behind the others but once: only
    // where it had no count they become more.
    unsafe counts.withUnsafeMutableBufferPointer { counts in
      unsafe found.withUnsafeMutableBufferPointer { found in
        for index in numbers.indices {
          let number = FineClass.number(of: numbers[index])
          let count = unsafe counts[number]
          unsafe found[end] = UInt16(truncatingIfNeeded: number)
          end &+= count == 0 ? 1 : 0
          unsafe counts[number] = count &+ 1
        }
      }
    }
    foundCount = end
  }

  /// Appends up to 64 bits.
  @inline(__always)
  static func append(
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
