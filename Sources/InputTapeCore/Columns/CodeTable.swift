// SPDX-License-Identifier: Apache-2.0
//
// The codes of a section's keys or buttons, where most are large (Specs/Encodings.md, section 6).

/// Codes in ascending order; numbers stand for their places.
///
/// Invariant: no more than `limit` codes, each once.
struct CodeTable {
  private(set) var codes: [UInt32] = []

  static let limit = 256
  /// The count begins here: below are the numbers of schemes, which follow where there is no table.
  private static let firstCount: UInt64 = 16

  /// The code that a number stands for, or nil for none.
  @inline(__always)
  func code(of number: UInt64) -> UInt32? {
    if codes.isEmpty { return UInt32(exactly: number) }
    return number < UInt64(codes.count) ? codes[Int(number)] : nil
  }

  /// Puts the codes of numbers in front of `codes`; false where a number stands for none.
  func replace(_ numbers: [UInt64], by codes: inout [Int32]) -> Bool {
    let numbers = numbers.span
    guard !self.codes.isEmpty else {
      return codes.replaceFirst(by: numbers) <= UInt64(UInt32.max)
    }
    precondition(numbers.count <= codes.count, "A place for each code")
    var target = codes.mutableSpan
    for index in numbers.indices {
      guard let code = code(of: numbers[index]) else { return false }
      target[index] = Int32(bitPattern: code)
    }
    return true
  }

  /// Appends the table, if it has codes: the first one, then how far each is from the one before.
  func write(to bytes: inout ByteWriter) {
    guard !codes.isEmpty else { return }
    bytes.appendVarint(Self.firstCount - 1 + UInt64(codes.count))
    var last: UInt32 = 0
    for code in codes {
      bytes.appendVarint(UInt64(code - last))
      last = code
    }
  }

  /// How many codes there are.
  private static func readCount(from bytes: inout ByteReader) throws(FormatError) -> Int {
    guard bytes.remaining > 0, bytes.bytes[bytes.offset] >= firstCount else { return 0 }
    let tooMany = bytes.error(.limitExceeded)
    let count = try bytes.readVarint() - (firstCount - 1)
    guard count <= limit else { throw tooMany }
    return Int(count)
  }

  /// Replaces the codes by those of a table, if there is one.
  mutating func read(from bytes: inout ByteReader) throws(FormatError) {
    codes.removeAll(keepingCapacity: true)
    let malformed = bytes.error(.malformed)
    let count = try Self.readCount(from: &bytes)
    for _ in 0..<count {
      let difference = try bytes.readVarint()
      guard let last = codes.last else {
        guard let first = UInt32(exactly: difference) else { throw malformed }
        codes.append(first)
        continue
      }
      guard difference > 0, difference <= UInt64(UInt32.max - last) else { throw malformed }
      codes.append(last + UInt32(difference))
    }
  }

  /// Passes over a table, if there is one.
  static func skip(from bytes: inout ByteReader) throws(FormatError) {
    for _ in 0..<(try readCount(from: &bytes)) { _ = try bytes.readVarint() }
  }
}

/// Finds the table of a section's codes; keeps its memory.
struct CodeTableEncoder {
  private(set) var table = CodeTable()
  /// Places by code, in a table that is never more than a quarter full.
  private var slots: [Slot] = []

  private struct Slot {
    var code: UInt32 = 0
    var place: Int32 = -1
  }

  private static let slotBits = 10
  /// Smaller numbers may have tokens of their own: there is a scheme in which all have.
  private static let smallest: UInt32 = 256
  /// Bits that a larger number takes beside its token, but for those of its highest bit's place.
  private static let detailBits = 3

  /// Replaces codes by their places where that makes them shorter, those of `others` above `base`.
  ///
  /// - Parameter union: all numbers joined by "or".
  mutating func replace(
    _ presses: inout [UInt64], _ others: inout [UInt64], base: UInt64, union: UInt64
  ) {
    table = CodeTable()
    slots.removeAll(keepingCapacity: true)
    guard union >= UInt64(Self.smallest) else { return }
    let savedBits = Self.extraBits(presses.span, 0) + Self.extraBits(others.span, base)
    guard savedBits > 0 else { return }
    slots.append(contentsOf: repeatElement(Slot(), count: 1 << Self.slotBits))
    var codes: [UInt32] = []
    guard collect(presses.span, 0, &codes), collect(others.span, base, &codes) else { return }
    codes.sort()
    var (bytes, last) = (2, UInt32(0))
    for (place, code) in codes.enumerated() {
      bytes += ByteWriter.varintByteCount(UInt64(code - last))
      last = code
      slots[slot(of: code)].place = Int32(place)
    }
    // What is saved is fixed bits; tokens must tell as much apart.
    guard savedBits > max(8 * bytes, (presses.count + others.count) / 4) else { return }
    table = CodeTable(codes: codes)
    place(&presses, 0)
    place(&others, base)
  }

  /// The bits that large codes take beside their tokens.
  private static func extraBits(_ numbers: Span<UInt64>, _ base: UInt64) -> Int {
    var sum = 0
    for index in numbers.indices where numbers[index] >= base {
      let code = UInt32(truncatingIfNeeded: numbers[index] - base)
      guard code >= smallest else { continue }
      sum += UInt32.bitWidth - 1 - code.leadingZeroBitCount - detailBits
    }
    return sum
  }

  /// The slot of a code, or the one that it would have.
  private func slot(of code: UInt32) -> Int {
    let mask = 1 << Self.slotBits - 1
    var slot = Int((code &* 0x9E37_79B1) >> UInt32(UInt32.bitWidth - Self.slotBits))
    while slots[slot].place >= 0, slots[slot].code != code { slot = (slot + 1) & mask }
    return slot
  }

  /// Adds codes to those that were seen; false where there are too many.
  private mutating func collect(
    _ numbers: Span<UInt64>, _ base: UInt64, _ codes: inout [UInt32]
  ) -> Bool {
    for index in numbers.indices where numbers[index] >= base {
      let code = UInt32(truncatingIfNeeded: numbers[index] - base)
      let slot = slot(of: code)
      guard slots[slot].place < 0 else { continue }
      guard codes.count < CodeTable.limit else { return false }
      slots[slot] = Slot(code: code, place: 0)
      codes.append(code)
    }
    return true
  }

  /// Replaces codes by their places.
  private func place(_ numbers: inout [UInt64], _ base: UInt64) {
    for index in numbers.indices where numbers[index] >= base {
      let code = UInt32(truncatingIfNeeded: numbers[index] - base)
      numbers[index] = base + UInt64(slots[slot(of: code)].place)
    }
  }
}
