// SPDX-License-Identifier: Apache-2.0
//
// Numbers of JSON in every form, as exact integers.

/// Reads numbers that are not a few digits only.
enum JSONNumber {
  /// Reads a number, which may have a fraction and an exponent but must be an integer of 64 bits.
  ///
  /// - Complexity: O(*n*) in the digits.
  static func read(_ bytes: Span<UInt8>, _ at: inout Int) throws(TextFault) -> Int64 {
    var index = at
    let isNegative = bytes[index] == 0x2D
    if isNegative { index += 1 }
    var number = Decimal()
    try readWhole(bytes, &index, &number)
    if bytes[index] == 0x2E {
      index += 1
      try readDigits(bytes, &index) { number.add($0, isFraction: true) }
    }
    if bytes[index] | 0x20 == 0x65 { number.exponent += try readExponent(bytes, &index) }
    guard let value = number.integer(isNegative: isNegative) else {
      let text = String(decoding: (at..<min(index, at + 40)).map { bytes[$0] }, as: UTF8.self)
      throw TextFault("expected an integer of 64 bits, found \(text)", at: at)
    }
    at = index
    return value
  }

  private static func readWhole(
    _ bytes: Span<UInt8>, _ index: inout Int, _ number: inout Decimal
  ) throws(TextFault) {
    guard bytes[index] == 0x30 else {
      try readDigits(bytes, &index) { number.add($0, isFraction: false) }
      return
    }
    index += 1
    if bytes[index] &- 0x30 <= 9 {
      throw TextFault("expected no digit after a leading zero, found one", at: index)
    }
  }

  private static func readDigits(
    _ bytes: Span<UInt8>, _ index: inout Int, _ add: (UInt8) -> Void
  ) throws(TextFault) {
    guard bytes[index] &- 0x30 <= 9 else { throw JSONCursor.fault("a digit", bytes, index) }
    while bytes[index] &- 0x30 <= 9 {
      add(bytes[index] - 0x30)
      index += 1
    }
  }

  /// Reads an exponent; those far beyond any integer are as good as 10⁷.
  private static func readExponent(
    _ bytes: Span<UInt8>, _ index: inout Int
  ) throws(TextFault) -> Int {
    index += 1
    let isNegative = bytes[index] == 0x2D
    if isNegative || bytes[index] == 0x2B { index += 1 }
    var value = 0
    try readDigits(bytes, &index) { value = min(value * 10 + Int($0), 10_000_000) }
    return isNegative ? -value : value
  }

  /// Digits times a power of ten, without zeros at the end.
  private struct Decimal {
    var digits: UInt64 = 0
    /// Zeros that stand after `digits` so far.
    var zeros = 0
    /// The power of ten, without `zeros`.
    var exponent = 0
    var isTooLong = false

    mutating func add(_ digit: UInt8, isFraction: Bool) {
      if isFraction { exponent -= 1 }
      guard digit != 0 else {
        if digits != 0 { zeros += 1 }
        return
      }
      for _ in 0..<min(zeros, 20) { push(0) }
      zeros = 0
      push(digit)
    }

    private mutating func push(_ digit: UInt8) {
      let (product, overflow) = digits.multipliedReportingOverflow(by: 10)
      let (sum, carry) = product.addingReportingOverflow(UInt64(digit))
      isTooLong = isTooLong || overflow || carry
      digits = isTooLong ? digits : sum
    }

    func integer(isNegative: Bool) -> Int64? {
      if isTooLong { return nil }
      if digits == 0 { return 0 }
      let power = exponent + zeros
      guard (0...19).contains(power) else { return nil }
      var value = digits
      for _ in 0..<power {
        let (product, overflow) = value.multipliedReportingOverflow(by: 10)
        if overflow { return nil }
        value = product
      }
      if isNegative { return value <= 1 << 63 ? Int64(bitPattern: 0 &- value) : nil }
      return Int64(exactly: value)
    }
  }
}
