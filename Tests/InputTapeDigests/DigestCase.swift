// SPDX-License-Identifier: Apache-2.0
//
// Something to be seen, under a name.

import InputTapeCore

/// One line of `digests.tsv`.
public struct DigestCase: Sendable {
  /// What the digest depends on besides this project.
  public enum Dependence: String, Sendable {
    case nothing = "-"
    /// Bytes that a compression library chose: another version may choose others.
    case libraries
  }

  public let name: String
  public let dependence: Dependence
  private let body: @Sendable (inout Observation) throws -> Void

  init(
    _ name: String, dependence: Dependence = .nothing,
    _ body: @escaping @Sendable (inout Observation) throws -> Void
  ) {
    self.name = name
    self.dependence = dependence
    self.body = body
  }

  /// Looks again.
  public func digest(trace: ((String, UInt64) -> Void)? = nil) -> UInt64 {
    var observation = Observation(trace: trace)
    observation.attempt("end", body)
    return observation.digest
  }

  /// What the cases that depend on the libraries depend on.
  public static var libraryVersions: String { Compressor.libraryVersions }

  /// Every case there is.
  public static func all() throws -> [DigestCase] {
    let made = [
      ConstantCases.all, EventCases.all, ContainerCases.all, StreamCases.all, SectionCases.all,
      ChoiceCases.all, ModelCases.all, GuardedCases.all, StateCases.all, StateWalkCases.all,
      WriterCases.all, BoundaryCases.all, WriterEdgeCases.all, BudgetCases.all,
      FollowCases.all, FollowRecordCases.all, ReadingEdgeCases.all, DamageCases.all,
    ]
    return try made.flatMap { $0 } + VectorCases.all()
  }
}
