// SPDX-License-Identifier: Apache-2.0
//
// Positions and velocities: what is left when the velocity was predicted (Specs/Adaptive.md,
// section 7).

extension AdaptiveSection {
  /// Codes a pair of coordinates.
  mutating func codePosition(_ row: Int, pair: Int) {
    let axis = pair &* 2
    let field: (AdaptiveField, AdaptiveField) = (.motionX, .motionY)
    codePair(row, axis, fields: field, isPosition: true, context: pair, scales: true)
  }

  /// Codes a pair of relative coordinates.
  mutating func codeVelocity(_ row: Int) {
    codePair(row, 2, fields: (.rawX, .rawY), isPosition: false, context: 0, scales: true)
  }

  /// Codes the velocities along two axes.
  mutating func codePair(
    _ row: Int, _ axis: Int, fields: (AdaptiveField, AdaptiveField), isPosition: Bool,
    context: Int, scales: Bool
  ) {
    let x = codeAxis(
      row, axis, fields.0, isPosition,
      AdaptiveMotionContext(context: context, scales: scales, isSecond: false))
    let y = codeAxis(
      row &+ 1, axis &+ 1, fields.1, isPosition,
      AdaptiveMotionContext(
        context: context, scales: scales, isSecond: true, other: x.velocity, otherLast: x.last,
        otherChange: x.change, seen: x.seenVelocity, seenRest: x.seenRest))
    let distance = Int64(x.velocity.magnitude) &+ Int64(y.velocity.magnitude)
    order.speed = min(7, bitSize(distance))
  }

  /// Codes the velocity along one axis.
  private mutating func codeAxis(
    _ row: Int, _ axis: Int, _ field: AdaptiveField, _ isPosition: Bool,
    _ motion: AdaptiveMotionContext
  ) -> AdaptiveMotionResult {
    var state = axes[axis]
    if isPosition, !state.isPlaced { return codePlace(row, axis, field, motion) }
    let origin = isPosition ? state.position : 0
    let prediction = predict(&state, axis, motion)
    // Coordinates are modulo 2³² (Specs/Adaptive.md, section 7).
    let known = Int32(truncatingIfNeeded: values[row]) &- origin &- prediction.velocity
    // Errors are up to 2²², and so this is up to 18.
    let size = bitSize((prediction.error &* 11 / 16 &+ 8) >> 4)
    let view = AdaptiveView(state, prediction)
    let contexts =
      adapts
      ? quickContexts(view, prediction.choice, motion, size)
      : slowContexts(view, prediction.choice, motion, size)
    let level = min(view.level, 30)
    let seen = Int32(
      truncatingIfNeeded: model.code(
        Int64(view.turned(known)), field, level: level, size: size, contexts, bitCount: 2,
        situation: situation(level: level)))
    let rest = view.turned(seen)
    let velocity = prediction.velocity &+ rest
    state.position = origin &+ velocity
    state.rest = rest
    values[row] = Int64(state.position)
    let change = learn(&state, axis, velocity, rest, prediction, motion)
    axes[axis] = state
    return AdaptiveMotionResult(
      velocity: velocity, last: state.velocities.1, change: change,
      seenVelocity: view.turned(velocity), seenRest: seen)
  }

  /// Codes the first position along an axis, which says nothing of how far it will move.
  private mutating func codePlace(
    _ row: Int, _ axis: Int, _ field: AdaptiveField, _ motion: AdaptiveMotionContext
  ) -> AdaptiveMotionResult {
    let second: UInt64 = motion.isSecond ? 128 : 0
    let contexts = AdaptiveContexts(
      AdaptiveContexts.hash(59 | second),
      AdaptiveContexts.hash(60 | second | unsigned(motion.context) << 8),
      AdaptiveContexts.hash(64), AdaptiveContexts.hash(65 | unsigned(axis) << 8))
    let place = model.code(
      values[row], field, level: 31, size: 10, contexts, bitCount: 2, situation: 31)
    var state = axes[axis]
    state.position = Int32(truncatingIfNeeded: place)
    state.isPlaced = true
    axes[axis] = state
    values[row] = Int64(state.position)
    return AdaptiveMotionResult()
  }

  // Mutating as are others here that change nothing: for those that are not, a compiler that does
  // not inline them copies all of the section.

