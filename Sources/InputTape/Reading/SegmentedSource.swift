// SPDX-License-Identifier: Apache-2.0
//
// The segments of a recording as one source: each begins where the one before it ends.

import InputTapeCore

/// Several sources, one behind the other.
struct SegmentedSource: ByteSource {
  private let sources: [any ByteSource]
  /// Where each begins, and where the last ends.
  let starts: [UInt64]

  /// - Parameter byteCounts: how much of each source counts.
  init(_ sources: [any ByteSource], byteCounts: [UInt64]) {
    self.sources = sources
    var starts: [UInt64] = [0]
    for count in byteCounts { starts.append(starts[starts.count - 1] + count) }
    self.starts = starts
  }

  func byteCount() throws(FileError) -> UInt64 { starts[sources.count] }

  func read(
    at position: UInt64, count: Int, into buffer: inout [UInt8]
  ) throws(FileError) {
    buffer.removeAll(keepingCapacity: true)
    let segment = segment(of: position)
    // Records do not go over from one segment into the next.
    let room = starts[segment + 1] - min(position, starts[segment + 1])
    guard room > 0, count > 0 else { return }
    try sources[segment].read(
      at: position - starts[segment], count: Int(min(UInt64(count), room)), into: &buffer)
  }

  /// The segment that a position is in; the last one for all behind it.
  private func segment(of position: UInt64) -> Int { Self.segment(of: position, starts) }

  static func segment(of position: UInt64, _ starts: [UInt64]) -> Int {
    var low = 0
    var high = starts.count - 2
    while low < high {
      let middle = (low + high + 1) / 2
      if starts[middle] <= position { low = middle } else { high = middle - 1 }
    }
    return low
  }
}
