// SPDX-License-Identifier: Apache-2.0
//
// An event of numbers alone, which travels without allocation.

public import InputTapeCore

/// An event whose fields are numbers: all kinds but those with text or 64-bit fields.
@frozen
public struct CaptureSample: Hashable, Sendable {
  /// Nanoseconds on the recording's clock, from its start.
  public var time: Int64
  public var track: TrackID
  public var kind: EventKind
  /// The fields in the order of the registry; those that the kind does not have are 0.
  public var fields: Fields

  /// Up to seven fields.
  @frozen
  public struct Fields: Hashable, Sendable {
    public var a: Int32
    public var b: Int32
    public var c: Int32
    public var d: Int32
    public var e: Int32
    public var f: Int32
    public var g: Int32

    @inlinable
    public init(
      _ a: Int32 = 0, _ b: Int32 = 0, _ c: Int32 = 0, _ d: Int32 = 0, _ e: Int32 = 0,
      _ f: Int32 = 0, _ g: Int32 = 0
    ) {
      self.a = a
      self.b = b
      self.c = c
      self.d = d
      self.e = e
      self.f = f
      self.g = g
    }
  }

  @inlinable
  public init(time: Int64, track: TrackID, kind: EventKind, _ fields: Fields) {
    self.time = time
    self.track = track
    self.kind = kind
    self.fields = fields
  }

  /// Stands in a field that the source did not report.
  public static let notReported = KindColumns.notReported

  /// Whether a kind's fields are all numbers that a sample has room for.
  public static func canHold(_ kind: EventKind) -> Bool {
    guard let layout = kind.layout else { return false }
    return layout.int64 == 0 && layout.strings == 0
  }

  /// Words of the row that holds a kind in the queue.
  @inlinable
  static func wordCount(of kind: EventKind) -> Int {
    // Touch has five fields, pens have seven, and no other kind more than three.
    kind.rawValue == 7 ? 4 : kind.rawValue == 8 ? 5 : 3
  }

  /// The sample as an event.
  public var event: Event {
    let count = kind.layout?.int32 ?? 2
    let all = [fields.a, fields.b, fields.c, fields.d, fields.e, fields.f, fields.g]
    let body = Event.Body(kind: kind, fields: EventFields(int32: Array(all.prefix(count))))
    return Event(time: time, track: track, body: body)
  }

  /// The event as a sample; nil where it has text or 64-bit fields.
  public init?(_ event: Event) {
    guard Self.canHold(event.kind) else { return nil }
    let values = event.body.fields.int32
    func field(_ index: Int) -> Int32 { index < values.count ? values[index] : 0 }
    self.init(
      time: event.time, track: event.track, kind: event.kind,
      Fields(field(0), field(1), field(2), field(3), field(4), field(5), field(6)))
  }
}
