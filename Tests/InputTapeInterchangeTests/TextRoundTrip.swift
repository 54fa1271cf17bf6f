// SPDX-License-Identifier: Apache-2.0
//
// Text to events and back, for the tests of this folder.

import InputTapeCore
import InputTapeInterchange

/// A form of text with a reader and a writer.
enum TextForm: CaseIterable {
  case jsonl, csv

  func reader(_ text: [UInt8], pieceByteCount: Int = .max) -> any EventTextReader {
    let input = MemoryInput(text, pieceByteCount: pieceByteCount)
    return switch self {
    case .jsonl: JSONLReader(input)
    case .csv: CSVReader(input)
    }
  }

  var writer: any EventTextWriter {
    switch self {
    case .jsonl: JSONLWriter()
    case .csv: CSVWriter()
    }
  }

  /// The events of a text, in groups of at most `limit`.
  func read(
    _ text: [UInt8], limit: Int = 65_536, pieceByteCount: Int = .max
  ) throws -> [EventGroup] {
    var reader = reader(text, pieceByteCount: pieceByteCount)
    var groups: [EventGroup] = []
    while true {
      var group = EventGroup()
      guard try reader.read(into: &group, limit: limit) > 0 else { return groups }
      groups.append(group)
    }
  }

  /// The text of groups of events.
  func write(
    _ groups: [EventGroup], header: InterchangeHeader = InterchangeHeader()
  ) -> [UInt8] {
    var writer = writer
    var text: [UInt8] = []
    writer.write(header) { span in for index in span.indices { text.append(span[index]) } }
    for group in groups {
      writer.write(group) { span in for index in span.indices { text.append(span[index]) } }
    }
    return text
  }
}

extension EventGroup {
  /// A group of one event after another, each appended to the batch of its track.
  init(events: [Event]) {
    var batches: [EventBatch] = []
    for event in events {
      if let index = batches.firstIndex(where: { $0.track == event.track }) {
        batches[index].append(event)
      } else {
        var batch = EventBatch(track: event.track)
        batch.append(event)
        batches.append(batch)
      }
    }
    self.init(merging: batches)
  }

  /// The events in order.
  var events: [Event] {
    var lists: [[Event]] = batches.map { batch in
      var list: [Event] = []
      batch.forEachEvent { list.append($0) }
      return list.reversed()
    }
    return order.compactMap { lists[Int($0)].popLast() }
  }
}

/// The error that reading a text ends with, if any.
func interchangeError(_ form: TextForm, _ text: String) -> InterchangeError? {
  do {
    _ = try form.read(Array(text.utf8))
    return nil
  } catch {
    return error as? InterchangeError
  }
}