  @inline(__always)
  private mutating func quickContexts(
    _ view: AdaptiveView, _ choice: Int, _ motion: AdaptiveMotionContext, _ size: Int
  ) -> AdaptiveContexts {
    let axis: UInt64 = motion.isSecond ? 128 : 0
    let (last, before) = view.velocities
    let mode = unsigned(choice &* 4 &+ view.fraction) << 16
    let bits = unsigned(size) << 24
    let apart = small(view.adapted &- view.velocity, 6) << 8
    let stay = last &- view.velocity
    let other = small(motion.seenRest, 2) << 24 | small(motion.seen, 3) << 32
    let change = Int64(last) &- Int64(before)
    let turn = unsigned(halfBitSize(Int(change.magnitude)) &* 2 &+ (change < 0 ? 1 : 0)) << 40
    let device = unsigned(choice) << 16 | bits
    return AdaptiveContexts(
      AdaptiveContexts.hash(
        51 | unsigned(bitSize(view.velocity)) << 8 | mode | bits
          | unsigned(motion.context) << 32),
      AdaptiveContexts.hash(52 | small(view.velocity, 24) << 8 | device | small(stay, 3) << 32),
      AdaptiveContexts.hash(
        axis | 53 | apart | small(stay, 6) << 16 | other | turn | small(last, 1) << 48
          | unsigned(size &* 4 &+ choice) << 56),
      AdaptiveContexts.hash(
        57 | device | unsigned(motion.context) << 32 | signedSize(motion.seenRest) << 40))
  }

  /// The contexts of a device whose velocities are not adapted to.
  @inline(__always)
  private mutating func slowContexts(
    _ view: AdaptiveView, _ choice: Int, _ motion: AdaptiveMotionContext, _ size: Int
  ) -> AdaptiveContexts {
    let bits = unsigned(size) << 24 | unsigned(motion.context) << 32 | unsigned(choice) << 16
    let last = view.velocities.0
    let predicted = unsigned(halfBitSize(view.velocity) &* 2 &+ signBit(view.velocity))
    let other = unsigned(min(bitSize(motion.seenRest), 7)) << 40
    let held: UInt64 = keys.count(isButton: true) > 0 ? 1 : 0
    return AdaptiveContexts(
      AdaptiveContexts.hash(
        54 | predicted << 8 | bits | unsigned(halfBitSize(last)) << 40),
      AdaptiveContexts.hash(
        55 | unsigned(min(view.quick, 24)) << 8 | bits | other | unsigned(time.pace) << 48
          | signedSize(motion.seen) << 56),
      AdaptiveContexts.hash(
        56 | unsigned(min(2, view.quick / 3)) << 8 | bits | unsigned(bitSize(last)) << 40
          | signedSize(view.rest) << 48),
      AdaptiveContexts.hash(
        58 | small(view.velocity, 24) << 8 | bits | (order.history & 0xFFFF) << 40
          | unsigned(time.steps.0) << 56 | held << 60))
  }

  /// The size and sign of a velocity.
  @inline(__always)
  private func signedSize(_ value: Int32) -> UInt64 {
    unsigned(bitSize(value) &* 2 &+ signBit(value))
  }

  @inline(__always)
  private func small(_ value: Int32, _ limit: Int32) -> UInt64 {
    UInt64(UInt8(truncatingIfNeeded: min(max(value, 0 &- limit), limit)))
  }

  /// Predicts a velocity: the best so far of none, the last one, and the adapted one.
  @inline(__always)
  private mutating func predict(
    _ state: inout AdaptiveAxis, _ axis: Int, _ motion: AdaptiveMotionContext
  ) -> AdaptivePrediction {
    var result = AdaptivePrediction(error: state.errors.0)
    result.last = state.velocities.0
    if !adapts, motion.scales { scale(&result, state, motion) }
    if state.errors.1 < result.error {
      result.choice = 1
      result.velocity = result.last
      result.error = state.errors.1
    }
    guard adapts else { return result }
    adapt(&result, &state, axis, motion)
    if state.errors.2 <= result.error {
      result.choice = 2
      result.velocity = result.adapted
      result.error = state.errors.2
    }
    return result
  }

  /// Predicts that a velocity changes as others did: with the time since the last event, and for y
  /// as x did, for x as before.
  @inline(__always)
  private func scale(
    _ result: inout AdaptivePrediction, _ state: AdaptiveAxis, _ motion: AdaptiveMotionContext
  ) {
    let (last, before) = state.velocities
    let size = min(bitSize(last), 5)
    guard size > 1 else { return }
    let trend = motion.isSecond ? ratio(motion.other, motion.otherLast) : ratio(last, before)
    let steps = time.steps.0 &* 4 &+ min(time.steps.1, 3)
    let number = ((motion.isSecond ? 28 : 0) &+ steps) &* 48 &+ size &* 8 &+ trend
    result.factor = number
    result.last = factors[number].times(last)
  }

