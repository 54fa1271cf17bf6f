// SPDX-License-Identifier: Apache-2.0
//
// Arbitrary text as the recordings of other programs: events in their order or an error, of tracks
// that are declared, and all of them can be written.

import InputTape
import InputTapeInterchange

/// The YAML of `libinput record`; the first byte says in what pieces the others arrive.
public final class LibinputProbe: Probe {
  public init() {}

  public func run(_ bytes: [UInt8]) -> Bool { ImportCheck.run(bytes) { LibinputReader($0) } }
}

/// The text of `evemu-record`, in the same way.
public final class EvemuProbe: Probe {
  public init() {}

  public func run(_ bytes: [UInt8]) -> Bool { ImportCheck.run(bytes) { EvemuReader($0) } }
}

/// Messages of OWAMcap as lines of JSON, in the same way.
public final class OWAMcapProbe: Probe {
  public init() {}

  public func run(_ bytes: [UInt8]) -> Bool { ImportCheck.run(bytes) { OWAMcapReader($0) } }
}

/// What holds for every importer.
enum ImportCheck {
  private struct Imported: Equatable {
    var events: [Event] = []
    var header = InterchangeHeader()
    var failure: InterchangeError?
  }

  static func run(
    _ bytes: [UInt8], _ make: (any ByteInput) -> some EventTextReader
  ) -> Bool {
    guard let first = bytes.first else { return false }
    let text = Array(bytes.dropFirst())
    let found = read(make(MemoryInput(text, pieceByteCount: Int(first) + 1)), limit: 7)
    let whole = read(make(MemoryInput(text)), limit: 4_096)
    precondition(found == whole, "Pieces of a text gave something else")
    let isInOrder = zip(found.events, found.events.dropFirst()).allSatisfy {
      ($0.time, $0.track) <= ($1.time, $1.track)
    }
    precondition(isInOrder, "Events are not in the order of time and track")
    var metadata = RecordingMetadata()
    for track in found.header.tracks {
      precondition(metadata.accepts(track), "A track that no recording takes")
      precondition(metadata.track(track.id) == nil, "Two tracks of one number")
      metadata.setTrack(track)
    }
    for field in found.header.metadata {
      precondition(metadata.accepts(field.name, field.value), "Metadata that no recording takes")
    }
    precondition(found.events.allSatisfy { metadata.track($0.track) != nil }, "A track unheard of")
    checkText(found)
    write(found)
    return found.failure == nil && !found.events.isEmpty
  }

  private static func read(_ reader: some EventTextReader, limit: Int) -> Imported {
    var (reader, found, group) = (reader, Imported(), EventGroup())
    do {
      while true {
        group.removeAll()
        guard try reader.read(into: &group, limit: limit) > 0 else { break }
        group.forEachEvent { found.events.append($0) }
      }
    } catch {
      guard let failure = error as? InterchangeError else {
        preconditionFailure("Reading from memory failed: \(error)")
      }
      found.failure = failure
    }
    found.header = reader.header
    return found
  }

  /// As JSON lines, everything comes back.
  private static func checkText(_ found: Imported) {
    var batches: [TrackID: EventBatch] = [:]
    for event in found.events.prefix(4_096) {
      batches[event.track, default: EventBatch(track: event.track)].append(event)
    }
    let group = EventGroup(merging: batches.values.sorted { $0.track < $1.track })
    var (writer, text) = (JSONLWriter(), [UInt8]())
    writer.write(found.header) { text.append($0) }
    writer.write(group) { text.append($0) }
    let again = read(JSONLReader(MemoryInput(text)), limit: 4_096)
    precondition(again.failure == nil, "What was imported cannot be read as text")
    precondition(again.events == Array(found.events.prefix(4_096)), "Text changed events")
    precondition(again.header == found.header, "Text changed what was said of the recording")
  }

  /// Into a recording and back.
  private static func write(_ found: Imported) {
    var options = WriterOptions()
    options.queueWordCount = 1 << 12
    options.encoding.compression = .none
    let sink = MemorySink()
    let writer = RecordingWriter(sink: sink, options: options)
    for track in found.header.tracks { precondition(writer.setTrack(track)) }
    for event in found.events { writer.append(event) }
    do {
      try writer.finish()
    } catch {
      preconditionFailure("Writing to memory failed: \(error)")
    }
    guard let contents = ProbeContents(sink.bytes, opening: .automatic) else {
      preconditionFailure("What was written is no recording")
    }
    precondition(contents.isWhole && contents.events == found.events, "Events came back changed")
  }
}
