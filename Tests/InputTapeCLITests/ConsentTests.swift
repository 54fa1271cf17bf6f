// SPDX-License-Identifier: Apache-2.0
//
// What is said before a recording is made, and until when it may be kept
// (Specs/Recording.md, section 1).

import Foundation
import InputTape
import InputTapeTestKit
import Testing

@Suite struct ConsentTests {
  private let folder: TemporaryFolder
  private let path: String

  init() throws {
    folder = try TemporaryFolder()
    path = folder.path("a.itape")
  }

  private func info(_ arguments: String...) throws -> CommandRun {
    let run = try CommandRun(arguments: ["info"] + arguments + [path])
    try #require(run.code == 0, "\(run.errors)")
    return run
  }

  @Test(arguments: [
    "2020-01-31", "2999-02-29", "2999-13-01", "2999-01-00", "2999-1-1", "+999-01-01", "0d", "",
  ])
  func refusesADateThatIsNoneOrHasPassed(_ date: String) throws {
    let run = try CommandRun(
      "record", "--source", "stdin", "--purpose", "t", "--delete-after", date, path)
    #expect(run.code == 64, "\(run.errors)")
    #expect(!FileManager.default.fileExists(atPath: path))
  }

  @Test(arguments: ["2996-02-29", "2999-12-31T10:00:00Z", "30d"])
  func keepsADateThatIsToCome(_ date: String) throws {
    let run = try CommandRun(
      "record", "--source", "stdin", "--purpose", "t", "--delete-after", date, path)
    #expect(run.code == 0, "\(run.errors)")
    #expect(try info().text.contains("deleteAfter: 2"))
    #expect(try !info().text.contains("has passed"))
    #expect(try info("--json").text.contains("\"deletionDue\": false"))
  }

  @Test(arguments: [
    ("1999-12-31", "true"), ("1999-12-31T23:00:00Z", "true"), ("2999-12-31", "false"),
    ("soon", "null"), ("1999-02-29", "null"),
  ])
  func infoSaysWhetherTheDayHasPassed(_ date: String, _ due: String) throws {
    let text = "{\"kind\":\"recording\",\"metadata\":{\"deleteAfter\":\"\(date)\"}}\n"
    let run = try CommandRun("convert", "-", path, input: Data(text.utf8))
    try #require(run.code == 0, "\(run.errors)")
    #expect(try info("--json").text.contains("\"deletionDue\": \(due)"))
    #expect(try info().text.contains("the day of deleteAfter has passed") == (due == "true"))
  }

  /// Who must delete a recording needs all of its files, and who must answer for it what it kept.
  @Test func infoSaysWhatAPolicyKeptAndInWhichFiles() throws {
    var options = WriterOptions()
    options.eventsPerBlock = 1_000
    options.segmentByteLimit = 4_096
    let writer = try RecordingWriter(path: path, options: options)
    writer.setMetadata("policy.keyboard", "timing")
    writer.setMetadata("policy.pointer", "full")
    writer.setMetadata("policy.text", "off")
    var random = SeededRandom(seed: 5)
    for time in 1...20_000 {
      writer.motion(at: Int64(time), x: Int32.random(in: 0..<1_000, using: &random), y: 5)
    }
    let (keyboard, typed) = (TrackID(rawValue: 1), TrackID(rawValue: 2))
    writer.setTrack(Track(id: typed, class: .text))
    writer.key(at: 20_001, code: 0, state: .down, track: keyboard)
    let gap = Gap(cause: .policy, count: 0, isLowerBound: true, firstTime: 1, lastTime: 20_002)
    writer.append(Event(time: 20_002, track: typed, body: .gap(gap)))
    try writer.finish()
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.url.path).sorted()
    try #require(names.count > 2)
    let last = folder.path(names[names.count - 2])  // Behind it comes a.itape.
    let text = try info().text
    #expect(text.contains("\n  files     \(names.count), \(path) to \(last)\n"), "\(text)")
    #expect(text.contains("\n  track 0   pointer: 20000 events, "))
    #expect(text.contains("\n  track 1   keyboard: 1 event, "))
    #expect(text.contains(" bytes each (policy: timing)\n"))
    #expect(text.contains(" bytes each (policy: off)\n"))
    let facts = try JSONSerialization.jsonObject(with: try info("--json").output)
    let files = try #require((facts as? [String: Any])?["files"] as? [String])
    #expect(files.sorted() == names.map { folder.path($0) })
    #expect(files.first == path && files.last == last)
  }

  @Test func theClockTellsNoTimeThatIsLeftOut() throws {
    let lines = """
      {"t":5,"device":2,"kind":"text","text":"secret"}
      {"t":123456789,"device":0,"kind":"motion","x":1,"y":2}
      {"t":234567890,"device":1,"kind":"clock","unixNanoseconds":1000000000,\
      "uncertaintyNanoseconds":7}

      """
    let run = try CommandRun(
      "record", "--source", "stdin", "--purpose", "t", "--time-grid", "100ms", path,
      input: Data(lines.utf8))
    #expect(run.code == 0, "\(run.errors)")
    let clocks = try CommandRun("cat", "--kind", "clock", path).text.split(separator: "\n")
    #expect(clocks.count == 2)
    #expect(clocks.first?.hasPrefix(#"{"t":100000000,"device":1023,"kind":"clock","#) == true)
    #expect(
      clocks.last == """
        {"t":200000000,"device":1,"kind":"clock","unixNanoseconds":965432110,\
        "uncertaintyNanoseconds":7}
        """)
  }

  @Test func aTrackThatIsOffTellsNotWhenItsFirstEventCame() throws {
    let run = try BackgroundCommand(
      ["record", "--source", "stdin", "--purpose", "t", path], hasInput: true)
    usleep(300_000)
    let line = #"{"t":300000000,"device":2,"kind":"text","text":"secret"}"# + "\n"
    try run.input?.write(contentsOf: Data(line.utf8))
    try run.input?.close()
    #expect(run.finish() == 0, "\(run.errors)")
    let lines = try CommandRun("cat", "--track", "2", path).text.split(separator: "\n")
    #expect(lines.count == 2)
    for line in lines {
      #expect(line.hasPrefix(#"{"t":0,"device":2,"kind":"gap","cause":"policy","count":0,"#))
      #expect(line.contains(#""firstTime":0,"#))
    }
  }
}
