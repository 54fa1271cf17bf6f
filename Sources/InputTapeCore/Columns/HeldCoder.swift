// SPDX-License-Identifier: Apache-2.0
//
// Codes of keys and buttons, whose releases name what is held (Specs/Encodings.md, section 6).

/// What is held, oldest first; in memory that is made once.
struct HeldList: ~Copyable, ~Escapable {
  private var codes: MutableSpan<Int32>
  private(set) var count = 0

  /// More than these are forgotten, the oldest first.
  static let limit = 32

  /// Whether a kind's columns are a code and its state.
  static func applies(to kind: EventKind) -> Bool { kind == .key || kind == .button }

  static var memory: [Int32] { Array(repeating: 0, count: limit) }

  /// - Parameter memory: of `limit` codes.
  @_lifetime(&memory)
  init(_ memory: inout [Int32]) {
    precondition(memory.count == Self.limit, "A place for each code")
    codes = memory.mutableSpan
  }

  func code(at place: Int) -> Int32 { codes[place] }

  func place(of code: Int32) -> Int? {
    for place in 0..<count where codes[place] == code { return place }
    return nil
  }

  /// Takes over an event, of a code at `place` if it was held.
  @_lifetime(self: copy self)
  mutating func apply(_ code: Int32, state: Int32, place: Int?) {
    if state == KeyState.down.rawValue {
      guard self.place(of: code) == nil else { return }
      if count == Self.limit { remove(at: 0) }
      codes[count] = code
      count &+= 1
    } else if state == KeyState.up.rawValue, let place {
      remove(at: place)
    }
  }

  @_lifetime(self: copy self)
  private mutating func remove(at place: Int) {
    count &-= 1
    var index = place
    while index < count {
      codes[index] = codes[index &+ 1]
      index &+= 1
    }
  }
}

/// Encodes codes; keeps its memory.
struct HeldEncoder {
  private var presses: [UInt64] = []
  private var others: [UInt64] = []
  private var codeTable = CodeTableEncoder()
  private var encoder = NumberEncoder()

  /// Appends the codes of events of some states: which there are, those of presses, then the
  /// others' places.
  mutating func encode(_ codes: [Int32], states: [Int32], to output: inout StreamWriter) {
    let pressCount = states.count { $0 == KeyState.down.rawValue }
    presses.resize(to: pressCount, filler: 0)
    others.resize(to: states.count - pressCount, filler: 0)
    Self.split(codes.span, states.span, presses: &presses, others: &others)
    codeTable.replace(&presses, &others, base: UInt64(HeldList.limit))
    codeTable.table.write(to: &output.bytes)
    encoder.append(presses, to: &output)
    encoder.append(others, to: &output)
  }

  private static func split(
    _ codes: Span<Int32>, _ states: Span<Int32>, presses: inout [UInt64], others: inout [UInt64]
  ) {
    var presses = presses.mutableSpan
    var others = others.mutableSpan
    var (pressIndex, otherIndex) = (0, 0)
    var memory = HeldList.memory
    var held = HeldList(&memory)
    for index in 0..<min(codes.count, states.count) {
      let (code, state) = (codes[index], states[index])
      let number = UInt64(UInt32(bitPattern: code))
      if state == KeyState.down.rawValue {
        presses[pressIndex] = number
        pressIndex &+= 1
        held.apply(code, state: state, place: nil)
      } else {
        let place = held.place(of: code)
        others[otherIndex] = place.map { UInt64($0) } ?? UInt64(HeldList.limit) + number
        otherIndex &+= 1
        held.apply(code, state: state, place: place)
      }
    }
  }
}

/// Decodes codes; keeps its memory.
struct HeldDecoder {
  private var presses: [UInt64] = []
  private var others: [UInt64] = []
  private var codeTable = CodeTable()
  private var decoder = NumberDecoder()

  /// Replaces `codes` by those of events of some states.
  mutating func decode(
    _ codes: inout [Int32], states: [Int32], from input: inout StreamReader
  ) throws(FormatError) {
    let pressCount = states.count { $0 == KeyState.down.rawValue }
    try codeTable.read(from: &input.bytes)
    let error = input.bytes.error(.malformed)
    try decoder.decode(&presses, count: pressCount, isWide: true, from: &input)
    try decoder.decode(&others, count: states.count - pressCount, isWide: true, from: &input)
    codes.resize(to: states.count, filler: 0)
    guard Self.follow(presses.span, others.span, states, codeTable, into: &codes)
    else { throw error }
  }

  /// Presses and places to codes; false where a number is neither a code nor a place in use.
  private static func follow(
    _ presses: Span<UInt64>, _ others: Span<UInt64>, _ states: [Int32], _ table: CodeTable,
    into codes: inout [Int32]
  ) -> Bool {
    var memory = HeldList.memory
    var held = HeldList(&memory)
    var (pressIndex, otherIndex) = (0, 0)
    var target = codes.mutableSpan
    let states = states.span
    for index in 0..<min(states.count, target.count) {
      let state = states[index]
      if state == KeyState.down.rawValue {
        guard let number = table.code(of: presses[pressIndex]) else { return false }
        pressIndex &+= 1
        let code = Int32(bitPattern: number)
        target[index] = code
        held.apply(code, state: state, place: nil)
        continue
      }
      let number = others[otherIndex]
      otherIndex &+= 1
      if number < UInt64(HeldList.limit) {
        guard number < UInt64(held.count) else { return false }
        let code = held.code(at: Int(number))
        target[index] = code
        held.apply(code, state: state, place: Int(number))
      } else {
        guard let code = table.code(of: number - UInt64(HeldList.limit)) else { return false }
        target[index] = Int32(bitPattern: code)
      }
    }
    return true
  }

  /// Passes over codes.
  static func skip(from input: inout StreamReader) throws(FormatError) {
    try CodeTable.skip(from: &input.bytes)
    for _ in 0..<2 { try NumberDecoder.skip(from: &input) }
  }
}
