// SPDX-License-Identifier: Apache-2.0
//
// One device on its way into a recording: its events, its tracks, its clock.

import InputTapeCore
import InputTapeInterchange

/// An input device that is being recorded.
final class EvdevInput {
  private let connection: EvdevConnection
  private var translator: EvdevTranslator
  private var tracks: [TrackClass: TrackID] = [:]
  private var time: SourceTime
  private(set) var isAtEnd = false
  private var lastCount = 0
  private var lastTime: Int64 = 0
  /// What the translator has given out and is not on its way yet.
  private var outputs: [EvdevOutput] = []

  init(_ connection: EvdevConnection, _ outlet: CaptureOutlet) {
    translator = EvdevTranslator(connection.device)
    time = SourceTime(
      origin: connection.isDevice ? outlet.start : nil, isLive: connection.isDevice)
    self.connection = connection
    if self.connection.isDevice { resynchronize(outlet, since: nil) }
  }

  var descriptor: Int32 { connection.descriptor }
  var path: String { connection.path }
  var isDevice: Bool { connection.isDevice }

  /// A device that sends so fast that the kernel's room for it is small.
  var isBusyDevice: Bool { isDevice && lastCount > 12 }

  /// Reads as long as there is something, a file or a FIFO only as far as the lane has room.
  func take(_ outlet: CaptureOutlet) throws(CaptureError) {
    lastCount = 0
    while isDevice || outlet.room > EvdevConnection.bufferCount {
      var hasLost = false
      let outcome = try connection.read { event in
        if case .resynchronize(let since) = take(event, outlet) {
          // What comes behind the loss is sure again, and so must come behind the gap.
          noteLoss(since: since, outlet)
          hasLost = true
        }
      }
      // The device tells what is so behind all that has been read.
      if hasLost, isDevice { resynchronize(outlet, since: lastTime) }
      switch outcome {
      case .events(let count):
        lastCount += count
        if lastCount > 4 * EvdevConnection.bufferCount { return }
      case .nothing: return
      case .end:
        isAtEnd = true
        return
      }
    }
  }

  private func take(_ event: EvdevEvent, _ outlet: CaptureOutlet) -> EvdevTranslator.Demand {
    var event = event
    let translated = time.translate(event.time, now: outlet.now)
    event.time = translated.time
    if translated.hasStepped { noteStep(at: event.time, outlet) }
    lastTime = event.time
    let demand = translator.take(event) { outputs.append($0) }
    emitOutputs(outlet)
    return demand
  }

  private func emitOutputs(_ outlet: CaptureOutlet) {
    for output in outputs {
      guard let id = track(output.trackClass, outlet) else { continue }
      outlet.emit(Event(time: output.time, track: id, body: output.body))
    }
    outputs.removeAll(keepingCapacity: true)
  }

  private func track(_ trackClass: TrackClass, _ outlet: CaptureOutlet) -> TrackID? {
    if let id = tracks[trackClass] { return id }
    let id = outlet.addTrack(translator.device.track(.first, trackClass))
    tracks[trackClass] = id
    return id
  }

  // MARK: - Losses

  private func gap(_ gap: Gap, _ outlet: CaptureOutlet) {
    let ids = tracks.values.sorted()
    let all = ids.isEmpty ? [track(translator.device.standardClass, outlet)].compactMap { $0 } : ids
    for id in all { outlet.emit(Event(time: gap.firstTime, track: id, body: .gap(gap))) }
  }

  private func noteStep(at time: Int64, _ outlet: CaptureOutlet) {
    gap(
      Gap(
        cause: .clockStep, count: 0, isLowerBound: true, firstTime: lastTime, lastTime: time),
      outlet)
  }

  /// The kernel had no room for some events: how many nobody knows.
  private func noteLoss(since: Int64, _ outlet: CaptureOutlet) {
    gap(
      Gap(
        cause: .kernelDropped, count: 1, isLowerBound: true, firstTime: since, lastTime: lastTime),
      outlet)
  }

  /// Asks the device what is held, and records what has changed.
  private func resynchronize(_ outlet: CaptureOutlet, since: Int64?) {
    let bits = connection.pressed()
    var changes: [(code: UInt16, isDown: Bool)] = []
    for code in 0..<UInt16(bits.count * 8) {
      let isDown = bits[Int(code) / 8] >> UInt8(code % 8) & 1 == 1
      if isDown != translator.pressed.contains(code) { changes.append((code, isDown)) }
    }
    translator.resynchronize(
      at: since ?? outlet.now, pressed: changes, slots: { connection.slots($0) },
      emit: { outputs.append($0) })
    emitOutputs(outlet)
  }

  /// Gives what has not been reported, and lets go of what was held: nobody will.
  func close(_ outlet: CaptureOutlet) {
    translator.finish(at: lastTime) { outputs.append($0) }
    emitOutputs(outlet)
    guard isDevice, isAtEnd else { return }
    let held = translator.pressed.sorted().map { (code: $0, isDown: false) }
    translator.resynchronize(
      at: outlet.now, pressed: held, slots: { _ in nil }, emit: { outputs.append($0) })
    emitOutputs(outlet)
  }
}
