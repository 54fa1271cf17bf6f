// SPDX-License-Identifier: Apache-2.0
//
// Which statistics a token of a modelled stream has, by the two tokens before it
// (Specs/Encodings.md, section 8).

/// What a stream's contexts follow from.
enum ContextForm: UInt8, CaseIterable {
  /// Nothing: one context.
  case none = 0
  /// How large the high and the low half of the token before are.
  case halves = 1
  /// Which of a few named ones the two tokens before are, if they are.
  case ranks = 2
  /// How large the two tokens before are.
  case steps = 3
}

/// Gives each token the number of its context: `lowCount` times the first feature plus the second.
struct ContextRule: Equatable {
  let form: ContextForm
  /// Values of the first feature, and of the second.
  let highCount: Int
  let lowCount: Int
  /// Bounds or names of the features, as the format has them: the first's, then the second's.
  let marks: [UInt8]

  /// No more contexts than this.
  static let countLimit = 32

  static let none = ContextRule(form: .none, highCount: 1, lowCount: 1, marks: [])

  var count: Int { highCount * lowCount }

  /// Whether contexts follow from the last token alone.
  var isShort: Bool { form == .none || form == .halves || lowCount == 1 }

  /// How many marks a rule has.
  static func markCount(_ form: ContextForm, _ highCount: Int, _ lowCount: Int) -> Int {
    switch form {
    case .none: 0
    case .halves, .steps: highCount + lowCount - 2
    case .ranks: max(highCount, lowCount) - 1
    }
  }

  private var highMarks: ArraySlice<UInt8> {
    form == .ranks ? marks[...] : marks[..<(highCount - 1)]
  }
  private var lowMarks: ArraySlice<UInt8> {
    form == .ranks ? marks[...] : marks[(highCount - 1)...]
  }

  /// The contexts by one of the features alone, the other having one value.
  func part(high: Int, low: Int) -> ContextRule {
    ContextRule(
      form: form, highCount: high, lowCount: low,
      marks: high > 1 ? Array(highMarks) : Array(lowMarks))
  }

  /// What each token adds to the context of the token after it (`next`), and to that of the one
  /// after that (`later`).
  @inline(__always)
  func forEachLink(_ body: (_ token: Int, _ next: Int, _ later: Int) -> Void) {
    switch form {
    case .none:
      for token in 0..<256 { body(token, 0, 0) }
    case .halves:
      let highs = (0..<16).map { Self.place($0, highMarks) * lowCount }
      let lows = (0..<16).map { Self.place($0, lowMarks) }
      for token in 0..<256 { body(token, highs[token >> 4] + lows[token & 15], 0) }
    case .ranks:
      for token in 0..<256 { body(token, (highCount - 1) * lowCount, lowCount - 1) }
      // The first of equal marks counts.
      for (rank, mark) in marks.enumerated().reversed() {
        body(Int(mark), min(rank, highCount - 1) * lowCount, min(rank, lowCount - 1))
      }
    case .steps:
      var (high, low) = (0, 0)
      let (highs, lows) = (highMarks.sorted(), lowMarks.sorted())
      for token in 0..<256 {
        while high < highs.count, highs[high] <= token { high += 1 }
        while low < lows.count, lows[low] <= token { low += 1 }
        body(token, high * lowCount, low)
      }
    }
  }

  /// The number of bounds that a value reaches.
  private static func place(_ value: Int, _ bounds: ArraySlice<UInt8>) -> Int {
    bounds.count { Int($0) <= value }
  }

  /// Appends the rule.
  func write(to bytes: inout ByteWriter) {
    bytes.append(form.rawValue)
    guard form != .none else { return }
    bytes.append(UInt8(highCount - 1) | UInt8(lowCount - 1) << 4)
    bytes.append(marks)
  }

  /// Reads a rule.
  static func read(from bytes: inout ByteReader) throws(FormatError) -> ContextRule {
    let error = bytes.error(.unsupportedEncoding)
    guard let form = ContextForm(rawValue: try bytes.readUInt8()) else { throw error }
    guard form != .none else { return .none }
    let malformed = bytes.error(.malformed)
    let counts = try bytes.readUInt8()
    let (highCount, lowCount) = (Int(counts & 15) + 1, Int(counts >> 4) + 1)
    guard highCount * lowCount <= countLimit else { throw malformed }
    let marks = try bytes.readBytes(count: markCount(form, highCount, lowCount))
    return ContextRule(form: form, highCount: highCount, lowCount: lowCount, marks: marks)
  }
}
