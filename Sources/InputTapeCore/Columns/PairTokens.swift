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
    estimate.reset()
    let (a, b) = (PairClassifier.all[form.firstDirect], PairClassifier.all[form.secondDirect])
    let (xs, ys) = (first.span, second.span)
    let shift = UInt64(form.shift)
    for index in 0..<min(xs.count, ys.count) {
      let x = a.classify(UInt64(xs[index]), width: N.bitWidth)
      let y = b.classify(UInt64(ys[index]) &>> shift, width: N.bitWidth)
      estimate.add(x.number << 4 | y.number, extra: x.count &+ y.count &+ form.shift)
    }
    return estimate.cost
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

/// Decodes two columns of numbers; keeps its memory.
struct PairTokenDecoder<N: PairNumber> {
  private var tokens: [UInt8] = []
  private var entries: [Entry] = []
  private var form: PairForm?

  /// What a token stands for.
  private struct Entry: BitwiseCopyable {
    var firstBase: N = 0
    var secondBase: N = 0
    var firstCount: UInt8 = 0
    var secondCount: UInt8 = 0
  }

  /// Replaces both columns by `count` numbers each.
  mutating func decode(
    _ first: inout [N], _ second: inout [N], count: Int, _ form: PairForm,
    from input: inout StreamReader
  ) throws(FormatError) {
    try input.readStream(count: count, into: &tokens)
    let malformed = input.bytes.error(.malformed)
    let stored = try input.readRawStream()
    first.resize(to: count, filler: 0)
    second.resize(to: count, filler: 0)
    prepare(form)
    guard Self.expand(tokens.span, stored, entries.span, into: &first, &second) else {
      throw malformed
    }
  }

  /// Passes over both columns.
  static func skip(from input: inout StreamReader) throws(FormatError) {
    for _ in 0..<2 { try input.skipStream() }
  }

  private mutating func prepare(_ form: PairForm) {
    guard form != self.form else { return }
    self.form = form
    entries.resize(to: 256, filler: Entry())
    let (a, b) = (
      PairScheme(direct: form.firstDirect), PairScheme(direct: form.secondDirect)
    )
    for token in 0..<256 {
      var entry = Entry()
      (entry.firstBase, entry.firstCount) = Self.part(a, token >> 4, shift: 0)
      (entry.secondBase, entry.secondCount) = Self.part(b, token & 15, shift: form.shift)
      entries[token] = entry
    }
  }

  private static func part(
    _ scheme: PairScheme, _ number: Int, shift: Int
  ) -> (base: N, count: UInt8) {
    guard number < PairScheme.open else { return (0, UInt8(N.bitWidth)) }
    let (base, count) = scheme.decode(number)
    return (N(truncatingIfNeeded: base) << N(shift), UInt8(count + shift))
  }

  /// Tokens and bits to numbers; false where they do not fit together. Sums wrap.
  private static func expand(
    _ tokens: Span<UInt8>, _ stored: Span<UInt8>, _ entries: Span<Entry>, into first: inout [N],
    _ second: inout [N]
  ) -> Bool {
    var bits = BitReader(stored)
    var xs = first.mutableSpan
    var ys = second.mutableSpan
    guard entries.count == 256 else { return false }
    for index in 0..<min(tokens.count, xs.count, ys.count) {
      let entry = entries[Int(tokens[index])]
      if entry.firstCount &+ entry.secondCount <= 56 {
        let both = bits.readShort(Int(entry.firstCount &+ entry.secondCount))
        let low = both & ((1 &<< UInt64(entry.firstCount)) &- 1)
        xs[index] = entry.firstBase &+ N(truncatingIfNeeded: low)
        ys[index] =
          entry.secondBase &+ N(truncatingIfNeeded: both &>> UInt64(entry.firstCount))
      } else {
        xs[index] =
          entry.firstBase &+ N(truncatingIfNeeded: bits.read(Int(entry.firstCount)))
        ys[index] =
          entry.secondBase &+ N(truncatingIfNeeded: bits.read(Int(entry.secondCount)))
      }
    }
    return bits.isExhausted
  }
}
