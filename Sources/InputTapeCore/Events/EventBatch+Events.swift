// SPDX-License-Identifier: Apache-2.0
//
// Single events into a batch and out of it.

extension EventBatch {
  /// Adds one event at the end.
  ///
  /// - Precondition: the event is of this track, and all events of a kind have one layout.
  public mutating func append(_ event: Event) {
    precondition(event.track == track, "An event must be appended to a batch of its track")
    append(event.kind, at: event.time, event.body.fields)
  }

  /// Adds one event of this track as its columns hold it.
  package mutating func append(_ kind: EventKind, at time: Int64, _ fields: EventFields) {
    let offset = ensureColumns(of: kind, layout: fields.layout)
    times.append(time)
    kinds.append(kind)
    columns[offset].append(fields)
  }

  /// Calls `body` with each event, in order; events of kinds whose columns were not asked for are
  /// passed over.
  ///
  /// Inlined into the caller: where `body` is a closure, the compiler need not make an `Event` for
  /// each movement.
  ///
  /// - Complexity: O(*n*), without an allocation for each event of pointers, buttons, keys, pens,
  ///   contacts and axes.
  @inlinable @inline(__always)
  public func forEachEvent<E: Error>(_ body: (Event) throws(E) -> Void) throws(E) {
    let stretches = KindStretches(of: self, kinds: decodedKinds)
    try forEachEvent(in: 0..<count, of: stretches, from: 0, body)
  }

  /// Calls `body` with each event of a range that is of a kind that the stretches are for.
  ///
  /// - Parameter first: the stretch in which the range begins.
  @inlinable @inline(__always)
  package func forEachEvent<E: Error>(
    in range: Range<Int>, of stretches: KindStretches, from first: Int,
    _ body: (Event) throws(E) -> Void
  ) throws(E) {
    var first = first
    _ = try stretches.list.span.forEachEvent(
      in: range, from: &first, through: .max, on: track, times.span, columns.span, body)
  }
}

extension KindColumns {
  mutating func append(_ fields: EventFields) {
    for (index, value) in fields.int32.enumerated() { int32[index].append(value) }
    for (index, value) in fields.int64.enumerated() { int64[index].append(value) }
    for (index, value) in fields.strings.enumerated() { strings[index].append(value) }
    count += 1
  }

  /// The fields of one event.
  package func fields(at index: Int) -> EventFields {
    EventFields(
      int32: int32.map { $0[index] }, int64: int64.map { $0[index] },
      strings: strings.map { Array($0[index]) })
  }
}

/// A place in a batch: the next event, and how many events of each kind came before it.
package struct EventCursor: Sendable {
  package private(set) var index: Int
  package private(set) var indexInKind: [Int]

  package init(columnCount: Int) {
    index = 0
    indexInKind = Array(repeating: 0, count: columnCount)
  }

  /// The event at the cursor, which moves on; nil at the end.
  package mutating func next(in batch: EventBatch) -> Event? {
    guard index < batch.count else { return nil }
    let kind = batch.kinds[index]
    // A batch holds columns for every kind that it names.
    guard let offset = batch.columnOffset(of: kind) else { return nil }
    let body = batch.columns[offset].body(at: indexInKind[offset])
    let event = Event(time: batch.times[index], track: batch.track, body: body)
    indexInKind[offset] += 1
    index += 1
    return event
  }
}

extension KindColumns {
  /// One event's body: the commonest kinds without an array for its fields.
  @inline(__always)
  func body(at index: Int) -> Event.Body {
    switch kind {
    case .motion: .motion(x: int32[0][index], y: int32[1][index])
    case .rawMotion: .rawMotion(dx: int32[0][index], dy: int32[1][index])
    case .key:
      .key(
        code: UInt32(bitPattern: int32[0][index]), state: KeyState(rawValue: int32[1][index]))
    case .button:
      .button(button: int32[0][index], state: ButtonState(rawValue: int32[1][index]))
    case .scroll:
      .scroll(
        dx: int32[0][index], dy: int32[1][index], phase: reported(int32[2][index]).map(Phase.init))
    case .touch:
      .touch(
        contact: int32[0][index], phase: Phase(rawValue: int32[1][index]), x: int32[2][index],
        y: int32[3][index], pressure: reported(int32[4][index]))
    case .axis: .axis(axis: int32[0][index], value: int32[1][index])
    case .pen: .pen(Pen { int32[$0][index] })
    default: Event.Body(kind: kind, fields: fields(at: index))
    }
  }
}

extension EventBatch {
  /// Adds to `counts`, for each entry of `columns`, the events of its kind in a range.
  package func countKinds(in range: Range<Int>, into counts: inout [Int]) {
    for (offset, column) in columns.enumerated() where column.count > 0 {
      let kind = column.kind
      counts[offset] += kinds[range].count { $0 == kind }
    }
  }
}
