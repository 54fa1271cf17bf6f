// SPDX-License-Identifier: Apache-2.0
//
// Consecutive events of several tracks: a batch for each track, and the order of the events.
//
// Invariant: `order` names each batch as often as the batch has events.

import InputTapeCore

/// Consecutive events of several tracks: what becomes one block.
public struct EventGroup: Sendable {
  /// One batch for each track met so far; some may be empty.
  public private(set) var batches: [EventBatch] = []
  /// For each event in turn the offset in `batches` of the batch that holds it.
  public private(set) var order: [UInt16] = []
  /// About how many bytes the columns of all events take.
  public private(set) var byteCount = 0
  /// For each track number the offset of its batch plus 1, or 0.
  private var offsets = [UInt16](repeating: 0, count: Limits.tracks)

  /// The bytes of columns beyond which a group takes no more events.
  public static let byteLimit = 3 << 20

  /// How many empty batches are kept for their memory.
  private static let keptBatches = 16

  /// A group without events.
  public init() {}

  /// A group of batches of different tracks, in the order of time and then track.
  ///
  /// - Complexity: O(*n* · log *k*) for *n* events of *k* tracks.
  public init(merging batches: [EventBatch]) {
    replace(with: batches)
  }

  /// The number of events.
  public var count: Int { order.count }

  public var isEmpty: Bool { order.isEmpty }

  /// Removes all events and keeps most of the memory.
  public mutating func removeAll() {
    order.removeAll(keepingCapacity: true)
    byteCount = 0
    guard batches.count <= Self.keptBatches else {
      for batch in batches { offsets[Int(batch.track.rawValue)] = 0 }
      batches.removeAll(keepingCapacity: true)
      return
    }
    for index in batches.indices { batches[index].removeAll() }
  }

  /// The offset of a track's batch, which is added where it is missing.
  ///
  /// - Precondition: the track's number is below `Limits.tracks`.
  mutating func batchOffset(of track: TrackID) -> Int {
    let found = offsets[Int(track.rawValue)]
    if found != 0 { return Int(found) - 1 }
    batches.append(EventBatch(track: track))
    offsets[Int(track.rawValue)] = UInt16(batches.count)
    return batches.count - 1
  }

  /// Whether an event with this layout can join the events of its kind on its track.
  func accepts(_ kind: EventKind, layout: KindLayout, onBatch offset: Int) -> Bool {
    for columns in batches[offset].columns where columns.kind == kind {
      return columns.count == 0 || columns.layout == layout
    }
    return true
  }

  /// Adds consecutive events of a batch, all of whose kinds are wanted.
  mutating func appendRun(
    _ batch: EventBatch, _ range: Range<Int>, _ places: KindStretches, to offset: Int
  ) {
    order.append(contentsOf: repeatElement(UInt16(truncatingIfNeeded: offset), count: range.count))
    byteCount += 16 * range.count + appendColumns(batch, range, places, to: offset)
  }

  /// Adds what columns have of consecutive events of a batch; their order is still missing.
  ///
  /// - Returns: about how many bytes their fields take.
  private mutating func appendColumns(
    _ batch: EventBatch, _ range: Range<Int>, _ places: KindStretches, to offset: Int
  ) -> Int {
    batches[offset].times.append(contentsOf: batch.times[range])
    batches[offset].kinds.append(contentsOf: batch.kinds[range])
    var byteCount = 0
    for columns in batch.columns where columns.count > 0 {
      let kind = columns.kind
      guard let first = range.first(where: { batch.kinds[$0] == kind }) else { continue }
      let isOnly = columns.count == batch.count
      let count = isOnly ? range.count : batch.kinds[range].count { $0 == kind }
      let part = places[first]..<(places[first] + count)
      let target = batches[offset].ensureColumns(of: kind, layout: columns.layout)
      byteCount += batches[offset].columns[target].append(columns, part)
    }
    return byteCount
  }

  /// Adds one event.
  mutating func appendEvent(_ event: Event, to offset: Int) {
    order.append(UInt16(truncatingIfNeeded: offset))
    byteCount += 64
    batches[offset].append(event)
  }

  /// Adds an event's time and kind; its fields follow through the returned columns.
  @inline(__always)
  mutating func append(
    time: Int64, kind: EventKind, layout: KindLayout, toBatch offset: Int, byteCount added: Int,
    fields: (inout KindColumns) -> Void
  ) {
    order.append(UInt16(truncatingIfNeeded: offset))
    byteCount += added
    batches[offset].append(time: time, kind: kind, layout: layout, fields: fields)
  }
}

extension EventBatch {
  @inline(__always)
  fileprivate mutating func append(
    time: Int64, kind: EventKind, layout: KindLayout, fields: (inout KindColumns) -> Void
  ) {
    times.append(time)
    kinds.append(kind)
    var place = 0
    while place < columns.count, columns[place].kind < kind { place += 1 }
    if place == columns.count || columns[place].kind != kind {
      columns.insert(KindColumns(kind: kind, layout: layout), at: place)
    } else if columns[place].count == 0, columns[place].layout != layout {
      columns[place] = KindColumns(kind: kind, layout: layout)
    }
    fields(&columns[place])
    columns[place].count += 1
  }
}

// MARK: - What is of the same group in several steps

extension EventGroup {
  /// Whether all events of another group can be added.
  package func canTake(_ other: EventGroup) -> Bool {
    guard byteCount + other.byteCount < Self.byteLimit else { return false }
    return other.batches.allSatisfy { batch in
      let found = offsets[Int(batch.track.rawValue)]
      return found == 0
        || batch.columns.allSatisfy { columns in
          columns.count == 0
            || accepts(columns.kind, layout: columns.layout, onBatch: Int(found) - 1)
        }
    }
  }

  /// Adds a part of another group that can be taken, and counts bytes as a reader of text does:
  /// where a group ends must not depend on how its events came.
  ///
  /// - Parameters:
  ///   - part: of the other group's order.
  ///   - ranges: for each of its batches which of its events the part has.
  ///   - places: for each of its batches which entry of its kind's columns each event is.
  mutating func append(
    _ part: ArraySlice<UInt16>, of other: EventGroup, _ ranges: [Range<Int>],
    _ places: [KindStretches]
  ) {
    var offsets = [UInt16](repeating: 0, count: ranges.count)
    for (index, range) in ranges.enumerated() where !range.isEmpty {
      let offset = batchOffset(of: other.batches[index].track)
      offsets[index] = UInt16(truncatingIfNeeded: offset)
      _ = appendColumns(other.batches[index], range, places[index], to: offset)
    }
    for batch in part { order.append(offsets[Int(batch)]) }
    byteCount = batches.reduce(0) { $0 + $1.memoryByteCount }
  }
}

extension EventGroup {
  /// Replaces the events with those of batches of different tracks, in the order of time and then
  /// track; within a track the order stays as it is, even where time steps back.
  public mutating func replace(with newBatches: [EventBatch]) {
    for batch in batches { offsets[Int(batch.track.rawValue)] = 0 }
    batches = newBatches
    for (index, batch) in batches.enumerated() {
      precondition(Int(batch.track.rawValue) < Limits.tracks, "A track has a number below 1,024")
      offsets[Int(batch.track.rawValue)] = UInt16(index + 1)
    }
    byteCount = 0
    var merge = BatchMerge(batches)
    order.removeAll(keepingCapacity: true)
    while let offset = merge.next(in: batches) { order.append(UInt16(offset)) }
  }
}
