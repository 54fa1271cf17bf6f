// SPDX-License-Identifier: Apache-2.0
//
// Numbers that callers and the format rely on: limits, defaults, named values.

import InputTape
import InputTapeCore

/// What does not follow from anything.
enum ConstantCases {
  static var all: [DigestCase] {
    [DigestCase("constants/limits", limits), DigestCase("constants/defaults", defaults)]
  }

  private static func limits(_ seen: inout Observation) throws {
    for limit in [
      Limits.eventsPerBlock, Limits.storedByteCount, Limits.rawByteCount, Limits.tracks,
      Limits.stringByteCount, Limits.textByteCount, Limits.columns, Limits.metadataByteCount,
      Limits.trackMetadataByteCount,
    ] { seen.add(limit) }
    seen.add(FormatVersion.major)
    seen.add(FormatVersion.minor)
    seen.mark("format")
    for cause in [
      GapCause.unknown, .queueFull, .kernelDropped, .tapDisabled, .diskFull, .ioError, .syncFailed,
      .paused, .secureInput, .policy, .clockStep, .limit,
    ] { seen.add(cause.rawValue) }
    for phase in [Phase.began, .moved, .ended, .cancelled, .momentum, .hovering] {
      seen.add(phase.rawValue)
    }
    for state in [KeyState.up, .down, .repeat] { seen.add(state.rawValue) }
    for state in [ButtonState.up, .down] { seen.add(state.rawValue) }
    for trackClass in [
      TrackClass.pointer, .keyboard, .text, .context, .touch, .pen, .gamepad, .custom,
    ] { seen.add(trackClass.rawValue) }
    seen.add(TrackID.first.rawValue)
    seen.mark("registry")
    for kind in 0...255 as ClosedRange<UInt8> {
      let kind = EventKind(rawValue: kind)
      seen.add(TrackClass.standard(for: kind).rawValue)
      seen.add(described: kind.layout as Any)
    }
    for number in 0...20 as ClosedRange<UInt8> {
      seen.add(TrackClass(rawValue: number).name)
      seen.add(described: TrackClass(name: "\(number)") as Any)
    }
    for name in TrackClass.names { seen.add(described: TrackClass(name: name) as Any) }
    for kind in EventKind.known { seen.add(described: kind) }
  }

  private static func defaults(_ seen: inout Observation) throws {
    let options = WriterOptions()
    let unset: [Any?] = [
      options.flushIntervalNanoseconds, options.segmentByteLimit, options.segmentAgeNanoseconds,
      options.recordingID, options.livePreset,
    ]
    for number in [
      options.eventsPerBlock, Int(options.syncIntervalNanoseconds ?? -1), options.threads,
      options.queueWordCount, unset.count { $0 == nil },
    ] { seen.add(number) }
    seen.add(described: options.encoding)
    seen.add(described: options.overload)
    seen.add(options.reblocksAtEnd)
    seen.add(described: ReadBudget())
    seen.add(described: ReadStatus())
    seen.add(described: VerifyReport())
    seen.add(described: RecoveryReport())
    seen.add(described: WriterStatistics())
    seen.add(described: RecordingState())
    seen.add(described: TrackState())
    seen.add(described: InputState())
    seen.add(described: Loss(range: 3..<5, error: FormatError(.index, at: 4)))
    seen.add(described: Gap(cause: .paused, count: 2, firstTime: 1, lastTime: 3))
    seen.add(described: Pen(x: 1, y: 2))
    seen.add(described: Focus(application: "a", title: "b"))
    seen.add(described: EncodingSettings())
    seen.add(described: EventFilter().from as Any)
    seen.add(described: EventFilter().to as Any)
    seen.add(described: Track(id: .first, class: .pen))
    for text in [
      "", "00112233445566778899aabbccddeeff", "00112233445566778899aabbccddeef",
      "00112233445566778899aabbccddeefff", "0x112233445566778899aabbccddeeff",
      "00112233445566778899AABBCCDDEEFF", "001122334455667788é9aabbccddeeff",
      "00112233445566778899aabbccddeéf",
    ] { seen.add(described: RecordingID(text)?.description as Any) }
  }
}
