// SPDX-License-Identifier: Apache-2.0
//
// Events from lines of JSON, straight into columns.

import InputTapeCore

/// Reads events from lines of JSON.
///
/// Blank lines are skipped; a byte order mark, CR LF, and a last line without an end are accepted.
/// Lines of kind `recording` and `track` may stand before the first event.
public struct JSONLReader: EventTextReader {
  private var lines: LineBuffer
  private var parser = JSONLineParser()
  private var headerParser = HeaderLineParser()
  /// The number of the next line, from 1.
  private var line = 1
  private var hasEvents = false
  private var failure: InterchangeError?

  /// What the lines before the first event say; complete after the first call of `read`.
  public private(set) var header = InterchangeHeader()

  /// Whether `read` returns as soon as the next event would have to be waited for.
  private let isLive: Bool

  /// - Parameters:
  ///   - input: where the lines come from.
  ///   - isLive: whether `read` gives what there is before it waits for more input.
  public init(_ input: any ByteInput, isLive: Bool = false) {
    lines = LineBuffer(input)
    self.isLive = isLive
  }

  /// Adds events to a group until it has `limit` events or is full.
  ///
  /// - Parameters:
  ///   - group: takes events at its end, in the order of the lines.
  ///   - limit: the number of events in the group at which to stop.
  /// - Returns: how many events were added; 0 at the end of the stream, or where `group` is full.
  /// - Throws: `InterchangeError` at the first line that is not an event, after which the events
  ///   before it are in `group`; or what the input throws.
  /// - Complexity: O(*n*) in the bytes; no allocation for a line once the columns have grown.
  public mutating func read(into group: inout EventGroup, limit: Int) throws -> Int {
    if let failure { throw failure }
    let before = group.count
    while group.count < limit, group.byteCount < EventGroup.byteLimit {
      if isLive, group.count > before, lines.start == lines.end { break }
      switch try lines.fill() {
      case .end: return group.count - before
      case .lineTooLong: throw fail(TextFault(Self.tooLong, at: lines.start))
      case .lines: break
      }
      var at = lines.start
      do {
        let isFull = try readLines(&at, into: &group, limit: limit)
        lines.start = at
        if isFull { break }
      } catch let fault {
        try readHeaderLine(at, orFail: fault)
      }
    }
    return group.count - before
  }

  /// Takes whole lines off the stream without reading them, for a `LinePieceReader`.
  ///
  /// - Parameters:
  ///   - piece: takes the lines in place of those it has.
  ///   - byteCount: about how many bytes of lines.
  /// - Returns: whether there were as many; where not, `read` says why, once the piece is read.
  ///   Before `read` has given events there are none: lines of the header are read in order.
  public mutating func takeLines(into piece: inout LinePiece, byteCount: Int) -> Bool {
    piece.removeAll()
    guard hasEvents, failure == nil else { return false }
    return lines.take(into: &piece, byteCount: byteCount)
  }

  /// Puts pieces back, to be read in order.
  ///
  /// - Parameters:
  ///   - pieces: what was taken, the first first.
  ///   - lineCount: how many lines were taken and read before.
  public mutating func putBack(_ pieces: [LinePiece], after lineCount: Int) {
    lines.putBack(pieces)
    line += lineCount
  }

  private static let tooLong =
    "expected a line of at most \(LineBuffer.lineByteLimit) bytes, found a longer one"

  /// Reads the whole lines that are in memory.
  ///
  /// - Returns: whether the group cannot take the next event.
  private mutating func readLines(
    _ at: inout Int, into group: inout EventGroup, limit: Int
  ) throws(TextFault) -> Bool {
    let end = lines.end
    var count = group.count
    defer { hasEvents = hasEvents || count > 0 }
    // A second reference, gone before the bytes change: a span of `self` would bar changing it.
    let buffer = lines.bytes
    let bytes = buffer.span
    while at < end {
      switch try parser.readLine(bytes, &at, into: &group) {
      case .event:
        count += 1
        line += 1
        if count >= limit || group.byteCount >= EventGroup.byteLimit { break }
        continue
      case .blank:
        line += 1
        continue
      case .groupFull: return true
      }
      break
    }
    return false
  }

  /// Reads a line that is not an event as one of the header, or throws what was wrong with it.
  private mutating func readHeaderLine(_ at: Int, orFail fault: TextFault) throws {
    lines.start = at
    var next = at
    do {
      let buffer = lines.bytes
      let isHeader = try headerParser.readLine(buffer.span, &next, into: &header)
      guard isHeader else { throw fault }
      guard !hasEvents else {
        throw TextFault("expected an event, found a line of the header after events", at: at)
      }
    } catch let fault as TextFault {
      throw fail(fault)
    }
    lines.start = next
    line += 1
  }

  private mutating func fail(_ fault: TextFault) -> InterchangeError {
    let error = InterchangeError(
      line: line, column: max(fault.offset - lines.start, 0) + 1, message: fault.message)
    failure = error
    return error
  }
}
