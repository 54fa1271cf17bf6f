// SPDX-License-Identifier: Apache-2.0
//
// Messages of OWAMcap recordings as lines of JSON, one message a line.
//
// A line has the message's topic, its time (`log_time` or `timestamp`) and its fields (`data`,
// `msg` or `message`): what `mcap cat --json` and short scripts around the format's library print.

public import InputTapeCore

/// Reads events from OWAMcap messages that were exported as lines of JSON.
///
/// Topics `mouse`, `mouse/raw`, `keyboard`, `window` and `screen` become events; the states
/// `mouse/state` and `keyboard/state` repeat what they have said and are left out. Times count from
/// the first message.
public struct OWAMcapReader: EventTextReader {
  public private(set) var header = InterchangeHeader()
  private var lines: ImportedLines
  private var events = ImportedEvents()
  private var start: Int64?
  private var lastWindow: JSONWindow?
  private var pressed: Set<UInt32> = []

  public init(_ input: any ByteInput) { lines = ImportedLines(input) }

  public mutating func read(into group: inout EventGroup, limit: Int) throws -> Int {
    if events.begin() { try readAll() }
    return try events.move(into: &group, limit: limit)
  }

  private mutating func readAll() throws {
    do {
      while let line = try lines.next() {
        if line.allSatisfy({ $0 == 0x20 || $0 == 0x09 }) { continue }
        try readMessage(line)
      }
    } catch let error as InterchangeError {
      events.failure = error
    }
    events.sort()
    header.tracks = [
      Track(id: Self.pointer, class: .pointer, name: "mouse", coordinateSpace: "screen"),
      Track(id: Self.raw, class: .pointer, name: "mouse, raw", coordinateSpace: "device"),
      Track(id: Self.keyboard, class: .keyboard, name: "keyboard", codeSpace: "windowsVK"),
      Track(id: Self.window, class: .context, name: "window", coordinateSpace: "screen"),
      Track(id: Self.screen, class: .context, name: "screen"),
    ]
    if let start { header.metadata = [InterchangeField(name: "startUnixTime", value: "\(start)")] }
  }

  private static let pointer = TrackID(rawValue: 0)
  private static let raw = TrackID(rawValue: 1)
  private static let keyboard = TrackID(rawValue: 2)
  private static let window = TrackID(rawValue: 3)
  private static let screen = TrackID(rawValue: 4)

  private mutating func readMessage(_ line: [UInt8]) throws {
    let tree: JSONTree
    let bytes = line + [0x0A]
    do {
      tree = try JSONTree.read(bytes.span)
    } catch {
      throw lines.error(error.message, column: error.offset + 1)
    }
    guard let topic = tree["topic"]?.text,
      let fields = tree["data"] ?? tree["msg"] ?? tree["message"]
    else { throw lines.error("expected a message with \"topic\" and \"data\"") }
    let stamp = tree["log_time"] ?? tree["timestamp"] ?? fields["timestamp"]
    guard let unix = stamp?.nanoseconds else {
      throw lines.error("expected a time in \"log_time\" or \"timestamp\"")
    }
    let start = self.start ?? unix
    if self.start == nil {
      self.start = start
      append(
        0, Self.window, .clock(unixNanoseconds: start, uncertaintyNanoseconds: 1_000_000))
    }
    let (time, overflow) = unix.subtractingReportingOverflow(start)
    guard !overflow else { throw lines.error("expected times that are not so far apart") }
    guard try readFields(topic, time, fields) else {
      throw lines.error("expected the fields of topic \"\(topic)\"")
    }
  }

  private mutating func append(_ time: Int64, _ track: TrackID, _ body: Event.Body) {
    events.append(Event(time: time, track: track, body: body))
  }

  /// - Returns: false where the fields are not those of the topic.
  private mutating func readFields(
    _ topic: String, _ time: Int64, _ fields: JSONTree
  ) throws -> Bool {
    switch topic {
    case "mouse": return readMouse(time, fields)
    case "mouse/raw": return readRawMouse(time, fields)
    case "keyboard": return readKey(time, fields)
    case "window": return readWindow(time, fields)
    case "screen": return readFrame(time, fields)
    default: return true
    }
  }

