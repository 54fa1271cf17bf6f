// SPDX-License-Identifier: Apache-2.0
//
// Which kind each event of a section has (Specs/Encodings.md, section 3).

/// Encodes the kinds of events; keeps its memory.
struct KindEncoder {
  private var gaps: [UInt64] = []
  private var others: [UInt64] = []
  private var encoder = NumberEncoder()

  /// Appends which of several kinds each event has.
  ///
  /// - Returns: the main kind, which most have.
  mutating func encode(
    _ kinds: [EventKind], _ present: [(kind: EventKind, count: Int)], to output: inout StreamWriter
  ) -> EventKind {
    var main = 0
    for index in present.indices where present[index].count > present[main].count { main = index }
    var numbers = [UInt8](repeating: 0, count: 256)
    for (index, kind) in present.enumerated() {
      numbers[Int(kind.kind.rawValue)] = UInt8(truncatingIfNeeded: index)
    }
    let otherCount = kinds.count - present[main].count
    gaps.resize(forAll: otherCount)
    others.resize(forAll: otherCount)
    Self.takeExceptions(
      kinds.span, from: present[main].kind, numbers.span, gaps: &gaps, others: &others)
    output.bytes.append(UInt8(truncatingIfNeeded: main))
    output.bytes.appendVarint(others.count)
    encoder.append(gaps, to: &output)
    encoder.append(others, to: &output)
    return present[main].kind
  }

  /// The events of other kinds than `main`: how many of it are in front of each, and their numbers.
  private static func takeExceptions(
    _ kinds: Span<EventKind>, from main: EventKind, _ numbers: Span<UInt8>, gaps: inout [UInt64],
    others: inout [UInt64]
  ) {
    var gaps = gaps.mutableSpan
    var others = others.mutableSpan
    var next = 0
    var place = 0
    kinds.forEachOther(than: main) { other in
      gaps[place] = UInt64(other &- next)
      others[place] = UInt64(numbers[Int(kinds[other].rawValue)])
      next = other &+ 1
      place &+= 1
    }
  }
}

/// Decodes the kinds of events; keeps its memory.
struct KindDecoder {
  private var gaps: [UInt64] = []
  private var others: [UInt64] = []
  private var decoder = NumberDecoder()

  /// Replaces `kinds` by those of `count` events, each one of `names`.
  ///
  /// - Returns: how many events each of `names` has, at least one, and the main one.
  mutating func decode(
    _ kinds: inout [EventKind], count: Int, names: [EventKind], from input: inout StreamReader
  ) throws(FormatError) -> (counts: [Int], main: EventKind) {
    let error = input.bytes.error(.malformed)
    let main = Int(try input.bytes.readUInt8())
    guard main < names.count else { throw error }
    let otherCount = try input.bytes.readCount(limit: count)
    try decoder.decode(&gaps, count: otherCount, isWide: true, from: &input)
    try decoder.decode(&others, count: otherCount, isWide: true, from: &input)
    var counts = [Int](repeating: 0, count: names.count)
    kinds.removeAll(keepingCapacity: true)
    kinds.append(contentsOf: repeatElement(names[main], count: count))
    guard
      Self.putExceptions(
        gaps.span, others.span, names.span, into: &kinds, counts: &counts), counts[main] == 0
    else { throw error }
    counts[main] = count - otherCount
    guard !counts.contains(0) else { throw error }
    return (counts, names[main])
  }

  /// Puts the events of other kinds in their places, and counts them; false where one is beyond.
  private static func putExceptions(
    _ gaps: Span<UInt64>, _ others: Span<UInt64>, _ names: Span<EventKind>,
    into kinds: inout [EventKind], counts: inout [Int]
  ) -> Bool {
    var target = kinds.mutableSpan
    // Of each number there are four by turns: a count that waits for itself is slow.
    var parts = [Int](repeating: 0, count: names.count << 2)
    var partCounts = parts.mutableSpan
    var next = 0
    for index in gaps.indices {
      guard gaps[index] < UInt64(target.count &- next), others[index] < UInt64(names.count) else {
        return false
      }
      let number = Int(others[index])
      next &+= Int(gaps[index])
      target[next] = names[number]
      partCounts[number &<< 2 | index & 3] &+= 1
      next &+= 1
    }
    for index in parts.indices { counts[index >> 2] += parts[index] }
    return true
  }
}
