// SPDX-License-Identifier: Apache-2.0
//
// The loops that make tokens and extra bits of pairs (Specs/Encodings.md, section 6), a chunk at a
// time: numbers, then their classes four at a time, then their bits.
//
// Invariant: a chunk has room for the pairs that are put into it, and `bits` for those of all.

/// Pairs of numbers to tokens and bits.
enum PairSplit {
  /// Pairs as they are.
  ///
  /// - Returns: the bytes of the bits.
  static func pairs(
    _ first: Span<UInt32>, _ second: Span<UInt32>, _ form: PairForm, tokens: inout [UInt8],
    bits: BitRoom, vectors: Vectors = .best
  ) -> Int {
    precondition(
      first.count == tokens.count && second.count == tokens.count && form.shift == 0,
      "Numbers for each token, and no bits of them raw")
    return numbers(first, second, [], width: 32, form, &tokens, bits, vectors)
  }

  /// What a grid makes of times, its steps and residuals; the lowest bits of residuals stay bits
  /// where the form says so.
  ///
  /// - Returns: the bytes of the bits.
  static func grid(
    _ columns: GridColumns, _ form: PairForm, tokens: inout [UInt8], bits: BitRoom,
    vectors: Vectors = .best
  ) -> Int {
    precondition(
      columns.steps.count == tokens.count && columns.residuals.count == tokens.count,
      "Numbers for each token")
    return numbers(
      columns.steps.span, columns.residuals.span, columns.large, width: 64, form, &tokens, bits,
      vectors)
  }

  private static func numbers(
    _ first: Span<UInt32>, _ second: Span<UInt32>, _ large: [LargePair], width: Int,
    _ form: PairForm, _ tokens: inout [UInt8], _ bits: BitRoom, _ vectors: Vectors
  ) -> Int {
    // Safe: there are as many numbers as tokens.
    unsafe first.withUnsafeBufferPointer { xs in
      unsafe second.withUnsafeBufferPointer { ys in
        guard let xs = xs.baseAddress, let ys = ys.baseAddress else { return 0 }
        return unsafe split(
          NumberPairs(first: xs, second: ys, vectors: vectors, large: large, width: width), form,
          &tokens, bits, vectors)
      }
    }
  }

  /// What a linear guess leaves of coordinates, anew in each quarter.
  ///
  /// - Parameter a: eighths of the last movement that are guessed for the next.
  /// - Returns: the bytes of the bits.
  static func movements(
    _ first: Span<Int32>, _ second: Span<Int32>, a: Int8, isPosition: Bool, _ form: PairForm,
    tokens: inout [UInt8], bits: BitRoom, vectors: Vectors = .best
  ) -> Int {
    let quarter = PairQuarters.length(of: tokens.count, .linear(a: a, b: 0))
    precondition(
      first.count == tokens.count && second.count == tokens.count, "Coordinates for each token")
    // Safe: there are as many coordinates as tokens.
    return unsafe first.withUnsafeBufferPointer { xs in
      unsafe second.withUnsafeBufferPointer { ys in
        guard let xs = xs.baseAddress, let ys = ys.baseAddress else { return 0 }
        return unsafe split(
          MovementPairs(
            first: xs, second: ys, count: tokens.count, quarter: quarter, a: Int32(a),
            isPosition: isPosition, vectors: vectors),
          form, &tokens, bits, vectors)
      }
    }
  }

  private static func split(
    _ source: consuming some PairSource, _ form: PairForm, _ tokens: inout [UInt8], _ bits: BitRoom,
    _ vectors: Vectors
  ) -> Int {
    let count = tokens.count
    bits.reserve(TokenSplit.room(tokens: count, numbers: 2))
    let isUsual = form.shift <= PairChunk.shiftLimit
    var writer = BitWriter()
    // Safe: the chunk is used within the call only, and no more than `capacity` pairs are put into
    // it; tokens are written below their count; a token's bits are at most 16 bytes of the room.
    PairChunk.withChunk { chunk in
      unsafe tokens.withUnsafeMutableBufferPointer { tokens in
        guard let target = tokens.baseAddress else { return }
        let bytes = unsafe bits.bytes
        var start = 0
        while start < count {
          if isUsual {
            start &+= unsafe source.split(
              count &- start, from: start, form, target + start, &writer, bytes)
            guard start < count else { break }
          }
          let size = min(PairChunk.capacity, count &- start)
          source.fill(chunk, start..<(start &+ size))
          if isUsual, !vectors.areWide {
            chunk.classify(size, form)
            unsafe (target + start).update(from: chunk.tokens, count: size)
          }
          var place = 0
          while true {
            if isUsual {
              place =
                unsafe vectors.areWide
                ? WideLoops.split(
                  chunk.firsts, chunk.seconds, place..<size, form, target + start, &writer,
                  bytes, vectors)
                : chunk.pack(from: place, to: size, form, &writer, bytes)
            }
            guard place < size else { break }
            let (x, y) = source.pair(chunk, place)
            unsafe target[start &+ place] = large(
              x, y, form, width: source.width, &writer, bytes)
            place &+= 1
          }
          start &+= size
        }
        unsafe writer.appendShort(0, count: 7, to: bytes)
      }
    }
    return writer.used
  }

