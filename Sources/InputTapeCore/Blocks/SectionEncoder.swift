// SPDX-License-Identifier: Apache-2.0
//
// Batches to sections (Specs/Encodings.md, section 1).
//
// Invariant: the same batch and settings give the same bytes, whatever was encoded before.

/// Encodes batches as sections; owns its memory.
package final class SectionEncoder {
  /// Made when something is to be compressed.
  private lazy var compressor = Compressor()
  private let models = ModelEncoder()
  private let bits = BitRoom()
  /// Memory of the last section, for the next.
  private var spareBytes: [UInt8] = []
  private var sparePacked: [UInt8] = []
  private var columns = IntegerColumnEncoder()
  private var pairs = PairEncoder()
  private var held = HeldEncoder()
  private var times = TimeEncoder()
  private var kinds = KindEncoder()
  /// Made when the first section needs it: its tables are large.
  private lazy var adaptive = AdaptiveSectionEncoder()

  package init() {}

  /// Whether no time of the last section is less than the one before, as far as that was seen.
  package private(set) var areTimesRising = false

  /// Appends the section of a batch.
  ///
  /// - Parameter neighbourCount: so many events are usually read with it.
  /// - Returns: the form of the section, which its reader must be told.
  package func encode(
    _ batch: EventBatch, settings: EncodingSettings, neighbourCount: Int = 0,
    into output: inout [UInt8]
  ) -> SectionForm {
    if isAdaptive(batch, settings, neighbourCount) {
      adaptive.encode(batch, into: &output)
      areTimesRising = false
      return .adaptive
    }
    let (form, codec) = choose(settings)
    // Who asks for a level has its frames.
    let (isModelled, joinedCount) =
      switch codec {
      case .zstd(nil): (true, Self.statisticsEventCount)
      case .quickZstd: (true, Self.joinedEventCount)
      default: (false, Self.joinedEventCount)
      }
    let isJoined = codec != nil && batch.count < joinedCount
    var writer = StreamWriter(
      compressor: compressor, bits: bits, bytes: spareBytes, packed: sparePacked)
    (spareBytes, sparePacked) = ([], [])
    defer { keepMemory(of: &writer) }
    writer.codec = isJoined ? nil : codec
    writer.models = isModelled && !isJoined ? models : nil
    guard isJoined, let codec else {
      // In its place at once: a section is long.
      swap(&writer.bytes.bytes, &output)
      writer.bytes.append(UInt8(0))
      encode(batch, preset: settings.preset, to: &writer)
      swap(&writer.bytes.bytes, &output)
      return form
    }
    encode(batch, preset: settings.preset, to: &writer)
    let packedCount = writer.pack(codec)
    guard packedCount + 2 < writer.bytes.count else {
      output.append(0)
      output.append(contentsOf: writer.bytes.bytes)
      return form
    }
    var head = ByteWriter()
    head.append(UInt8(1))
    head.appendVarint(writer.bytes.count)
    output.append(contentsOf: head.bytes)
    output.append(contentsOf: writer.packed)
    return form
  }

  private func keepMemory(of writer: inout StreamWriter) {
    swap(&spareBytes, &writer.bytes.bytes)
    swap(&sparePacked, &writer.packed)
    spareBytes.removeAll(keepingCapacity: true)
  }

  /// Sections of fewer events are compressed as a whole.
  private static let joinedEventCount = 1_500
  /// Sections of so many events are shorter by statistics of their own, stream by stream.
  private static let statisticsEventCount = 256

  /// Whether the adaptive coder is to have a section: small ones are faster to code than to set up
  /// tables for. Who asks for no compression or DEFLATE wants to read without it.
  private func isAdaptive(
    _ batch: EventBatch, _ settings: EncodingSettings, _ neighbourCount: Int
  ) -> Bool {
    guard case .zstd = settings.compression, !isMostlyText(batch) else { return false }
    switch settings.preset {
    case .compact: return true
    case .balanced:
      return Self.adaptiveEventCounts.contains(batch.count)
        && neighbourCount < Self.adaptiveEventCounts.upperBound
    case .fast: return false
    }
  }

  /// Sections of so many events are smaller with the adaptive coder by far; of fewer, its set-up
  /// costs more than it saves; of more, tokens are coded and decoded thirty times as fast. So are
  /// small sections among many events, or they would take most of the time for few of the bytes.
  private static let adaptiveEventCounts = 12..<8_192

  /// Whether texts are most of what there is to code, and long: tokens find again what was said
  /// before, and take a hundredth of the time.
  private func isMostlyText(_ batch: EventBatch) -> Bool {
    let byteCount = batch.columns.reduce(0) { $0 + $1.textByteCount }
    return byteCount > max(1 << 16, 8 * batch.count)
  }

  private func choose(_ settings: EncodingSettings) -> (SectionForm, StreamCodec?) {
    switch settings.compression {
    case .none: (.plain, nil)
    case .zstd(let level?): (.zstd, .zstd(level: min(max(level, 1), 19)))
    case .zstd(nil): (.zstd, settings.preset == .fast ? .quickZstd : .zstd(level: nil))
    case .deflate(let level): (.deflate, .deflate(level: min(max(level ?? 6, 1), 9)))
    }
  }

  private func encode(_ batch: EventBatch, preset: Preset, to writer: inout StreamWriter) {
    // In place: a kind's columns that are copied are kept and let go one by one.
    let columns = batch.columns.span
    var present: [(kind: EventKind, count: Int)] = []
    for index in columns.indices where columns[index].count > 0 {
      present.append((columns[index].kind, columns[index].count))
    }
    writer.bytes.appendVarint(present.count)
    for index in columns.indices where columns[index].count > 0 {
      appendKind(columns[index], to: &writer.bytes)
    }
    let main = present.count > 1 ? kinds.encode(batch.kinds, present, to: &writer) : nil
    for index in columns.indices where columns[index].count > 0 {
      encode(columns[index], of: batch, preset: preset, to: &writer)
    }
    times.encode(batch.times, kinds: batch.kinds, main: main, preset: preset, to: &writer)
    areTimesRising = times.areRising
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

  private func encode(
    _ kind: KindColumns, of batch: EventBatch, preset: Preset, to writer: inout StreamWriter
  ) {
    if HeldCodes.apply(to: kind.kind) {
      columns.encode(kind.int32[1], to: &writer)
      held.encode(kind.int32[0], states: kind.int32[1], to: &writer)
      return
    }
    let place = PairPlace.of(kind.kind)
    for index in kind.int32.indices {
      if index == place?.column, let place {
        pairs.encode(kind, place, times: batch.times, preset: preset, to: &writer)
      } else if index != place.map({ $0.column + 1 }) {
        columns.encode(kind.int32[index], to: &writer)
      }
    }
    for column in kind.int64 { columns.encode(column, to: &writer) }
    for column in kind.strings {
      columns.encode(column.lengths, to: &writer)
      writer.appendStream(column.bytes)
    }
  }
}

@available(*, unavailable)
extension SectionEncoder: Sendable {}  // Owns scratch memory: one owner at a time.
