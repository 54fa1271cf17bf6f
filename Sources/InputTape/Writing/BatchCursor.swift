// SPDX-License-Identifier: Apache-2.0
//
// A place in a batch that is taken piece by piece.

import InputTapeCore

/// How far a batch has been taken: events, and events of each of its kinds.
struct BatchCursor {
  private(set) var index = 0
  private var taken: [Int]

  init(_ batch: EventBatch) {
    taken = Array(repeating: 0, count: batch.columns.count)
  }

  /// How many of the next events fit under both limits; one at least where `isFirst`.
  func advanceCount(in batch: EventBatch, limit: Int, byteLimit: Int, isFirst: Bool) -> Int {
    let count = min(batch.count - index, limit)
    let rowBytes = batch.columns.map { 10 + 5 * $0.int32.count + 9 * $0.int64.count }.max() ?? 16
    let hasStrings = batch.columns.contains { !$0.strings.isEmpty && $0.count > 0 }
    guard hasStrings else { return min(count, max(byteLimit / rowBytes, isFirst ? 1 : 0)) }
    let fitting = fittingCount(in: batch, limit: count, byteLimit: byteLimit)
    return max(fitting, isFirst ? 1 : 0)
  }

  private func fittingCount(in batch: EventBatch, limit: Int, byteLimit: Int) -> Int {
    var positions = taken
    var byteCount = 0
    for step in 0..<limit {
      guard let column = batch.columnOffset(of: batch.kinds[index + step]) else { continue }
      let columns = batch.columns[column]
      byteCount += 16 + 8 * columns.int32.count + 8 * columns.int64.count
      for string in columns.strings { byteCount += string.range(positions[column]).count }
      positions[column] += 1
      if byteCount > byteLimit { return step }
    }
    return limit
  }

  /// Moves to the end of a batch of which nothing was taken.
  ///
  /// - Returns: what all events would take as rows, in bytes.
  mutating func passAll(_ batch: EventBatch) -> Int {
    index = batch.count
    return batch.columns.reduce(10 * batch.count) { $0 + $1.rowByteCount }
  }

  /// Copies the next events behind those of another batch, and moves on.
  ///
  /// - Returns: what they would take as rows, in bytes.
  mutating func copy(_ batch: EventBatch, count: Int, into target: inout EventBatch) -> Int {
    let range = index..<(index + count)
    target.times.append(contentsOf: batch.times[range])
    target.kinds.append(contentsOf: batch.kinds[range])
    index += count
    var byteCount = 10 * count
    for (offset, columns) in batch.columns.enumerated() {
      let kind = columns.kind
      let isAll = columns.count == batch.count
      let more = isAll ? count : batch.kinds[range].count { $0 == kind }
      if more == 0 { continue }
      let part = taken[offset]..<(taken[offset] + more)
      let column = target.ensureColumns(of: kind, layout: columns.layout)
      byteCount += target.columns[column].append(columns, part)
      taken[offset] += more
    }
    return byteCount
  }
}
