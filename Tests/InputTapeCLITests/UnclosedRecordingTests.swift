// SPDX-License-Identifier: Apache-2.0
//
// The command on a recording whose writer was killed: what it shows of tracks that the metadata
// does not name yet (Specs/Format.md, section 5).

import Foundation
import InputTape
import InputTapeTestKit
import Testing

@Suite struct UnclosedRecordingTests {
  private let folder: TemporaryFolder
  private let path: String

  /// Two blocks, the second with a track that nobody has described.
  init() throws {
    folder = try TemporaryFolder()
    path = folder.path("killed.itape")
    let sink = MemorySink()
    let writer = RecordingWriter(sink: sink)
    writer.setTrack(Track(id: .first, class: .pointer, name: "mouse"))
    writer.motion(at: 1_000, x: 5, y: 6)
    try writer.flush()
    writer.axis(at: 2_000, axis: 1, value: 7, track: TrackID(rawValue: 6))
    try writer.flush()
    try Data(sink.bytes).write(to: URL(filePath: path))
  }

  @Test func infoTellsTheClassThatBlocksTell() throws {
    let run = try CommandRun("info", "--json", path)
    #expect(run.code == 1)
    let facts = try #require(JSONSerialization.jsonObject(with: run.output) as? [String: Any])
    let tracks = try #require(facts["tracks"] as? [[String: Any]])
    #expect(tracks.map { $0["class"] as? String } == ["pointer", "gamepad"])
    #expect(tracks.map { $0["events"] as? Int } == [1, 1])
  }

  @Test(arguments: ["cat", "convert"]) func textDescribesAllTracks(_ command: String) throws {
    let arguments = command == "cat" ? ["cat", path, "--metadata"] : ["convert", path, "-"]
    let run = try CommandRun(arguments: arguments)
    #expect(run.code == 1)
    #expect(run.text.contains(#"{"kind":"track","id":6,"class":"gamepad","name":"","#))
  }

  @Test func aRecorderThatIsKilledAtOnceLeavesARecordingThatSaysWhatItIsFor() throws {
    let path = folder.path("begun.itape")
    let run = try BackgroundCommand(
      ["record", "--source", "stdin", "--purpose", "test 12", "--flush-interval", "1h", path],
      hasInput: true)
    #expect(run.wait { FileManager.default.fileExists(atPath: path + ".recording") })
    run.send(SIGKILL)
    _ = run.finish()
    let facts = try CommandRun("info", path)
    #expect(facts.code == 1 && facts.errors.contains("not closed"), "\(facts.errors)")
    #expect(facts.text.contains("purpose: test 12") && facts.text.contains("events    0 in 0"))
    #expect(facts.text.contains("policy.text: off"))
    for command in ["verify", "cat"] {
      let run = try CommandRun(command, path)
      #expect(run.code == 1 && run.errors.contains("not closed"), "\(run.errors)")
    }
    let recovered = folder.path("recovered.itape")
    let recovery = try CommandRun("recover", path, recovered)
    #expect(recovery.code == 1 && recovery.errors.contains("0 events recovered"))
    #expect(try CommandRun("verify", recovered).code == 0)
    #expect(try CommandRun("info", recovered).text.contains("purpose: test 12"))
  }

  /// On a terminal the same words would stand there twice.
  @Test(arguments: ["info", "verify"])
  func aTerminalShowsOnceWhatIsMissing(command: String) throws {
    let path = folder.path("torn.itape")
    let whole = try Data(
      contentsOf: URL(filePath: SampleFiles.folder + "/../Specs/Vectors/v1/valid/empty.itape"))
    try whole.dropLast(1).write(to: URL(filePath: path))
    let program = "import os, pty, sys; sys.exit(pty.spawn(sys.argv[1:]) >> 8)"
    let run = try CommandRun(
      URL(filePath: "/usr/bin/env"),
      arguments: ["python3", "-S", "-c", program, CommandRun.executable.path, command, path])
    guard run.code != 127 else { return }  // There is no Python.
    #expect(run.code == 1)
    #expect(run.text.components(separatedBy: "torn: the last").count == 2, "\(run.text)")
    let piped = try CommandRun(command, path)
    #expect(piped.code == 1 && piped.errors.contains("torn: the last"))
  }

  @Test func oneOfAThingIsNotSaidToBeMany() throws {
    let text = folder.path("one.jsonl")
    try Data(#"{"t":1,"device":0,"kind":"motion","x":1,"y":2}"#.utf8).write(to: URL(filePath: text))
    let path = folder.path("one.itape")
    #expect(try CommandRun("convert", text, path).code == 0)
    let (info, verify) = (try CommandRun("info", path), try CommandRun("verify", path))
    #expect(info.text.contains("1 in 1 block\n") && info.text.contains("pointer: 1 event, "))
    #expect(verify.text.contains("sound: 1 event in 1 section of 4 records, "), "\(verify.text)")
  }

  @Test(arguments: [0, 1, 63]) func whatWasNeverFlushedIsNoRecordingYet(_ count: Int) throws {
    let bytes = try Data(contentsOf: URL(filePath: path)).prefix(count)
    try bytes.write(to: URL(filePath: path))
    for command in ["info", "verify", "cat"] {
      let run = try CommandRun(command, path)
      #expect(run.code == 65)
      #expect(run.errors.contains("nothing was flushed"), "\(run.errors)")
    }
  }
}
