// SPDX-License-Identifier: Apache-2.0
//
// Where live events come from.

public import InputTapeCore

/// A source of live events, driven by one thread.
public protocol CaptureSource: AnyObject {
  /// What is recorded from here, a line for each thing: for the person who is recorded.
  var summary: [String] { get }

  /// The classes of the tracks that the source may have, whatever the policy.
  var classes: Set<TrackClass> { get }

  /// Begins: declares tracks, and gives what is so at the beginning.
  func open(_ outlet: CaptureOutlet) throws(CaptureError)

  /// Descriptors that are readable when there is something to take.
  var descriptors: [Int32] { get }

  /// When to call `take` even if nothing is readable, on the recording's clock; nil for never.
  var nextTime: Int64? { get }

  /// How long the thread may sleep before it looks again, so that it wakes less often.
  var restNanoseconds: Int64 { get }

  /// Takes what is there, without waiting for more.
  func take(_ outlet: CaptureOutlet) throws(CaptureError)

  /// Whether nothing will come any more.
  var isAtEnd: Bool { get }

  /// Whether the source says which application has the focus.
  var knowsFocus: Bool { get }

  /// Ends; gives what is still held back.
  func close(_ outlet: CaptureOutlet)
}

extension CaptureSource {
  public var classes: Set<TrackClass> {
    Set(TrackClass.names.compactMap { TrackClass(name: $0) })
  }
  public var nextTime: Int64? { nil }
  public var restNanoseconds: Int64 { 0 }
  public var isAtEnd: Bool { false }
  public var knowsFocus: Bool { false }
  public func close(_ outlet: CaptureOutlet) {}
}
