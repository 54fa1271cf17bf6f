// SPDX-License-Identifier: Apache-2.0
//
// Two coordinates together (Specs/Encodings.md, section 6).

/// How the coordinates of a kind stand in its columns.
struct PairPlace {
  /// The column of x or dx; y or dy is the next.
  let column: Int
  /// Whether each contact has a history of its own: columns 0 and 1 are contact and phase.
  let isPerContact: Bool

  /// The pair of a kind, or nil for a kind without one.
  static func of(_ kind: EventKind) -> PairPlace? {
    switch kind {
    case .motion, .rawMotion, .pen, .scroll: PairPlace(column: 0, isPerContact: false)
    case .touch: PairPlace(column: 2, isPerContact: true)
    default: nil
    }
  }
}

/// What coordinates are predicted from: the low nibble of a pair's first byte, whose high nibble is
/// the scheme.
enum PairPrediction: UInt8, CaseIterable {
  /// Nothing.
  case none = 0
  /// The point before.
  case position = 1
  /// The point before, and the step to it once more.
  case velocity = 2
}

/// Where a contact was, and how it moved.
struct PairHistory {
  var x: Int32 = 0
  var y: Int32 = 0
  var dx: Int32 = 0
  var dy: Int32 = 0

  /// Contacts are told apart by their lowest five bits.
  static let slotCount = 32

  @inline(__always)
  static func slot(of contact: Int32) -> Int { Int(contact & 31) }

  /// The prediction, modulo 2³².
  @inline(__always)
  func predict(_ prediction: PairPrediction, began: Bool) -> (x: Int32, y: Int32) {
    switch prediction {
    case .none: (0, 0)
    case .position: (x, y)
    case .velocity: began ? (x, y) : (x &+ dx, y &+ dy)
    }
  }

  @inline(__always)
  mutating func move(to newX: Int32, _ newY: Int32, began: Bool) {
    dx = began ? 0 : newX &- x
    dy = began ? 0 : newY &- y
    x = newX
    y = newY
  }
}

/// Encodes pairs of coordinates; keeps its memory.
struct PairEncoder {
  private var x: [UInt32] = []
  private var y: [UInt32] = []
  private var bestX: [UInt32] = []
  private var bestY: [UInt32] = []
  private var tokens: [UInt8] = []
  private var bits: [UInt8] = []
  private var estimate = EntropyEstimate()

  /// Appends the pair of a kind's columns.
  mutating func encode(_ columns: KindColumns, _ place: PairPlace, to output: inout StreamWriter) {
    var chosen = (prediction: PairPrediction.none, cost: Int.max)
    for prediction in PairPrediction.allCases {
      take(columns, place, prediction)
      let cost = cost(x, y, Self.comparingScheme)
      if cost < chosen.cost {
        chosen = (prediction, cost)
        swap(&x, &bestX)
        swap(&y, &bestY)
      }
    }
    let scheme = chooseScheme()
    tokens.resize(to: columns.count, filler: 0)
    let room = BitWriter.byteCount(fields: 2 * columns.count)
    if bits.count < room { bits.resize(to: room, filler: 0) }
    let used = Self.split(
      bestX, bestY, scheme, tokens: &tokens, bits: &bits)
    output.bytes.append(UInt8(scheme) << 4 | chosen.prediction.rawValue)
    output.appendStream(tokens)
    output.appendRawStream(bits[..<used])
  }

  private mutating func take(
    _ columns: KindColumns, _ place: PairPlace, _ prediction: PairPrediction
  ) {
    x.resize(to: columns.count, filler: 0)
    y.resize(to: columns.count, filler: 0)
    if place.isPerContact {
      takePerContact(columns, place, prediction)
    } else {
      Self.take(columns.int32[place.column], prediction, into: &x)
      Self.take(columns.int32[place.column + 1], prediction, into: &y)
    }
  }

  private static func take(
    _ column: [Int32], _ prediction: PairPrediction, into residuals: inout [UInt32]
  ) {
    let values = column.span
    var target = residuals.mutableSpan
    let count = min(values.count, target.count)
    // Differences are modulo 2³² (Specs/Encodings.md, section 6).
    switch prediction {
    case .none: for index in 0..<count { target[index] = Zigzag.encode(values[index]) }
    case .position:
      target[0] = Zigzag.encode(values[0])
      for index in 1..<count { target[index] = Zigzag.encode(values[index] &- values[index - 1]) }
    case .velocity:
      target[0] = Zigzag.encode(values[0])
      if count > 1 { target[1] = Zigzag.encode(values[1] &- (values[0] &+ values[0])) }
      for index in 2..<max(count, 2) {
        let guess = values[index - 1] &+ values[index - 1] &- values[index - 2]
        target[index] = Zigzag.encode(values[index] &- guess)
      }
    }
  }

