// SPDX-License-Identifier: Apache-2.0
//
// Recordings of other programs, read.

import InputTapeCore
import InputTapeInterchange
import Testing

@Suite struct ImporterTests {
  private func read(
    _ reader: some EventTextReader, limit: Int = 3
  ) throws -> (events: [Event], header: InterchangeHeader) {
    var reader = reader
    var events: [Event] = []
    var group = EventGroup()
    while true {
      group.removeAll()
      if try reader.read(into: &group, limit: limit) == 0 { break }
      group.forEachEvent { events.append($0) }
    }
    return (events, reader.header)
  }

  private func input(_ text: String) -> MemoryInput {
    MemoryInput(Array(text.utf8), pieceByteCount: 7)
  }

  /// `libinput record` writes names between quotes, whatever is in them.
  @Test(arguments: [
    (#""Mouse""#, "Mouse"), (#""A "fine" [mouse] # 1""#, #"A "fine" [mouse] # 1"#),
    (#""A \"fine\" \\ mouse""#, #"A "fine" \ mouse"#), (#""""#, ""), ("Mouse", "Mouse"),
    (#"""#, #"""#),
  ])
  func readsNamesWithQuotes(_ written: String, _ name: String) throws {
    let text =
      "- node: a\n  evdev:\n    name: \(written)\n  events:\n  - evdev:\n"
      + "    - [0, 5, 2, 0, 3]\n    - [0, 5, 0, 0, 0]\n"
    let (events, header) = try read(LibinputReader(input(text)))
    #expect(events.map(\.body) == [.rawMotion(dx: 3, dy: 0)])
    #expect(header.tracks.map(\.name) == [name])
  }

  private let evemu = """
    # EVEMU 1.3
    # Input device name: "Test Mouse"
    N: Test Mouse
    I: 0003 046d c52b 0111
    P: 00 00 00 00 00 00 00 00
    B: 00 07 00 00 00 00 00 00 00
    B: 01 00 00 00 00 00 00 00 00
    B: 01 00 00 00 00 00 00 00 00
    B: 01 00 00 00 00 00 00 00 00
    B: 01 00 00 00 00 00 00 00 00
    B: 01 00 00 07 00 00 00 00 00
    B: 02 03 01 00 00 00 00 00 00
    E: 10.000001 0002 0000 0005\t# EV_REL / REL_X 5
    E: 10.000001 0002 0001 -003
    E: 10.000001 0000 0000 0000\t# SYN_REPORT
    E: 10.500001 0001 0110 0001
    E: 10.500001 0000 0000 0000
    """

  @Test func readsEvemu() throws {
    let (events, header) = try read(EvemuReader(input(evemu)))
    #expect(
      events == [
        Event(time: 0, track: .first, body: .rawMotion(dx: 5, dy: -3)),
        Event(time: 500_000_000, track: .first, body: .button(button: 1, state: .down)),
      ])
    #expect(header.tracks.map(\.name) == ["Test Mouse"])
    #expect(header.tracks.map(\.device) == ["046d:c52b"])
    #expect(header.tracks.map(\.trackClass) == [.pointer])
  }

  @Test(arguments: ["E: 1.5 0002", "E: x 0002 0000 0005", "E: 1.000001 zzzz 0000 0005"])
  func saysWhereEvemuIsWrong(_ line: String) throws {
    var reader = EvemuReader(input(evemu + "\n" + line + "\n"))
    var group = EventGroup()
    #expect(try reader.read(into: &group, limit: 100) == 2)
    group.removeAll()
    let error = try #require(throws: InterchangeError.self) {
      _ = try reader.read(into: &group, limit: 100)
    }
    #expect(error.line == 18)
  }

  private let libinput = """
    # libinput record
    version: 1
    ndevices: 2
    libinput:
      version: "1.22.1"
      git: "unknown"
    system:
      os: "debian:12"
    devices:
    - node: /dev/input/event4
      evdev:
        # Name: Some Keyboard
        name: "Some Keyboard"
        id: [3, 1133, 49970, 273]
        codes:
          0: [0, 1, 4] # EV_SYN
          1: [1, 2, 30, 31] # EV_KEY
        properties: []
      hid: [
        0x05, 0x01, 0x09
      ]
      udev:
        properties:
        - ID_INPUT=1
      quirks:
      events:
        # Current time is 12:00:00
      - evdev:
        - [  0,      0,   4,   4,      30] # EV_MSC / MSC_SCAN 30
        - [  0,      0,   1,  30,       1] # EV_KEY / KEY_A 1
        - [  0,      0,   0,   0,       0] # ------------ SYN_REPORT (0) ----------
      - libinput:
        - {time: 0.000, type: KEYBOARD_KEY, key: 30, state: pressed}
      - evdev:
        - [  2, 250000,   1,  30,       0]
        - [  2, 250000,   0,   0,       0]
    - node: /dev/input/event5
      evdev:
        name: "Touch"
        id: [3, 1, 2, 3]
        codes:
          1: [330]
          3: [0, 1, 47, 53, 54, 57] # EV_ABS
        absinfo:
          0: [0, 4095, 0, 0, 20]
      events:
      - evdev:
        - [  1,      5,   3,  57,       9]
        - [  1,      5,   3,  53,      70]
        - [  1,      5,   3,  54,      80]
        - [  1,      5,   0,   0,       0]
    """

  @Test func readsLibinput() throws {
    let (events, header) = try read(LibinputReader(input(libinput)))
    let touch = TrackID(rawValue: 1)
    #expect(
      events == [
        Event(time: 0, track: .first, body: .key(code: 30, state: .down)),
        Event(
          time: 1_000_005_000, track: touch,
          body: .touch(contact: 0, phase: .began, x: 70, y: 80, pressure: nil)),
        Event(time: 2_250_000_000, track: .first, body: .key(code: 30, state: .up)),
      ])
    #expect(header.tracks.map(\.name) == ["Some Keyboard", "Touch"])
    #expect(header.tracks.map(\.trackClass) == [.keyboard, .touch])
    #expect(header.tracks.map(\.codeSpace) == ["evdev", ""])
    #expect(header.tracks[1].resolution == 508)
  }

