// SPDX-License-Identifier: Apache-2.0
//
// Keys and buttons: a release names one that is held (Specs/Adaptive.md, section 8).

extension AdaptiveSection {
  /// Codes the code and state of a key or button.
  mutating func codeKey(_ row: Int, isButton: Bool) -> AdaptiveKeyContext {
    let count = keys.count(isButton: isButton)
    let state = codeState(row, count, isButton)
    values[row &+ 1] = Int64(state)
    keys.noteState(state)
    let known = Int32(truncatingIfNeeded: values[row])
    if state != 1, let offset = codeHeld(known, count, isButton) {
      let entry = keys.entry(offset, isButton: isButton)
      if state == 0 { keys.release(offset, isButton: isButton) }
      values[row] = Int64(entry.code)
      return AdaptiveKeyContext(
        group: count == 1 && state == 0 ? 2 : 3, code: pair(-1, entry.code),
        elapsed: max(time.now &- entry.time, 0))
    }
    let code = codePress(known, isButton)
    values[row] = Int64(code)
    guard state == 1 else { return AdaptiveKeyContext(group: 3, code: pair(-1, code), elapsed: 0) }
    let last = keys.codes.0
    keys.press(code, isButton: isButton)
    return AdaptiveKeyContext(
      group: count == 0 ? 0 : 1, code: pair(last, code),
      elapsed: max(time.now &- keys.lastPress, 0))
  }

  @inline(__always)
  private func pair(_ first: Int32, _ second: Int32) -> UInt64 {
    UInt64(UInt16(truncatingIfNeeded: first)) << 16 | UInt64(UInt16(truncatingIfNeeded: second))
  }

  private mutating func codeState(_ row: Int, _ heldCount: Int, _ isButton: Bool) -> Int32 {
    let count = UInt64(min(heldCount, 7))
    let (a, b, c) = keys.states
    let states = a << 16 | b << 20 | c << 24 | count << 8
    let oldest = heldCount > 0 ? keys.entry(0, isButton: isButton) : AdaptiveHeld(time: time.now)
    let age = UInt64(min(15, bitSize(max(time.now &- oldest.time, 0))))
    let code = UInt64(UInt16(truncatingIfNeeded: oldest.code))
    let last = UInt64(UInt16(truncatingIfNeeded: keys.codes.0))
    let contexts = AdaptiveContexts(
      AdaptiveContexts.hash(61 | states | (isButton ? 128 : 0)),
      AdaptiveContexts.hash(62 | count << 8 | a << 16 | code << 24 | last << 40),
      AdaptiveContexts.hash(63 | count << 8 | age << 16 | UInt64(time.odd) << 24 | a << 32))
    return model.code(
      Int32(truncatingIfNeeded: values[row &+ 1]), isButton ? .buttonState : .keyState,
      level: Int(count) &* 4 &+ Int(a), guess: heldCount == 0 ? 1 : 0, contexts)
  }

  /// Codes a code that need not be held: its page, then its byte.
  private mutating func codePress(_ known: Int32, _ isButton: Bool) -> Int32 {
    let field: AdaptiveField = isButton ? .buttonCode : .keyCode
    let bits = UInt32(bitPattern: known)
    let page = codePage(bits >> 8, field, isButton)
    let byte = model.code(byte: Int(bits & 255), field, pressContexts(isWide: page != 0))
    return Int32(bitPattern: page << 8 | UInt32(byte))
  }

  /// Codes the bits of a code above its byte: 0, those of the last code that had some, or others.
  private mutating func codePage(
    _ known: UInt32, _ field: AdaptiveField, _ isButton: Bool
  ) -> UInt32 {
    let number = isButton ? 1 : 0
    let last = keys.page(isButton: isButton)
    let isByte =
      last.isSeen
      ? model.code(choice: known == 0, field, level: 0, pressContexts(isWide: false))
      : model.code(flag: known == 0, number)
    if isByte { return 0 }
    var page = last.page
    if !model.code(flag: known == page, 2 + number) {
      page = UInt32(model.coder.codeRaw(UInt64(known), bitCount: 24))
    }
    keys.note(page: page, isButton: isButton)
    return page
  }

  /// What a code follows from: the codes before it.
  private func pressContexts(isWide: Bool) -> AdaptiveContexts {
    let (a, b, c) = keys.codes
    let wide: UInt64 = isWide ? 1 << 56 : 0
    let first = UInt64(UInt16(truncatingIfNeeded: a)) << 8 | wide
    let second = UInt64(UInt16(truncatingIfNeeded: b)) << 24
    let third = UInt64(UInt16(truncatingIfNeeded: c)) << 40
    return AdaptiveContexts(
      AdaptiveContexts.hash(71 | first), AdaptiveContexts.hash(72 | first | second),
      AdaptiveContexts.hash(73 | first | second | third))
  }

  /// Codes which of the held ones it is.
  ///
  /// - Returns: its offset, or nil where it is none of them.
  private mutating func codeHeld(
    _ known: Int32, _ heldCount: Int, _ isButton: Bool
  ) -> Int? {
    let wanted = Coder.isDecoder ? nil : keys.offset(of: known, isButton: isButton)
    let count = min(heldCount, 7)
    let field: AdaptiveField = isButton ? .buttonHeld : .keyHeld
    for offset in 0..<heldCount {
      let entry = keys.entry(offset, isButton: isButton)
      let place = UInt64(offset) << 8 | UInt64(count) << 16
      let code = UInt64(UInt16(truncatingIfNeeded: entry.code)) << 24
      let next = offset + 1 < heldCount ? keys.entry(offset + 1, isButton: isButton).code : -1
      let following = UInt64(UInt16(truncatingIfNeeded: next)) << 40
      let age = UInt64(min(15, bitSize(max(time.now &- entry.time, 0)))) << 24
      let contexts = AdaptiveContexts(
        AdaptiveContexts.hash(81 | place | code), AdaptiveContexts.hash(82 | place | age),
        AdaptiveContexts.hash(83 | place | code | following))
      let isIt = model.code(
        choice: offset == wanted, field, level: min(31, count * 4 + min(offset, 3)), contexts)
      if isIt { return offset }
    }
    return nil
  }
}
