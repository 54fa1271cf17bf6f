// SPDX-License-Identifier: Apache-2.0
//
// Descriptors of files that are read: few at once, however many segments a recording has.
//
// Invariant: `entries` holds the open ones, and whoever uses one finds it open until he is done.

/// Keeps the descriptors that were used last, and closes the others; their owners open them again.
///
/// Safe to share: everything is touched with `monitor` held.
final class DescriptorPool: @unchecked Sendable {
  private struct Entry {
    var descriptor: CInt
    var canBeClosed: Bool
    var userCount: Int
    var lastUse: Int
  }

  /// Systems allow a process 256 files, or 1,024.
  static let shared = DescriptorPool(limit: 128)

  private let monitor = Monitor()
  private let limit: Int
  private var entries: [Int: Entry] = [:]
  private var nextNumber = 0
  private var useCount = 0

  init(limit: Int) { self.limit = limit }

  /// How many are open.
  var count: Int { monitor.withLock { entries.count } }

  /// Takes over a descriptor.
  ///
  /// - Parameter canBeClosed: whether its owner can open it again.
  /// - Returns: the owner's number.
  func add(_ descriptor: CInt, canBeClosed: Bool) -> Int {
    monitor.withLock {
      let number = nextNumber
      nextNumber += 1
      put(descriptor, number, canBeClosed: canBeClosed, userCount: 0)
      return number
    }
  }

  /// The descriptor of a number, until it is given back; nil where it has been closed.
  func borrow(_ number: Int) -> CInt? {
    monitor.withLock { use(number) }
  }

  /// Takes over a descriptor that was opened again, and lends it, or the one that another thread
  /// was faster with.
  func lend(_ descriptor: CInt, _ number: Int) -> CInt {
    monitor.withLock {
      if let faster = use(number) {
        close(descriptor)
        return faster
      }
      put(descriptor, number, canBeClosed: true, userCount: 1)
      return descriptor
    }
  }

  func giveBack(_ number: Int) {
    monitor.withLock { entries[number]?.userCount -= 1 }
  }

  /// Closes a descriptor whose owner goes.
  func remove(_ number: Int) {
    monitor.withLock {
      if let entry = entries.removeValue(forKey: number) { close(entry.descriptor) }
    }
  }

  private func use(_ number: Int) -> CInt? {
    // Each read comes by here: the number is looked up once.
    guard let place = entries.index(forKey: number) else { return nil }
    useCount += 1
    entries.values[place].userCount += 1
    entries.values[place].lastUse = useCount
    return entries.values[place].descriptor
  }

  private func put(_ descriptor: CInt, _ number: Int, canBeClosed: Bool, userCount: Int) {
    useCount += 1
    entries[number] = Entry(
      descriptor: descriptor, canBeClosed: canBeClosed, userCount: userCount, lastUse: useCount)
    guard entries.count > limit else { return }
    let idle = entries.filter { other, entry in
      entry.canBeClosed && entry.userCount == 0 && other != number
    }
    guard let oldest = idle.min(by: { $0.value.lastUse < $1.value.lastUse }) else { return }
    entries[oldest.key] = nil
    close(oldest.value.descriptor)
  }
}