  private mutating func readMouse(_ time: Int64, _ fields: JSONTree) -> Bool {
    guard let type = fields["event_type"]?.text, let x = fields["x"]?.int32,
      let y = fields["y"]?.int32
    else { return false }
    switch type {
    case "move": append(time, Self.pointer, .motion(x: x, y: y))
    case "click":
      guard let name = fields["button"]?.text, let isDown = fields["pressed"]?.bool else {
        return false
      }
      let numbers: [String: Int32] = ["left": 1, "middle": 2, "right": 3, "x1": 8, "x2": 9]
      append(
        time, Self.pointer, .button(button: numbers[name] ?? 0, state: isDown ? .down : .up))
    case "scroll":
      guard let dx = fields["dx"]?.int32, let dy = fields["dy"]?.int32 else { return false }
      let (x, y) = (Int32(clamping: Int64(dx) * 120), Int32(clamping: Int64(dy) * 120))
      append(time, Self.pointer, .scroll(dx: x, dy: y, phase: nil))
    default: return false
    }
    return true
  }

  /// Raw mice: flags of buttons come in pairs, down and up, from the lowest bits on.
  private mutating func readRawMouse(_ time: Int64, _ fields: JSONTree) -> Bool {
    guard let x = fields["last_x"]?.int32, let y = fields["last_y"]?.int32 else { return false }
    let isAbsolute = (fields["us_flags"]?.int64 ?? 0) & 1 != 0
    if isAbsolute {
      append(time, Self.raw, .motion(x: x, y: y))
    } else if x != 0 || y != 0 {
      append(time, Self.raw, .rawMotion(dx: x, dy: y))
    }
    let flags = fields["button_flags"]?.int64 ?? 0
    for (index, number) in [Int32(1), 3, 2, 8, 9].enumerated() {
      if flags >> Int64(2 * index) & 1 != 0 {
        append(time, Self.raw, .button(button: number, state: .down))
      }
      if flags >> Int64(2 * index + 1) & 1 != 0 {
        append(time, Self.raw, .button(button: number, state: .up))
      }
    }
    // The wheel's amount is a signed 16-bit number that may come unsigned.
    let amount = Int32(Int16(truncatingIfNeeded: fields["button_data"]?.int64 ?? 0))
    if flags & 0x400 != 0 { append(time, Self.raw, .scroll(dx: 0, dy: amount, phase: nil)) }
    if flags & 0x800 != 0 { append(time, Self.raw, .scroll(dx: amount, dy: 0, phase: nil)) }
    return true
  }

  private mutating func readKey(_ time: Int64, _ fields: JSONTree) -> Bool {
    guard let type = fields["event_type"]?.text, ["press", "release"].contains(type),
      let code = fields["vk"]?.int64.flatMap({ UInt32(exactly: $0) })
    else { return false }
    guard type == "press" else {
      pressed.remove(code)
      append(time, Self.keyboard, .key(code: code, state: .up))
      return true
    }
    let isNew = pressed.count < 256 ? pressed.insert(code).inserted : !pressed.contains(code)
    append(time, Self.keyboard, .key(code: code, state: isNew ? .down : .repeat))
    return true
  }

  /// The window comes each second; it is an event where it has changed.
  private mutating func readWindow(_ time: Int64, _ fields: JSONTree) -> Bool {
    guard let title = fields["title"]?.text, let rect = fields["rect"]?.list, rect.count == 4,
      let left = rect[0].int32, let top = rect[1].int32, let right = rect[2].int32,
      let bottom = rect[3].int32
    else { return false }
    let window = JSONWindow(title: title, left: left, top: top, right: right, bottom: bottom)
    if window == lastWindow { return true }
    lastWindow = window
    append(
      time, Self.window,
      .focus(
        Focus(
          application: "", title: window.title.cut(to: Limits.textByteCount), x: left, y: top,
          width: right &- left, height: bottom &- top)))
    return true
  }

  private mutating func readFrame(_ time: Int64, _ fields: JSONTree) -> Bool {
    guard let reference = fields["media_ref"], let uri = reference["uri"]?.text else {
      // A frame that no medium holds has nothing to refer to.
      return true
    }
    let presentation = reference["pts_ns"]?.int64 ?? 0
    append(
      time, Self.screen,
      .frame(presentationTime: presentation, media: uri.cut(to: Limits.textByteCount)))
    return true
  }

  private struct JSONWindow: Equatable {
    var title: String
    var left: Int32
    var top: Int32
    var right: Int32
    var bottom: Int32
  }
}

extension String {
  /// The longest beginning of whole characters that has no more bytes than this.
  fileprivate func cut(to byteLimit: Int) -> String {
    if utf8.count <= byteLimit { return self }
    var result = ""
    var count = 0
    for character in self {
      count += character.utf8.count
      if count > byteLimit { break }
      result.append(character)
    }
    return result
  }
}
