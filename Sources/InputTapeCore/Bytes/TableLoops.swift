// SPDX-License-Identifier: Apache-2.0
//
// The loops that write a context's table (Specs/Encodings.md, section 8).
//
// Invariant: there is room for as many fields of 64 bits as there are codes.

/// Codes of a table to bits, several at a store.
enum TableLoops {
  /// For differences modulo 32 the code (low 12 bits) and its length: Elias's gamma code of 1 for
  /// 0, 2 for −1, 3 for 1, …, which is zeros, then the number.
  private static let codes: [UInt16] = (0..<32).map { index in
    let difference = index < 16 ? index : index - 32
    let value = UInt16(difference < 0 ? -2 * difference : 2 * difference + 1)
    let count = UInt16(UInt16.bitWidth - 1 - value.leadingZeroBitCount)
    let low = value ^ 1 << count
    return (1 | low << 1) << count | (2 * count + 1) << 12
  }

  /// Writes classes, which are below 16, by their differences from others.
  static func write(
    _ classes: Span<UInt8>, after others: Span<UInt8>, _ writer: inout BitWriter,
    to bytes: inout MutableSpan<UInt8>
  ) {
    precondition(classes.count == others.count, "Another for each class")
    // Safe: a place is below the count of both, a difference modulo 32 below that of codes.
    unsafe classes.withUnsafeBufferPointer { own in
      unsafe others.withUnsafeBufferPointer { others in
        unsafe codes.withUnsafeBufferPointer { codes in
          // Six codes have up to 54 bits.
          write(own.count, at: 6, &writer, to: &bytes) { place in
            let code = unsafe codes[Int(own[place] &- others[place]) & 31]
            return (UInt64(code & 0xFFF), Int(code &>> 12))
          }
        }
      }
    }
  }

  /// Writes the details of frequencies.
  static func write(
    detailsOf frequencies: Span<Int32>, _ writer: inout BitWriter,
    to bytes: inout MutableSpan<UInt8>
  ) {
    let details = FrequencyTable.details
    precondition(details.count == FrequencyTable.total * 2, "Details for all of the mask")
    // Safe: a place is below the count, and what is masked below that of details.
    unsafe frequencies.withUnsafeBufferPointer { frequencies in
      unsafe details.withUnsafeBufferPointer { details in
        write(frequencies.count, at: 24, &writer, to: &bytes) { place in
          let detail = unsafe details[Int(frequencies[place]) & (FrequencyTable.total * 2 - 1)]
          return (UInt64(detail & 15), Int(detail &>> 4))
        }
      }
    }
  }

  /// Writes so many codes, some at a store, which together have up to 56 bits.
  @inline(__always)
  private static func write(
    _ count: Int, at together: Int, _ writer: inout BitWriter, to bytes: inout MutableSpan<UInt8>,
    _ code: (Int) -> (bits: UInt64, count: Int)
  ) {
    precondition(
      writer.used + BitWriter.byteCount(fields: count) <= bytes.count, "There is room for all")
    // A copy, so that it stays in registers.
    var pending = writer
    // Safe: compared above; no code has more than a field's bits.
    unsafe bytes.withUnsafeMutableBufferPointer { bytes in
      guard let target = bytes.baseAddress else { return }
      var place = 0
      while place < count {
        let end = min(place &+ together, count)
        while place < end {
          let (value, size) = code(place)
          pending.hold(value, count: size)
          place &+= 1
        }
        unsafe pending.store(to: UnsafeMutableRawPointer(target))
      }
    }
    writer = pending
  }
}
