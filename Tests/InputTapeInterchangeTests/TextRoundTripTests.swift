// SPDX-License-Identifier: Apache-2.0
//
// Events to text and back.

import InputTapeCore
import InputTapeInterchange
import Testing

@Suite struct TextRoundTripTests {
  @Test(arguments: TextForm.allCases)
  func keepsEveryKindOfEvent(form: TextForm) throws {
    let text = form.write([EventGroup(events: everyEvent)])
    let groups = try form.read(text)
    #expect(groups.flatMap(\.events) == everyEvent)
    #expect(form.write(groups) == text)
  }

  @Test(arguments: TextForm.allCases)
  func readsAlikeInPiecesAndGroupsOfAnySize(form: TextForm) throws {
    let text = form.write([EventGroup(events: everyEvent)])
    for size in [1, 2, 3, 7, 64, 1000] {
      #expect(try form.read(text, pieceByteCount: size).flatMap(\.events) == everyEvent)
      let groups = try form.read(text, limit: size)
      #expect(groups.allSatisfy { $0.count <= size })
      #expect(groups.flatMap(\.events) == everyEvent)
    }
  }

  @Test(arguments: TextForm.allCases)
  func keepsTextThatIsNotUTF8(form: TextForm) throws {
    var batch = EventBatch(track: TrackID(rawValue: 0))
    for (kind, strings) in [(EventKind.text, 1), (.marker, 1)] {
      batch.times.append(5)
      batch.kinds.append(kind)
      var columns = KindColumns(kind: kind, layout: KindLayout(strings: strings))
      columns.count = 1
      columns.strings[0].append([0x61, 0xFF, 0xC0, 0x80])
      batch.columns.append(columns)
    }
    let text = form.write([EventGroup(merging: [batch])])
    #expect(String(validating: text, as: UTF8.self) != nil)
    #expect(try form.read(text).map(\.batches) == [[batch]])
  }

  @Test func writesLinesInTheShapeOfTheRegistry() {
    let events = [
      Event(time: 0, track: TrackID(rawValue: 0), body: .motion(x: 1043, y: 410)),
      Event(time: 5, track: TrackID(rawValue: 1), body: .key(code: 30, state: .repeat)),
      Event(time: 6, track: TrackID(rawValue: 1), body: .text("\u{1B}\u{9B}\u{202E}\u{E0041}é")),
      Event(
        time: 7, track: TrackID(rawValue: 1),
        body: .gap(
          Gap(cause: .queueFull, count: 2, isLowerBound: true, firstTime: 1, lastTime: 3))),
    ]
    let expected = #"""
      {"t":0,"device":0,"kind":"motion","x":1043,"y":410}
      {"t":5,"device":1,"kind":"key","code":30,"state":"repeat"}
      {"t":6,"device":1,"kind":"text","text":"\u001b\u009b\u202e\udb40\udc41é"}
      {"t":7,"device":1,"kind":"gap","cause":"queueFull","count":2,"isLowerBound":true,\#
      "firstTime":1,"lastTime":3}

      """#
    let text = TextForm.jsonl.write([EventGroup(events: events)])
    #expect(String(decoding: text, as: UTF8.self) == expected)
  }

  @Test func guardsCellsThatLookLikeFormulas() {
    let event = Event(time: 0, track: TrackID(rawValue: 0), body: .text("=HYPERLINK(1)"))
    let text = String(
      decoding: TextForm.csv.write([EventGroup(events: [event])]), as: UTF8.self)
    #expect(text.hasPrefix("t,device,kind,x,y,dx,dy,button,state,phase,code,text,"))
    #expect(text.contains("\r\n0,0,text,,,,,,,,,'=HYPERLINK(1),"))
  }

  @Test func readsMetadataAndTracksBeforeEvents() throws {
    let header = InterchangeHeader(
      metadata: [
        InterchangeField(name: "agent", value: "test \u{1B} \"1\""),
        InterchangeField(name: "kind", value: ""),
      ],
      tracks: [
        Track(
          id: TrackID(rawValue: 1), class: .pointer, name: "a mouse", device: "046d:c08b",
          codeSpace: "evdev", coordinateSpace: "screen", subpixelBits: 3, resolution: 800),
        Track(id: TrackID(rawValue: 1023), class: TrackClass(rawValue: 9)),
      ])
    let text = TextForm.jsonl.write([EventGroup(events: everyEvent)], header: header)
    var reader = JSONLReader(MemoryInput(text))
    var group = EventGroup()
    #expect(try reader.read(into: &group, limit: 1) == 1)
    #expect(reader.header == header)
  }

  @Test func ordersEventsByTimeAndTrackAndKeepsTheOrderOfATrack() {
    func event(_ time: Int64, _ track: UInt16) -> Event {
      Event(
        time: time, track: TrackID(rawValue: track), body: .axis(axis: Int32(time), value: 0))
    }
    let events = [event(5, 2), event(4, 2), event(5, 1), event(5, 0), event(9, 0), event(4, 1)]
    let order = EventGroup(events: events).events.map { "\($0.time)/\($0.track.rawValue)" }
    #expect(order == ["5/0", "5/1", "4/1", "5/2", "4/2", "9/0"])
  }
}
