// SPDX-License-Identifier: Apache-2.0
//
// A sink whose calls fail where a plan says so.

import InputTape

/// Passes writes and syncs on to another sink, unless its plan says that they fail: then nothing of
/// them is written.
public final class FaultingSink: ByteSink {
  private let base: any ByteSink
  private let plan: FaultPlan

  public init(_ base: any ByteSink, plan: FaultPlan) {
    self.base = base
    self.plan = plan
  }

  public func write(_ bytes: Span<UInt8>) throws(FileError) {
    try plan.check(.write)
    try base.write(bytes)
  }

  public func sync() throws(FileError) {
    try plan.check(.sync)
    try base.sync()
  }
}