  private mutating func takePerContact(
    _ columns: KindColumns, _ place: PairPlace, _ prediction: PairPrediction
  ) {
    var histories = [PairHistory](repeating: PairHistory(), count: PairHistory.slotCount)
    for index in 0..<columns.count {
      let slot = PairHistory.slot(of: columns.int32[0][index])
      let began = columns.int32[1][index] == Phase.began.rawValue
      let guess = histories[slot].predict(prediction, began: began)
      let newX = columns.int32[place.column][index]
      let newY = columns.int32[place.column + 1][index]
      x[index] = Zigzag.encode(newX &- guess.x)
      y[index] = Zigzag.encode(newY &- guess.y)
      histories[slot].move(to: newX, newY, began: began)
    }
  }

  /// The scheme that compares predictions, before one is chosen for the best.
  private static let comparingScheme = 2

  /// The scheme that makes the chosen residuals shortest, as a sample tells.
  private mutating func chooseScheme() -> Int {
    var best = (scheme: 0, cost: Int.max)
    for index in PairScheme.all.indices {
      let cost = cost(bestX, bestY, index)
      if cost < best.cost { best = (index, cost) }
    }
    return best.scheme
  }

  private mutating func cost(_ x: [UInt32], _ y: [UInt32], _ index: Int) -> Int {
    let scheme = PairScheme.all[index]
    let classifier = PairClassifier.all[index]
    let xs = x.span
    let ys = y.span
    estimate.reset()
    for range in Samples.ranges(of: xs.count) {
      for offset in range {
        let a = classifier.classOf(xs[offset])
        let b = classifier.classOf(ys[offset])
        estimate.add(
          a << 4 | b, extra: Self.extraCount(a, scheme) + Self.extraCount(b, scheme))
      }
    }
    return estimate.cost
  }

  @inline(__always)
  private static func extraCount(_ number: Int, _ scheme: PairScheme) -> Int {
    number == 15 ? 32 : max(number &- Int(scheme.direct) &+ 1, 0)
  }

  /// Residuals to tokens and bits.
  ///
  /// - Returns: the bytes of the bits.
  private static func split(
    _ x: [UInt32], _ y: [UInt32], _ scheme: Int, tokens: inout [UInt8], bits: inout [UInt8]
  ) -> Int {
    let xs = x.span
    let ys = y.span
    let classifier = PairClassifier.all[scheme]
    let bases = PairScheme.tables[scheme].map(\.base)
    let counts = PairScheme.tables[scheme].map(\.count)
    var target = tokens.mutableSpan
    var room = bits.mutableSpan
    var writer = BitWriter()
    for index in 0..<min(target.count, xs.count, ys.count) {
      let a = classifier.classOf(xs[index])
      let b = classifier.classOf(ys[index])
      target[index] = UInt8(truncatingIfNeeded: a << 4 | b)
      let extraX = UInt64(xs[index] &- bases[a])
      let extraY = UInt64(ys[index] &- bases[b])
      let (countX, countY) = (counts[a], counts[b])
      if countX &+ countY <= 56 {
        writer.appendShort(
          extraX | extraY &<< UInt64(countX), count: countX &+ countY, to: &room)
      } else {
        writer.appendShort(extraX, count: countX, to: &room)
        writer.appendShort(extraY, count: countY, to: &room)
      }
    }
    return writer.finish(&room)
  }
}

/// Decodes pairs of coordinates; keeps its memory.
struct PairDecoder {
  private var tokens: [UInt8] = []

