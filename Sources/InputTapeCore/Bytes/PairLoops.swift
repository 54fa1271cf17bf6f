// SPDX-License-Identifier: Apache-2.0
//
// The loops that make pairs of numbers of tokens and bits, and times of those in the same pass
// (Specs/Encodings.md, sections 6 and 7).
//
// Invariant: tables have 256 entries and are indexed by bytes; eight bytes of bits are read at once
// only where they stand before the end.

import CInputTapePlatform

/// What becomes of a pair of numbers.
private protocol PairTarget {
  /// Takes the pair of a token, one after another.
  mutating func put(_ first: UInt64, _ second: UInt64, at index: Int)
  /// Takes pairs as long as wide loops make them.
  ///
  /// - Returns: how many were taken.
  mutating func put(_ source: inout WideLoops.Source, _ form: PairForm, at index: Int) -> Int
}

/// The entries of a form, and the loops over tokens.
struct PairTable: ~Copyable {
  private let entries = PairEntries()
  private var form: PairForm?
  private var width = 0
  /// Whether numbers that have classes have up to 56 bits in all.
  private var hasShortEntries = true

  /// Takes over a form of numbers of so many bits.
  mutating func set(_ form: PairForm, width: Int) {
    guard form != self.form || width != self.width else { return }
    (self.form, self.width) = (form, width)
    hasShortEntries = form.shift <= 28
    let a = PairScheme(direct: form.firstDirect)
    let b = PairScheme(direct: form.secondDirect)
    let firsts = (0..<16).map { Self.part(a, $0, shift: 0, width: width) }
    let seconds = (0..<16).map { Self.part(b, $0, shift: form.shift, width: width) }
    for token in 0..<256 {
      entries.set(token, first: firsts[token >> 4], second: seconds[token & 15])
    }
  }

  private static func part(
    _ scheme: PairScheme, _ number: Int, shift: Int, width: Int
  ) -> (base: UInt64, count: Int) {
    guard number < PairScheme.open else { return (0, width) }
    let (base, count) = scheme.decode(number)
    return (base << UInt64(shift), count + shift)
  }

  // MARK: - Loops

  /// Tokens and bits to pairs of numbers; false where they do not fit together.
  ///
  /// The target is copied for the loop, so that what it keeps stays in registers.
  ///
  /// - Parameter isPaired: whether two tokens have up to 56 bits, unless a number has no class.
  @inline(__always)
  private func forEachPair(
    _ tokens: Span<UInt8>, _ stored: Span<UInt8>, isPaired: Bool = true, vectors: Vectors,
    into result: inout some PairTarget
  ) -> Bool {
    guard let form else { return tokens.isEmpty && stored.isEmpty }
    let isWide = vectors.areWide && form.shift <= WideLoops.shiftLimit
    var bits = BitReader(stored)
    let count = tokens.count
    // Eight loads behind each other, each up to 56 bits further, stay within 64 bytes.
    let lastGroup = hasShortEntries ? (stored.count &- 64) &<< 3 : -1
    var target = result
    var offset = 0
    var index = 0
    // Safe: tokens are read below their count, entries by bytes, and eight bytes of bits only where
    // they stand before the end.
    unsafe tokens.withUnsafeBufferPointer { tokens in
      unsafe stored.withUnsafeBytes { source in
        guard let tokens = tokens.baseAddress else { return }
        while index < count {
          if isWide {
            var rest = unsafe WideLoops.Source(
              tokens: UnsafeBufferPointer(start: tokens + index, count: count &- index),
              bits: source, vectors: vectors, offset: offset)
            index &+= target.put(&rest, form, at: index)
            offset = rest.offset
          }
          // What stops wide loops is soon behind.
          var end = isWide ? min(index &+ 8, count) : count
          if let source = source.baseAddress {
            unsafe putGroups(
              tokens, end, source, lastGroup, isPaired, &target, &index, &offset)
          }
          // Near the end, and where a number has no class.
          end = min(index &+ 8, end)
          for place in index..<end {
            let token = unsafe tokens[place]
            let tokenCount = Int(entries.count(token))
            if tokenCount == 0 {
              Self.put(0, token, entries, at: place, &target)
            } else {
              let (first, second) = Self.read(token, entries, bits, at: offset)
              target.put(first, second, at: place)
              offset &+= tokenCount
            }
          }
          index = end
        }
      }
    }
    result = target
    bits.offset = offset
    return bits.isExhausted
  }

