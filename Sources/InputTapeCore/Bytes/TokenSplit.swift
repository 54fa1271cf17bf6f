// SPDX-License-Identifier: Apache-2.0
//
// The loops that make tokens and extra bits of numbers (Specs/Encodings.md, section 4), and
// those that count classes of numbers and tokens of pairs (section 6).
//
// Invariant: there is a token for each number, and room for the bits of all.

import CInputTapePlatform

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
    bits: BitRoom, vectors: Vectors = .best
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
            if vectors.areWide {
              index = unsafe WideLoops.split(
                numbers, from: index, scheme, target, &writer, bits, vectors)
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

  /// Adds the tokens of pairs to the first 256 of counts, or by turns to four times as many.
  ///
  /// - Parameters:
  ///   - width: the bits of a number that has no class.
  /// - Returns: how many extra bits they have.
  static func count(
    _ first: Span<UInt32>, _ second: Span<UInt32>, _ form: PairForm, width: Int,
    into counts: inout [UInt32], vectors: Vectors = .best
  ) -> Int {
    precondition(
      first.count == second.count && counts.count == 4 << 8
        && PairScheme.directRange.contains(form.firstDirect)
        && PairScheme.directRange.contains(form.secondDirect), "Pairs, and their tokens")
    let schemes = (PairScheme(direct: form.firstDirect), PairScheme(direct: form.secondDirect))
    let shift = UInt64(form.shift)
    var total = form.shift &* first.count
    let turns = areByTurns(first.count) ? 3 : 0
    // Safe: indices are below both counts, tokens below 256, and there are four times as many
    // counts.
    unsafe counts.withUnsafeMutableBufferPointer { counts in
      unsafe first.withUnsafeBufferPointer { xs in
        unsafe second.withUnsafeBufferPointer { ys in
          guard let counts = counts.baseAddress, let firsts = xs.baseAddress,
            let seconds = ys.baseAddress
          else { return }
          var index = 0
          while index < xs.count {
            if vectors.areWide, form.shift <= WideLoops.shiftLimit {
              index = unsafe WideLoops.count(
                firsts, seconds, index..<xs.count, form, width: width, counts, turns: turns,
                &total, vectors)
            }
            // Eight of which one is large or not there; or all of them.
            let end = vectors.areWide ? min(index &+ 8, xs.count) : xs.count
            while index < end {
              let left = schemes.0.size(of: unsafe UInt64(xs[index]), width: width)
              let right = schemes.1.size(of: unsafe UInt64(ys[index]) &>> shift, width: width)
              let token = (left.number &<< 4 | right.number) & 0xFF
              unsafe counts[token | (index & turns) &<< 8] &+= 1
              total &+= left.count &+ right.count
              index &+= 1
            }
          }
        }
      }
    }
    return total
  }

  /// Whether so many tokens are counted by turns: a count that waits for itself is slow, and so are
  /// many counts for few tokens.
  static func areByTurns(_ count: Int) -> Bool { count >= 512 }

  /// Adds counts, which are four of each token if they are by turns, to a sum; they are 0 then.
  static func take(
    _ counts: inout [UInt32], byTurns areByTurns: Bool, isWide: Bool = WideLoops.areThere
  ) -> itape_count_sums {
    precondition(counts.count == 4 << 8, "Four counts for each token")
    return unsafe counts.withUnsafeMutableBufferPointer { counts in
      guard let counts = counts.baseAddress else { return itape_count_sums() }
      // Safe: so many.
      return unsafe itape_take_counts(counts, areByTurns, isWide)
    }
  }

  /// Adds what was counted by turns to the first of four times 256 counts.
  @inline(__always)
  private static func fold(_ counts: UnsafeMutablePointer<UInt32>) {
    for token in 0..<256 {
      // Safe: the caller's promise.
      let others = unsafe counts[token | 1 << 8] &+ counts[token | 2 << 8] &+ counts[token | 3 << 8]
      unsafe counts[token] &+= others
    }
    unsafe (counts + 256).update(repeating: 0, count: 3 << 8)
  }

  /// Replaces `sample` by some stretches of tokens, and counts them.
  ///
  /// - Returns: how often each token comes there.
  static func sample(
    _ tokens: Span<UInt8>, _ ranges: [Range<Int>], into sample: inout [UInt8]
  ) -> [UInt32] {
    sample.resize(forAll: ranges.reduce(0) { $0 + $1.count })
    var counts = [UInt32](repeating: 0, count: 4 << 8)
    // Safe: places are as many as the entries of all ranges, each of which is taken as a part of
    // `tokens`; a token is below 256.
    unsafe sample.withUnsafeMutableBufferPointer { sample in
      guard let target = sample.baseAddress else { return }
      var place = 0
      for range in ranges {
        unsafe tokens.extracting(range).withUnsafeBufferPointer { stretch in
          guard let source = stretch.baseAddress else { return }
          unsafe (target + place).update(from: source, count: stretch.count)
        }
        place += range.count
      }
      unsafe counts.withUnsafeMutableBufferPointer { counts in
        guard let counts = counts.baseAddress else { return }
        unsafe count(target, sample.count, by: counts)
        unsafe fold(counts)
      }
    }
    counts.removeLast(3 << 8)
    return counts
  }

  /// Adds tokens to four times 256 counts by turns: a count that waits for itself is slow.
  @inline(__always)
  private static func count(
    _ tokens: UnsafePointer<UInt8>, _ total: Int, by counts: UnsafeMutablePointer<UInt32>
  ) {
    var index = 0
    // Safe: the caller's promise.
    while index &+ 8 <= total {
      var eight = unsafe UnsafeRawPointer(tokens + index).loadUnaligned(as: UInt64.self)
      for turn in 0..<8 {
        unsafe counts[(turn & 3) << 8 | Int(eight & 0xFF)] &+= 1
        eight = eight &>> 8
      }
      index &+= 8
    }
    for index in index..<total { unsafe counts[Int(tokens[index])] &+= 1 }
  }

  /// Adds the fine classes of numbers to counts, of which there are four of each by turns.
  ///
  /// - Parameters:
  ///   - found: the classes that have counts, each up to four times, and room for one more.
  ///   - foundCount: how many those are.
  static func count(
    _ numbers: Span<UInt64>, into counts: inout [SIMD4<Int32>], found: inout [UInt16],
    foundCount: inout Int
  ) {
    precondition(
      counts.count == FineClass.count && found.count == 4 * FineClass.count + 1
        && (0...(4 * FineClass.count)).contains(foundCount), "Counts and places for each class")
    var end = foundCount
    // Safe: a place is below the number of counts, four numbers each that lie behind one another,
    // and is put behind the others but once: only where it had no count they become more.
    unsafe counts.withUnsafeMutableBufferPointer { counts in
      unsafe found.withUnsafeMutableBufferPointer { found in
        guard let start = counts.baseAddress else { return }
        let each = unsafe UnsafeMutableRawPointer(start).assumingMemoryBound(to: Int32.self)
        for index in numbers.indices {
          let number = FineClass.number(of: numbers[index])
          let place = number &<< 2 | index & 3
          let count = unsafe each[place]
          unsafe found[end] = UInt16(truncatingIfNeeded: number)
          end &+= count == 0 ? 1 : 0
          unsafe each[place] = count &+ 1
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
