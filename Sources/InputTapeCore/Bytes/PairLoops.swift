// SPDX-License-Identifier: Apache-2.0
//
// The loops that take pairs of numbers apart and make coordinates or times of them in one pass
// (Specs/Encodings.md, sections 6 and 7).
//
// Invariant: tables have 256 entries and are indexed by bytes; eight bytes of bits are read at once
// only where they stand before the end.

/// What a token of a pair stands for.
struct PairEntry: BitwiseCopyable {
  /// As many ones as both numbers have extra bits.
  var mask: UInt64 = 0
  var firstBase: UInt64 = 0
  var secondBase: UInt64 = 0
  /// As many ones as the first number has extra bits.
  var firstMask: UInt64 = 0
  var firstCount: UInt8 = 0
  var count: UInt8 = 0

  init() {}

  init(first: (base: UInt64, count: Int), second: (base: UInt64, count: Int)) {
    firstBase = first.base
    secondBase = second.base
    firstCount = UInt8(first.count)
    count = UInt8(first.count + second.count)
    firstMask = Self.ones(first.count)
    mask = Self.ones(first.count + second.count)
  }

  private static func ones(_ count: Int) -> UInt64 { count < 64 ? 1 << UInt64(count) - 1 : .max }
}

/// Bits that a loop reads, lowest first. The loop keeps the offset, so that it stays in a register.
struct PairBits: ~Escapable {
  private let bytes: Span<UInt8>
  private let lastWord: Int

  @_lifetime(copy bytes)
  init(_ bytes: Span<UInt8>) {
    self.bytes = bytes
    lastWord = bytes.count - 8
  }

  /// Both numbers of an entry, whose bits begin at `offset`.
  @inline(__always)
  func read(_ entry: PairEntry, at offset: Int) -> (first: UInt64, second: UInt64) {
    let first = offset &>> 3
    guard first <= lastWord, entry.count <= 56 else {
      return Self.readSlowly(bytes, entry, at: offset)
    }
    // Safe: `first + 8` does not pass the end, as was just compared; offsets are not negative.
    let word = unsafe bytes.bytes.unsafeLoadUnaligned(
      fromUncheckedByteOffset: first, as: UInt64.self)
    let both = (UInt64(littleEndian: word) &>> UInt64(offset & 7)) & entry.mask
    return (
      entry.firstBase &+ both & entry.firstMask,
      entry.secondBase &+ both &>> UInt64(entry.firstCount)
    )
  }

  /// Near the end, and where a number has more bits than a load.
  @inline(never)
  private static func readSlowly(
    _ bytes: Span<UInt8>, _ entry: PairEntry, at offset: Int
  ) -> (first: UInt64, second: UInt64) {
    let firstCount = Int(entry.firstCount)
    let first = readBits(bytes, at: offset, count: firstCount)
    let second = readBits(
      bytes, at: offset + firstCount, count: Int(entry.count) - firstCount)
    return (entry.firstBase &+ first, entry.secondBase &+ second)
  }

  private static func readBits(_ bytes: Span<UInt8>, at offset: Int, count: Int) -> UInt64 {
    var value: UInt64 = 0
    for index in 0..<count {
      let place = offset + index
      guard place >> 3 < bytes.count else { break }
      value |= UInt64(bytes[place >> 3] >> UInt8(place & 7) & 1) << UInt64(index)
    }
    return value
  }

  /// Whether bits were read up to the end, none beyond it, and those left in the last byte are 0.
  func isExhausted(at offset: Int) -> Bool {
    guard (offset + 7) >> 3 == bytes.count else { return false }
    guard offset & 7 != 0 else { return true }
    return bytes[bytes.count - 1] >> UInt8(offset & 7) == 0
  }
}

/// The entries of a form, and the loops over tokens.
struct PairTable: ~Copyable {
  private let entries: UnsafeMutablePointer<PairEntry>
  private var form: PairForm?
  private var width = 0

  init() {
    // Safe: initialised here, freed by `deinit` only.
    unsafe entries = UnsafeMutablePointer<PairEntry>.allocate(capacity: 256)
    unsafe entries.initialize(repeating: PairEntry(), count: 256)
  }

  deinit {
    // Safe: nobody else holds it.
    unsafe entries.deallocate()
  }

  /// Takes over a form of numbers of so many bits.
  mutating func set(_ form: PairForm, width: Int) {
    guard form != self.form || width != self.width else { return }
    (self.form, self.width) = (form, width)
    let a = PairScheme(direct: form.firstDirect)
    let b = PairScheme(direct: form.secondDirect)
    let firsts = (0..<16).map { Self.part(a, $0, shift: 0, width: width) }
    let seconds = (0..<16).map { Self.part(b, $0, shift: form.shift, width: width) }
    for token in 0..<256 {
      // Safe: 256 entries.
      unsafe entries[token] = PairEntry(first: firsts[token >> 4], second: seconds[token & 15])
    }
  }

