// SPDX-License-Identifier: Apache-2.0
//
// What a disk may hold after a loss of power, from the calls that were made before it.
//
// Invariant: what was synced is there. Of all else, any sector may be old, new, torn or missing.

import InputTape
import InputTapeTestKit

/// Plays calls again up to a moment, and then loses power.
struct CrashedDisk {
  private struct File {
    var synced: [UInt8] = []
    var current: [UInt8] = []
  }

  private var files: [Int: File] = [:]
  private var names: [String: Int] = [:]
  /// Changes of names that no sync of the folder has made durable.
  private var openNames: [StorageCall] = []

  /// The count of the last mark before the loss.
  private(set) var acknowledged = 0

  private static let sector = 512

  init(_ calls: ArraySlice<StorageCall>) {
    for call in calls { apply(call) }
  }

  private mutating func apply(_ call: StorageCall) {
    switch call {
    case .create(let file, _):
      files[file] = File()
      openNames.append(call)
    case .write(let file, let position, let bytes):
      var current = files[file]?.current ?? []
      let start = Int(position)
      if current.count < start + bytes.count {
        current += Array(repeating: 0, count: start + bytes.count - current.count)
      }
      current.replaceSubrange(start..<(start + bytes.count), with: bytes)
      files[file]?.current = current
    case .truncate(let file, let byteCount):
      let current = files[file]?.current ?? []
      files[file]?.current = Array(current.prefix(Int(byteCount)))
    case .sync(let file):
      let current = files[file]?.current ?? []
      files[file]?.synced = current
    case .rename, .remove: openNames.append(call)
    case .syncFolder:
      for change in openNames { Self.change(change, &names) }
      openNames = []
    case .mark(let count): acknowledged = count
    }
  }

  private static func change(_ call: StorageCall, _ names: inout [String: Int]) {
    switch call {
    case .create(let file, let path): names[path] = file
    case .rename(let path, let newPath): names[newPath] = names.removeValue(forKey: path)
    case .remove(let path): names[path] = nil
    default: break
    }
  }

  /// What the system holds when only the process has died: all that it was given.
  func killed() -> MemoryStorage {
    var names = self.names
    for change in openNames { Self.change(change, &names) }
    let memory = MemoryStorage()
    for (path, number) in names { memory.put(files[number]?.current ?? [], at: path) }
    return memory
  }

  /// One of the disks that there may be now.
  func state(_ rng: inout SeededRandom) -> MemoryStorage {
    var names = self.names
    // Changes of names reach the disk in their order.
    let count = Int.random(in: 0...openNames.count, using: &rng)
    for change in openNames[..<count] { Self.change(change, &names) }
    let memory = MemoryStorage()
    for (path, number) in names.sorted(by: { $0.key < $1.key }) {
      guard let file = files[number] else { continue }
      memory.put(Self.contents(file, &rng), at: path)
    }
    return memory
  }

  private static func contents(_ file: File, _ rng: inout SeededRandom) -> [UInt8] {
    var bytes = file.current
    // A file that was cut: the cut may not have reached the disk.
    if bytes.count < file.synced.count { bytes = file.synced }
    let style = Int.random(in: 0..<4, using: &rng)
    if style == 0 { return bytes }
    let start = file.synced.count
    for sectorStart in stride(from: start / sector * sector, to: bytes.count, by: sector) {
      guard Bool.random(using: &rng) else { continue }
      let end = min(sectorStart + sector, bytes.count)
      // A sector that is torn keeps its beginning.
      let tear = style == 3 ? Int.random(in: 0...sector, using: &rng) : 0
      for index in max(sectorStart + tear, start)..<max(end, max(sectorStart + tear, start)) {
        bytes[index] = style == 2 ? UInt8.random(in: 0...255, using: &rng) : 0
      }
    }
    if Bool.random(using: &rng), bytes.count > start {
      bytes.removeLast(Int.random(in: 0...(bytes.count - start), using: &rng))
    } else if style == 2 {
      for _ in 0..<Int.random(in: 0...700, using: &rng) {
        bytes.append(UInt8.random(in: 0...255, using: &rng))
      }
    }
    return bytes
  }
}
