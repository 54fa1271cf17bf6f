// SPDX-License-Identifier: Apache-2.0
//
// Events that another program writes as lines of JSON.

import CInputTapeCapture
import InputTapeCore
import InputTapeInterchange

#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// Reads lines of JSON from a descriptor as they come; times, tracks and, where the recorder
/// says nothing else, metadata are those of the lines.
public final class JSONLSource: CaptureSource {
  private let descriptor: Int32
  private let input: LineFeed
  private var reader: JSONLReader
  private var group = EventGroup()
  private var declaredTracks = 0
  private var addedFields = 0
  private var hasEvents = false
  public private(set) var isAtEnd = false

  /// Bytes that are read at once.
  private static let pieceByteCount = 32 << 10

  /// - Parameter descriptor: stays open; 0 is standard input.
  public init(descriptor: Int32 = 0) {
    self.descriptor = descriptor
    input = LineFeed()
    reader = JSONLReader(input, isLive: true)
  }

  public var summary: [String] { ["events that another program writes as lines of JSON"] }

  public var descriptors: [Int32] { [descriptor] }

  public var restNanoseconds: Int64 { 5_000_000 }

  public func open(_ outlet: CaptureOutlet) throws(CaptureError) {}

  public func take(_ outlet: CaptureOutlet) throws(CaptureError) {
    // A line of JSON has some thirty bytes at least: as many events at most find room.
    guard !isAtEnd, outlet.room > Self.pieceByteCount / 30 else { return }
    var ready = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    guard itape_poll(&ready, 1, 0) > 0 else { return }
    var piece = [UInt8](repeating: 0, count: Self.pieceByteCount)
    let count = read(descriptor, &piece, piece.count)
    if count < 0 {
      if errno == EINTR || errno == EAGAIN { return }
      throw .system(operation: "read lines", code: errno)
    }
    if count == 0 {
      isAtEnd = true
      input.end()
    } else {
      input.append(piece[..<count])
    }
    try emit(outlet)
  }

  private func emit(_ outlet: CaptureOutlet) throws(CaptureError) {
    while input.hasLines {
      group.removeAll()
      var problem: CaptureError?
      do {
        _ = try reader.read(into: &group, limit: 4_096)
      } catch is LineFeed.Starved {
        // Lines without events: their successors are still on the way.
      } catch {
        problem = .malformed("\(error)")
      }
      for track in reader.header.tracks[declaredTracks...] { outlet.setTrack(track) }
      declaredTracks = reader.header.tracks.count
      for field in reader.header.metadata[addedFields...] {
        outlet.addMetadata(field.name, field.value)
      }
      addedFields = reader.header.metadata.count
      emitGroup(outlet)
      if let problem { throw problem }
      if group.isEmpty { return }
    }
  }

  private func emitGroup(_ outlet: CaptureOutlet) {
    group.forEachEvent { event in
      if !outlet.hasTrack(event.track) {
        outlet.setTrack(Track(id: event.track, class: .standard(for: event.kind)))
      }
      if !hasEvents, outlet.recordsTimes(of: event.track) {
        hasEvents = true
        // The lines have a clock of their own: it is tied to the wall clock when they begin; not
        // where that would tell when something came that is left out.
        var anchor = event
        anchor.body = .clock(
          unixNanoseconds: SystemClock().unix(), uncertaintyNanoseconds: 1_000_000_000)
        anchor.track = CaptureOutlet.recorderTrack
        if !outlet.hasTrack(anchor.track) {
          outlet.setTrack(Track(id: anchor.track, class: .context, name: "recorder"))
        }
        outlet.emit(anchor)
      }
      outlet.emit(event)
    }
  }
}

/// Whole lines of what has been read so far, as a stream.
private final class LineFeed: ByteInput {
  /// There is no whole line now.
  struct Starved: Error {}

  private var bytes: [UInt8] = []
  private var taken = 0
  private var lineEnd = 0
  private var isAtEnd = false

  var hasLines: Bool { taken < lineEnd || isAtEnd }

  func append(_ piece: ArraySlice<UInt8>) {
    bytes.removeFirst(taken)
    lineEnd -= taken
    taken = 0
    if let last = piece.lastIndex(of: 0x0A) {
      lineEnd = bytes.count + (last - piece.startIndex) + 1
    }
    bytes.append(contentsOf: piece)
  }

  func end() {
    isAtEnd = true
    lineEnd = bytes.count
  }

  func read(into buffer: inout [UInt8], at offset: Int) throws -> Int {
    let count = min(buffer.count - offset, lineEnd - taken)
    if count == 0 {
      if isAtEnd { return 0 }
      throw Starved()
    }
    buffer.replaceSubrange(offset..<(offset + count), with: bytes[taken..<(taken + count)])
    taken += count
    return count
  }
}
