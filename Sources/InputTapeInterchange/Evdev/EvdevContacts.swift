// SPDX-License-Identifier: Apache-2.0
//
// Contacts of multi-touch devices that report by slot (protocol B of the kernel).

import InputTapeCore

/// The contacts of one device, slot by slot.
struct EvdevContacts {
  private struct Slot {
    var id: Int32 = -1
    var reportedID: Int32 = -1
    var x: Int32 = 0
    var y: Int32 = 0
    var pressure: Int32 = KindColumns.notReported
    var isChanged = false
  }

  private var slots: [Slot] = [Slot()]
  private var current = 0

  /// More slots than any hand fills: a file that names others names none.
  static let slotLimit = 256

  /// Takes a value of an axis of contacts; false where it is none.
  mutating func take(_ code: UInt16, _ value: Int32) -> Bool {
    if code == EvdevCode.slot {
      guard value >= 0, value < Int32(Self.slotLimit) else { return true }
      current = Int(value)
      while slots.count <= current { slots.append(Slot()) }
      return true
    }
    switch code {
    case EvdevCode.contactID: slots[current].id = value
    case EvdevCode.contactX: slots[current].x = value
    case EvdevCode.contactY: slots[current].y = value
    case EvdevCode.contactPressure: slots[current].pressure = value
    default: return code > EvdevCode.slot && code <= 0x3F
    }
    slots[current].isChanged = true
    return true
  }

  var isChanged: Bool { slots.contains { $0.isChanged } }

  /// Gives an event for each contact that has changed: its number is the slot's.
  mutating func report(_ emit: (Event.Body) -> Void) {
    for index in slots.indices where slots[index].isChanged {
      slots[index].isChanged = false
      let slot = slots[index]
      if slot.reportedID >= 0, slot.id != slot.reportedID {
        emit(Self.body(index, .ended, slot))
      }
      if slot.id >= 0 {
        emit(Self.body(index, slot.id == slot.reportedID ? .moved : .began, slot))
      }
      slots[index].reportedID = slot.id
    }
  }

  private static func body(_ index: Int, _ phase: Phase, _ slot: Slot) -> Event.Body {
    .touch(
      contact: Int32(index), phase: phase, x: slot.x, y: slot.y,
      pressure: slot.pressure == KindColumns.notReported ? nil : slot.pressure)
  }

  /// Takes over what the device says of all slots.
  mutating func resynchronize(_ values: (UInt16) -> [Int32]?) {
    guard let ids = values(EvdevCode.contactID) else { return }
    let xs = values(EvdevCode.contactX) ?? []
    let ys = values(EvdevCode.contactY) ?? []
    let pressures = values(EvdevCode.contactPressure) ?? []
    for (index, id) in ids.prefix(Self.slotLimit).enumerated() {
      while slots.count <= index { slots.append(Slot()) }
      let old = slots[index]
      slots[index].id = id
      if index < xs.count { slots[index].x = xs[index] }
      if index < ys.count { slots[index].y = ys[index] }
      if index < pressures.count { slots[index].pressure = pressures[index] }
      let new = slots[index]
      let isMoved = old.x != new.x || old.y != new.y || old.pressure != new.pressure
      slots[index].isChanged = new.id != new.reportedID || new.id >= 0 && isMoved
    }
  }
}
