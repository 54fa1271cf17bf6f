// SPDX-License-Identifier: Apache-2.0
//
// Lines of JSON to a recording, on several threads.

import InputTape
import InputTapeInterchange

/// Reads lines on several threads, and appends their events as one thread would.
struct LineImport {
  /// How many events are appended at once.
  let eventsPerGroup: Int
  let threads: Int

  /// Lines on their way through the threads that read them.
  private struct Job: Sendable {
    var piece = LinePiece()
    var group = EventGroup()
    /// How many lines there were; nil where they are to be read in order.
    var lineCount: Int?
  }

  /// Lines in one piece: they stay in a core's cache, and handing them over costs nothing beside
  /// reading them.
  private static let pieceByteCount = 512 << 10

  /// Appends events as long as lines are nothing but events in groups of the usual size; from the
  /// first that is not, the reader is where it was, and reads on in order.
  ///
  /// - Parameters:
  ///   - group: has no events; in the end those that are not appended yet.
  ///   - progress: is called now and then.
  func run(
    _ reader: inout JSONLReader, into group: inout EventGroup,
    writer: borrowing RecordingWriter, progress: () -> Void
  ) {
    let pool = OrderedPool<Job>(threads: threads) {
      var reader = LinePieceReader()
      return { job in job.lineCount = reader.read(job.piece, into: &job.group) }
    }
    defer { pool.stop() }
    var spare: [Job] = []
    var unread: [LinePiece] = []
    var readCount = 0
    func emit(_ job: inout Job) {
      guard unread.isEmpty, let lineCount = job.lineCount, group.canTake(job.group) else {
        unread.append(job.piece)
        return
      }
      readCount += lineCount
      var parts = GroupParts(job.group)
      while parts.count > 0 {
        parts.move(eventsPerGroup - group.count, to: &group)
        if group.count == eventsPerGroup {
          writer.append(group.batches)
          group.removeAll()
          progress()
        }
      }
      job.group.removeAll()
      spare.append(job)
    }
    var isMore = true
    while isMore, unread.isEmpty {
      var job = spare.popLast() ?? Job()
      isMore = reader.takeLines(into: &job.piece, byteCount: Self.pieceByteCount)
      if !job.piece.isEmpty { pool.submit(job) { job in emit(&job) } }
    }
    pool.drain { job in emit(&job) }
    reader.putBack(unread, after: readCount)
  }
}
