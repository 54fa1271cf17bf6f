// SPDX-License-Identifier: Apache-2.0
//
// The tokens of a chunk's pairs (Specs/Encodings.md, section 6).
//
// Invariant: numbers are read and tokens written in whole groups of four, within the rows.

extension PairChunk {
  /// Beyond this shift, all pairs are for others to find.
  static let shiftLimit = 18

  /// The classes of numbers below 2¹⁶, beyond 14 those of the open class.
  private struct Classes {
    var numbers: Four
    var counts: Four
    /// 2 to the power of counts.
    var powers: SIMD4<Float>
    var extras: Four

    @inline(__always)
    init(_ values: Four, direct: Four) {
      // How far a number is beyond those that are their own class, if it is.
      let distance = values &+ Four(repeating: 1) &- direct
      let beyond = distance & ~PairChunk.sign(distance)
      let measure = beyond &+ Four(repeating: 1)
      let bits = unsafe unsafeBitCast(PairChunk.float(measure), to: Four.self)
      counts = bits &>> Four(repeating: 23) &- Four(repeating: 127)
      powers = unsafe unsafeBitCast(bits & Four(repeating: 0x7F80_0000), to: SIMD4<Float>.self)
      extras = measure &- PairChunk.whole(powers)
      numbers = values &- beyond &+ counts
    }
  }

  /// Finds tokens, extra bits and their sizes of the first pairs.
  @inline(__always)
  func classify(_ count: Int, _ form: PairForm) {
    if form.shift == 0 {
      classify(count, form, shift: 0, isShort: true)
    } else {
      classify(count, form, shift: UInt32(form.shift), isShort: false)
    }
  }

  @inline(__always)
  private func classify(_ count: Int, _ form: PairForm, shift: UInt32, isShort: Bool) {
    let firstDirect = Four(repeating: UInt32(form.firstDirect))
    let secondDirect = Four(repeating: UInt32(form.secondDirect))
    let shifts = Four(repeating: shift)
    let mask = Four(repeating: (1 &<< shift) &- 1)
    // Locals, so that they stay in registers.
    let (firsts, seconds) = unsafe (firsts, seconds)
    let (sizes, extras) = unsafe (sizes, extras)
    let (secondExtras, tokens) = unsafe (secondExtras, tokens)
    var index = 0
    while index < count {
      // Safe: there are whole groups of four, within the rows.
      let x = unsafe UnsafeRawPointer(firsts + index).load(as: Four.self)
      let all = unsafe UnsafeRawPointer(seconds + index).load(as: Four.self)
      let y = all &>> shifts
      let first = Classes(x, direct: firstDirect)
      let second = Classes(y, direct: secondDirect)
      let token = first.numbers &<< Four(repeating: 4) | second.numbers
      // The eighth bit of size says that a class is 15 or beyond, or a number is, or bits are more
      // than were joined.
      let open = Four(repeating: 128 - 15)
      let size = first.counts &+ second.counts &+ shifts
      let isFar =
        (Four(repeating: 0) &- (x | y) &>> Four(repeating: 16)) &>> Four(repeating: 24)
      var isLarge = (first.numbers &+ open) | (second.numbers &+ open) | isFar
      if isShort { isLarge |= size &+ Four(repeating: 128 - 24) }
      let flags = isLarge & Four(repeating: 0x80)
      if isShort {
        let joint = Self.whole(Self.float(second.extras) * first.powers) | first.extras
        unsafe UnsafeMutableRawPointer(sizes + index).storeBytes(
          of: joint &<< Four(repeating: 8) | size | flags, as: Four.self)
      } else {
        unsafe UnsafeMutableRawPointer(sizes + index).storeBytes(
          of: first.counts &<< Four(repeating: 8) | size | flags, as: Four.self)
        unsafe UnsafeMutableRawPointer(extras + index).storeBytes(of: first.extras, as: Four.self)
        unsafe UnsafeMutableRawPointer(secondExtras + index).storeBytes(
          of: second.extras &<< shifts | all & mask, as: Four.self)
      }
      unsafe UnsafeMutableRawPointer(tokens + index).storeBytes(
        of: SIMD4<UInt8>(truncatingIfNeeded: token), as: SIMD4<UInt8>.self)
      index &+= 4
    }
  }

  /// Appends the bits of pairs whose classes were found, up to the first large one.
  ///
  /// - Returns: the place of that, or `end`.
  @inline(__always)
  func pack(
    from start: Int, to end: Int, _ form: PairForm, _ writer: inout BitWriter,
    _ bits: UnsafeMutableRawPointer
  ) -> Int {
    form.shift == 0
      ? unsafe packShort(from: start, to: end, &writer, bits)
      : unsafe packLong(from: start, to: end, &writer, bits)
  }
}
