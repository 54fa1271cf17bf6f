// SPDX-License-Identifier: Apache-2.0
//
// A chunk of pairs on their way to tokens and bits (Specs/Encodings.md, section 6). Classes are
// found four at a time, the logarithm of a number from the exponent of the same as a Float.
//
// Invariant: each row has room for `capacity` entries, a multiple of four.

/// Memory for pairs of numbers, their tokens and their bits.
struct PairChunk {
  typealias Four = SIMD4<UInt32>

  /// Pairs of numbers of 32 bits.
  let firsts: UnsafeMutablePointer<UInt32>
  let seconds: UnsafeMutablePointer<UInt32>
  /// How many extra bits a token has, and `isLarge` where token and bits are for others to find;
  /// behind these eight bits the extra bits or, for pairs with a shift, the first number's count.
  let sizes: UnsafeMutablePointer<UInt32>
  /// For pairs with a shift, the extra bits of each number.
  let extras: UnsafeMutablePointer<UInt32>
  let secondExtras: UnsafeMutablePointer<UInt32>
  let tokens: UnsafeMutablePointer<UInt8>

  static let capacity = 128
  static let isLarge: UInt32 = 128

  /// Calls a closure with memory for a chunk, which is gone behind the call.
  static func withChunk<R>(_ body: (PairChunk) -> R) -> R {
    let row = capacity * 4
    // Safe: rows lie one behind the other within the memory, all aligned to 16 bytes.
    return unsafe withUnsafeTemporaryAllocation(
      byteCount: 5 * row + capacity, alignment: 16
    ) { memory in
      guard let start = memory.baseAddress else { preconditionFailure("There is memory") }
      unsafe memory.initializeMemory(as: UInt8.self, repeating: 0)
      func at<T>(_ offset: Int, _ type: T.Type) -> UnsafeMutablePointer<T> {
        unsafe (start + offset).bindMemory(to: type, capacity: capacity)
      }
      return unsafe body(
        PairChunk(
          firsts: at(0, UInt32.self), seconds: at(row, UInt32.self),
          sizes: at(2 * row, UInt32.self), extras: at(3 * row, UInt32.self),
          secondExtras: at(4 * row, UInt32.self), tokens: at(5 * row, UInt8.self)))
    }
  }

  /// The bits of 2²³: or'd with a number below that, those of the sum, and so the number is
  /// converted.
  private static let offsetBits: UInt32 = 0x4B00_0000
  private static let offset: Float = 8_388_608

  /// Numbers below 2²³ as Float.
  @inline(__always)
  static func float(_ numbers: Four) -> SIMD4<Float> {
    unsafe unsafeBitCast(numbers | Four(repeating: offsetBits), to: SIMD4<Float>.self)
      - SIMD4<Float>(repeating: offset)
  }

  /// Float that are whole numbers below 2²³ as such.
  @inline(__always)
  static func whole(_ numbers: SIMD4<Float>) -> Four {
    unsafe unsafeBitCast(numbers + SIMD4<Float>(repeating: offset), to: Four.self)
      ^ Four(repeating: offsetBits)
  }

  /// All ones where a number's highest bit is 1, else 0.
  @inline(__always)
  static func sign(_ values: Four) -> Four {
    let signed = unsafe unsafeBitCast(values, to: SIMD4<Int32>.self)
    return unsafe unsafeBitCast(signed &>> SIMD4<Int32>(repeating: 31), to: Four.self)
  }

  /// Appends the bits that stand in `sizes`, up to those of the first large token.
  ///
  /// - Returns: the place of that, or `end`.
  func packShort(
    from start: Int, to end: Int, _ writer: inout BitWriter, _ bits: UnsafeMutableRawPointer
  ) -> Int {
    // Copies, so that they stay in registers.
    var pending = writer
    let sizes = unsafe sizes
    var index = start
    // Safe: places lie within the rows; the caller has room for the bits. Two tokens have up to
    // 46.
    while index &+ 1 < end {
      let (first, second) = unsafe (sizes[index], sizes[index &+ 1])
      guard (first | second) & Self.isLarge == 0 else { break }
      pending.hold(UInt64(first &>> 8), count: Int(first & 0xFF))
      pending.hold(UInt64(second &>> 8), count: Int(second & 0xFF))
      unsafe pending.store(to: bits)
      index &+= 2
    }
    if index < end {
      let size = unsafe sizes[index]
      if size & Self.isLarge == 0 {
        pending.hold(UInt64(size &>> 8), count: Int(size & 0xFF))
        unsafe pending.store(to: bits)
        index &+= 1
      }
    }
    writer = pending
    return index
  }

  /// Appends the bits of pairs with a shift, up to those of the first large token.
  ///
  /// - Returns: the place of that, or `end`.
  func packLong(
    from start: Int, to end: Int, _ writer: inout BitWriter, _ bits: UnsafeMutableRawPointer
  ) -> Int {
    // Copies, so that they stay in registers.
    var pending = writer
    let (sizes, extras, secondExtras) = unsafe (sizes, extras, secondExtras)
    var index = start
    // Safe: as above; a pair has at most 14 bits for each class and `shiftLimit`.
    while index < end {
      let size = unsafe sizes[index]
      guard size & Self.isLarge == 0 else { break }
      let second = unsafe UInt64(secondExtras[index]) &<< UInt64(size &>> 8)
      pending.hold(unsafe UInt64(extras[index]) | second, count: Int(size & 0xFF))
      unsafe pending.store(to: bits)
      index &+= 1
    }
    writer = pending
    return index
  }
}
