// SPDX-License-Identifier: Apache-2.0
//
// Counts calls, and says which of them fail.

import InputTape

/// The faults of one run, and how many calls there were.
///
/// Safe to share: everything is touched with the lock held.
public final class FaultPlan: @unchecked Sendable {
  private let monitor = Monitor()
  private var faults: [(fault: Fault, seen: Int)]
  private var counts: [StorageOperation: Int] = [:]
  private var hits = 0
  private var chances: [FaultChance] = []
  private var random = SeededRandom(seed: 0)

  public init(_ faults: [Fault] = []) {
    self.faults = faults.map { ($0, 0) }
  }

  /// Adds a fault, whose calls are counted from now on.
  public func add(_ fault: Fault) { monitor.withLock { faults.append((fault, 0)) } }

  /// Lets calls fail by chance, from now on and the same for the same seed.
  public func setChances(_ chances: [FaultChance], seed: UInt64) {
    monitor.withLock {
      self.chances = chances
      random = SeededRandom(seed: seed)
    }
  }

  /// Lets everything succeed again.
  public func clear() {
    monitor.withLock {
      faults = []
      chances = []
    }
  }

  /// How many calls there were.
  public func count(_ operation: StorageOperation) -> Int {
    monitor.withLock { counts[operation] ?? 0 }
  }

  /// How many calls there were of any sort.
  public var callCount: Int { monitor.withLock { counts.values.reduce(0, +) } }

  /// How many calls were made to fail.
  public var hitCount: Int { monitor.withLock { hits } }

  /// Counts a call.
  ///
  /// - Returns: what it does instead of what it should; the first fault that applies.
  func effect(of operation: StorageOperation) -> Fault.Effect? {
    monitor.withLock {
      counts[operation, default: 0] += 1
      var effect: Fault.Effect?
      for index in faults.indices where faults[index].fault.covers(operation) {
        faults[index].seen += 1
        let fault = faults[index].fault
        let number = faults[index].seen - fault.call
        if number >= 0, number < fault.repeats, effect == nil { effect = fault.effect }
      }
      for chance in chances where effect == nil && chance.operations?.contains(operation) ?? true {
        if Int.random(in: 0..<1_000, using: &random) < chance.perMille { effect = chance.effect }
      }
      if effect != nil { hits += 1 }
      return effect
    }
  }

  /// Counts a call that does all or nothing.
  func check(_ operation: StorageOperation, _ name: String = "") throws(FileError) {
    if case .error(let code)? = effect(of: operation) {
      let words = [operation.rawValue, name].filter { !$0.isEmpty }
      throw .system(operation: words.joined(separator: " "), code: code)
    }
  }
}
