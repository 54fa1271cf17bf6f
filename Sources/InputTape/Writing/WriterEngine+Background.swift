// SPDX-License-Identifier: Apache-2.0
//
// What a writer does on time, by a thread of its own or when it is told to.

import InputTapeCore

extension WriterEngine {
  func startBackground() {
    guard isLive else { return }
    let now = environment.clock.now()
    nextFlush = Self.time(flushPeriod, after: now)
    nextSync = Self.time(options.syncIntervalNanoseconds ?? 0, after: now)
    guard environment.runsInBackground else { return }
    background = WorkerThread { [self] in runInBackground() }
    isDrainedInBackground = background != nil
  }

  /// A moment that may be beyond all that the clock will say: "never" is a long interval, too.
  private static func time(_ interval: Int64, after now: Int64) -> Int64 {
    let (time, overflow) = now.addingReportingOverflow(interval)
    return overflow ? .max : time
  }

  /// Blocks are cut a little more often than events may wait, for encoding and writing take time.
  private var flushPeriod: Int64 {
    let interval = options.flushIntervalNanoseconds ?? 0
    return max(interval - min(interval / 4, 50_000_000), 1)
  }

  private func runInBackground() {
    monitor.lock()
    while !isStopping {
      // Nobody is woken while he works: what has come meanwhile is not left waiting.
      if ring.published - ring.tail < drainInterval { monitor.wait(until: nextFlush) }
      doWhatIsDue()
      publishFigures()
      monitor.unlock()
      inbox.deliver()
      monitor.lock()
    }
    monitor.unlock()
  }

  /// Drains the queue, and flushes and syncs where it is time.
  func doWhatIsDue() {
    drain()
    let now = environment.clock.now()
    guard isLive, now >= nextFlush else { return }
    nextFlush = Self.time(flushPeriod, after: now)
    handOver()
    syncIfDue(now)
  }

  /// Unsynced bytes that are not left waiting for their time.
  private static let unsyncedByteLimit = 4 << 20

  private func syncIfDue(_ now: Int64) {
    guard let interval = options.syncIntervalNanoseconds else { return }
    let isMuch = segments.unsyncedByteCount >= Self.unsyncedByteLimit && syncFailureCount == 0
    guard now >= nextSync || isMuch else { return }
    syncSegments()
    // A disk that does not sync is not asked each time: each answer costs a file.
    let (longer, overflow) = interval.multipliedReportingOverflow(by: 1 << min(syncFailureCount, 6))
    nextSync = Self.time(overflow ? .max : longer, after: now)
  }

  func stopBackground() {
    withLock {
      isStopping = true
      monitor.signalAll()
    }
    background?.join()
    background = nil
  }
}
