// SPDX-License-Identifier: Apache-2.0
//
// Work done on several threads, and given back in the order it came.
//
// Invariant: slots hold the tickets `emitted..<submitted`, each at its number modulo their count.

/// Works on items on a number of threads; one thread submits them and takes them back, in order.
///
/// Safe to share: everything that several threads touch is touched with `monitor` held.
final class OrderedPool<Item: Sendable>: @unchecked Sendable {
  /// What one thread does with one item; made anew for each thread, which owns it.
  typealias Worker = (inout Item) -> Void

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
  private let inlineWorker: Worker

  /// - Parameters:
  ///   - threads: 1 works in `submit`, on the caller's thread.
  ///   - inline: what that thread works with; made like all others where nil.
  ///   - makeWorker: makes what a thread works with.
  init(
    threads count: Int, inline: Worker? = nil, makeWorker: @escaping @Sendable () -> Worker
  ) {
    slotCount = count > 1 ? count + 1 : 1
    slots = Array(repeating: nil, count: slotCount)
    isDone = Array(repeating: false, count: slotCount)
    inlineWorker = inline ?? makeWorker()
    guard count > 1 else { return }
    for _ in 0..<count {
      if let thread = WorkerThread({ [self] in work(makeWorker()) }) { threads.append(thread) }
    }
  }

  /// Ends the threads; without this they keep the pool alive.
  func stop() {
    monitor.withLock {
      isStopping = true
      monitor.signalAll()
    }
    for thread in threads { thread.join() }
    threads = []
  }

  private func work(_ worker: Worker) {
    while true {
      monitor.lock()
      while started == submitted, !isStopping { monitor.wait() }
      guard started < submitted else {
        monitor.unlock()
        return
      }
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
      monitor.unlock()
    }
  }

  /// Hands an item over, and gives back one that is done where there is no room.
  func submit<E: Error>(_ item: consuming Item, emit: (inout Item) throws(E) -> Void) throws(E) {
    guard !threads.isEmpty else {
      inlineWorker(&item)
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
  func drain<E: Error>(emit: (inout Item) throws(E) -> Void) throws(E) {
    while emitted < submitted { try takeNext(emit: emit) }
  }

  private func takeNext<E: Error>(emit: (inout Item) throws(E) -> Void) throws(E) {
    let slot = emitted % slotCount
    monitor.lock()
    while !isDone[slot] { monitor.wait() }
    var taken: Item?
    swap(&taken, &slots[slot])
    monitor.unlock()
    emitted += 1
    if var item = taken.take() { try emit(&item) }
  }
}
