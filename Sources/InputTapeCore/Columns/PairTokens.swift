// SPDX-License-Identifier: Apache-2.0
//
// Two columns of numbers as one token an entry and raw bits (Specs/Encodings.md, section 6).

/// How two columns become tokens: classes of each, and how many low bits of the second are raw.
struct PairForm: Hashable {
  var firstDirect: Int
  var secondDirect: Int
  /// So many low bits of the second number are extra bits, before it has a class.
  var shift = 0

  static let shiftLimit = 40
  /// The schemes that are looked at; those between are hardly better.
  static let usualDirects = [1, 3, 5, 7, 9, 11, 13]

  var byte: UInt8 { UInt8(firstDirect) | UInt8(secondDirect) << 4 }

  init(_ direct: Int, _ secondDirect: Int? = nil, shift: Int = 0) {
    firstDirect = direct
    self.secondDirect = secondDirect ?? direct
    self.shift = shift
  }

  /// The form of a byte, or nil for none.
  init?(byte: UInt8, shift: Int = 0) {
    self.init(Int(byte & 15), Int(byte >> 4), shift: shift)
    guard PairScheme.directRange.contains(firstDirect),
      PairScheme.directRange.contains(secondDirect)
    else { return nil }
  }
}

/// A width of numbers in pairs.
protocol PairNumber: FixedWidthInteger, UnsignedInteger, BitwiseCopyable {}
extension UInt32: PairNumber {}
extension UInt64: PairNumber {}

/// Encodes two columns of numbers; keeps its memory.
struct PairTokenEncoder {
  private var tokens: [UInt8] = []
  private var bits: [UInt8] = []
  private var estimate = EntropyEstimate()

  /// About what two columns take, in sixteenths of a bit.
  mutating func cost<N: PairNumber>(_ first: [N], _ second: [N], _ form: PairForm) -> Int {
    let (a, b) = (PairClassifier.all[form.firstDirect], PairClassifier.all[form.secondDirect])
    let shift = UInt64(form.shift)
    estimate.count(min(first.count, second.count)) { index in
      let x = a.classify(UInt64(first[index]), width: N.bitWidth)
      let y = b.classify(UInt64(second[index]) &>> shift, width: N.bitWidth)
      return (x.number << 4 | y.number, x.count &+ y.count &+ form.shift)
    }
    return estimate.takeCost()
  }

  /// Appends the streams of two columns.
  mutating func encode<N: PairNumber>(
    _ first: [N], _ second: [N], _ form: PairForm, to output: inout StreamWriter
  ) {
    let count = min(first.count, second.count)
    tokens.resize(to: count, filler: 0)
    let room = BitWriter.byteCount(fields: 2 * count)
    if bits.count < room { bits.resize(to: room, filler: 0) }
    let used = Self.split(first.span, second.span, form, tokens: &tokens, bits: &bits)
    output.appendStream(tokens, kind: .pairs)
    output.appendRawStream(bits[..<used])
  }

  /// Numbers to tokens and bits.
  ///
  /// - Returns: the bytes of the bits.
  private static func split<N: PairNumber>(
    _ xs: Span<N>, _ ys: Span<N>, _ form: PairForm, tokens: inout [UInt8], bits: inout [UInt8]
  ) -> Int {
    let (a, b) = (PairClassifier.all[form.firstDirect], PairClassifier.all[form.secondDirect])
    let shift = UInt64(form.shift)
    let mask: UInt64 = (1 &<< shift) &- 1
    var target = tokens.mutableSpan
    var room = bits.mutableSpan
    var writer = BitWriter()
    for index in 0..<min(target.count, xs.count, ys.count) {
      let x = a.classify(UInt64(xs[index]), width: N.bitWidth)
      let second = UInt64(ys[index])
      var y = b.classify(second &>> shift, width: N.bitWidth)
      target[index] = UInt8(truncatingIfNeeded: x.number &<< 4 | y.number)
      if y.number == PairScheme.open {
        y.extra = second
      } else {
        y.extra = y.extra &<< shift | second & mask
        y.count &+= form.shift
      }
      if x.count &+ y.count <= 56 {
        writer.appendShort(
          x.extra | y.extra &<< UInt64(x.count), count: x.count &+ y.count, to: &room)
      } else {
        writer.append(x.extra, count: x.count, to: &room)
        writer.append(y.extra, count: y.count, to: &room)
      }
    }
    return writer.finish(&room)
  }
}

/// The streams of two columns, for the loops that take them apart; keeps its memory.
struct PairTokenDecoder: ~Copyable {
  private(set) var tokens: [UInt8] = []
  private(set) var table = PairTable()

  /// Reads the tokens of `count` entries, and returns their bits.
  @_lifetime(copy input)
  mutating func read(
    count: Int, _ form: PairForm, width: Int, from input: inout StreamReader
  ) throws(FormatError) -> Span<UInt8> {
    try input.readStream(count: count, into: &tokens)
    let stored = try input.readRawStream()
    table.set(form, width: width)
    return stored
  }

  /// Passes over both columns.
  static func skip(from input: inout StreamReader) throws(FormatError) {
    for _ in 0..<2 { try input.skipStream() }
  }
}
