// SPDX-License-Identifier: Apache-2.0
//
// Batches to sections of the adaptive coder (Specs/Adaptive.md).
//
// Invariant: the same batch gives the same bytes, whatever was encoded before.

/// Encodes batches with the adaptive coder; owns its memory, about two megabytes.
package final class AdaptiveSectionEncoder {
  private var section = AdaptiveSection(coder: BitEncoder())
  private var periodChoice = AdaptivePeriodChoice()
  private var regular: [Int64] = []

  package init() {}

  /// Appends the section of a batch.
  ///
  /// - Precondition: strings have no more than `Limits.textByteCount` bytes, and kinds of a
  ///   number that the registry knows have the registry's columns.
  /// - Complexity: O(*n*).
  package func encode(_ batch: EventBatch, into output: inout [UInt8]) {
    guard batch.count > 0 else { return }
    section.model.coder.reset()
    section.reset(eventCount: batch.count)
    let counts = section.gather(batch)
    do throws(FormatError) {
      try section.codeKinds(eventCount: batch.count, at: 0)
      section.prepare()
      section.codeMotion(section.suitsAdapting(counts))
      let clock = AdaptiveClock(batch.times, by: &periodChoice, &regular)
      section.times.replace(by: regular)
      try section.codeClock(clock, eventCount: batch.count, at: 0)
      try section.codeEvents(at: 0)
    } catch {
      preconditionFailure("A string is longer than a section may hold")
    }
    section.model.coder.finish()
    output.append(contentsOf: section.model.coder.bytes)
  }
}

@available(*, unavailable)
extension AdaptiveSectionEncoder: Sendable {}  // Owns scratch memory: one owner at a time.

extension AdaptiveSection where Coder == BitEncoder {
  /// Takes the events of a batch, without their times.
  ///
  /// - Returns: how many events each kind has.
  mutating func gather(_ batch: EventBatch) -> [Int] {
    var numbers = [UInt8](repeating: 0, count: 256)
    for columns in batch.columns where columns.count > 0 {
      numbers[Int(columns.kind.rawValue)] = UInt8(kinds.count)
      let layout = columns.layout
      precondition(
        (columns.kind.layout ?? layout) == layout, "A known kind has the registry's columns")
      kinds.append(AdaptiveKind(columns.kind, layout))
    }
    kindNumbers.replace(by: batch.kinds.map { numbers[Int($0.rawValue)] })
    var rows = AdaptiveRows()
    rows.arrange(kindNumbers, kinds)
    values.fill(rows.valueCount, with: 0)
    var number = 0
    for columns in batch.columns where columns.count > 0 {
      gather(columns, rows.starts[rows.ranges[number]])
      number += 1
    }
    return rows.ranges.map(\.count)
  }

  /// Puts the columns of a kind into the rows of its events.
  private mutating func gather(_ columns: KindColumns, _ rows: ArraySlice<Int32>) {
    var offset = 0
    for column in columns.int32 {
      for (row, value) in zip(rows, column) { values[Int(row) + offset] = Int64(value) }
      offset += 1
    }
    for column in columns.int64 {
      for (row, value) in zip(rows, column) { values[Int(row) + offset] = value }
      offset += 1
    }
    for column in columns.strings {
      var start = text.count
      text.append(contentsOf: column.bytes)
      for (row, length) in zip(rows, column.lengths) {
        values[Int(row) + offset] = Int64(start) << 32 | Int64(length)
        start += Int(length)
      }
      offset += 1
    }
  }
}
