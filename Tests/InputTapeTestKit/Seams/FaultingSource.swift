// SPDX-License-Identifier: Apache-2.0
//
// A source whose reads fail, or end early, where a plan says so.

import InputTape

/// Reads another source, unless its plan says that a read fails.
public struct FaultingSource: ByteSource {
  private let base: any ByteSource
  private let plan: FaultPlan

  public init(_ base: any ByteSource, plan: FaultPlan) {
    self.base = base
    self.plan = plan
  }

  public func byteCount() throws(FileError) -> UInt64 { try base.byteCount() }

  public func read(
    at position: UInt64, count: Int, into buffer: inout [UInt8]
  ) throws(FileError) {
    switch plan.effect(of: .read) {
    case .error(let code)?: throw .system(operation: "read", code: code)
    case .short(let limit)?:
      try base.read(at: position, count: min(count, limit), into: &buffer)
    case nil: try base.read(at: position, count: count, into: &buffer)
    }
  }
}
