// SPDX-License-Identifier: Apache-2.0
//
// Tokens to modelled streams (Specs/Encodings.md, section 8): range asymmetric numeral systems
// (Duda 2013, arXiv 1311.2540) in three lanes or six, each with its part of the tokens, so that a
// processor works on all of them at once. A state gives bits only every third token.
//
// Invariant: tables have an entry for each context below the limit and each token.

import CInputTapePlatform

/// How a stream's tokens are dealt to three lanes, or to six.
struct Lanes {
  /// So many tokens of a lane are coded between two looks at its state.
  static let group = 3
  /// Streams of so many tokens have six lanes.
  static let longStream = 4_096

  let isLong: Bool
  /// The tokens of each lane; the last lane also has those that are left over.
  let each: Int

  var count: Int { isLong ? 6 : 3 }
  /// The tokens of all lanes but those that are left over.
  var dealt: Int { count * each }

  init(of tokenCount: Int) {
    isLong = tokenCount >= Self.longStream
    each = tokenCount / (isLong ? 18 : 9) * Self.group
  }

  /// Three, of a sample that nobody codes.
  init(ofSample tokenCount: Int) {
    isLong = false
    each = tokenCount / 3
  }
}

/// Encodes tokens by what was set for each in each context.
struct LaneEncoder: ~Copyable {
  private typealias Symbol = itape_lane_symbol

  /// By place; a processor finds entries of eight bytes without an operation.
  private let reciprocals: UnsafeMutablePointer<UInt64>
  private let symbols: UnsafeMutablePointer<Symbol>

  private static let capacity = ContextRule.countLimit << 8

  init() {
    // Safe: initialised here, freed by `deinit` only.
    unsafe symbols = UnsafeMutablePointer<Symbol>.allocate(capacity: Self.capacity)
    unsafe symbols.initialize(repeating: Symbol(), count: Self.capacity)
    unsafe reciprocals = UnsafeMutablePointer<UInt64>.allocate(capacity: Self.capacity)
    unsafe reciprocals.initialize(repeating: 0, count: Self.capacity)
  }

  deinit {
    // Safe: nobody else holds it.
    unsafe symbols.deallocate()
    unsafe reciprocals.deallocate()
  }

  /// Sets how tokens are coded in some contexts: by their frequencies, of which those that are not
  /// 0 follow one another.
  func set(_ tokens: [UInt8], in contexts: StrideTo<Int>, _ frequencies: [Int32]) {
    precondition(tokens.count == frequencies.count, "A frequency for each token")
    let byFrequency = Self.byFrequency
    for context in contexts {
      precondition((0..<ContextRule.countLimit).contains(context), "A context")
      var start: UInt16 = 0
      for place in tokens.indices {
        // A token of frequency 0 does not come: what it gets says nothing.
        var (reciprocal, symbol) = byFrequency[Int(frequencies[place])]
        symbol.bias &+= start
        start &+= symbol.frequency
        // Safe: compared above; a token is below 256.
        unsafe symbols[context << 8 | Int(tokens[place])] = symbol
        unsafe reciprocals[context << 8 | Int(tokens[place])] = reciprocal
      }
      precondition(start == FrequencyTable.total, "Frequencies make their total")
    }
  }

  /// The reciprocals and symbols of all frequencies whose range begins at 0.
  private static let byFrequency: [(UInt64, Symbol)] = (0...FrequencyTable.total).map { frequency in
    guard frequency > 0 else { return (0, Symbol()) }
    var symbol = Symbol(
      bias: 0, frequency: UInt16(frequency),
      complement: UInt16(FrequencyTable.total - frequency), shift: 0)
    guard frequency > 1 else {
      symbol.bias = UInt16(FrequencyTable.total - 1)
      return (.max, symbol)
    }
    // The quotient by a frequency is a product with its reciprocal (Alverson 1991): 2 to the power
    // of 63 + `shift`, divided by the frequency and rounded up.
    let shift = FrequencyTable.classOf(frequency - 1)
    let divisor = UInt64(frequency)
    symbol.shift = UInt8(shift - 1)
    let dividend = (high: UInt64(1) << UInt64(shift - 1), low: divisor - 1)
    return (divisor.dividingFullWidth(dividend).quotient, symbol)
  }

  /// Appends the lanes' states and words for places that were counted and whose tokens are set.
  ///
  /// - Parameter places: those of all lanes' first tokens, then of their second ones, and so on;
  ///   then those that are left over.
  func encode(_ places: Span<UInt16>, words: inout [UInt32], to output: inout [UInt8]) {
    let lanes = Lanes(of: places.count)
    // No group takes more than a word.
    let room = lanes.dealt / Lanes.group + places.count - lanes.dealt
    if words.count < room { words.resize(forAll: room) }
    withUnsafeTemporaryAllocation(of: UInt64.self, capacity: lanes.count) { states in
      // Safe: there is a word for each group and for each of those that are left over, and all
      // states are set.
      let used = unsafe places.withUnsafeBufferPointer { source in
        unsafe words.withUnsafeMutableBytes { target in
          let end = target.baseAddress.map { unsafe $0 + target.count }
          let start = unsafe itape_put_lanes(
            source.baseAddress, source.count, symbols, reciprocals, lanes.count,
            states.baseAddress, end)
          guard let start, let end else { return 0 }
          return unsafe end - start
        }
      }
      for lane in 0..<lanes.count {
        let state = unsafe states[lane].littleEndian
        // Safe: the eight bytes of a number, for the call.
        withUnsafeBytes(of: state) { unsafe output.append(contentsOf: $0) }
      }
      // Safe: the words' bytes, for the call.
      unsafe words.withUnsafeBytes { unsafe output.append(contentsOf: $0.suffix(used)) }
    }
  }
}
