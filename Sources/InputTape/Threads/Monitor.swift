// SPDX-License-Identifier: Apache-2.0
//
// A lock and the condition that it guards: the system's own, which sanitizers understand.

/// A mutual exclusion lock with one condition.
///
/// Safe to share: its memory is the system's, and lives as long as the object.
package final class Monitor: @unchecked Sendable {
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

  package init() {
    // Safe: both are initialised here, once, and destroyed in `deinit`.
    unsafe pthread_mutex_init(mutex, nil)
    var attributes = pthread_condattr_t()
    unsafe pthread_condattr_init(&attributes)
    #if !canImport(Darwin)
      unsafe pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
    #endif
    unsafe pthread_cond_init(condition, &attributes)
    unsafe pthread_condattr_destroy(&attributes)
  }

  deinit {
    unsafe pthread_cond_destroy(condition)
    unsafe pthread_mutex_destroy(mutex)
    unsafe condition.deallocate()
    unsafe mutex.deallocate()
  }

  package func lock() { unsafe pthread_mutex_lock(mutex) }

  package func unlock() { unsafe pthread_mutex_unlock(mutex) }

  /// Runs `body` with the lock held.
  package func withLock<R, E: Error>(_ body: () throws(E) -> R) throws(E) -> R {
    lock()
    defer { unlock() }
    return try body()
  }

  /// Gives the lock away until somebody signals; the caller checks again what it waits for.
  package func wait() { unsafe pthread_cond_wait(condition, mutex) }

  /// As `wait()`, but no longer than until a time of the monotonic clock, in nanoseconds.
  package func wait(until deadline: Int64) {
    #if canImport(Darwin)
      let left = max(deadline - MonotonicClock.now(), 0)
      var time = timespec(tv_sec: Int(left / 1_000_000_000), tv_nsec: Int(left % 1_000_000_000))
      unsafe pthread_cond_timedwait_relative_np(condition, mutex, &time)
    #else
      var time = timespec(
        tv_sec: Int(deadline / 1_000_000_000), tv_nsec: Int(deadline % 1_000_000_000))
      unsafe pthread_cond_timedwait(condition, mutex, &time)
    #endif
  }

  package func signalAll() { unsafe pthread_cond_broadcast(condition) }
}
