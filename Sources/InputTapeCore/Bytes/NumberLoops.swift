// SPDX-License-Identifier: Apache-2.0
//
// The loop that makes numbers of tokens and extra bits (Specs/Encodings.md, section 4).
//
// Invariant: tables have 256 entries and are indexed by bytes; eight bytes of bits are read at once
// only where they stand before the end.

/// What each token of a scheme stands for.
struct NumberTable {
  /// The smallest number of a token, and its extra bits.
  private struct Entry: BitwiseCopyable {
    var base: UInt64 = 0
    /// As many ones as there are extra bits.
    var mask: UInt64 = 0
    /// How many there are, and `longFlag` where one load may not have them; 255 for a token that
    /// the width does not allow.
    var count: UInt64 = 255
  }

  private static let longFlag: UInt64 = 128

  private let scheme: TokenScheme
  private var entries = [Entry](repeating: Entry(), count: 256)

  init(_ scheme: TokenScheme, width: Int) {
    self.scheme = scheme
    for token in 0..<256 {
      guard let (base, count) = scheme.decode(UInt8(token), width: width) else { continue }
      let flag = count > 56 ? Self.longFlag : 0
      entries[token] = Entry(
        base: base, mask: (1 << UInt64(count)) - 1, count: UInt64(count) | flag)
    }
  }

  /// The tables of all schemes for numbers of 32 bits.
  static let of32 = TokenScheme.all.map { NumberTable($0, width: 32) }
  /// The tables of all schemes for numbers of 64 bits.
  static let of64 = TokenScheme.all.map { NumberTable($0, width: 64) }

  /// Tokens and bits to numbers; false where they are not of the scheme or do not fit together.
  func expand(
    _ tokens: Span<UInt8>, _ stored: Span<UInt8>, into numbers: inout [UInt64],
    vectors: Vectors = .best
  ) -> Bool {
    precondition(numbers.count == tokens.count && entries.count == 256, "A place for each number")
    let lastWord = stored.count - 8
    let count = tokens.count
    var index = 0
    var offset = 0
    var isValid = true
    // Safe: numbers and tokens are as many, entries are indexed by bytes, and eight bytes of bits
    // are read only where they stand before the end.
    unsafe tokens.withUnsafeBufferPointer { tokens in
      unsafe entries.withUnsafeBufferPointer { entries in
        unsafe stored.withUnsafeBytes { source in
          unsafe numbers.withUnsafeMutableBufferPointer { target in
            guard let tokens = tokens.baseAddress, let entries = entries.baseAddress,
              let target = target.baseAddress
            else { return }
            while index < count {
              if vectors.areWide {
                var rest = unsafe WideLoops.Source(
                  tokens: UnsafeBufferPointer(start: tokens + index, count: count - index),
                  bits: source, vectors: vectors, offset: offset)
                unsafe index += WideLoops.join(&rest, scheme, target + index)
                offset = rest.offset
              }
              if let source = source.baseAddress {
                // What stops wide loops is soon behind.
                let end = vectors.areWide ? min(index + 8, count) : count
                unsafe Self.expand(
                  tokens, end, source, lastWord, entries, target, &index, &offset)
              }
              // Near the end many have no bits, and in some columns all.
              while index < count, unsafe entries[Int(tokens[index])].count == 0 {
                unsafe target[index] = entries[Int(tokens[index])].base
                index += 1
              }
              guard index < count else { break }
              // Near the end, and where a number has more bits than a load.
              let entry = unsafe entries[Int(tokens[index])]
              isValid = entry.count < 255
              guard isValid else { break }
              var bits = BitReader(stored)
              bits.offset = offset
              let bitCount = Int(entry.count & ~Self.longFlag)
              unsafe target[index] = entry.base | bits.read(bitCount)
              offset = bits.offset
              index += 1
            }
          }
        }
      }
    }
    var bits = BitReader(stored)
    bits.offset = offset
    return isValid && bits.isExhausted
  }

  /// For as long as one load has a number's bits: four at a time, then one by one.
  @inline(__always)
  private static func expand(
    _ tokens: UnsafePointer<UInt8>, _ count: Int, _ source: UnsafeRawPointer, _ lastWord: Int,
    _ entries: UnsafePointer<Entry>, _ target: UnsafeMutablePointer<UInt64>, _ nextIndex: inout Int,
    _ nextOffset: inout Int
  ) {
    var (index, offset) = (nextIndex, nextOffset)
    // Three numbers before the last load have up to 21 bytes.
    let lastGroup = (lastWord &- 22) &<< 3
    // Safe: `index` is below the number of tokens and targets, entries are those of bytes, and
    // eight bytes stand from each load's place on.
    while index &+ 4 <= count, offset <= lastGroup {
      let (first, second) = unsafe (
        entries + Int(tokens[index]), entries + Int(tokens[index &+ 1])
      )
      let (third, fourth) = unsafe (
        entries + Int(tokens[index &+ 2]), entries + Int(tokens[index &+ 3])
      )
      let flags =
        unsafe first.pointee.count | second.pointee.count | third.pointee.count
        | fourth.pointee.count
      guard flags & longFlag == 0 else { break }
      unsafe target[index] = take(first, source, &offset)
      unsafe target[index &+ 1] = take(second, source, &offset)
      unsafe target[index &+ 2] = take(third, source, &offset)
      unsafe target[index &+ 3] = take(fourth, source, &offset)
      index &+= 4
    }
    while index < count, offset &>> 3 <= lastWord {
      let entry = unsafe entries + Int(tokens[index])
      guard unsafe entry.pointee.count & longFlag == 0 else { break }
      unsafe target[index] = take(entry, source, &offset)
      index &+= 1
    }
    (nextIndex, nextOffset) = (index, offset)
  }

  /// A number whose bits stand within eight bytes.
  @inline(__always)
  private static func take(
    _ entry: UnsafePointer<Entry>, _ source: UnsafeRawPointer, _ offset: inout Int
  ) -> UInt64 {
    // Safe: the caller knows of eight bytes.
    let word = unsafe source.loadUnaligned(fromByteOffset: offset &>> 3, as: UInt64.self)
    let bits = UInt64(littleEndian: word) &>> UInt64(offset & 7)
    offset &+= unsafe Int(truncatingIfNeeded: entry.pointee.count)
    return unsafe entry.pointee.base | bits & entry.pointee.mask
  }
}
