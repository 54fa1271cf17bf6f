// SPDX-License-Identifier: Apache-2.0
//
// Codes of keys and buttons, whose releases name what is held (Specs/Encodings.md, section 6).

/// What is held, oldest first.
struct HeldList {
  private var codes: [Int32] = []

  /// More than these are forgotten, the oldest first.
  static let limit = 32

  /// Whether a kind's columns are a code and its state.
  static func applies(to kind: EventKind) -> Bool { kind == .key || kind == .button }

  init() { codes.reserveCapacity(Self.limit + 1) }

  var count: Int { codes.count }

  func code(at place: Int) -> Int32 { codes[place] }

  func place(of code: Int32) -> Int? { codes.firstIndex(of: code) }

  /// Takes over an event, of a code at `place` if it was held.
  mutating func apply(_ code: Int32, state: Int32, place: Int?) {
    if state == KeyState.down.rawValue {
      guard codes.firstIndex(of: code) == nil else { return }
      if codes.count == Self.limit { codes.removeFirst() }
      codes.append(code)
    } else if state == KeyState.up.rawValue, let place {
      codes.remove(at: place)
    }
  }
}

/// Encodes codes; keeps its memory.
struct HeldEncoder {
  private var presses: [UInt64] = []
  private var others: [UInt64] = []
  private var encoder = NumberEncoder()

  /// Appends the codes of events of some states: those of presses, then the others' places.
  mutating func encode(_ codes: [Int32], states: [Int32], to output: inout StreamWriter) {
    let pressCount = states.count { $0 == KeyState.down.rawValue }
    presses.resize(to: pressCount, filler: 0)
    others.resize(to: states.count - pressCount, filler: 0)
    Self.split(codes.span, states.span, presses: &presses, others: &others)
    encoder.append(presses, to: &output)
    encoder.append(others, to: &output)
  }

  private static func split(
    _ codes: Span<Int32>, _ states: Span<Int32>, presses: inout [UInt64], others: inout [UInt64]
  ) {
    var presses = presses.mutableSpan
    var others = others.mutableSpan
    var (pressIndex, otherIndex) = (0, 0)
    var held = HeldList()
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
  private var decoder = NumberDecoder()

  /// Replaces `codes` by those of events of some states.
  mutating func decode(
    _ codes: inout [Int32], states: [Int32], from input: inout StreamReader
  ) throws(FormatError) {
    let pressCount = states.count { $0 == KeyState.down.rawValue }
    let error = input.bytes.error(.malformed)
    try decoder.decode(&presses, count: pressCount, isWide: true, from: &input)
    try decoder.decode(&others, count: states.count - pressCount, isWide: true, from: &input)
    codes.resize(to: states.count, filler: 0)
    guard Self.follow(presses.span, others.span, states, into: &codes) else { throw error }
  }

  /// Presses and places to codes; false where a number is neither a code nor a place in use.
  private static func follow(
    _ presses: Span<UInt64>, _ others: Span<UInt64>, _ states: [Int32], into codes: inout [Int32]
  ) -> Bool {
    var held = HeldList()
    var pressIndex = 0
    var otherIndex = 0
    for index in states.indices {
      let state = states[index]
      if state == KeyState.down.rawValue {
        guard let code = UInt32(exactly: presses[pressIndex]) else { return false }
        pressIndex += 1
        codes[index] = Int32(bitPattern: code)
        held.apply(codes[index], state: state, place: nil)
        continue
      }
      let number = others[otherIndex]
      otherIndex += 1
      if number < UInt64(HeldList.limit) {
        guard number < UInt64(held.count) else { return false }
        codes[index] = held.code(at: Int(number))
        held.apply(codes[index], state: state, place: Int(number))
      } else {
        guard let code = UInt32(exactly: number - UInt64(HeldList.limit)) else { return false }
        codes[index] = Int32(bitPattern: code)
      }
    }
    return true
  }

  /// Passes over codes.
  static func skip(from input: inout StreamReader) throws(FormatError) {
    for _ in 0..<2 { try NumberDecoder.skip(from: &input) }
  }
}
