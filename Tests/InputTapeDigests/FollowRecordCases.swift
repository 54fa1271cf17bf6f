// SPDX-License-Identifier: Apache-2.0
//
// Followers of recordings whose records are doubled, missing, exchanged or wrong within, and of
// files that are not what they were.

import InputTape
import InputTapeCore
import InputTapeProbes
import InputTapeTestKit

/// What a follower says of records that do not stand where they should.
enum FollowRecordCases {
  static var all: [DigestCase] {
    [
      DigestCase("follow/records", records), DigestCase("follow/mended", mended),
      DigestCase("follow/replaced", replaced), DigestCase("follow/open", open),
    ]
  }

  /// Where each record begins, and where the last ends.
  static func bounds(of bytes: [UInt8]) throws -> [Int] {
    let found = try FoundRecord.all(in: bytes)
    return found.map(\.start) + [found.last?.end ?? FileHeader.byteCount]
  }

  /// Looks after so many bytes at a time.
  private static func follow(
    _ bytes: [UInt8], by size: Int, _ seen: inout Observation, _ filter: EventFilter = EventFilter()
  ) {
    let storage = MemoryStorage()
    let follower = RecordingFollower(path: "/a.itape", filter: filter, storage: storage)
    for end in Array(stride(from: size, to: bytes.count, by: size)) + [bytes.count, bytes.count] {
      storage.put(Array(bytes[..<end]), at: "/a.itape")
      seen.add(follower)
    }
  }

  /// Each record left out, doubled, exchanged with the next, and put behind the one after that.
  private static func records(_ seen: inout Observation) throws {
    let bytes = try FollowCases.recording(60)
    let bounds = try bounds(of: bytes)
    let pieces = zip(bounds, bounds.dropFirst()).map { Array(bytes[$0..<$1]) }
    let (head, end) = (Array(bytes[..<bounds[0]]), Array(bytes[(bounds.last ?? 0)...]))
    for number in pieces.indices {
      for change in 0..<4 {
        var changed = pieces
        switch change {
        case 0: changed.remove(at: number)
        case 1: changed.insert(pieces[number], at: number)
        case 2: changed.swapAt(number, min(number + 1, pieces.count - 1))
        default: changed.insert(changed.remove(at: number), at: min(number + 2, pieces.count - 1))
        }
        let whole = head + changed.flatMap { $0 } + end
        for size in [64, 1_000, 100_000] { follow(whole, by: size, &seen) }
        seen.add(reading: whole)
      }
      seen.mark("record \(number)")
    }
  }

  /// Bytes changed where every checksum is right.
  private static func mended(_ seen: inout Observation) throws {
    let bytes = try FollowCases.recording(60)
    for offset in stride(from: 64, to: bytes.count, by: 5) {
      var changed = bytes
      changed[offset] ^= [1, 2, 0x80, 0x20, 0xFF][offset / 5 % 5]
      Mender.mend(&changed)
      follow(changed, by: 300, &seen)
      seen.mark("byte \(offset)")
    }
  }

  /// The file of another recording, or the same written anew, under the name that is followed.
  private static func replaced(_ seen: inout Observation) throws {
    let (bytes, longer) = (try FollowCases.recording(60), try FollowCases.recording(90))
    var other = longer
    other[20] ^= 1
    Mender.mend(&other)
    let bounds = try bounds(of: bytes)
    for end in bounds + [bounds[2] + 20, 40] {
      for next in [longer, other, Array(bytes[..<64]), Array(longer[..<(longer.count - 30)]), []] {
        let storage = MemoryStorage()
        let follower = RecordingFollower(path: "/a.itape", storage: storage)
        storage.put(Array(bytes[..<end]), at: "/a.itape")
        seen.add(follower)
        try storage.remove("/a.itape")
        seen.add(follower)
        storage.put(next, at: "/a.itape")
        seen.add(follower)
        storage.put(longer, at: "/a.itape")
        seen.add(follower)
      }
      seen.mark("\(end)")
    }
  }

  /// Damage, and records behind it that come byte by byte.
  private static func open(_ seen: inout Observation) throws {
    let bytes = try FollowCases.recording(60)
    let bounds = try bounds(of: bytes)
    for first in [1, 3] {
      var changed = bytes
      for offset in bounds[first]..<(bounds[first] + 9) { changed[offset] ^= 0x55 }
      let storage = MemoryStorage()
      let follower = RecordingFollower(path: "/a.itape", storage: storage)
      for end in (bounds[first] - 9)..<min(bounds[first + 3] + 60, bytes.count) {
        storage.put(Array(changed[..<end]), at: "/a.itape")
        seen.add(follower)
      }
      seen.mark("\(first)")
    }
  }
}

extension Observation {
  /// Adds what readers say of bytes.
  mutating func add(reading bytes: [UInt8]) {
    let storage = MemoryStorage()
    storage.put(bytes, at: "/a.itape")
    add(recording: storage, at: "/a.itape", isWide: false)
  }
}
