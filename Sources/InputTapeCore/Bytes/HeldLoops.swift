// SPDX-License-Identifier: Apache-2.0
//
// Codes of keys and buttons, and where they stand among those that are held (Specs/Encodings.md,
// section 6).
//
// All presses of a column stand in one queue, in their order. Those that are held, oldest first,
// are a part of it; what is released or forgotten is moved to the front of that part, which begins
// behind it then.
//
// Invariant: the next press, the next other event and the next event are no further than there are
// some; what is held begins no further than the next press.

import CInputTapePlatform

/// The states of a column's events, and how many are presses.
struct HeldStates: ~Escapable {
  let all: Span<Int32>
  let pressCount: Int

  var otherCount: Int { all.count - pressCount }

  @_lifetime(copy all)
  init(_ all: Span<Int32>) {
    self.all = all
    pressCount = all.count(of: KeyState.down.rawValue)
  }
}

/// Codes to places, and back.
enum HeldLoops {
  /// More than these are forgotten, the oldest first.
  static let limit = 32
  /// Behind codes are so many entries more, which wide loops read or write.
  static let padding = 16

  /// Presses, and numbers of other events, to codes.
  ///
  /// - Parameters:
  ///   - queue: the presses' codes and the padding; is in another order then.
  ///   - others: places, and numbers in `table` above `limit`.
  /// - Returns: false where a number is neither a code nor a place in use.
  static func follow(
    _ states: borrowing HeldStates, queue: inout [Int32], others: [UInt64], _ table: CodeTable,
    into codes: inout [Int32], vectors: Vectors = .best
  ) -> Bool {
    let count = states.all.count
    precondition(
      queue.count == states.pressCount + padding && others.count == states.otherCount
        && codes.count == count, "A place for each event")
    let isWide = vectors == .of512
    // Safe: there are as many presses, others and codes as states say; places in use are within
    // the queue.
    return unsafe queue.withUnsafeMutableBufferPointer { queue in
      unsafe codes.withUnsafeMutableBufferPointer { codes in
        unsafe states.all.withUnsafeBufferPointer { states in
          unsafe others.withUnsafeBufferPointer { others in
            guard let queue = queue.baseAddress, let target = codes.baseAddress,
              let source = states.baseAddress
            else { return true }
            var held = unsafe HeldQueue(queue)
            while held.place.event < count {
              // Without others none is read.
              if isWide {
                unsafe itape_follow_held_512(
                  source, count, queue, others.baseAddress, target, &held.place)
              }
              // What stops wide loops is soon behind.
              let end = isWide ? min(held.place.event &+ 16, count) : count
              while held.place.event < end {
                let state = unsafe states[held.place.event]
                let code: Int32
                if state == KeyState.down.rawValue {
                  code = held.press()
                } else {
                  let number = unsafe others[held.place.other]
                  guard let other = held.follow(number, state, table) else { return false }
                  code = other
                  held.place.other &+= 1
                }
                unsafe target[held.place.event] = code
                held.place.event &+= 1
              }
            }
            return true
          }
        }
      }
    }
  }

  /// Codes of presses to the front of `queue`, all others to that of `released`, both with padding.
  static func split(
    _ codes: Span<Int32>, _ states: borrowing HeldStates, queue: inout [Int32],
    released: inout [Int32], vectors: Vectors = .best
  ) {
    let count = codes.count
    precondition(count == states.all.count, "A code for each state")
    queue.resize(to: states.pressCount + padding, filler: 0)
    released.resize(to: states.otherCount + padding, filler: 0)
    // Safe: there are as many presses and others as states say, and a vector fits behind them.
    unsafe queue.withUnsafeMutableBufferPointer { queue in
      unsafe released.withUnsafeMutableBufferPointer { released in
        unsafe codes.withUnsafeBufferPointer { codes in
          unsafe states.all.withUnsafeBufferPointer { states in
            guard let presses = queue.baseAddress, let others = released.baseAddress,
              let source = codes.baseAddress, let states = states.baseAddress
            else { return }
            var (index, press) = (0, 0)
            if vectors == .of512 {
              press = unsafe itape_split_held_512(source, states, count, presses, others)
              index = count & ~15
            }
            // Each code is written to both, and stays in one of them.
            while index < count {
              let code = unsafe source[index]
              unsafe presses[press] = code
              unsafe others[index &- press] = code
              press &+= 1 &- Int(unsafe (states[index] ^ KeyState.down.rawValue).isSome)
              index &+= 1
            }
          }
        }
      }
    }
  }

