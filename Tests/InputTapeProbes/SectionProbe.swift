// SPDX-License-Identifier: Apache-2.0
//
// Arbitrary bytes as a section of any form; and sections around one column of arbitrary bytes.

import InputTapeCore

/// Decodes sections, and insists that what was decoded can be encoded and decoded again.
final class SectionRoundTrip {
  private let decoder = SectionDecoder()
  private let encoder = SectionEncoder()
  private var batch = EventBatch(track: .first)
  private var other = EventBatch(track: .first)
  private var encoded: [UInt8] = []

  static let settings: [EncodingSettings] = Preset.allCases.flatMap { preset in
    [Compression.none, .zstd(level: nil), .deflate(level: nil)].map {
      EncodingSettings(preset: preset, compression: $0)
    }
  }

  /// - Parameter choice: says which settings are tried on what was decoded.
  /// - Returns: whether the bytes are a section.
  func run(_ bytes: [UInt8], form: SectionForm, eventCount: Int, choice: Int) -> Bool {
    // Any will do: sums of times wrap.
    let firstTime = Int64(choice) &* 0x0123_4567_89AB_CDEF
    do throws(FormatError) {
      try decoder.decode(
        bytes.span, form: form, eventCount: eventCount, firstTime: firstTime, kinds: .all, at: 0,
        into: &batch)
    } catch {
      return false
    }
    precondition(batch.times.count == eventCount && batch.kinds.count == eventCount)
    precondition(batch.columns.reduce(0) { $0 + $1.count } == eventCount)
    project(bytes, form: form, eventCount: eventCount, firstTime: firstTime)
    encodeAgain(Self.settings[choice % Self.settings.count])
    return true
  }

  /// Without columns that nobody asked for, times and kinds are the same.
  private func project(
    _ bytes: [UInt8], form: SectionForm, eventCount: Int, firstTime: Int64
  ) {
    do throws(FormatError) {
      try decoder.decode(
        bytes.span, form: form, eventCount: eventCount, firstTime: firstTime,
        kinds: KindSet([.key]), at: 0, into: &other)
    } catch {
      preconditionFailure("Less of a section cannot be decoded: \(error)")
    }
    precondition(other.times == batch.times && other.kinds == batch.kinds)
  }

  private func encodeAgain(_ settings: EncodingSettings) {
    encoded.removeAll(keepingCapacity: true)
    let form = encoder.encode(batch, settings: settings, into: &encoded)
    let firstTime = batch.times.first ?? 0
    do throws(FormatError) {
      try decoder.decode(
        encoded.span, form: form, eventCount: batch.count, firstTime: firstTime, kinds: .all,
        at: 0, into: &other)
    } catch {
      preconditionFailure("What was encoded cannot be decoded: \(error), \(settings)")
    }
    precondition(holdSameEvents(batch, other), "Events came back changed, \(settings)")
  }
}

/// Whether two batches hold the same events; columns without events do not count.
func holdSameEvents(_ left: EventBatch, _ right: EventBatch) -> Bool {
  left.times == right.times && left.kinds == right.kinds
    && left.columns.filter { $0.count > 0 } == right.columns.filter { $0.count > 0 }
}

/// A section of any form: byte 0 is form and settings, bytes 1–2 the number of events.
public final class SectionProbe: Probe {
  private let roundTrip = SectionRoundTrip()

  public init() {}

  public func run(_ bytes: [UInt8]) -> Bool {
    var input = ProbeInput(bytes)
    let head = input.uint8()
    let count = Int(input.uint16())
    guard let form = SectionForm(rawValue: head & 3) else { return false }
    return roundTrip.run(input.rest, form: form, eventCount: count, choice: Int(head >> 2))
  }
}

/// An adaptive section: byte 0 is the settings tried next, bytes 1–2 the number of events.
public final class AdaptiveProbe: Probe {
  private let roundTrip = SectionRoundTrip()

  public init() {}

  public func run(_ bytes: [UInt8]) -> Bool {
    var input = ProbeInput(bytes)
    let head = input.uint8()
    let count = Int(input.uint16() & 1_023)
    return roundTrip.run(input.rest, form: .adaptive, eventCount: count, choice: Int(head))
  }
}