  /// Gives the target pairs, eight by eight, as long as all have classes and loads do not pass
  /// the end.
  @inline(__always)
  private func putGroups(
    _ tokens: UnsafePointer<UInt8>, _ count: Int, _ source: UnsafeRawPointer, _ lastGroup: Int,
    _ isPaired: Bool, _ target: inout some PairTarget, _ nextIndex: inout Int,
    _ nextOffset: inout Int
  ) {
    var (index, offset) = (nextIndex, nextOffset)
    // Safe: as the caller says.
    while index &+ 8 <= count, offset <= lastGroup {
      let group = unsafe UnsafeRawPointer(tokens + index).loadUnaligned(as: UInt64.self)
      guard Self.hasClasses(group) else { break }
      for _ in 0..<4 {
        var word = unsafe Self.word(source, offset)
        let token = unsafe tokens[index]
        Self.put(word, token, entries, at: index, &target)
        offset &+= Int(entries.count(token))
        if isPaired {
          word = word &>> UInt64(entries.count(token))
        } else {
          word = unsafe Self.word(source, offset)
        }
        let other = unsafe tokens[index &+ 1]
        Self.put(word, other, entries, at: index &+ 1, &target)
        offset &+= Int(entries.count(other))
        index &+= 2
      }
    }
    (nextIndex, nextOffset) = (index, offset)
  }

  /// Both numbers of an entry: near the end, and where they have more bits than a load.
  @inline(never)
  private static func read(
    _ token: UInt8, _ entries: borrowing PairEntries, _ bits: BitReader, at offset: Int
  ) -> (first: UInt64, second: UInt64) {
    var bits = bits
    bits.offset = offset
    let first = bits.read(Int(entries.firstCount(token)))
    let second = bits.read(Int(entries.count(token) &- entries.firstCount(token)))
    return (UInt64(entries.firstBase(token)) &+ first, entries.secondBase(token) &+ second)
  }

  /// The bits from `offset` on, at least 57.
  @inline(__always)
  private static func word(_ source: UnsafeRawPointer, _ offset: Int) -> UInt64 {
    // Safe: the caller knows of eight bytes.
    let word = unsafe source.loadUnaligned(fromByteOffset: offset &>> 3, as: UInt64.self)
    return UInt64(littleEndian: word) &>> UInt64(offset & 7)
  }

  /// Whether no number of eight tokens is in the open class, whose bits are of the width.
  @inline(__always)
  private static func hasClasses(_ tokens: UInt64) -> Bool {
    // The lowest bit of each four, where all are ones.
    let pairs = tokens & tokens &>> 1
    return pairs & pairs &>> 2 & 0x1111_1111_1111_1111 == 0
  }

  /// Gives the target a pair whose bits are the lowest of `word`.
  @inline(__always)
  private static func put(
    _ word: UInt64, _ token: UInt8, _ entries: borrowing PairEntries, at index: Int,
    _ target: inout some PairTarget
  ) {
    let both = word & entries.mask(token)
    let first = UInt32(truncatingIfNeeded: both) & entries.firstMask(token)
    target.put(
      UInt64(entries.firstBase(token) &+ first),
      entries.secondBase(token) &+ both &>> UInt64(entries.firstCount(token)), at: index)
  }

  /// Tokens and bits to numbers of 32 bits; false where they do not fit together.
  func expand(
    _ tokens: Span<UInt8>, _ stored: Span<UInt8>, into first: inout [Int32],
    _ second: inout [Int32], vectors: Vectors = .best
  ) -> Bool {
    precondition(
      first.count == tokens.count && second.count == tokens.count && form?.shift == 0,
      "A place for each pair, and no bits of them raw")
    return unsafe first.withUnsafeMutableBufferPointer { xs in
      unsafe second.withUnsafeMutableBufferPointer { ys in
        guard let xs = xs.baseAddress, let ys = ys.baseAddress else { return stored.isEmpty }
        var target = unsafe PairNumbers(first: xs, second: ys)
        return forEachPair(tokens, stored, vectors: vectors, into: &target)
      }
    }
  }

  /// Tokens and bits to times on a grid, the first of which is there; false where they do not fit
  /// together.
  ///
  /// - Parameter parts: the grid of each part as it begins. Sums are modulo 2⁶⁴.
  func follow(
    _ tokens: Span<UInt8>, _ stored: Span<UInt8>, _ parts: [ClockGrid], unit: Int64,
    into times: inout [Int64], vectors: Vectors = .best
  ) -> Bool {
    precondition(
      times.count == tokens.count + 1 && parts.count == GridParts.count(of: tokens.count),
      "A time for each pair and one before them, a grid for each part")
    return unsafe times.withUnsafeMutableBufferPointer { times in
      guard let start = times.baseAddress else { return false }
      var target = unsafe PairTimes(start, count: tokens.count, parts, unit: unit)
      return form?.shift == 0
        ? forEachPair(tokens, stored, vectors: vectors, into: &target)
        : forEachPair(tokens, stored, isPaired: false, vectors: vectors, into: &target)
    }
  }
}