  @Test func refusesTextWithoutADevice() {
    var reader = LibinputReader(input("version: 1\n"))
    var group = EventGroup()
    #expect(throws: InterchangeError.self) { try reader.read(into: &group, limit: 10) }
  }

  private func message(_ topic: String, _ time: String, _ data: String) -> String {
    "{\"topic\":\"\(topic)\",\"sequence\":0,\"log_time\":\(time),\"data\":\(data)}\n"
  }

  @Test func readsOWAMcap() throws {
    let window = #"{"title":"A – B","rect":[10,20,110,220],"hWnd":7}"#
    let lines =
      message("window", "1751017792.129876000", window)
      + message("keyboard/state", "1751017792.129876100", #"{"buttons":[]}"#)
      + message("mouse", "1751017792.129877000", #"{"event_type":"move","x":5,"y":6}"#)
      + message(
        "mouse", "1751017793.129876000",
        #"{"event_type":"click","x":5,"y":6,"button":"right","pressed":true}"#)
      + message(
        "mouse", "1751017793.129876000",
        #"{"event_type":"scroll","x":5,"y":6,"dx":0,"dy":-1}"#)
      + message("keyboard", "1751017794.129876000", #"{"event_type":"press","vk":84}"#)
      + message("keyboard", "1751017794.129876000", #"{"event_type":"press","vk":84}"#)
      + message("window", "1751017794.129876000", window)
      + #"{"topic":"keyboard","timestamp":1751017795129876000,"#
      + #""msg":{"event_type":"release","vk":84}}"# + "\n"
      + message(
        "screen", "1751017796.129876000",
        #"{"utc_ns":1,"shape":[1,2],"media_ref":{"uri":"a.mkv","pts_ns":20000000}}"#)
      + message(
        "mouse/raw", "1751017797.129876000",
        #"{"last_x":3,"last_y":-4,"us_flags":0,"button_flags":1025,"button_data":65416}"#)
    let (events, header) = try read(OWAMcapReader(input(lines)))
    #expect(
      events.map(\.body) == [
        .clock(unixNanoseconds: 1_751_017_792_129_876_000, uncertaintyNanoseconds: 1_000_000),
        .focus(Focus(application: "", title: "A – B", x: 10, y: 20, width: 100, height: 200)),
        .motion(x: 5, y: 6), .button(button: 3, state: .down),
        .scroll(dx: 0, dy: -120, phase: nil), .key(code: 84, state: .down),
        .key(code: 84, state: .repeat), .key(code: 84, state: .up),
        .frame(presentationTime: 20_000_000, media: "a.mkv"), .rawMotion(dx: 3, dy: -4),
        .button(button: 1, state: .down), .scroll(dx: 0, dy: -120, phase: nil),
      ])
    #expect(events.map(\.time).prefix(4) == [0, 0, 1_000, 1_000_000_000])
    #expect(header.tracks.contains { $0.codeSpace == "windowsVK" })
  }

  @Test(arguments: [
    "{", "[]", "{\"topic\":\"mouse\"}", "{\"topic\":\"mouse\",\"log_time\":1,\"data\":{}}",
    "{\"topic\":\"mouse\",\"log_time\":\"x\",\"data\":{\"event_type\":\"move\",\"x\":1,\"y\":1}}",
    "{\"topic\":\"keyboard\",\"log_time\":1,\"data\":{\"event_type\":\"press\",\"vk\":-1}}",
    String(repeating: "[", count: 100_000),
  ])
  func refusesWhatIsNoMessage(_ line: String) {
    var reader = OWAMcapReader(input(line + "\n"))
    var group = EventGroup()
    let error = #expect(throws: InterchangeError.self) {
      while try reader.read(into: &group, limit: 100) > 0 { group.removeAll() }
    }
    #expect(error?.line == 1)
  }
}
