// SPDX-License-Identifier: Apache-2.0
//
// What of somebody's input may be recorded: decided before anything is encoded.

public import InputTapeCore

/// How much of each class of input is recorded.
public struct CapturePolicy: Hashable, Sendable {
  /// How much of a class is kept.
  public enum Level: String, Hashable, Sendable, CaseIterable {
    /// Nothing; a gap says that something may be missing, not how much.
    case off
    /// How many events there were in every ten seconds.
    case count
    /// When events happened; codes, positions and texts are 0 or empty.
    case timing
    /// As `timing`, and of keys their sort, of buttons the number, of windows the application.
    case `class`
    /// Everything.
    case full
  }

  private var levels: [TrackClass: Level] = [
    .pointer: .full, .keyboard: .timing, .text: .off, .context: .class, .touch: .full,
    .pen: .full, .gamepad: .full, .custom: .off,
  ]

  /// Times are rounded down to a multiple of this; 1 keeps them.
  public var timeGridNanoseconds: Int64 = 1
  /// Positions are rounded down to a multiple of this, differences keep their sum; 1 keeps them.
  public var coordinateGrid: Int32 = 1
  /// Only while one of these applications has the focus anything is recorded; nil for all.
  public var applications: Set<String>?

  /// No text, no key content, no titles; pointers, touch, pens and gamepads as they are.
  public init() {}

  /// The level of a class; of classes that nobody has named, nothing is recorded.
  public subscript(trackClass: TrackClass) -> Level {
    get { levels[trackClass] ?? .off }
    set { levels[trackClass] = newValue }
  }

  /// The policy as metadata of the recording: names and values.
  public var metadata: [(name: String, value: String)] {
    var result = TrackClass.names.indices.map { index in
      let trackClass = TrackClass(rawValue: UInt8(index))
      return (name: "policy.\(trackClass.name)", value: self[trackClass].rawValue)
    }
    if timeGridNanoseconds > 1 {
      result.append((name: "policy.timeGrid", value: String(timeGridNanoseconds)))
    }
    if coordinateGrid > 1 {
      result.append((name: "policy.coordinateGrid", value: String(coordinateGrid)))
    }
    if let applications {
      let names = applications.sorted().joined(separator: "\n")
      result.append((name: "policy.applications", value: String(names.prefix(1_000))))
    }
    return result
  }
}
