// SPDX-License-Identifier: Apache-2.0
//
// Contacts of multi-touch devices: those that report by slot (protocol B of the kernel), and those
// that list all of them in each report (protocol A).

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

    /// Takes a value; false where it is of no axis of contacts.
    mutating func take(_ code: UInt16, _ value: Int32) -> Bool {
      switch code {
      case EvdevCode.contactID: id = value
      case EvdevCode.contactX: x = value
      case EvdevCode.contactY: y = value
      case EvdevCode.contactPressure: pressure = value
      default: return code > EvdevCode.slot && code <= 0x3F
      }
      isChanged = true
      return true
    }

    /// The square of how far another contact is.
    func distance(to other: Slot) -> Double {
      let (dx, dy) = (Double(x) - Double(other.x), Double(y) - Double(other.y))
      return dx * dx + dy * dy
    }
  }

  private var slots: [Slot] = [Slot()]
  private var current = 0
  /// Contacts that the report at hand lists; nil before one has listed any.
  private var listed: [Slot]?
  /// Whether the report at hand lists contacts, maybe none.
  private var isList = false
  /// The contact that is being told of.
  private var told = Slot()
  /// What contacts are called that have no number of the device's.
  private var nextID: Int32 = 0

  /// More slots than any hand fills: a file that names others names none.
  static let slotLimit = 256
  /// More contacts than that in one report are none.
  private static let listLimit = 32

  /// Takes a value of an axis of contacts; false where it is none.
  mutating func take(_ code: UInt16, _ value: Int32) -> Bool {
    if code == EvdevCode.slot {
      guard value >= 0, value < Int32(Self.slotLimit) else { return true }
      current = Int(value)
      while slots.count <= current { slots.append(Slot()) }
      return true
    }
    return listed == nil ? slots[current].take(code, value) : told.take(code, value)
  }

  /// Ends a contact in the list of a report, or an empty list.
  mutating func endContact() {
    if listed == nil {
      // What seemed to be of a slot was the first contact of a list.
      listed = []
      told = slots[current]
      slots[current].id = slots[current].reportedID
      if slots[current].id < 0 { slots[current].isChanged = false }
    }
    isList = true
    if told.isChanged, listed?.count ?? 0 < Self.listLimit { listed?.append(told) }
    told = Slot()
  }

  /// Forgets what the report at hand lists.
  mutating func forgetList() {
    if listed != nil { (listed, isList, told) = ([], false, Slot()) }
  }

  /// Gives the listed contacts to slots: to those of the same number or, where the device gives
  /// none, to those that are nearest, pair by pair; others go to free ones, and slots that are left
  /// end.
  private mutating func placeList() {
    guard isList, var waiting = listed else { return }
    var open = slots.indices.filter { slots[$0].id >= 0 }
    while let (contact, place) = nearest(waiting, open) {
      update(open.remove(at: place), waiting.remove(at: contact))
    }
    for slot in open { (slots[slot].id, slots[slot].isChanged) = (-1, true) }
    for contact in waiting {
      if let free = slots.indices.first(where: { slots[$0].id < 0 && !slots[$0].isChanged }) {
        update(free, contact)
      } else if slots.count < Self.slotLimit {
        slots.append(Slot())
        update(slots.count - 1, contact)
      }
    }
    forgetList()
  }

  /// Which contact belongs to which of some slots before all others; nil where none does to any.
  private func nearest(_ waiting: [Slot], _ open: [Int]) -> (contact: Int, place: Int)? {
    var best: (contact: Int, place: Int)?
    var least = Double.infinity
    for (contact, one) in waiting.enumerated() {
      for (place, slot) in open.enumerated() where one.id < 0 || one.id == slots[slot].id {
        let distance = one.id < 0 ? one.distance(to: slots[slot]) : -1
        if distance < least { (least, best) = (distance, (contact, place)) }
      }
    }
    return best
  }

  private mutating func update(_ slot: Int, _ contact: Slot) {
    let old = slots[slot]
    slots[slot].isChanged =
      old.isChanged || old.id < 0
      || (old.x, old.y, old.pressure) != (contact.x, contact.y, contact.pressure)
    (slots[slot].x, slots[slot].y, slots[slot].pressure) = (contact.x, contact.y, contact.pressure)
    guard old.id < 0 else { return }
    slots[slot].id = contact.id >= 0 ? contact.id : nextID
    if contact.id < 0 { nextID = nextID == .max ? 0 : nextID + 1 }
  }

  /// Gives an event for each contact that has changed: its number is the slot's.
  mutating func report(_ emit: (Event.Body) -> Void) {
    placeList()
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
