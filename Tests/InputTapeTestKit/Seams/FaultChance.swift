// SPDX-License-Identifier: Apache-2.0
//
// Failures that come by chance, as on a disk that is failing.

/// How likely calls fail, and with what.
public struct FaultChance: Hashable, Sendable {
  /// The calls that may fail; nil for all.
  public var operations: Set<StorageOperation>?
  /// Of a thousand such calls, how many fail.
  public var perMille: Int
  public var effect: Fault.Effect

  public init(
    _ operations: Set<StorageOperation>? = nil, perMille: Int, effect: Fault.Effect
  ) {
    self.operations = operations
    self.perMille = perMille
    self.effect = effect
  }
}
