// SPDX-License-Identifier: Apache-2.0
//
// Arbitrary events of a Linux input device: what they become belongs to the report that ended, and
// contacts begin before they move and end.

import InputTapeCore
import InputTapeInterchange

/// Byte 0 says what the device is; an event has a byte for its type, two for its code, then its
/// value and how much later it is.
public final class EvdevProbe: Probe {
  private var contacts: Set<Int32> = []
  private var time: Int64 = 0
  private var count = 0

  public init() {}

  public func run(_ bytes: [UInt8]) -> Bool {
    (contacts, time, count) = ([], 0, 0)
    var input = ProbeInput(bytes)
    var translator = EvdevTranslator(device(&input))
    while !input.isEmpty {
      let type = UInt16(input.uint8() & 3)
      let code = code(&input, type)
      let value = input.int32()
      if type == EvdevType.synchronize { time += Int64(value & 0xFFFF) }
      let event = EvdevEvent(time: time, type: type, code: code, value: value)
      if case .resynchronize(let since) = translator.take(event, emit: check) {
        precondition(since <= time, "A loss that began after it was noticed")
        resynchronize(&translator, &input)
      }
    }
    translator.finish(at: time, emit: check)
    return count > 0
  }

  private func device(_ input: inout ProbeInput) -> EvdevDevice {
    let head = input.uint8()
    var device = EvdevDevice()
    device.kind = EvdevDeviceKind.allCases[Int(head) % EvdevDeviceKind.allCases.count]
    device.hasSlots = head & 0x80 != 0
    device.hasFineWheel = head & 0x40 != 0
    device.tiltResolution = head & 0x20 != 0 ? Int(input.uint8()) : 0
    return device
  }

  /// Codes that mean something more often than others.
  private func code(_ input: inout ProbeInput, _ type: UInt16) -> UInt16 {
    let code = UInt16(input.uint8())
    guard code & 0xC0 == 0xC0 else { return type == EvdevType.key ? 0x110 + code & 0x7F : code }
    return code & 0x3F << 8 | UInt16(input.uint8())
  }

  private func resynchronize(_ translator: inout EvdevTranslator, _ input: inout ProbeInput) {
    let pressed = (0..<(input.uint8() & 3)).map { _ in
      (code: code(&input, EvdevType.key), isDown: input.uint8() & 1 == 1)
    }
    let slots = translator.device.hasSlots ? input.uint8() : 0
    let values = (0..<(slots & 15)).map { _ in input.int32() }
    translator.resynchronize(
      at: time, pressed: pressed, slots: { slots & 0x10 == 0 ? nil : values + [Int32($0)] },
      emit: check)
  }

  private func check(_ output: EvdevOutput) {
    count += 1
    precondition(output.time == time, "An event of another report's time")
    switch output.body {
    case .touch(let contact, .began, _, _, _):
      precondition(contacts.insert(contact).inserted, "A contact began twice")
    case .touch(let contact, .moved, _, _, _):
      precondition(contacts.contains(contact), "A contact moved before it began")
    case .touch(let contact, .ended, _, _, _):
      precondition(contacts.remove(contact) != nil, "A contact ended before it began")
    default: break
    }
  }
}