  /// How a velocity compares with the one before, in seven classes.
  @inline(__always)
  private func ratio(_ velocity: Int32, _ before: Int32) -> Int {
    // Quarters from 1 to 7, less 1. To divide takes longer, and a branch on the sign.
    let sign = Int64(before >> 31)
    let distance = (Int64(before) ^ sign) &- sign
    let quarters = ((Int64(velocity) ^ sign) &- sign) &* 4
    var count = 0
    for quarter in 2...7 as ClosedRange<Int64> {
      count &+= quarters >= quarter &* distance ? 1 : 0
    }
    return before == 0 ? 3 : count
  }

  /// Predicts a velocity by the weights that adapt to the device.
  @inline(__always)
  private mutating func adapt(
    _ result: inout AdaptivePrediction, _ state: inout AdaptiveAxis, _ axis: Int,
    _ motion: AdaptiveMotionContext
  ) {
    let base = axis &* AdaptiveAxis.tapCount
    if state.newest == 0 {
      for index in 0..<AdaptiveAxis.tapCount { taps[base &+ index] = 0 }
      // Of what a counter gives too much once it gives too little next, and some the time after.
      taps[base &+ 64] = -36_000
      taps[base &+ 65] = -14_000
      taps[base &+ 66] = 4_000
      state.newest = 64 - AdaptiveAxis.order
    }
    var sum = Int(motion.otherChange) &* Int(taps[base &+ 64 &+ AdaptiveAxis.order])
    let newest = base &+ state.newest
    sum &+= taps.sum(changes: newest, weights: base &+ 64)
    let adapted16 = (Int(state.velocities.0) << 4) &+ (sum >> 12)
    result.adapted16 = adapted16
    let adapted = min(max((adapted16 &+ 8) >> 4, -(1 << 30)), 1 << 30)
    result.adapted = Int32(truncatingIfNeeded: adapted)
  }

  /// Adapts the weights to the velocity that was found.
  ///
  /// - Returns: the change of velocity.
  @inline(__always)
  private mutating func learn(
    _ state: inout AdaptiveAxis, _ axis: Int, _ velocity: Int32, _ rest: Int32,
    _ prediction: AdaptivePrediction, _ motion: AdaptiveMotionContext
  ) -> Int32 {
    score(&state, velocity, rest, prediction)
    let known = state.velocities.0
    if let number = prediction.factor {
      var factor = factors[number]
      factor.adapt(from: prediction.last, to: velocity, known)
      factors[number] = factor
    }
    state.velocities = (velocity, known)
    guard adapts else { return 0 }
    let base = axis &* AdaptiveAxis.tapCount
    let newest = base &+ state.newest
    let weights = base &+ 64
    let other = Int(motion.otherChange)
    let energy = 64 &+ other &* other &+ state.energy
    let error = min(max((Int(velocity) << 4) &- prediction.adapted16, -(1 << 18)), 1 << 18)
    let haste = state.learnt < 32 ? 2 : state.learnt < 256 ? 1 : 0
    state.learnt &+= 1
    let gain = min(max((error << (20 &+ haste)) / energy, -(1 << 16)), 1 << 16)
    // Weights are modulo 2³² (Specs/Adaptive.md, section 7).
    let gain32 = Int32(truncatingIfNeeded: gain)
    taps.learn(changes: newest, weights: weights, gain: gain32)
    taps[weights &+ AdaptiveAxis.order] &+= (gain32 &* motion.otherChange) >> 12
    let change = min(max(Int64(velocity) &- Int64(known), -8_191), 8_191)
    let oldest = Int(taps[newest &+ AdaptiveAxis.order &- 1])
    state.energy &+= Int(change &* change) &- oldest &* oldest
    push(Int32(change), &state, base)
    return Int32(change)
  }

  /// Puts a change before the others.
  @inline(__always)
  private func push(_ change: Int32, _ state: inout AdaptiveAxis, _ base: Int) {
    if state.newest == 1 {
      for index in 0..<AdaptiveAxis.order {
        taps[base &+ 64 &- AdaptiveAxis.order &+ index] = taps[base &+ 1 &+ index]
      }
      state.newest = 64 - AdaptiveAxis.order
    }
    state.newest &-= 1
    taps[base &+ state.newest] = change
  }

