// SPDX-License-Identifier: Apache-2.0
//
// The order of events across tracks: time, then track number (Specs/Format.md).

import InputTapeCore

/// Merges batches of different tracks, one event at a time.
struct BatchMerge {
  /// A batch's next event; a binary heap on (time, track).
  private struct Head {
    var time: Int64
    var track: UInt16
    var offset: Int
    var index: Int

    func isBefore(_ other: Head) -> Bool {
      (time, track) < (other.time, other.track)
    }
  }

  private var heap: [Head] = []

  init(_ batches: [EventBatch]) {
    for (offset, batch) in batches.enumerated() where batch.count > 0 {
      heap.append(
        Head(time: batch.times[0], track: batch.track.rawValue, offset: offset, index: 0))
    }
    for index in heap.indices.reversed() { sink(index) }
  }

  /// The offset of the batch whose turn it is; nil at the end.
  mutating func next(in batches: [EventBatch]) -> Int? {
    guard let first = heap.first else { return nil }
    let next = first.index + 1
    if next < batches[first.offset].times.count {
      heap[0].index = next
      heap[0].time = batches[first.offset].times[next]
    } else if let last = heap.popLast(), !heap.isEmpty {
      heap[0] = last
    }
    if heap.count > 1 { sink(0) }
    return first.offset
  }

  private mutating func sink(_ start: Int) {
    var index = start
    while true {
      var least = index
      for child in [2 * index + 1, 2 * index + 2]
      where child < heap.count && heap[child].isBefore(heap[least]) {
        least = child
      }
      guard least != index else { return }
      heap.swapAt(index, least)
      index = least
    }
  }
}
