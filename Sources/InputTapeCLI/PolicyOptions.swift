// SPDX-License-Identifier: Apache-2.0
//
// The policy of `itape record` on the command line.

import ArgumentParser
import InputTape
import InputTapeCapture

struct PolicyOptions: ParsableArguments {
  @Option(help: "How much of a class is recorded, as in keyboard=class or all=timing; repeatable.")
  var level: [String] = []
  @Option(help: "Times are rounded down to a multiple of this, as in 10ms.")
  var timeGrid: TimeArgument?
  @Option(help: "Positions are rounded down to a multiple of this.") var coordinateGrid: Int32 = 1
  @Option(help: "Record only while this application has the focus; repeatable.")
  var allowApplication: [String] = []

  func validate() throws {
    _ = try policy()
  }

  func policy() throws -> CapturePolicy {
    var policy = CapturePolicy()
    for text in level { try Self.apply(text, to: &policy) }
    if let timeGrid {
      guard timeGrid.nanoseconds >= 1 else {
        throw ValidationError("--time-grid takes 1ns or more")
      }
      policy.timeGridNanoseconds = timeGrid.nanoseconds
    }
    guard (1...1_000_000).contains(coordinateGrid) else {
      throw ValidationError("--coordinate-grid takes 1 to 1000000")
    }
    policy.coordinateGrid = coordinateGrid
    if !allowApplication.isEmpty { policy.applications = Set(allowApplication) }
    return policy
  }

  private static func apply(_ text: String, to policy: inout CapturePolicy) throws {
    let parts = text.split(separator: "=", omittingEmptySubsequences: false)
    let levels = CapturePolicy.Level.allCases.map(\.rawValue).joined(separator: ", ")
    guard parts.count == 2, let level = CapturePolicy.Level(rawValue: String(parts[1])) else {
      throw ValidationError("--level takes CLASS=LEVEL, with one of: \(levels)")
    }
    let names = parts[0] == "all" ? TrackClass.names : [String(parts[0])]
    for name in names {
      guard TrackClass.names.contains(name), let trackClass = TrackClass(name: name) else {
        throw ValidationError(
          "'\(name)' is no class: \(TrackClass.names.joined(separator: ", ")), all")
      }
      policy[trackClass] = level
    }
  }
}
