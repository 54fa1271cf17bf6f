// SPDX-License-Identifier: Apache-2.0
//
// Codes of keys and buttons, whose releases name what is held (Specs/Encodings.md, section 6).

/// Which kinds' columns are a code and its state.
enum HeldCodes {
  static func apply(to kind: EventKind) -> Bool { kind == .key || kind == .button }
}

/// Encodes codes; keeps its memory.
struct HeldEncoder {
  private var queue: [Int32] = []
  private var released: [Int32] = []
  private var presses: [UInt64] = []
  private var others: [UInt64] = []
  private var codeTable = CodeTableEncoder()
  private var encoder = NumberEncoder()

  /// Appends the codes of events of some states: which there are, those of presses, then the
  /// others' places.
  mutating func encode(_ codes: [Int32], states: [Int32], to output: inout StreamWriter) {
    let states = HeldStates(states.span)
    HeldLoops.split(codes.span, states, queue: &queue, released: &released)
    let pressUnion = presses.replace(by: queue, count: states.pressCount)
    HeldLoops.find(states, queue: &queue, released: released, others: &others)
    let otherUnion = others.span.union
    codeTable.replace(
      &presses, &others, base: UInt64(HeldLoops.limit), union: pressUnion | otherUnion)
    codeTable.table.write(to: &output.bytes)
    let areCodes = codeTable.table.codes.isEmpty
    encoder.append(presses, union: areCodes ? pressUnion : nil, to: &output)
    encoder.append(others, union: areCodes ? otherUnion : nil, to: &output)
  }
}

/// Decodes codes; keeps its memory.
struct HeldDecoder {
  private var queue: [Int32] = []
  private var numbers: [UInt64] = []
  private var codeTable = CodeTable()
  private var decoder = NumberDecoder()

  /// Replaces `codes` by those of events of some states.
  mutating func decode(
    _ codes: inout [Int32], states: [Int32], from input: inout StreamReader
  ) throws(FormatError) {
    let states = HeldStates(states.span)
    try codeTable.read(from: &input.bytes)
    let error = input.bytes.error(.malformed)
    try decoder.decode(&numbers, count: states.pressCount, isWide: true, from: &input)
    queue.resize(to: states.pressCount + HeldLoops.padding, filler: 0)
    let areCodes = codeTable.replace(numbers, by: &queue)
    try decoder.decode(&numbers, count: states.otherCount, isWide: true, from: &input)
    codes.resize(forAll: states.all.count)
    guard areCodes,
      HeldLoops.follow(states, queue: &queue, others: numbers, codeTable, into: &codes)
    else { throw error }
  }

  /// Passes over codes.
  static func skip(from input: inout StreamReader) throws(FormatError) {
    try CodeTable.skip(from: &input.bytes)
    for _ in 0..<2 { try NumberDecoder.skip(from: &input) }
  }
}