  /// Appends the bits of a pair with a large number, and returns its token.
  @inline(never)
  private static func large(
    _ x: UInt64, _ y: UInt64, _ form: PairForm, width: Int, _ writer: inout BitWriter,
    _ bits: UnsafeMutableRawPointer
  ) -> UInt8 {
    let shift = UInt64(form.shift)
    let first = PairClassifier.all[form.firstDirect].classify(x, width: width)
    let second = PairClassifier.all[form.secondDirect].classify(y &>> shift, width: width)
    unsafe TokenSplit.append(first.extra, first.count, &writer, bits)
    if second.number == PairScheme.open {
      unsafe TokenSplit.append(y, second.count, &writer, bits)
    } else {
      unsafe TokenSplit.append(y & ((1 &<< shift) &- 1), form.shift, &writer, bits)
      unsafe TokenSplit.append(second.extra, second.count, &writer, bits)
    }
    return UInt8(truncatingIfNeeded: first.number &<< 4 | second.number)
  }
}

/// Where pairs of numbers come from, one chunk after another.
private protocol PairSource {
  /// The bits of a number that has no class.
  var width: Int { get }
  /// Makes tokens and bits of pairs, as far as a loop of the source's own does.
  ///
  /// - Returns: of how many.
  mutating func split(
    _ count: Int, from start: Int, _ form: PairForm, _ tokens: UnsafeMutablePointer<UInt8>,
    _ writer: inout BitWriter, _ bits: UnsafeMutableRawPointer
  ) -> Int
  /// Puts pairs into a chunk.
  mutating func fill(_ chunk: PairChunk, _ range: Range<Int>)
  /// A pair of the chunk that was filled last.
  mutating func pair(_ chunk: PairChunk, _ place: Int) -> (first: UInt64, second: UInt64)
}

extension PairSource {
  var width: Int { 32 }

  @inline(__always)
  func split(
    _ count: Int, from start: Int, _ form: PairForm, _ tokens: UnsafeMutablePointer<UInt8>,
    _ writer: inout BitWriter, _ bits: UnsafeMutableRawPointer
  ) -> Int { 0 }

  func pair(_ chunk: PairChunk, _ place: Int) -> (first: UInt64, second: UInt64) {
    // Safe: the caller's place is one of the chunk's.
    unsafe (UInt64(chunk.firsts[place]), UInt64(chunk.seconds[place]))
  }
}

/// A pair of which a number has more than 32 bits, or nearly as many.
struct LargePair {
  let place: Int
  let numbers: (UInt64, UInt64)
}

/// Pairs as they are.
private struct NumberPairs: PairSource {
  let first: UnsafePointer<UInt32>
  let second: UnsafePointer<UInt32>
  let vectors: Vectors
  /// Pairs that are all ones in their columns, by their places.
  let large: [LargePair]
  let width: Int
  /// How many of them have been asked for.
  private var largeCount = 0

  init(
    first: UnsafePointer<UInt32>, second: UnsafePointer<UInt32>, vectors: Vectors,
    large: [LargePair], width: Int
  ) {
    unsafe (self.first, self.second) = (first, second)
    (self.vectors, self.large, self.width) = (vectors, large, width)
  }

  @inline(__always)
  func split(
    _ count: Int, from start: Int, _ form: PairForm, _ tokens: UnsafeMutablePointer<UInt8>,
    _ writer: inout BitWriter, _ bits: UnsafeMutableRawPointer
  ) -> Int {
    // Some pairs behind those that are taken are read, too.
    guard vectors.areWide, count > 16 else { return 0 }
    // Safe: the caller's promise.
    return unsafe WideLoops.split(
      first + start, second + start, 0..<(count &- 16), form, tokens, &writer, bits, vectors)
  }

