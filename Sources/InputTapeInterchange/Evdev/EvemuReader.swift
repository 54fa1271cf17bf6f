// SPDX-License-Identifier: Apache-2.0
//
// Recordings of one device by `evemu-record`: a description, then an event a line.

public import InputTapeCore

/// Reads events from the text of evemu.
///
/// Lines that begin with `N:`, `I:`, `B:`, `A:` describe the device, those with `E:` are its
/// events; comments and other lines are passed over. Times are taken from the first event on.
public struct EvemuReader: EventTextReader {
  public private(set) var header = InterchangeHeader()
  private var lines: ImportedLines
  private var device = ImportedDevice()
  private var tracks = EvdevTracks()
  private var events = ImportedEvents()
  private var keyByteCounts: [UInt16: Int] = [:]
  private var start: Int64?

  public init(_ input: any ByteInput) { lines = ImportedLines(input) }

  public mutating func read(into group: inout EventGroup, limit: Int) throws -> Int {
    if events.begin() { try readAll() }
    return try events.move(into: &group, limit: limit)
  }

  private mutating func readAll() throws {
    do {
      while let line = try lines.next() { try readLine(line) }
    } catch let error as InterchangeError {
      events.failure = error
    }
    var outputs: [EvdevOutput] = []
    device.finish { outputs.append($0) }
    for output in outputs { append(output) }
    events.sort()
    header.tracks = tracks.tracks
  }

  private mutating func append(_ output: EvdevOutput) {
    guard let id = tracks.track(of: 0, device.device, output.trackClass) else { return }
    events.append(Event(time: output.time, track: id, body: output.body))
  }

  private mutating func readLine(_ line: [UInt8]) throws {
    let text = String(decoding: line, as: UTF8.self)
    let words = text.prefix { $0 != "#" }.split(whereSeparator: \.isWhitespace)
    guard let mark = words.first else { return }
    switch mark {
    case "N:": device.device.name = String(text.dropFirst(2).drop { $0 == " " })
    case "I:":
      let numbers = words.dropFirst().compactMap { Int($0, radix: 16) }
      if numbers.count >= 3 {
        device.device.identity = EvdevDevice.identity(vendor: numbers[1], product: numbers[2])
      }
    case "B:": readBits(words.dropFirst())
    case "A:": readAxis(words.dropFirst())
    case "E:": try readEvent(words)
    default: break
    }
  }

  /// A type and the next bytes of its codes, a bit each.
  private mutating func readBits(_ words: ArraySlice<Substring>) {
    let numbers = words.compactMap { UInt16($0, radix: 16) }
    guard let type = numbers.first, type != 0 else { return }
    let start = keyByteCounts[type, default: 0]
    for (offset, byte) in numbers.dropFirst().enumerated() {
      for bit in 0..<8 where byte >> UInt16(bit) & 1 == 1 {
        guard let code = UInt16(exactly: (start + offset) * 8 + bit) else { continue }
        device.add(type: type, code: code)
      }
    }
    keyByteCounts[type] = min(start + numbers.count - 1, 8_192)
  }

  private mutating func readAxis(_ words: ArraySlice<Substring>) {
    let words = Array(words)
    guard words.count >= 6, let axis = UInt16(words[0], radix: 16), let resolution = Int(words[5])
    else { return }
    if axis == EvdevCode.x { device.device.resolution = min(max(resolution, 0), 1 << 20) }
    if axis == EvdevCode.tiltX { device.device.tiltResolution = max(resolution, 0) }
  }

  private mutating func readEvent(_ words: [Substring]) throws {
    guard words.count >= 5, let time = Self.time(words[1]) else {
      throw lines.error("expected \"E: seconds.microseconds type code value\"")
    }
    guard let type = UInt16(words[2], radix: 16), let code = UInt16(words[3], radix: 16),
      let value = Int32(words[4])
    else { throw lines.error("expected a type, a code and a value, found others") }
    let start = self.start ?? time
    self.start = start
    let event = EvdevEvent(time: time - start, type: type, code: code, value: value)
    var outputs: [EvdevOutput] = []
    device.take(event) { outputs.append($0) }
    for output in outputs { append(output) }
  }

  /// Seconds and microseconds as nanoseconds.
  static func time(_ text: Substring) -> Int64? {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 2, let seconds = Int64(parts[0]), (0...4_000_000_000).contains(seconds),
      (1...9).contains(parts[1].count), let fraction = Int64(parts[1]), fraction >= 0
    else { return nil }
    var scale: Int64 = 1
    for _ in 0..<(9 - parts[1].count) { scale *= 10 }
    return seconds * 1_000_000_000 + fraction * scale
  }
}
