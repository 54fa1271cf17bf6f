// SPDX-License-Identifier: Apache-2.0
//
// From the columns of a stretch to single events.
//
// All of it is inlined into the caller: where `body` is a closure, the compiler need not make an
// `Event` for each movement. And all that is read is borrowed, as spans: a run of two or three
// events would cost more in counted references than in events.

extension Span<KindStretch> {
  /// Calls `body` with each event of a range that is of a kind that the stretches are for.
  ///
  /// - Parameters:
  ///   - range: which of the batch's events.
  ///   - first: the stretch in which the range begins.
  ///   - track: the batch's.
  ///   - times: those of all of its events.
  ///   - columns: those of all of its kinds.
  @inlinable @inline(__always)
  package func forEachEvent<E: Error>(
    in range: Range<Int>, from first: Int, on track: TrackID, _ times: Span<Int64>,
    _ columns: Span<KindColumns>, _ body: (Event) throws(E) -> Void
  ) throws(E) {
    var start = range.lowerBound
    var index = first
    while start < range.upperBound, index < count {
      let end = min(Int(self[index].end), range.upperBound)
      try self[index].forEachEvent(in: start..<end, on: track, times, columns, body)
      start = end
      index += 1
    }
  }
}

extension KindStretch {
  /// Calls `body` with each event of a range within a stretch: the commonest kinds without an array
  /// for their fields, and with a look at the columns once and not for each event.
  @inlinable @inline(__always)
  func forEachEvent<E: Error>(
    in range: Range<Int>, on track: TrackID, _ times: Span<Int64>,
    _ columns: Span<KindColumns>, _ body: (Event) throws(E) -> Void
  ) throws(E) {
    switch form {
    case .motion:
      try forEachPair(in: range, times, columns) { time, x, y throws(E) in
        try body(Event(time: time, track: track, body: .motion(x: x, y: y)))
      }
    case .rawMotion:
      try forEachPair(in: range, times, columns) { time, dx, dy throws(E) in
        try body(Event(time: time, track: track, body: .rawMotion(dx: dx, dy: dy)))
      }
    case .button:
      try forEachPair(in: range, times, columns) { time, button, state throws(E) in
        let state = ButtonState(rawValue: state)
        try body(Event(time: time, track: track, body: .button(button: button, state: state)))
      }
    case .key:
      try forEachPair(in: range, times, columns) { time, code, state throws(E) in
        let (code, state) = (UInt32(bitPattern: code), KeyState(rawValue: state))
        try body(Event(time: time, track: track, body: .key(code: code, state: state)))
      }
    case .axis:
      try forEachPair(in: range, times, columns) { time, axis, value throws(E) in
        try body(Event(time: time, track: track, body: .axis(axis: axis, value: value)))
      }
    case .scroll:
      try forEachScroll(in: range, times, columns) { time, scroll throws(E) in
        try body(Event(time: time, track: track, body: scroll))
      }
    case .touch:
      try forEachContact(in: range, times, columns) { time, contact throws(E) in
        try body(Event(time: time, track: track, body: contact))
      }
    case .pen:
      let fields = columns[Int(column)].int32.span
      for (index, place) in zip(range, places(of: range)) {
        let pen = Pen { fields[$0][place] }
        try body(Event(time: times[index], track: track, body: .pen(pen)))
      }
    case .other:
      for (index, place) in zip(range, places(of: range)) {
        let other = self.body(at: place, of: columns)
        try body(Event(time: times[index], track: track, body: other))
      }
    case .passedOver: return
    }
  }

  /// Calls `body` with the times of a range and the two fields of its events.
  @inlinable @inline(__always)
  func forEachPair<E: Error>(
    in range: Range<Int>, _ times: Span<Int64>, _ columns: Span<KindColumns>,
    _ body: (Int64, Int32, Int32) throws(E) -> Void
  ) throws(E) {
    let times = times.extracting(range)
    let fields = columns[Int(column)].int32.span
    let first = fields[0].span.extracting(places(of: range))
    let second = fields[1].span.extracting(places(of: range))
    for index in times.indices { try body(times[index], first[index], second[index]) }
  }

  /// Calls `body` with the times of a range and how far its events scroll.
  @inlinable @inline(__always)
  func forEachScroll<E: Error>(
    in range: Range<Int>, _ times: Span<Int64>, _ columns: Span<KindColumns>,
    _ body: (Int64, Event.Body) throws(E) -> Void
  ) throws(E) {
    let times = times.extracting(range)
    let places = places(of: range)
    let fields = columns[Int(column)].int32.span
    let (dx, dy) = (fields[0].span.extracting(places), fields[1].span.extracting(places))
    let phases = fields[2].span.extracting(places)
    for index in times.indices {
      let phase = reported(phases[index]).map(Phase.init)
      try body(times[index], .scroll(dx: dx[index], dy: dy[index], phase: phase))
    }
  }

  /// Calls `body` with the times of a range and what happened to the contacts of its events.
  @inlinable @inline(__always)
  func forEachContact<E: Error>(
    in range: Range<Int>, _ times: Span<Int64>, _ columns: Span<KindColumns>,
    _ body: (Int64, Event.Body) throws(E) -> Void
  ) throws(E) {
    let times = times.extracting(range)
    let places = places(of: range)
    let fields = columns[Int(column)].int32.span
    let contacts = fields[0].span.extracting(places)
    let phases = fields[1].span.extracting(places)
    let (x, y) = (fields[2].span.extracting(places), fields[3].span.extracting(places))
    let pressures = fields[4].span.extracting(places)
    for index in times.indices {
      try body(
        times[index],
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