/// Pairs as they are.
private struct PairNumbers: PairTarget {
  let first: UnsafeMutablePointer<Int32>
  let second: UnsafeMutablePointer<Int32>

  @inline(__always)
  mutating func put(_ first: UInt64, _ second: UInt64, at index: Int) {
    // Safe: `expand` has seen that there is a place for each pair.
    unsafe self.first[index] = Int32(truncatingIfNeeded: first)
    unsafe self.second[index] = Int32(truncatingIfNeeded: second)
  }

  @inline(__always)
  mutating func put(_ source: inout WideLoops.Source, _ form: PairForm, at index: Int) -> Int {
    // Safe: as above; numbers of one size share memory.
    unsafe WideLoops.join(
      &source, form, UnsafeMutableRawPointer(first + index).assumingMemoryBound(to: UInt32.self),
      UnsafeMutableRawPointer(second + index).assumingMemoryBound(to: UInt32.self))
  }
}

/// Pairs as steps on a grid and what is left of times.
private struct PairTimes: PairTarget {
  private let times: UnsafeMutablePointer<Int64>
  private let unit: Int64
  private let wide: itape_grid
  private let parts: [ClockGrid]
  private var grid: ClockGrid
  private var time: Int64
  /// The index behind the part that has begun, and its number.
  private var end: Int
  private var part = 0
  private let count: Int

  /// The first time is there.
  init(_ times: UnsafeMutablePointer<Int64>, count: Int, _ parts: [ClockGrid], unit: Int64) {
    let grid = parts[0]
    wide = grid.wide(unit: unit)
    end = GridParts.length(of: count)
    (self.count, self.parts) = (count, parts)
    unsafe self.times = times
    time = unsafe times.pointee
    self.grid = grid
    self.unit = unit
  }

  @inline(never)
  private mutating func beginPart() {
    part += 1
    grid = parts[part]
    end = part + 1 < parts.count ? end + GridParts.length(of: count) : count
  }

  @inline(__always)
  mutating func put(_ first: UInt64, _ second: UInt64, at index: Int) {
    if index == end { beginPart() }
    let difference = grid.advance(Int64(bitPattern: first), residual: Zigzag.decode(second))
    time = time &+ difference &* unit
    // Safe: `follow` has seen that there is a time more than pairs.
    unsafe times[index &+ 1] = time
  }

  @inline(__always)
  mutating func put(_ source: inout WideLoops.Source, _ form: PairForm, at index: Int) -> Int {
    // Safe: the rooms are used within the call only.
    unsafe withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 2 * Self.roomCount) { room in
      guard let steps = room.baseAddress else { return 0 }
      let residuals = unsafe steps + Self.roomCount
      var taken = 0
      while true {
        let part = unsafe UnsafeBufferPointer(
          rebasing: source.tokens[taken..<min(taken &+ Self.roomCount, source.tokens.count)])
        var some = unsafe WideLoops.Source(
          tokens: part, bits: source.bits, vectors: source.vectors, offset: source.offset)
        let count = unsafe WideLoops.join(&some, form, steps, residuals)
        source.offset = some.offset
        unsafe follow(steps, residuals, count, at: index &+ taken, source.vectors)
        taken &+= count
        guard count == Self.roomCount else { return taken }
      }
    }
  }

  /// So many pairs are numbers before they are times.
  private static let roomCount = 128

  @inline(__always)
  private mutating func follow(
    _ steps: UnsafePointer<UInt32>, _ residuals: UnsafePointer<UInt32>, _ count: Int,
    at index: Int, _ vectors: Vectors
  ) {
    // Safe: as above.
    var place = 0
    while place < count {
      if index &+ place == end { beginPart() }
      let last = min(count, end &- index)
      var state = grid.state(at: time)
      let taken = unsafe WideLoops.follow(
        steps + place, residuals + place, last &- place, wide, &state, times + index + place + 1,
        vectors)
      if taken > 0 {
        grid.take(state)
        time = state.time
        place &+= taken
      }
      let others = place..<min(place &+ 8, last)
      for place in others {
        unsafe put(UInt64(steps[place]), UInt64(residuals[place]), at: index &+ place)
      }
      place = others.upperBound
    }
  }
}
