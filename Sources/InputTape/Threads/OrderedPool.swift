// SPDX-License-Identifier: Apache-2.0
//
// Work done on several threads, and given back in the order it came.
//
// Invariant: slots hold the tickets `emitted..<submitted`, each at its number modulo their count.

/// Works on items on a number of threads; one of them submits them and takes them back, in order,
/// and works itself rather than wait.
///
/// Safe to share: everything that several threads touch is touched with `monitor` held.
package final class OrderedPool<Item: Sendable>: @unchecked Sendable {
  /// What one thread does with one item; made anew for each thread, which owns it.
  package typealias Worker = (inout Item) -> Void

  private let monitor = Monitor()
  private var slots: [Item?]
  /// How many there are: `slots` itself is touched with the lock held only.
  private let slotCount: Int
  private var isDone: [Bool]
  private var submitted = 0
  private var started = 0
  private var emitted = 0
  private var isStopping = false
  private var threads: [WorkerThread] = []
  private let ownWorker: Worker

  /// - Parameters:
  ///   - threads: how many work, the caller's own among them.
  ///   - own: what the caller's works with; made like all others where nil.
  ///   - makeWorker: makes what a thread works with.
  package init(
    threads count: Int, own: Worker? = nil, makeWorker: @escaping @Sendable () -> Worker
  ) {
    // While the caller works on one, the others have one in hand and one that waits.
    slotCount = 2 * count
    slots = Array(repeating: nil, count: slotCount)
    isDone = Array(repeating: false, count: slotCount)
    ownWorker = own ?? makeWorker()
    for _ in 1..<max(count, 1) {
      if let thread = WorkerThread({ [self] in serve(makeWorker()) }) { threads.append(thread) }
    }
  }

  /// Ends the threads; without this they keep the pool alive.
  package func stop() {
    monitor.withLock {
      isStopping = true
      monitor.signalAll()
    }
    for thread in threads { thread.join() }
    threads = []
  }

  private func serve(_ worker: Worker) {
    monitor.lock()
    while true {
      if started < submitted {
        workOnNext(worker)
      } else if isStopping {
        break
      } else {
        monitor.wait()
      }
    }
    monitor.unlock()
  }

  /// Takes the first item that nobody works on; gives the lock away as long as it works.
  private func workOnNext(_ worker: Worker) {
    let slot = started % slotCount
    started += 1
    var taken: Item?
    swap(&taken, &slots[slot])
    monitor.unlock()
    if var item = taken.take() {
      worker(&item)
      taken = item
    }
    monitor.lock()
    swap(&taken, &slots[slot])
    isDone[slot] = true
    monitor.signalAll()
  }

  /// Hands an item over, and gives back one that is done where there is no room.
  package func submit<E: Error>(
    _ item: consuming Item, emit: (inout Item) throws(E) -> Void
  ) throws(E) {
    guard !threads.isEmpty else {
      ownWorker(&item)
      try emit(&item)
      return
    }
    if submitted - emitted == slotCount { try takeNext(emit: emit) }
    monitor.lock()
    slots[submitted % slotCount] = item
    isDone[submitted % slotCount] = false
    submitted += 1
    monitor.signalAll()
    monitor.unlock()
  }

  /// Whether all items have been given back.
  var isEmpty: Bool { emitted == submitted }

  /// Waits for all items and gives them back.
  package func drain<E: Error>(emit: (inout Item) throws(E) -> Void) throws(E) {
    while emitted < submitted { try takeNext(emit: emit) }
  }

  private func takeNext<E: Error>(emit: (inout Item) throws(E) -> Void) throws(E) {
    let slot = emitted % slotCount
    monitor.lock()
    while !isDone[slot] {
      if started < submitted { workOnNext(ownWorker) } else { monitor.wait() }
    }
    var taken: Item?
    swap(&taken, &slots[slot])
    monitor.unlock()
    emitted += 1
    if var item = taken.take() { try emit(&item) }
  }
}
