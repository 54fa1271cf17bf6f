// SPDX-License-Identifier: Apache-2.0
//
// A thread that runs one closure.

/// A thread of the system; whoever starts it joins it.
package final class WorkerThread: @unchecked Sendable {
  private var thread: pthread_t?

  /// Starts the thread; nil where the system has no more.
  package init?(_ body: @escaping @Sendable () -> Void) {
    let box = Unmanaged.passRetained(Body(body))
    #if canImport(Darwin)
      var thread: pthread_t?
    #else
      var thread = pthread_t()
    #endif
    // Safe: the thread takes over the retained box.
    let status = unsafe pthread_create(
      &thread, nil,
      { argument in
        #if canImport(Darwin)
          let body = unsafe Unmanaged<Body>.fromOpaque(argument).takeRetainedValue()
          body.run()
        #else
          if let argument = unsafe argument {
            let body = unsafe Unmanaged<Body>.fromOpaque(argument).takeRetainedValue()
            body.run()
          }
        #endif
        return nil
      }, box.toOpaque())
    guard status == 0 else {
      unsafe box.release()
      return nil
    }
    self.thread = thread
  }

  /// Waits until the closure has returned.
  package func join() {
    guard let thread else { return }
    pthread_join(thread, nil)
    self.thread = nil
  }

  private final class Body {
    let run: @Sendable () -> Void
    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
  }
}
