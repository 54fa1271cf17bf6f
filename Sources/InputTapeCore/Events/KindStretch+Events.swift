// SPDX-License-Identifier: Apache-2.0
//
// From the columns of a stretch to single events.
//
// All of it is inlined into the caller: where `body` is a closure, the compiler need not make an
// `Event` for each movement. And all that is read is borrowed, as spans: a run of two or three
// events would cost more in counted references than in events.

extension Span<KindStretch> {
  /// Calls `body` with the events of a range, where they are of a kind that the stretches are for,
  /// up to the last at `last` or before.
  ///
  /// - Parameters:
  ///   - range: which of the batch's events.
  ///   - first: the stretch in which the range begins; afterwards that of the first event that was
  ///     not reached.
  ///   - track: the batch's.
  ///   - times: those of all of its events.
  ///   - columns: those of all of its kinds.
  /// - Returns: the first event of the range that is later than `last`, or its end.
  @inlinable @inline(__always)
  package func forEachEvent<E: Error>(
    in range: Range<Int>, from first: inout Int, through last: Int64, on track: TrackID,
    _ times: Span<Int64>, _ columns: Span<KindColumns>, _ body: (Event) throws(E) -> Void
  ) throws(E) -> Int {
    var start = range.lowerBound
    while first < count {
      let end = Int(self[first].end)
      start = try self[first].forEachEvent(
        in: start..<min(end, range.upperBound), through: last, on: track, times, columns, body)
      guard start == end else { return start }
      first &+= 1
    }
    return range.upperBound
  }
}

extension KindStretch {
  /// Calls `body` with the events of a range within a stretch up to the last at `last` or before:
  /// the commonest kinds without an array for their fields, and with a look at the columns once and
  /// not for each event.
  ///
  /// - Returns: the first event that is later, or the range's end.
  @inlinable @inline(__always)
  func forEachEvent<E: Error>(
    in range: Range<Int>, through last: Int64, on track: TrackID, _ times: Span<Int64>,
    _ columns: Span<KindColumns>, _ body: (Event) throws(E) -> Void
  ) throws(E) -> Int {
    switch form {
    case .motion:
      try forEachPair(in: range, through: last, times, columns) { time, x, y throws(E) in
        try body(Event(time: time, track: track, body: .motion(x: x, y: y)))
      }
    case .rawMotion:
      try forEachPair(in: range, through: last, times, columns) { time, dx, dy throws(E) in
        try body(Event(time: time, track: track, body: .rawMotion(dx: dx, dy: dy)))
      }
    case .button:
      try forEachPair(in: range, through: last, times, columns) { time, button, state throws(E) in
        let state = ButtonState(rawValue: state)
        try body(Event(time: time, track: track, body: .button(button: button, state: state)))
      }
    case .key:
      try forEachPair(in: range, through: last, times, columns) { time, code, state throws(E) in
        let (code, state) = (UInt32(bitPattern: code), KeyState(rawValue: state))
        try body(Event(time: time, track: track, body: .key(code: code, state: state)))
      }
    case .axis:
      try forEachPair(in: range, through: last, times, columns) { time, axis, value throws(E) in
        try body(Event(time: time, track: track, body: .axis(axis: axis, value: value)))
      }
    case .scroll:
      try forEachScroll(in: range, through: last, times, columns) { time, scroll throws(E) in
        try body(Event(time: time, track: track, body: scroll))
      }
    case .touch:
      try forEachContact(in: range, through: last, times, columns) { time, contact throws(E) in
        try body(Event(time: time, track: track, body: contact))
      }
    case .pen:
      try forEachTime(in: range, through: last, times) { time, index throws(E) in
        let fields = columns[Int(column)].int32.span
        let pen = Pen { fields[$0][places(of: range).lowerBound + index] }
        try body(Event(time: time, track: track, body: .pen(pen)))
      }
    case .other:
      try forEachTime(in: range, through: last, times) { time, index throws(E) in
        let other = self.body(at: places(of: range).lowerBound + index, of: columns)
        try body(Event(time: time, track: track, body: other))
      }
    case .passedOver: forEachTime(in: range, through: last, times) { _, _ in }
    }
  }

  /// Calls `body` with the times of a range up to the last at `last` or before, and with which
  /// event of the range each is of.
  ///
  /// - Returns: the first event that is later, or the range's end.
  @inlinable @inline(__always)
  func forEachTime<E: Error>(
    in range: Range<Int>, through last: Int64, _ times: Span<Int64>,
    _ body: (Int64, Int) throws(E) -> Void
  ) throws(E) -> Int {
    let times = times.extracting(range)
    for index in times.indices {
      let time = times[index]
      guard time <= last else { return range.lowerBound &+ index }
      try body(time, index)
    }
    return range.upperBound
  }

  /// Calls `body` with the times of a range and the two fields of its events.
  @inlinable @inline(__always)
  func forEachPair<E: Error>(
    in range: Range<Int>, through last: Int64, _ times: Span<Int64>, _ columns: Span<KindColumns>,
    _ body: (Int64, Int32, Int32) throws(E) -> Void
  ) throws(E) -> Int {
    let places = places(of: range)
    let fields = columns[Int(column)].int32.span
    let first = fields[0].span.extracting(places)
    let second = fields[1].span.extracting(places)
    return try forEachTime(in: range, through: last, times) { time, index throws(E) in
      try body(time, first[index], second[index])
    }
  }

  /// Calls `body` with the times of a range and how far its events scroll.
  @inlinable @inline(__always)
  func forEachScroll<E: Error>(
    in range: Range<Int>, through last: Int64, _ times: Span<Int64>, _ columns: Span<KindColumns>,
    _ body: (Int64, Event.Body) throws(E) -> Void
  ) throws(E) -> Int {
    let places = places(of: range)
    let fields = columns[Int(column)].int32.span
    let (dx, dy) = (fields[0].span.extracting(places), fields[1].span.extracting(places))
    let phases = fields[2].span.extracting(places)
    return try forEachTime(in: range, through: last, times) { time, index throws(E) in
      let phase = reported(phases[index]).map(Phase.init)
      try body(time, .scroll(dx: dx[index], dy: dy[index], phase: phase))
    }
  }

  /// Calls `body` with the times of a range and what happened to the contacts of its events.
  @inlinable @inline(__always)
  func forEachContact<E: Error>(
    in range: Range<Int>, through last: Int64, _ times: Span<Int64>, _ columns: Span<KindColumns>,
    _ body: (Int64, Event.Body) throws(E) -> Void
  ) throws(E) -> Int {
    let places = places(of: range)
    let fields = columns[Int(column)].int32.span
    let contacts = fields[0].span.extracting(places)
    let phases = fields[1].span.extracting(places)
    let (x, y) = (fields[2].span.extracting(places), fields[3].span.extracting(places))
    let pressures = fields[4].span.extracting(places)
    return try forEachTime(in: range, through: last, times) { time, index throws(E) in
      try body(
        time,
        .touch(
          contact: contacts[index], phase: Phase(rawValue: phases[index]), x: x[index],
          y: y[index], pressure: reported(pressures[index])))
    }
  }

  /// One event's body.
  @usableFromInline
  func body(at place: Int, of columns: Span<KindColumns>) -> Event.Body {
    columns[Int(column)].body(at: place)
  }
}
