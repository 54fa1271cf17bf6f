// SPDX-License-Identifier: Apache-2.0
//
// Orders to a session from other threads and from signal handlers.

import CInputTapeCapture
import Synchronization

#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// Ends and pauses a session, from any thread or signal handler: nothing here waits or allocates.
public final class SessionControl: Sendable {
  private let isStopOrdered = Atomic<Bool>(false)
  private let pauseToggles = Atomic<Int>(0)
  private let readEnd: Int32
  private let writeEnd: Int32

  public init() throws(CaptureError) {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { throw .system(operation: "make a pipe", code: errno) }
    for end in ends {
      _ = fcntl(end, F_SETFL, O_NONBLOCK)
      _ = fcntl(end, F_SETFD, FD_CLOEXEC)
    }
    (readEnd, writeEnd) = (ends[0], ends[1])
  }

  deinit {
    close(readEnd)
    close(writeEnd)
  }

  /// Ends the session: what has come is written, and the recording finished.
  public func stop() {
    isStopOrdered.store(true, ordering: .releasing)
    wake()
  }

  /// Pauses the session, or lets it go on.
  public func togglePause() {
    pauseToggles.wrappingAdd(1, ordering: .acquiringAndReleasing)
    wake()
  }

  private func wake() {
    let before = errno
    var byte: UInt8 = 0
    // A full pipe wakes as well.
    _ = write(writeEnd, &byte, 1)
    errno = before
  }

  /// Waits until a time of the system's monotonic clock.
  ///
  /// - Returns: false when the session is to stop.
  public func wait(until time: Int64) -> Bool {
    let clock = SystemClock()
    while !isStopped {
      let left = time - clock.monotonic()
      if left <= 0 { return true }
      var order = pollfd(fd: readEnd, events: Int16(POLLIN), revents: 0)
      _ = itape_poll(&order, 1, left)
    }
    return false
  }

  var isStopped: Bool { isStopOrdered.load(ordering: .acquiring) }

  /// Whether the session should pause now.
  var isPaused: Bool { pauseToggles.load(ordering: .acquiring) % 2 == 1 }

  var descriptor: Int32 { readEnd }

  /// Takes the wake-ups so far.
  func clear() {
    var bytes = [UInt8](repeating: 0, count: 64)
    while read(readEnd, &bytes, bytes.count) > 0 {}
  }
}
