// SPDX-License-Identifier: Apache-2.0
//
// Text that is not what the formats allow.

import InputTapeCore
import InputTapeInterchange
import Testing

/// A line, where it is wrong, and some of what the message says.
struct MalformedLine: Sendable, CustomTestStringConvertible {
  let line: String
  let column: Int
  let message: String

  init(_ line: String, _ column: Int, _ message: String) {
    self.line = line
    self.column = column
    self.message = message
  }

  var testDescription: String { line }
}

private let head = #"{"t":0,"device":0,"#

private let malformedLines: [MalformedLine] = [
  MalformedLine("x", 1, #"expected "{", found "x""#),
  MalformedLine("{", 2, "found the end of the line"),
  MalformedLine("{}", 1, #"expected a field "kind""#),
  MalformedLine("[1]", 1, #"found "[""#),
  MalformedLine(#"{"t":0,"device":0}"#, 1, #"field "kind""#),
  MalformedLine(#"{"t":0,"kind":"motion","x":1,"y":2}"#, 1, #"field "device""#),
  MalformedLine(#"{"device":0,"kind":"motion","x":1,"y":2}"#, 1, #"field "t""#),
  MalformedLine(head + #""kind":"motion","x":1}"#, 1, #"field "y""#),
  MalformedLine(head + #""kind":"motion","x":1,"y":2,"z":3}"#, 47, #"found "z""#),
  MalformedLine(head + #""kind":"motion","x":1,"y":2,"dx":3}"#, 52, #"fields of kind "motion""#),
  MalformedLine(head + #""kind":"motion","x":1,"x":2}"#, 41, "once"),
  MalformedLine(head + #""kind":"swipe"}"#, 26, #"kind of event, found "swipe""#),
  MalformedLine(head + #""kind":"5","int32":[1,2]}"#, 26, "kind of event"),
  MalformedLine(head + #""kind":"0"}"#, 26, "kind of event"),
  MalformedLine(head + #""kind":"256"}"#, 26, "kind of event"),
  MalformedLine(head + #""kind":7}"#, 26, #"found "7""#),
  MalformedLine(#"{"t":1.5,"device":0,"kind":"marker","label":"a"}"#, 6, "64 bits, found 1.5"),
  MalformedLine(#"{"t":01,"device":0,"kind":"marker","label":"a"}"#, 7, "leading zero"),
  MalformedLine(#"{"t":-,"device":0,"kind":"marker","label":"a"}"#, 7, "a digit"),
  MalformedLine(#"{"t":+1,"device":0,"kind":"marker","label":"a"}"#, 6, "a digit"),
  MalformedLine(#"{"t":9223372036854775808,"device":0,"kind":"marker","label":""}"#, 6, "found 92"),
  MalformedLine(#"{"t":1e400000000000,"device":0,"kind":"marker","label":""}"#, 6, "64 bits"),
  MalformedLine(#"{"t":null,"device":0,"kind":"marker","label":"a"}"#, 6, #"found "n""#),
  MalformedLine(#"{"t":0,"device":1024,"kind":"marker","label":"a"}"#, 17, "0 to 1023"),
  MalformedLine(#"{"t":0,"device":-1,"kind":"marker","label":"a"}"#, 17, "0 to 1023"),
  MalformedLine(head + #""kind":"motion","x":2147483648,"y":0}"#, 39, "2147483647"),
  MalformedLine(head + #""kind":"key","code":-1,"state":"up"}"#, 39, "from 0"),
  MalformedLine(head + #""kind":"key","code":4294967296,"state":"up"}"#, 39, "4294967295"),
  MalformedLine(head + #""kind":"key","code":1,"state":"held"}"#, 49, #"a state, found "held""#),
  MalformedLine(head + #""kind":"scroll","dx":0,"dy":0,"phase":-2147483648}"#, 57, "phase from"),
  MalformedLine(head + #""kind":"marker","label":1}"#, 43, "a string"),
  MalformedLine(head + #""kind":"marker","label":"\x"}"#, 45, "an escape"),
  MalformedLine(head + #""kind":"marker","label":"\ud800"}"#, 44, "surrogate"),
  MalformedLine(head + #""kind":"marker","label":"\u12G4"}"#, 48, "hexadecimal"),
  MalformedLine(head + #""kind":"marker","label":"a"#, 45, "end of the line"),
  MalformedLine(head + #""kind":"marker","label":"a","labelBytes":""}"#, 60, "labelBytes"),
  MalformedLine(head + #""kind":"custom","type":1,"bytes":"AA"}"#, 52, "base64"),
  MalformedLine(head + #""kind":"custom","type":1,"bytes":"AB=="}"#, 52, "base64"),
  MalformedLine(head + #""kind":"16","int32":[2147483648]}"#, 40, "32 bits"),
  MalformedLine(head + #""kind":"16","int32":[1,]}"#, 42, "a value"),
  MalformedLine(head + #""kind":"16","int32":[[1]]}"#, 40, "a digit"),
  MalformedLine(head + #""kind":"16","strings":["a"]}"#, 42, "base64"),
  MalformedLine(head + #""kind":"marker","label":"a"} x"#, 48, "end of the line"),
  MalformedLine(head + #""kind":"marker" "label":"a"}"#, 35, #""," or "}""#),
  MalformedLine(#"{"kind":"track","id":1}"#, 1, "class"),
  MalformedLine(#"{"kind":"track","id":1024,"class":"pointer"}"#, 17, "0 to 1023"),
  MalformedLine(#"{"kind":"track","id":1,"class":"pointer","speed":1}"#, 42, "speed"),
  MalformedLine(#"{"kind":"recording","metadata":{"a":1}}"#, 37, "a string"),
]

@Suite struct MalformedTextTests {
  @Test(arguments: malformedLines)
  func saysWhereALineIsWrongAndHow(_ wrong: MalformedLine) throws {
    let good = #"{"t":0,"device":0,"kind":"motion","x":1,"y":2}"#
    let before = wrong.line.contains("\"track\"") || wrong.line.contains("recording") ? "" : good
    let error = try #require(interchangeError(.jsonl, before + "\n\n" + wrong.line + "\n" + good))
    #expect(error.line == 3)
    #expect(error.column == wrong.column, "\(error)")
    #expect(error.message.contains(wrong.message), "\(error)")
  }

  @Test func acceptsWhatJSONAllows() throws {
    let text = """
      \u{FEFF}  { "y" : 2.0e0 , "x":1e3,\t"kind":"motion","device":0,"t":-0 } \r
      \r

      {"t":12345678901234567890e-1,"device":1.0,"kind":"marker","label":"\\u0061\\ud83d\\ude42\\/"}
      {"t":100000000000000000000e-20,"device":0,"kind":"button","button":1,"state":1}
      {"t":9223372036854775807,"device":0,"kind":"gap","cause":3,"count":1,"isLowerBound":false,\
      "firstTime":-9223372036854775808,"lastTime":0}
      """
    let events = try TextForm.jsonl.read(Array(text.utf8)).flatMap(\.events)
    #expect(events.map(\.time) == [0, 1_234_567_890_123_456_789, 1, .max])
    #expect(events[0].body == .motion(x: 1000, y: 2))
    #expect(events[1].body == .marker("a🙂/"))
    #expect(events[2].body == .button(button: 1, state: .down))
  }

  @Test func refusesALineBeyondItsLimit() throws {
    let line = Array((head + #""kind":"text","text":"x"}"#).utf8)
    let padding = [UInt8](repeating: 0x20, count: 1 << 20)
    #expect(throws: InterchangeError.self) { try TextForm.jsonl.read(line + padding + line) }
    #expect(try TextForm.jsonl.read(padding.dropLast(200) + line).first?.count == 1)
  }

  @Test func refusesTextBeyondItsLimit() throws {
    func line(_ count: Int) -> String {
      head + #""kind":"text","text":""# + String(repeating: "x", count: count) + #""}"#
    }
    #expect(interchangeError(.jsonl, line(Limits.textByteCount)) == nil)
    #expect(interchangeError(.jsonl, line(Limits.textByteCount + 1))?.column == 40)
  }

  @Test func keepsGroupsWithinTheirBytes() throws {
    let line =
      head + #""kind":"text","text":""# + String(repeating: "x", count: 60_000) + "\"}\n"
    let groups = try TextForm.jsonl.read(Array(String(repeating: line, count: 200).utf8))
    #expect(groups.reduce(0) { $0 + $1.count } == 200)
    #expect(groups.allSatisfy { $0.byteCount <= EventGroup.byteLimit + Limits.textByteCount + 64 })
  }

  @Test func endsAGroupWhereAnUnknownKindChangesItsColumns() throws {
    let text = """
      {"t":0,"device":0,"kind":"99","int32":[1]}
      {"t":1,"device":0,"kind":"99","int32":[1,2]}
      {"t":2,"device":0,"kind":"99","int32":[3,4]}
      """
    let groups = try TextForm.jsonl.read(Array(text.utf8))
    #expect(groups.map(\.count) == [1, 2])
  }

  @Test(arguments: TextForm.allCases)
  func readsEveryTruncationWithoutATrap(form: TextForm) {
    let text = form.write([EventGroup(events: everyEvent)])
    var errors = 0
    for count in text.indices {
      do {
        _ = try form.read(Array(text[..<count]))
      } catch {
        #expect(error is InterchangeError)
        errors += 1
      }
    }
    #expect(errors > text.count / 2)
  }

  @Test(arguments: TextForm.allCases)
  func readsChangedBytesWithoutATrap(form: TextForm) {
    let seed = UInt64.random(in: 0 ... .max)
    var state = seed
    func random(_ limit: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % limit
    }
    let text = form.write([EventGroup(events: everyEvent)])
    let alphabet = Array("{}[]\",:\\u0e.-+tfn \n\r'".utf8)
    for _ in 0..<500 {
      var changed = text
      for _ in 0..<(1 + random(4)) {
        let isFromAlphabet = random(2) == 0
        changed[random(text.count)] =
          isFromAlphabet ? alphabet[random(alphabet.count)] : UInt8(random(256))
      }
      do {
        _ = try form.read(changed, pieceByteCount: 1 + random(500))
      } catch {
        #expect(error is InterchangeError, "seed \(seed)")
      }
    }
  }

  @Test(arguments: TextForm.allCases)
  func readsRandomBytesWithoutATrap(form: TextForm) {
    for _ in 0..<300 {
      let bytes = (0..<Int.random(in: 0...60)).map { _ in UInt8.random(in: 0...255) }
      _ = try? form.read(bytes)
    }
  }

  @Test func saysWhereARowIsWrong() throws {
    let names = "t,device,kind,x,y,label\n"
    let rows: [(String, Int, Int)] = [
      ("0,0,motion,1\n", 2, 12), ("0,0,motion,1,b,\n", 2, 14), ("0,0,swipe,,,\n", 2, 5),
      ("0,0,marker,,,\"a\nb\"c\n", 3, 3), ("0,0,marker,,,a\"b\n", 2, 15),
      ("0,0,marker,,,\"a\nb\"\n0,0,motion,1,,\n", 4, 1), ("0,0,marker,,,\"a", 2, 16),
      ("0,0,motion,1,99999999999,\n", 2, 14),
    ]
    for (row, line, column) in rows {
      let error = try #require(interchangeError(.csv, names + row), "\(row)")
      #expect(error.line == line && error.column == column, "\(row): \(error)")
    }
    #expect(interchangeError(.csv, "t,device,kind,speed\n")?.column == 15)
    #expect(interchangeError(.csv, "t,device,kind,t\n")?.column == 15)
  }
}