  /// Fills the pair of a kind's columns, whose earlier columns are filled.
  mutating func decode(
    _ columns: inout KindColumns, _ place: PairPlace, from input: inout StreamReader
  ) throws(FormatError) {
    let error = input.bytes.error(.unsupportedEncoding)
    let head = try input.bytes.readUInt8()
    guard let prediction = PairPrediction(rawValue: head & 15),
      Int(head >> 4) < PairScheme.all.count
    else { throw error }
    try input.readStream(count: columns.count, into: &tokens)
    let malformed = input.bytes.error(.malformed)
    let stored = try input.readRawStream()
    columns.int32[place.column].resize(to: columns.count, filler: 0)
    columns.int32[place.column + 1].resize(to: columns.count, filler: 0)
    // Taken out, so that each is an array of its own while both are filled.
    var x: [Int32] = []
    var y: [Int32] = []
    swap(&x, &columns.int32[place.column])
    swap(&y, &columns.int32[place.column + 1])
    let isWhole = Self.expand(tokens.span, stored, scheme: Int(head >> 4), into: &x, &y)
    if place.isPerContact {
      Self.restore(&x, &y, prediction, contacts: columns.int32[0], phases: columns.int32[1])
    } else {
      Self.restore(&x, prediction)
      Self.restore(&y, prediction)
    }
    swap(&x, &columns.int32[place.column])
    swap(&y, &columns.int32[place.column + 1])
    guard isWhole else { throw malformed }
  }

  /// Passes over a pair.
  static func skip(from input: inout StreamReader) throws(FormatError) {
    _ = try input.bytes.readUInt8()
    for _ in 0..<2 { try input.skipStream() }
  }

  /// Tokens and bits to residuals; false where they do not fit together.
  private static func expand(
    _ tokens: Span<UInt8>, _ stored: Span<UInt8>, scheme: Int, into x: inout [Int32],
    _ y: inout [Int32]
  ) -> Bool {
    var bits = BitReader(stored)
    var xs = x.mutableSpan
    var ys = y.mutableSpan
    let table = PairTable.all[scheme]
    let entries = table.entries.span
    for index in 0..<min(tokens.count, xs.count, ys.count) {
      let entry = entries[Int(tokens[index])]
      if entry.countX &+ entry.countY <= 56 {
        let both = bits.readShort(Int(entry.countX &+ entry.countY))
        let low = both & ((1 &<< UInt64(entry.countX)) &- 1)
        xs[index] = Zigzag.decode(entry.baseX &+ UInt32(truncatingIfNeeded: low))
        ys[index] = Zigzag.decode(
          entry.baseY &+ UInt32(truncatingIfNeeded: both &>> UInt64(entry.countX)))
      } else {
        let low = bits.readShort(Int(entry.countX))
        let high = bits.readShort(Int(entry.countY))
        xs[index] = Zigzag.decode(entry.baseX &+ UInt32(truncatingIfNeeded: low))
        ys[index] = Zigzag.decode(entry.baseY &+ UInt32(truncatingIfNeeded: high))
      }
    }
    return bits.isExhausted
  }

  /// Residuals to coordinates; sums are modulo 2³².
  private static func restore(_ values: inout [Int32], _ prediction: PairPrediction) {
    var target = values.mutableSpan
    var previous: Int32 = 0
    var step: Int32 = 0
    switch prediction {
    case .none: break
    case .position:
      for index in 0..<target.count {
        previous &+= target[index]
        target[index] = previous
      }
    case .velocity:
      for index in 0..<target.count {
        step &+= target[index]
        previous &+= step
        target[index] = previous
      }
    }
  }

  private static func restore(
    _ x: inout [Int32], _ y: inout [Int32], _ prediction: PairPrediction,
    contacts: [Int32], phases: [Int32]
  ) {
    var histories = [PairHistory](repeating: PairHistory(), count: PairHistory.slotCount)
    for index in 0..<min(x.count, y.count, contacts.count, phases.count) {
      let slot = PairHistory.slot(of: contacts[index])
      let began = phases[index] == Phase.began.rawValue
      let guess = histories[slot].predict(prediction, began: began)
      x[index] &+= guess.x
      y[index] &+= guess.y
      histories[slot].move(to: x[index], y[index], began: began)
    }
  }
}

/// What each token of a pair scheme stands for.
struct PairTable {
  struct Entry: BitwiseCopyable {
    var baseX: UInt32
    var baseY: UInt32
    var countX: UInt8
    var countY: UInt8
  }

  let entries: [Entry]

  init(_ scheme: PairScheme) {
    entries = (0..<256).map { token in
      let (a, b) = (scheme.decode(token >> 4), scheme.decode(token & 15))
      return Entry(
        baseX: a.base, baseY: b.base, countX: UInt8(a.count), countY: UInt8(b.count))
    }
  }

  static let all = PairScheme.all.map { PairTable($0) }
}
