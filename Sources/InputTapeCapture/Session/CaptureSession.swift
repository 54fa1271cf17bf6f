// SPDX-License-Identifier: Apache-2.0
//
// Sources, policy and queue joined: one thread waits for all sources and takes what comes.

import CInputTapeCapture
import InputTape
import InputTapeCore

#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// Records from sources until it is told to stop, or they end.
public final class CaptureSession {
  private let queue: CaptureQueue
  private let outlet: CaptureOutlet
  private let sources: [any CaptureSource]
  private let control: SessionControl
  private var problems: [CaptureError] = []
  private var isClosed: [Bool]

  /// What a session tells about itself now and then.
  public struct Status: Sendable {
    public var queue: QueueStatistics
    /// Events that the sources have offered.
    public var offeredEventCount: Int
    /// Events that the policy or a pause has withheld.
    public var withheldEventCount: Int
    public var isPaused: Bool
    /// Nanoseconds since the recording began.
    public var time: Int64
  }

  /// - Parameters:
  ///   - queue: its first lane is the session's.
  ///   - sources: where events come from.
  ///   - policy: what of them may be recorded; the recording's metadata say so.
  ///   - control: ends and pauses the session.
  public init(
    queue: CaptureQueue, sources: [any CaptureSource], policy: CapturePolicy,
    control: SessionControl
  ) {
    self.queue = queue
    for (name, value) in policy.metadata { queue.setMetadata(name, value) }
    outlet = CaptureOutlet(queue: queue, lane: queue.lanes[0], policy: policy)
    self.sources = sources
    self.control = control
    isClosed = sources.map { _ in false }
  }

  /// Opens the sources.
  public func open() throws(CaptureError) {
    for source in sources { try source.open(outlet) }
  }

  /// Records until told to stop, until `duration` is over, or until all sources have ended.
  ///
  /// - Parameters:
  ///   - duration: nanoseconds; nil for no end.
  ///   - report: called each second and whenever a pause begins or ends.
  public func run(duration: Int64? = nil, report: (Status) -> Void = { _ in }) {
    var nextReport: Int64 = 1_000_000_000
    var isPaused = false
    while !control.isStopped, isClosed.contains(false) {
      let now = queue.now()
      if let duration, now >= duration { break }
      if control.isPaused != isPaused {
        isPaused.toggle()
        if isPaused { outlet.silence(.paused, at: now) } else { outlet.resume(.paused, at: now) }
        report(status)
      }
      if now >= nextReport {
        report(status)
        nextReport = max(nextReport + 1_000_000_000, now)
      }
      wait(until: min(duration ?? .max, nextReport))
      takeAll()
    }
    // What has come before the end belongs to the recording.
    takeAll()
  }

  private func takeAll() {
    for (index, source) in sources.enumerated() where !isClosed[index] {
      do {
        try source.take(outlet)
        if source.isAtEnd { close(index) }
      } catch {
        problems.append(error)
        close(index)
      }
    }
  }

  private func close(_ index: Int) {
    isClosed[index] = true
    sources[index].close(outlet)
  }

  /// Waits until there is something to take, something to do, or an order.
  private func wait(until time: Int64) {
    var time = time
    var rest: Int64 = .max
    var polls = [pollfd(fd: control.descriptor, events: Int16(POLLIN), revents: 0)]
    for (index, source) in sources.enumerated() where !isClosed[index] {
      rest = min(rest, source.restNanoseconds)
      if let next = source.nextTime { time = min(time, next) }
      for descriptor in source.descriptors {
        polls.append(pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0))
      }
    }
    // A signal ends a wait early, which does no harm.
    if rest > 0, rest < .max { _ = itape_poll(&polls, 1, rest) }
    _ = itape_poll(&polls, polls.count, max(time - queue.now(), 0))
    if polls[0].revents != 0 { control.clear() }
  }

  /// How the session is doing.
  public var status: Status {
    Status(
      queue: queue.statistics, offeredEventCount: outlet.offeredEventCount,
      withheldEventCount: outlet.withheldEventCount,
      isPaused: control.isPaused, time: queue.now())
  }

  /// Closes the sources and finishes the recording.
  ///
  /// - Returns: what has become of all events, and what has ended sources early.
  public func finish() throws(FileError) -> (status: Status, problems: [CaptureError]) {
    for index in sources.indices where !isClosed[index] { close(index) }
    outlet.finish()
    let statistics = try queue.finish()
    var result = status
    result.queue = statistics
    return (result, problems)
  }
}