  private static func part(
    _ scheme: PairScheme, _ number: Int, shift: Int, width: Int
  ) -> (base: UInt64, count: Int) {
    guard number < PairScheme.open else { return (0, width) }
    let (base, count) = scheme.decode(number)
    return (base << UInt64(shift), count + shift)
  }

  @inline(__always)
  private subscript(token: UInt8) -> PairEntry {
    // Safe: a byte is below 256.
    unsafe entries[Int(token)]
  }

  /// Tokens and bits to numbers; false where they do not fit together.
  func expand(
    _ tokens: Span<UInt8>, _ stored: Span<UInt8>, into first: inout [UInt32],
    _ second: inout [UInt32]
  ) -> Bool {
    let bits = PairBits(stored)
    var offset = 0
    var xs = first.mutableSpan
    var ys = second.mutableSpan
    for index in 0..<min(tokens.count, xs.count, ys.count) {
      let entry = self[tokens[index]]
      let (x, y) = bits.read(entry, at: offset)
      offset &+= Int(entry.count)
      xs[index] = UInt32(truncatingIfNeeded: x)
      ys[index] = UInt32(truncatingIfNeeded: y)
    }
    return bits.isExhausted(at: offset)
  }

  /// Tokens and bits to coordinates by a linear guess; false where they do not fit together.
  func restore(
    _ tokens: Span<UInt8>, _ stored: Span<UInt8>, a: Int32, isPosition: Bool,
    into first: inout [Int32], _ second: inout [Int32]
  ) -> Bool {
    switch (a, isPosition) {
    case (0, true): restore(tokens, stored, 0, true, &first, &second)
    case (0, false): restore(tokens, stored, 0, false, &first, &second)
    case (8, true): restore(tokens, stored, 8, true, &first, &second)
    case (8, false): restore(tokens, stored, 8, false, &first, &second)
    case (6, true): restore(tokens, stored, 6, true, &first, &second)
    case (4, true): restore(tokens, stored, 4, true, &first, &second)
    default: restore(tokens, stored, a, isPosition, &first, &second)
    }
  }

  /// Sums are modulo 2³².
  @inline(__always)
  private func restore(
    _ tokens: Span<UInt8>, _ stored: Span<UInt8>, _ a: Int32, _ isPosition: Bool,
    _ first: inout [Int32], _ second: inout [Int32]
  ) -> Bool {
    let bits = PairBits(stored)
    var offset = 0
    var xs = first.mutableSpan
    var ys = second.mutableSpan
    var (x, y, stepX, stepY): (Int32, Int32, Int32, Int32) = (0, 0, 0, 0)
    for index in 0..<min(tokens.count, xs.count, ys.count) {
      let entry = self[tokens[index]]
      let (restX, restY) = bits.read(entry, at: offset)
      offset &+= Int(entry.count)
      stepX =
        (a &* stepX &+ 4) &>> Movement.linearShift
        &+ Zigzag.decode(UInt32(truncatingIfNeeded: restX))
      stepY =
        (a &* stepY &+ 4) &>> Movement.linearShift
        &+ Zigzag.decode(UInt32(truncatingIfNeeded: restY))
      x = isPosition ? x &+ stepX : stepX
      y = isPosition ? y &+ stepY : stepY
      xs[index] = x
      ys[index] = y
    }
    return bits.isExhausted(at: offset)
  }

  /// Tokens and bits to times on a grid, the first of which is there; false where they do not fit
  /// together. Sums are modulo 2⁶⁴.
  func follow(
    _ tokens: Span<UInt8>, _ stored: Span<UInt8>, _ start: ClockGrid, unit: Int64,
    into times: inout [Int64]
  ) -> Bool {
    let bits = PairBits(stored)
    var offset = 0
    var grid = start
    var target = times.mutableSpan
    guard target.count > tokens.count else { return false }
    var time = target[0]
    for index in 0..<tokens.count {
      let entry = self[tokens[index]]
      let (steps, rest) = bits.read(entry, at: offset)
      offset &+= Int(entry.count)
      let difference = grid.advance(
        Int64(bitPattern: steps), residual: Zigzag.decode(rest))
      time = time &+ difference &* unit
      target[index &+ 1] = time
    }
    return bits.isExhausted(at: offset)
  }
}
