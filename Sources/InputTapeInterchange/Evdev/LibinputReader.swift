// SPDX-License-Identifier: Apache-2.0
//
// Recordings of devices by `libinput record`: YAML of a fixed form, of which the kernel's events
// are read and the rest is passed over.

public import InputTapeCore

/// Reads events from the YAML that `libinput record` writes.
///
/// Each device has a track for each class of events that it sends. Times are those of the text,
/// from the start of that recording.
public struct LibinputReader: EventTextReader {
  public private(set) var header = InterchangeHeader()
  private var lines: ImportedLines
  private var devices: [ImportedDevice] = []
  private var tracks = EvdevTracks()
  private var events = ImportedEvents()
  private var part = Part.none

  /// What the lines at hand describe.
  private enum Part { case none, evdev, codes, axes, events }

  public init(_ input: any ByteInput) { lines = ImportedLines(input) }

  public mutating func read(into group: inout EventGroup, limit: Int) throws -> Int {
    if events.begin() { try readAll() }
    return try events.move(into: &group, limit: limit)
  }

  private mutating func readAll() throws {
    do {
      while let line = try lines.next() { try readLine(line) }
      if devices.isEmpty { throw lines.error("expected a device (\"- node:\"), found none") }
    } catch let error as InterchangeError {
      events.failure = error
    }
    for index in devices.indices {
      var outputs: [EvdevOutput] = []
      devices[index].finish { outputs.append($0) }
      for output in outputs { append(output, of: index) }
    }
    events.sort()
    header.tracks = tracks.tracks
  }

  private mutating func append(_ output: EvdevOutput, of index: Int) {
    guard let id = tracks.track(of: index, devices[index].device, output.trackClass) else { return }
    events.append(Event(time: output.time, track: id, body: output.body))
  }

  private mutating func readLine(_ line: [UInt8]) throws {
    let text = String(decoding: line, as: UTF8.self)
    let content = text.drop { $0 == " " }
    if content.isEmpty || content.first == "#" { return }
    if content.hasPrefix("- node:") {
      guard devices.count < Limits.tracks else { throw lines.error("too many devices") }
      devices.append(ImportedDevice())
      part = .none
      return
    }
    guard let index = devices.indices.last else { return }
    if content.hasPrefix("- [") {
      if part == .events { try readEvent(content.dropFirst(2), of: index) }
      return
    }
    readDescription(content, of: index)
  }

  private mutating func readDescription(_ content: Substring, of index: Int) {
    let colon = content.firstIndex(of: ":") ?? content.endIndex
    let name = content[..<colon]
    let value = content[colon...].dropFirst().drop { $0 == " " }
    switch name {
    case "evdev": part = .evdev
    case "codes": part = .codes
    case "absinfo": part = .axes
    case "events": part = .events
    case "- evdev": part = .events
    case "name" where part == .evdev: devices[index].device.name = Self.unquoted(value)
    case "id" where part == .evdev:
      let numbers = Self.numbers(value)
      if numbers.count >= 3 {
        devices[index].device.identity = EvdevDevice.identity(
          vendor: Int(numbers[1] & 0xFFFF), product: Int(numbers[2] & 0xFFFF))
      }
    default:
      if let number = UInt16(name) {
        readNumbered(number, value, of: index)
      } else if part != .events {
        part = name == "properties" ? .evdev : .none
      }
    }
  }

  private mutating func readNumbered(_ number: UInt16, _ value: Substring, of index: Int) {
    let numbers = Self.numbers(value)
    if part == .codes, number != 0 {
      for code in numbers.compactMap({ UInt16(exactly: $0) }) {
        devices[index].add(type: number, code: code)
      }
    }
    guard part == .axes, numbers.count >= 5 else { return }
    let resolution = Int(min(max(numbers[4], 0), 1 << 20))
    if number == EvdevCode.x { devices[index].device.resolution = resolution }
    if number == EvdevCode.tiltX { devices[index].device.tiltResolution = resolution }
  }

  private mutating func readEvent(_ text: Substring, of index: Int) throws {
    let numbers = Self.numbers(text)
    guard numbers.count >= 5, (0...4_000_000_000).contains(numbers[0]),
      (0...999_999).contains(numbers[1]), let type = UInt16(exactly: numbers[2]),
      let code = UInt16(exactly: numbers[3]), let value = Int32(exactly: numbers[4])
    else { throw lines.error("expected [seconds, microseconds, type, code, value]") }
    let time = numbers[0] * 1_000_000_000 + numbers[1] * 1_000
    var outputs: [EvdevOutput] = []
    devices[index].take(EvdevEvent(time: time, type: type, code: code, value: value)) {
      outputs.append($0)
    }
    for output in outputs { append(output, of: index) }
  }

  /// The numbers of a list in brackets.
  private static func numbers(_ text: Substring) -> [Int64] {
    guard let open = text.firstIndex(of: "["),
      let close = text[open...].firstIndex(of: "]")
    else { return [] }
    return text[open..<close].dropFirst().split(separator: ",").compactMap { part in
      Int64(part.filter { $0 != " " })
    }
  }

  /// A text without its quotes; those within it are written as they are, or with a backslash.
  private static func unquoted(_ text: Substring) -> String {
    let inner = text.dropFirst()
    guard text.first == "\"", let end = inner.lastIndex(of: "\"") else { return String(text) }
    return String(inner[..<end].replacing("\\\"", with: "\"").replacing("\\\\", with: "\\"))
  }
}
