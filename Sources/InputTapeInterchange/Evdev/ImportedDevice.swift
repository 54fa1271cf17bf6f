// SPDX-License-Identifier: Apache-2.0
//
// One device of an imported text: what it can send, and what it has sent.

public import InputTapeCore

/// A device while its text is read.
struct ImportedDevice {
  var device = EvdevDevice()
  private var codes: Set<UInt32> = []
  private var translator: EvdevTranslator?
  private var lastTime: Int64 = 0

  /// The device can send a code.
  mutating func add(type: UInt16, code: UInt16) { codes.insert(UInt32(type) << 16 | UInt32(code)) }

  /// Takes one of its events.
  mutating func take(_ event: EvdevEvent, emit: (EvdevOutput) -> Void) {
    var translator = self.translator ?? makeTranslator()
    lastTime = event.time
    if case .resynchronize(let since) = translator.take(event, emit: emit) {
      // Nobody can ask the device any more: what is missing is missing.
      let gap = Gap(
        cause: .kernelDropped, count: 1, isLowerBound: true, firstTime: since,
        lastTime: event.time)
      emit(EvdevOutput(event.time, device.standardClass, .gap(gap)))
    }
    self.translator = translator
  }

  mutating func finish(emit: (EvdevOutput) -> Void) { translator?.finish(at: lastTime, emit: emit) }

  private mutating func makeTranslator() -> EvdevTranslator {
    if !codes.isEmpty { device.setCapabilities { codes.contains(UInt32($0) << 16 | UInt32($1)) } }
    return EvdevTranslator(device)
  }
}

extension EvdevDevice {
  /// The class of what the device is there for.
  public var standardClass: TrackClass {
    switch kind {
    case .auto, .mouse: .pointer
    case .keyboard: .keyboard
    case .touch: .touch
    case .pen: .pen
    case .gamepad: .gamepad
    }
  }
}
