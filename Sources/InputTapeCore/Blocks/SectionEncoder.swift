// SPDX-License-Identifier: Apache-2.0
//
// Batches to sections (Specs/Encodings.md, section 1).
//
// Invariant: the same batch and settings give the same bytes, whatever was encoded before.

/// Encodes batches as sections; owns its memory.
package final class SectionEncoder {
  private let compressor = Compressor()
  private var columns = IntegerColumnEncoder()
  private var kindNumbers: [Int32] = []
  private var ticks: [Int64] = []

  package init() {}

  /// Appends the section of a batch.
  ///
  /// - Returns: the form of the section, which its reader must be told.
  package func encode(
    _ batch: EventBatch, settings: EncodingSettings, into output: inout [UInt8]
  ) -> SectionForm {
    let (form, codec) = choose(settings)
    let isJoined = codec != nil && batch.count < Self.joinedEventCount
    var writer = StreamWriter(compressor: compressor)
    writer.codec = isJoined ? nil : codec
    encode(batch, to: &writer)
    guard isJoined, let codec else {
      output.append(0)
      output.append(contentsOf: writer.bytes.bytes)
      return form
    }
    var packed: [UInt8] = []
    _ = compressor.append(writer.bytes.bytes.span, codec: codec, to: &packed)
    guard packed.count + 2 < writer.bytes.count else {
      output.append(0)
      output.append(contentsOf: writer.bytes.bytes)
      return form
    }
    var head = ByteWriter()
    head.append(UInt8(1))
    head.appendVarint(writer.bytes.count)
    output.append(contentsOf: head.bytes)
    output.append(contentsOf: packed)
    return form
  }

  /// Sections of fewer events are compressed as a whole.
  private static let joinedEventCount = 1_500

  private func choose(_ settings: EncodingSettings) -> (SectionForm, StreamCodec?) {
    switch settings.compression {
    case .none: (.plain, nil)
    case .zstd(let level): (.zstd, .zstd(level: min(max(level ?? 1, 1), 19)))
    case .deflate(let level): (.deflate, .deflate(level: min(max(level ?? 6, 1), 9)))
    }
  }

  private func encode(_ batch: EventBatch, to writer: inout StreamWriter) {
    let present = batch.columns.filter { $0.count > 0 }
    writer.bytes.appendVarint(present.count)
    for kind in present { appendKind(kind, to: &writer.bytes) }
    if present.count > 1 {
      var numbers = [Int32](repeating: 0, count: 256)
      for (index, kind) in present.enumerated() { numbers[Int(kind.kind.rawValue)] = Int32(index) }
      kindNumbers.removeAll(keepingCapacity: true)
      for kind in batch.kinds { kindNumbers.append(numbers[Int(kind.rawValue)]) }
      columns.encode(kindNumbers, to: &writer)
    }
    for kind in present { encode(kind, to: &writer) }
    encodeTimes(batch.times, to: &writer)
  }

  private func appendKind(_ kind: KindColumns, to bytes: inout ByteWriter) {
    bytes.append(kind.kind.rawValue)
    let isKnown = kind.kind.layout == kind.layout
    precondition(isKnown || kind.kind.layout == nil, "A known kind has the registry's columns")
    if !isKnown {
      bytes.appendVarint(kind.int32.count)
      bytes.appendVarint(kind.int64.count)
      bytes.appendVarint(kind.strings.count)
    }
  }

  private func encode(_ kind: KindColumns, to writer: inout StreamWriter) {
    for column in kind.int32 { columns.encode(column, to: &writer) }
    for column in kind.int64 { columns.encode(column, to: &writer) }
    for column in kind.strings {
      columns.encode(column.lengths, to: &writer)
      writer.appendStream(column.bytes)
    }
  }

  private func encodeTimes(_ times: [Int64], to writer: inout StreamWriter) {
    guard let first = times.first else { return }
    let unit = TimeScale.unit(of: times)
    writer.bytes.appendSignedVarint(first)
    writer.bytes.appendVarint(unit)
    ticks.removeAll(keepingCapacity: true)
    // The unit divides every difference; differences are modulo 2⁶⁴ (Specs/Encodings.md).
    for index in times.indices.dropFirst() {
      let difference = times[index] &- times[index - 1]
      let tick = Int64(truncatingIfNeeded: difference.magnitude / unit)
      ticks.append(difference < 0 ? 0 &- tick : tick)
    }
    columns.encode(ticks, to: &writer)
  }
}

@available(*, unavailable)
extension SectionEncoder: Sendable {}  // Owns scratch memory: one owner at a time.
