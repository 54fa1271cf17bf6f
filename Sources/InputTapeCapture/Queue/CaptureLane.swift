// SPDX-License-Identifier: Apache-2.0
//
// One producer's way into the capture queue.
//
// Invariant: while events are waiting in `drops`, the ring's limit is its head, so that every
// append takes the slow path and order is kept.

public import InputTape
public import InputTapeCore
import Synchronization

/// Takes the events of one producer, and never makes it wait.
///
/// One thread at a time appends; another producer has a lane of its own. An append copies the event
/// into memory that was there from the start: no lock, no allocation, no system call. Where the
/// lane is full the event is dropped and counted, and a gap says so in the recording.
///
/// All events of one track go through one lane.
public final class CaptureLane: @unchecked Sendable {
  @usableFromInline let ring: EventRing
  private var drops = LaneDrops()
  private let droppedCount = Atomic<Int>(0)

  init(wordCapacity: Int) {
    ring = EventRing(capacity: wordCapacity, limit: wordCapacity)
  }

  deinit { ring.deallocate() }

  /// Events that were dropped because the lane was full.
  public var droppedEventCount: Int { droppedCount.load(ordering: .relaxed) }

  /// Events that surely find room now, whatever their kind of numbers is.
  public var roomCount: Int {
    let room = ring.capacity - (ring.head - ring.tail)
    if drops.isEmpty { return room / 8 }
    // The next append brings what was dropped, if half of the lane is free then.
    return room >= max(ring.capacity / 2, drops.wordCount + 8) ? 1 : 0
  }

  // MARK: - Typed events

  /// Appends an absolute position.
  @inlinable
  @inline(__always)
  public func motion(at time: Int64, x: Int32, y: Int32, track: TrackID = .first) {
    append(.motion, track, time, x, y, 0)
  }

  /// Appends a relative motion.
  @inlinable
  @inline(__always)
  public func rawMotion(at time: Int64, dx: Int32, dy: Int32, track: TrackID = .first) {
    append(.rawMotion, track, time, dx, dy, 0)
  }

  /// Appends a button's press or release.
  @inlinable
  @inline(__always)
  public func button(at time: Int64, button: Int32, state: ButtonState, track: TrackID = .first) {
    append(.button, track, time, button, state.rawValue, 0)
  }

  /// Appends scrolling.
  @inlinable
  @inline(__always)
  public func scroll(
    at time: Int64, dx: Int32, dy: Int32, phase: Phase? = nil, track: TrackID = .first
  ) {
    append(.scroll, track, time, dx, dy, phase?.rawValue ?? CaptureSample.notReported)
  }

  /// Appends a key's press, repeat or release.
  @inlinable
  @inline(__always)
  public func key(at time: Int64, code: UInt32, state: KeyState, track: TrackID = .first) {
    append(.key, track, time, Int32(bitPattern: code), state.rawValue, 0)
  }

  @inlinable
  @inline(__always)
  func append(
    _ kind: EventKind, _ track: TrackID, _ time: Int64, _ a: Int32, _ b: Int32, _ c: Int32
  ) {
    if ring.hasRoom(3) {
      ring.push(EventRow.head(kind, track, a), UInt64(bitPattern: time), EventRow.pair(b, c))
    } else {
      appendSlowly(
        CaptureSample(time: time, track: track, kind: kind, CaptureSample.Fields(a, b, c)))
    }
  }

  // MARK: - Any event

  /// Appends any event of numbers.
  public func append(_ sample: CaptureSample) {
    if ring.hasRoom(CaptureSample.wordCount(of: sample.kind)) {
      Self.put(sample, into: ring)
    } else {
      appendSlowly(sample)
    }
  }

  /// Appends any event; one with text allocates.
  ///
  /// - Precondition: its strings keep to `Limits.textByteCount`, and its track to `Limits.tracks`.
  public func append(_ event: Event) {
    precondition(event.track.rawValue < UInt16(Limits.tracks), "A track number is below 1,024")
    if let sample = CaptureSample(event) { return append(sample) }
    let fields = event.body.fields
    precondition(
      fields.strings.allSatisfy { $0.count <= Limits.textByteCount },
      "A string of an event is too long")
    let row = EventRow.wide(event.kind, event.track, time: event.time, fields: fields)
    if makeRoom(row.count) {
      ring.push(row)
    } else {
      drops.note(track: event.track, time: event.time)
      noteDropped()
    }
  }

  static func put(_ sample: CaptureSample, into ring: EventRing) {
    let fields = sample.fields
    let count = CaptureSample.wordCount(of: sample.kind)
    ring.put(0, EventRow.head(sample.kind, sample.track, fields.a))
    ring.put(1, UInt64(bitPattern: sample.time))
    ring.put(2, EventRow.pair(fields.b, fields.c))
    if count > 3 { ring.put(3, EventRow.pair(fields.d, fields.e)) }
    if count > 4 { ring.put(4, EventRow.pair(fields.f, fields.g)) }
    ring.publish(count)
  }

  // MARK: - The slow path

  @usableFromInline
  @inline(never)
  func appendSlowly(_ sample: CaptureSample) {
    precondition(sample.track.rawValue < UInt16(Limits.tracks), "A track number is below 1,024")
    if makeRoom(CaptureSample.wordCount(of: sample.kind)) {
      Self.put(sample, into: ring)
    } else {
      drops.note(sample)
      noteDropped()
    }
  }

  /// Looks how far the consumer has come, and brings what was dropped before.
  ///
  /// - Returns: whether the next event fits.
  private func makeRoom(_ wordCount: Int) -> Bool {
    if ring.hasRoom(wordCount) { return true }
    let room = ring.capacity - (ring.head - ring.tail)
    if drops.isEmpty {
      ring.setLimit(ring.head + room)
      return room >= wordCount
    }
    // Half of the lane must be free again: few long gaps say more than many short ones.
    guard room >= max(drops.wordCount + wordCount, ring.capacity / 2) else { return false }
    drops.flush(into: ring)
    ring.setLimit(ring.tail + ring.capacity)
    return true
  }

  private func noteDropped() {
    ring.setLimit(ring.head)
    droppedCount.store(drops.total, ordering: .relaxed)
  }

  /// Brings what was dropped last, when the producer has ended and the lane is empty.
  func finish() {
    guard !drops.isEmpty else { return }
    assert(ring.published == ring.tail)
    drops.flush(into: ring)
    droppedCount.store(drops.total, ordering: .relaxed)
  }
}