  @inline(__always)
  private func score(
    _ state: inout AdaptiveAxis, _ velocity: Int32, _ rest: Int32, _ prediction: AdaptivePrediction
  ) {
    let errors = (
      size16(Int64(velocity)), size16(Int64(velocity) &- Int64(prediction.last)),
      size16(Int64(velocity) &- Int64(prediction.adapted))
    )
    state.errors.0 &+= (errors.0 &- state.errors.0) >> 4
    state.errors.1 &+= (errors.1 &- state.errors.1) >> 4
    state.errors.2 &+= (errors.2 &- state.errors.2) >> 4
    state.quickError &+= (size16(Int64(rest)) &- state.quickError) >> 1
  }

  /// A magnitude in 16ths, up to 2²².
  @inline(__always)
  private func size16(_ value: Int64) -> Int32 {
    Int32(truncatingIfNeeded: min(value.magnitude << 4, 1 << 22))
  }
}

extension AdaptiveSection where Coder == BitEncoder {
  /// Whether predictions that adapt to the device promise to pay: an encoder's choice, from the
  /// first coordinates of the kind of motion with the most events.
  ///
  /// - Parameter counts: how many events each kind has.
  mutating func suitsAdapting(_ counts: [Int]) -> Bool {
    let motions = kinds.indices.lazy.filter { [kinds] in
      kinds[$0].shape == .position || kinds[$0].shape == .velocity
    }
    guard let number = motions.max(by: { counts[$0] < counts[$1] }) else { return false }
    let wanted = min(max(counts[number] / 16, 128), 1_024)
    adapts = true
    let costs = trial(number, wanted)
    axes[0] = AdaptiveAxis()
    return costs.gain(isPosition: kinds[number].shape == .position) > 0
  }

  /// What the rests of the first velocities may cost.
  private mutating func trial(_ number: Int, _ wanted: Int) -> AdaptiveTrial {
    let isPosition = kinds[number].shape == .position
    var (row, last) = (0, Int32(0))
    var costs = AdaptiveTrial()
    for index in 0..<kindNumbers.count {
      let kind = Int(kindNumbers[index])
      if kind == number {
        let value = Int32(truncatingIfNeeded: values[row])
        let velocity = isPosition ? value &- last : value
        last = value
        costs.count += 1
        if costs.count > 1 { tryVelocity(velocity, &costs) }
        if costs.count > wanted || costs.isClear(isPosition: isPosition) { break }
      }
      row += kinds[kind].width
    }
    return costs
  }

  private mutating func tryVelocity(_ velocity: Int32, _ costs: inout AdaptiveTrial) {
    var state = axes[0]
    let motion = AdaptiveMotionContext(context: 0, scales: true, isSecond: false)
    let prediction = predict(&state, 0, motion)
    let simple = state.errors.1 < state.errors.0 ? state.velocities.0 : 0
    costs.simple += halfBitSize(Int(size16(Int64(velocity) &- Int64(simple))))
    costs.adapted += halfBitSize(Int(size16(Int64(velocity) &- Int64(prediction.adapted))))
    _ = learn(&state, 0, velocity, velocity &- prediction.velocity, prediction, motion)
    axes[0] = state
  }
}

/// What velocities cost with predictions that adapt and without.
private struct AdaptiveTrial {
  var simple = 0
  var adapted = 0
  /// How many velocities there were.
  var count = 0

  /// How much adapting promises to save.
  func gain(isPosition: Bool) -> Int {
    // Raw motion comes from sensors whose frames beat with their reports, and contexts of adapted
    // predictions suit small numbers.
    let bonus = isPosition ? -simple / 8 : max(13 * count - simple, 0) / 2
    return simple + bonus - adapted
  }

  /// Whether more velocities would not change what they say: positions that have lost an eighth do
  /// not pay in the end, and what has gained a quarter does.
  func isClear(isPosition: Bool) -> Bool {
    guard count % 32 == 0 else { return false }
    let gain = gain(isPosition: isPosition)
    return isPosition && gain * 8 < -simple || count >= 64 && gain * 4 > simple
  }
}

/// What a velocity depends on beside its own axis.
struct AdaptiveMotionContext {
  var context: Int
  /// Whether velocities are multiplied by what followed such velocities.
  var scales: Bool
  var isSecond: Bool
  var other: Int32 = 0
  var otherLast: Int32 = 0
  var otherChange: Int32 = 0
  /// The other axis's velocity and rest as its contexts see them.
  var seen: Int32 = 0
  var seenRest: Int32 = 0
}

/// What was found for one axis.
struct AdaptiveMotionResult {
  var velocity: Int32 = 0
  var last: Int32 = 0
  var change: Int32 = 0
  /// The velocity and the rest as contexts see them.
  var seenVelocity: Int32 = 0
  var seenRest: Int32 = 0
}
