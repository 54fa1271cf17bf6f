// SPDX-License-Identifier: Apache-2.0
//
// Events as lines of JSON, straight from columns (Specs/Registry.md, section 1).

import InputTapeCore

/// Writes events as lines of JSON.
///
/// A field that the source did not report is left out. Text that is not UTF-8 stands in base64
/// under its name followed by `Bytes`.
public struct JSONLWriter: EventTextWriter {
  private var buffer = [UInt8](repeating: 0, count: 128 << 10)
  private var line: [UInt8] = []
  private let encoder = JSONLineEncoder()

  public init() {}

  public mutating func write<E: Error>(
    _ header: InterchangeHeader, to output: (Span<UInt8>) throws(E) -> Void
  ) throws(E) {
    line.removeAll(keepingCapacity: true)
    HeaderLineWriter.append(header, to: &line)
    if !line.isEmpty { try output(line.span) }
  }

  public mutating func write<E: Error>(
    _ group: EventGroup, to output: (Span<UInt8>) throws(E) -> Void
  ) throws(E) {
    var cursor = GroupCursor(group)
    let encoder = encoder
    let batches = group.batches.span
    var used = 0
    for batch in group.order {
      let place = cursor.next(in: group, batch: Int(batch))
      let columns = batches[place.batch].columns.span
      if encoder.isNumeric(columns, place.columns) {
        if buffer.count - used < JSONLineEncoder.numericLineByteLimit {
          try flush(&used, to: output)
        }
        var span = buffer.mutableSpan
        encoder.write(batches, place, &span, &used)
      } else {
        line.removeAll(keepingCapacity: true)
        encoder.append(group.batches[place.batch], place, to: &line)
        if buffer.count - used < line.count { try flush(&used, to: output) }
        if line.count > buffer.count {
          try output(line.span)
        } else {
          buffer.replaceSubrange(used..<(used + line.count), with: line)
          used += line.count
        }
      }
    }
    try flush(&used, to: output)
  }

  private func flush<E: Error>(
    _ used: inout Int, to output: (Span<UInt8>) throws(E) -> Void
  ) throws(E) {
    if used > 0 { try output(buffer.span.extracting(0..<used)) }
    used = 0
  }
}