  func fill(_ chunk: PairChunk, _ range: Range<Int>) {
    // Safe: the range lies within the numbers and is no longer than the chunk.
    unsafe chunk.firsts.update(from: first + range.lowerBound, count: range.count)
    unsafe chunk.seconds.update(from: second + range.lowerBound, count: range.count)
  }

  @inline(never)
  mutating func pair(_ chunk: PairChunk, _ place: Int) -> (first: UInt64, second: UInt64) {
    // Safe: the caller's place is one of the chunk's.
    let pair = unsafe (chunk.firsts[place], chunk.seconds[place])
    guard largeCount < large.count, pair == (.max, .max) else {
      return (UInt64(pair.0), UInt64(pair.1))
    }
    largeCount += 1
    return large[largeCount - 1].numbers
  }
}

/// Coordinates as what a linear guess leaves of their movements. Differences are modulo 2³².
private struct MovementPairs: PairSource {
  let first: UnsafePointer<Int32>
  let second: UnsafePointer<Int32>
  let count: Int
  /// The length of the first three quarters; 0 where all are one.
  let quarter: Int
  let a: Int32
  let isPosition: Bool
  let vectors: Vectors

  mutating func fill(_ chunk: PairChunk, _ range: Range<Int>) {
    // Without a list of quarters, which would be kept and let go at each chunk.
    for number in PairQuarters.numbers(length: quarter) {
      let own = PairQuarters.range(number, length: quarter, of: count)
      let (start, part) = (own.lowerBound, range.clamped(to: own))
      guard !part.isEmpty else { continue }
      let place = part.lowerBound - range.lowerBound
      let head = min(max(2 - (part.lowerBound - start), 0), part.count)
      // Safe: indices lie within the coordinates, places within the chunk.
      unsafe fill(chunk.firsts + place, first, part, head, start: start)
      unsafe fill(chunk.seconds + place, second, part, head, start: start)
    }
  }

  /// Puts the residuals of a range; so many at its head have no two coordinates of its quarter in
  /// front of them, and those before that quarter's start are 0.
  private func fill(
    _ target: UnsafeMutablePointer<UInt32>, _ source: UnsafePointer<Int32>, _ range: Range<Int>,
    _ head: Int, start: Int
  ) {
    for place in 0..<head {
      let index = range.lowerBound + place
      // Safe: as the caller says.
      let last = unsafe index > start ? source[index - 1] : 0
      let before = unsafe index > start + 1 ? source[index - 2] : 0
      unsafe target[place] = Self.residual(source[index], last, before, a, isPosition)
    }
    let rest = (range.lowerBound + head)..<range.upperBound
    if vectors.areWide {
      unsafe WideLoops.takeResiduals(of: source, rest, a, isPosition, to: target + head, vectors)
    } else {
      unsafe fill(target + head, source, rest)
    }
  }

  /// Puts the residuals of a range that has two coordinates in front of it.
  private func fill(
    _ target: UnsafeMutablePointer<UInt32>, _ source: UnsafePointer<Int32>, _ range: Range<Int>
  ) {
    // Constants, so that the loops are compiled for them.
    switch (a, isPosition) {
    case (0, true): unsafe Self.fill(target, source, range, 0, true)
    case (8, true): unsafe Self.fill(target, source, range, 8, true)
    case (6, true): unsafe Self.fill(target, source, range, 6, true)
    case (4, true): unsafe Self.fill(target, source, range, 4, true)
    default: unsafe Self.fill(target, source, range, a, isPosition)
    }
  }

  @inline(__always)
  private static func fill(
    _ target: UnsafeMutablePointer<UInt32>, _ source: UnsafePointer<Int32>, _ range: Range<Int>,
    _ a: Int32, _ isPosition: Bool
  ) {
    for (place, index) in range.enumerated() {
      // Safe: as the caller says.
      unsafe target[place] = residual(
        source[index], source[index &- 1], source[index &- 2], a, isPosition)
    }
  }

  @inline(__always)
  private static func residual(
    _ value: Int32, _ last: Int32, _ before: Int32, _ a: Int32, _ isPosition: Bool
  ) -> UInt32 {
    let step = isPosition ? value &- last : value
    let lastStep = isPosition ? last &- before : last
    return Zigzag.encode(step &- Movement.linear(a, 0, lastStep, 0) &>> Movement.linearShift)
  }
}
