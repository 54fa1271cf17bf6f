// SPDX-License-Identifier: Apache-2.0
//
// Which statistics a token of a modelled stream has, by the two tokens before it
// (Specs/Encodings.md, section 3).

/// What a stream's contexts follow from.
enum ContextForm: UInt8, CaseIterable {
  /// Nothing: one context.
  case none = 0
  /// The high and the low halves of the two tokens before, the last one twice.
  case nibbles = 1
  /// Whether the last tokens are among a few named ones, and which.
  case ranks = 2
  /// How large the last tokens are.
  case steps = 3
}

/// Gives each token the number of its context.
struct ContextRule: Equatable {
  let form: ContextForm
  /// Contexts by the first feature, and by the second.
  let highCount: Int
  let lowCount: Int
  /// Bounds or names of the features, as the format has them: the first's, then the second's.
  let marks: [UInt8]

  /// No more contexts than this.
  static let countLimit = 32
  static let featureLimit = 8
  /// Any sum of features is below this.
  static let featureRange = 64

  static let none = ContextRule(form: .none, highCount: 1, lowCount: 1, marks: [])

  var count: Int { highCount * lowCount }

  /// How many marks a rule has.
  static func markCount(_ form: ContextForm, _ highCount: Int, _ lowCount: Int) -> Int {
    switch form {
    case .none: 0
    case .nibbles, .steps: highCount + lowCount - 2
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

  /// What a token adds to the features of the token after it (low 16 bits) and of the one after
  /// that (high 16 bits); the second feature's part is the low byte of each.
  var links: [UInt32] {
    (0..<256).map { token in
      switch form {
      case .none: return 0
      case .nibbles:
        let (high, low) = (UInt32(token >> 4), UInt32(token & 15))
        return high << 9 | low << 1 | high << 24 | low << 16
      case .ranks:
        let rank = marks.firstIndex(of: UInt8(token)) ?? marks.count
        return UInt32(min(rank, highCount - 1)) << 8 | UInt32(min(rank, lowCount - 1)) << 16
      case .steps:
        return UInt32(Self.place(token, highMarks)) << 8
          | UInt32(Self.place(token, lowMarks)) << 16
      }
    }
  }

  /// The number of bounds that a feature reaches.
  private static func place(_ feature: Int, _ bounds: ArraySlice<UInt8>) -> Int {
    bounds.count { Int($0) <= feature }
  }

  /// The contexts' numbers by the first feature, to be added to those by the second.
  var highPlaces: [Int] {
    (0..<Self.featureRange).map { feature in
      lowCount
        * (form == .nibbles ? Self.place(feature, highMarks) : min(feature, highCount - 1))
    }
  }

  var lowPlaces: [Int] {
    (0..<Self.featureRange).map { feature in
      form == .nibbles ? Self.place(feature, lowMarks) : min(feature, lowCount - 1)
    }
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
    guard highCount <= featureLimit, lowCount <= featureLimit, highCount * lowCount <= countLimit
    else { throw malformed }
    let marks = try bytes.readBytes(count: markCount(form, highCount, lowCount))
    return ContextRule(form: form, highCount: highCount, lowCount: lowCount, marks: marks)
  }
}
