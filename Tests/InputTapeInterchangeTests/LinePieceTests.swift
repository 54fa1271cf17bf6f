// SPDX-License-Identifier: Apache-2.0
//
// Lines read in pieces: the same groups as lines read in order.

import InputTapeCore
import InputTapeInterchange
import Testing

@Suite struct LinePieceTests {
  private static func events(_ group: EventGroup) -> [Event] {
    var events: [Event] = []
    group.forEachEvent { events.append($0) }
    return events
  }

  /// Groups of `limit` events, out of parts of at most `partLimit`.
  private static func groups(
    _ reader: inout JSONLReader, limit: Int, partLimit: Int
  ) throws -> [EventGroup] {
    var groups: [EventGroup] = []
    var group = EventGroup()
    var pieceReader = LinePieceReader()
    var isMore = true
    while isMore {
      var piece = LinePiece()
      isMore = reader.takeLines(into: &piece, byteCount: 3_000)
      var read = EventGroup()
      _ = try #require(pieceReader.read(piece, into: &read))
      #expect(group.canTake(read))
      var parts = GroupParts(read)
      while parts.count > 0 {
        parts.move(min(partLimit, limit - group.count), to: &group)
        guard group.count == limit else { continue }
        groups.append(group)
        group.removeAll()
      }
    }
    return group.isEmpty ? groups : groups + [group]
  }

  /// Where a group is full depends on how many bytes it has: those must be the same, too.
  @Test(arguments: [1, 7, 100, .max]) func piecesGiveTheSameGroups(partLimit: Int) throws {
    let text = TextForm.jsonl.write(Array(repeating: EventGroup(events: everyEvent), count: 40))
    for limit in [1, 50, 313] {
      var reader = JSONLReader(MemoryInput(text))
      var first = EventGroup()
      #expect(try reader.read(into: &first, limit: 1) == 1)
      let found = try [first] + Self.groups(&reader, limit: limit, partLimit: partLimit)

      var inOrder = JSONLReader(MemoryInput(text))
      var expected: [EventGroup] = []
      var group = EventGroup()
      while try inOrder.read(into: &group, limit: expected.isEmpty ? 1 : limit) > 0 {
        expected.append(group)
        group.removeAll()
      }
      #expect(found.map(Self.events) == expected.map(Self.events))
      #expect(found.map(\.byteCount) == expected.map(\.byteCount))
      print("\(found.count) groups of \(limit), parts of \(partLimit)")
    }
  }
}
