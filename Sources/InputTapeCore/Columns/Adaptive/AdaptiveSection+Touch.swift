// SPDX-License-Identifier: Apache-2.0
//
// Touches, contact by contact (Specs/Adaptive.md, section 9).

extension AdaptiveSection {
  /// Codes contact, phase, place and pressure.
  mutating func codeTouch(_ row: Int, pressure: Int) {
    let isNew = !time.isTied
    let contact = codeContact(Int32(truncatingIfNeeded: values[row]), isNew)
    values[row] = Int64(contact)
    let offset = Int(contact) & 31
    let before = touches.phases[offset]
    let phase = codePhase(Int32(truncatingIfNeeded: values[row &+ 1]), contact, isNew)
    values[row &+ 1] = Int64(phase)
    touches.history = (touches.history << 4 | UInt64(offset & 3) << 2 | UInt64(phase & 3)) & 0xFFFF
    touches.contacts = (contact, touches.contacts.0)
    touches.lastPhase = phase
    touches.phases[offset] = phase
    codePair(
      row &+ 2, 6 &+ 2 &* offset, fields: (.touchX, .touchY), isPosition: true,
      context: Int(phase & 3) &+ (before == 0 ? 4 : 0), scales: false)
    codeColumn(row &+ 4, pressure &+ offset, number: 250, isNarrow: true)
  }

  private func short(_ value: Int32) -> UInt64 { UInt64(UInt8(truncatingIfNeeded: value)) }

  private mutating func codeContact(_ known: Int32, _ isNew: Bool) -> Int32 {
    let (a, b) = touches.contacts
    let new: UInt64 = isNew ? 128 : 0
    let phase = short(touches.lastPhase)
    let contexts = AdaptiveContexts(
      AdaptiveContexts.hash(91 | new | short(a) << 8 | short(b) << 16),
      AdaptiveContexts.hash(92 | new | short(a) << 8 | phase << 16 | UInt64(time.pace) << 24),
      AdaptiveContexts.hash(93 | new | touches.history << 8))
    let guess = isNew ? touches.first : touches.following[Int(a)]
    let contact = model.code(
      known, .contact, level: (isNew ? 8 : 0) &+ Int(min(max(a, 0), 7)), guess: guess, contexts)
    if isNew { touches.first = contact } else { touches.following[Int(a)] = contact }
    return contact
  }

  private mutating func codePhase(_ known: Int32, _ contact: Int32, _ isNew: Bool) -> Int32 {
    let new: UInt64 = isNew ? 128 : 0
    let own = touches.phases[Int(contact) & 31]
    let last = short(touches.lastPhase)
    let contexts = AdaptiveContexts(
      AdaptiveContexts.hash(101 | new | short(own) << 8 | last << 16),
      AdaptiveContexts.hash(
        102 | short(contact) << 8 | short(touches.contacts.0) << 16 | short(own) << 24),
      AdaptiveContexts.hash(
        103 | short(own) << 8 | last << 16 | UInt64(order.speed) << 24
          | (touches.history & 0xFFF) << 32))
    return model.code(
      known, .phase, level: Int((own & 7) &* 4 &+ (touches.lastPhase & 3)),
      guess: own == 2 ? 0 : 1, contexts)
  }
}