  /// Replaces `others` by places, and by codes above `limit` of what is not held.
  ///
  /// - Parameters:
  ///   - queue: the presses' codes and the padding; is in another order then.
  ///   - released: the others' codes and the padding.
  static func find(
    _ states: borrowing HeldStates, queue: inout [Int32], released: [Int32],
    others: inout [UInt64], vectors: Vectors = .best
  ) {
    let count = states.all.count
    precondition(
      queue.count == states.pressCount + padding
        && released.count == states.otherCount + padding,
      "A place for each event")
    others.resize(forAll: states.otherCount)
    let isWide = vectors == .of512
    // Safe: there are as many presses and others as states say; places in use are within the queue.
    unsafe queue.withUnsafeMutableBufferPointer { queue in
      unsafe others.withUnsafeMutableBufferPointer { others in
        unsafe states.all.withUnsafeBufferPointer { states in
          unsafe released.withUnsafeBufferPointer { released in
            guard let queue = queue.baseAddress, let codes = released.baseAddress,
              let source = states.baseAddress
            else { return }
            var held = unsafe HeldQueue(queue)
            while held.place.event < count {
              if isWide {
                unsafe itape_find_held_512(
                  source, count, queue, codes, others.baseAddress, &held.place)
              }
              let end = isWide ? min(held.place.event &+ 16, count) : count
              while held.place.event < end {
                let state = unsafe states[held.place.event]
                if state == KeyState.down.rawValue {
                  _ = held.press()
                } else {
                  let number = held.find(unsafe codes[held.place.other], state)
                  unsafe others[held.place.other] = number
                  held.place.other &+= 1
                }
                held.place.event &+= 1
              }
            }
          }
        }
      }
    }
  }
}

/// What is held, among all presses.
///
/// Invariant: that of this file; the queue outlives it.
private struct HeldQueue {
  private let codes: UnsafeMutablePointer<Int32>
  var place = itape_held_place()

  init(_ codes: UnsafeMutablePointer<Int32>) { unsafe self.codes = codes }

  private var count: Int { place.press &- place.oldest }

  /// Takes the next press, and returns its code.
  @inline(__always)
  mutating func press() -> Int32 {
    // Safe: the caller knows that there is one more; what is held is before it.
    let code = unsafe codes[place.press]
    if find(code) != nil {
      // It is held already, and stays where it is.
      remove(at: count)
    } else if count == HeldLoops.limit {
      place.oldest &+= 1
    }
    place.press &+= 1
    return code
  }

  /// The place of a code that is held.
  @inline(__always)
  private func find(_ code: Int32) -> Int? {
    for index in place.oldest..<place.press {
      // Safe: before the next press.
      if unsafe codes[index] == code { return index &- place.oldest }
    }
    return nil
  }

  /// Moves what is at a place, or the next press, to the front, and passes over it.
  @inline(__always)
  private mutating func remove(at number: Int) {
    var index = place.oldest &+ number
    // Safe: no further than the next press.
    let code = unsafe codes[index]
    while index > place.oldest {
      unsafe codes[index] = codes[index &- 1]
      index &-= 1
    }
    unsafe codes[index] = code
    place.oldest &+= 1
  }

  /// The code of another event, from its number; nil where that is neither a place nor a code.
  @inline(__always)
  mutating func follow(_ number: UInt64, _ state: Int32, _ table: CodeTable) -> Int32? {
    guard number < UInt64(HeldLoops.limit) else {
      guard let code = table.code(of: number &- UInt64(HeldLoops.limit)) else { return nil }
      return Int32(bitPattern: code)
    }
    guard number < UInt64(count) else { return nil }
    // Safe: just compared.
    let code = unsafe codes[place.oldest &+ Int(number)]
    if state == KeyState.up.rawValue { remove(at: Int(number)) }
    return code
  }

  /// The number of another event, from its code.
  @inline(__always)
  mutating func find(_ code: Int32, _ state: Int32) -> UInt64 {
    guard let found = find(code) else {
      return UInt64(HeldLoops.limit) &+ UInt64(UInt32(bitPattern: code))
    }
    if state == KeyState.up.rawValue { remove(at: found) }
    return UInt64(found)
  }
}
