// SPDX-License-Identifier: Apache-2.0
//
// Which call of the system fails, how, and how often.

/// One call of a storage or one of its files.
public enum StorageOperation: String, Hashable, Sendable, CaseIterable {
  case create, open, rename, remove, list, syncFolder
  case write, read, truncate, sync, isLinked
}

/// A failure that waits for its call.
public struct Fault: Hashable, Sendable {
  /// What the call does instead of what it should.
  public enum Effect: Hashable, Sendable {
    /// Fails with an error number of the system, and does nothing.
    case error(Int32)
    /// Writes or reads at most so many bytes.
    case short(Int)
  }

  /// The calls that are counted; nil for all.
  public var operations: Set<StorageOperation>?
  /// Which of these calls fails, from 1.
  public var call: Int
  /// How many calls fail, from that one on; `Int.max` for ever.
  public var repeats: Int
  public var effect: Effect

  public init(
    _ operations: Set<StorageOperation>? = nil, call: Int, repeats: Int = 1, effect: Effect
  ) {
    self.operations = operations
    self.call = call
    self.repeats = repeats
    self.effect = effect
  }

  func covers(_ operation: StorageOperation) -> Bool {
    operations?.contains(operation) ?? true
  }
}
