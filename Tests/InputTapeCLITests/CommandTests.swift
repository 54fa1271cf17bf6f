// SPDX-License-Identifier: Apache-2.0
//
// The command, run as programs and people run it: its output and its exit codes.

import Foundation
import InputTape
import InputTapeTestKit
import Testing

@Suite struct CommandTests {
  private let folder: TemporaryFolder
  private let sample = SampleFiles.folder + "/all-kinds.jsonl"

  init() throws { folder = try TemporaryFolder() }

  private func makeRecording() throws -> String {
    let path = folder.path("a.itape")
    let run = try CommandRun("convert", sample, path)
    try #require(run.code == 0, "\(run.errors)")
    return path
  }

  @Test func convertsThereAndBack() throws {
    let text = try Data(contentsOf: URL(filePath: sample))
    let recording = try makeRecording()
    for name in ["b.jsonl", "b.jsonl.zst", "b.jsonl.gz", "b.csv"] {
      let copy = folder.path(name)
      #expect(try CommandRun("convert", recording, copy).code == 0)
      let again = folder.path("again.itape")
      #expect(try CommandRun("convert", copy, again).code == 0)
      #expect(try CommandRun("cat", again).output == text, "\(name)")
    }
    let files = try FileManager.default.contentsOfDirectory(atPath: folder.url.path)
    #expect(!files.contains { $0.contains("partial") })
  }

  @Test func convertsThroughPipes() throws {
    let text = try Data(contentsOf: URL(filePath: sample))
    let recording = try CommandRun(
      "convert", "-", "-", "--to", "itape", input: text)
    #expect(recording.code == 0)
    let back = try CommandRun(
      "convert", "-", "-", "--from", "itape", "--no-metadata", input: recording.output)
    #expect(back.code == 0 && back.output == text)
  }

  @Test(arguments: ["info", "cat", "verify", "recover"])
  func namesAFileThatIsNotThereOnce(command: String) throws {
    let path = folder.path("none.itape")
    let output = command == "recover" ? [folder.path("out.itape")] : []
    let run = try CommandRun(arguments: [command, path] + output)
    #expect(run.code == 74)
    #expect(run.errors == "itape: cannot open \(path): No such file or directory\n")
  }

  @Test func namesTheFileWhoseFormIsNotKnown() throws {
    let recording = try makeRecording()
    let (none, other) = (folder.path("none.bin"), folder.path("a.bin"))
    let missing = try CommandRun("convert", none, folder.path("b.itape"))
    #expect(missing.code == 74)
    #expect(missing.errors == "itape: cannot open \(none): No such file or directory\n")
    try Data("hello".utf8).write(to: URL(filePath: other))
    let unknown = try CommandRun("convert", other, folder.path("b.itape"))
    #expect(unknown.code == 64)
    let forms = "itape, jsonl, jsonl.zst, jsonl.gz, csv"
    let reason = "the ending of the name stands for no form;"
    #expect(
      unknown.errors
        == "itape: \(other): \(reason) --from takes one of \(forms), evemu, libinput, owamcap\n")
    let output = try CommandRun("convert", recording, none)
    #expect(output.code == 64)
    #expect(output.errors == "itape: \(none): \(reason) --to takes one of \(forms)\n")
  }

  @Test func saysHowMCAPIsRead() throws {
    let path = folder.path("a.mcap")
    try Data([0x89, 0x4D, 0x43, 0x41, 0x50]).write(to: URL(filePath: path))
    let run = try CommandRun("convert", path, folder.path("b.itape"))
    #expect(run.code == 64)
    #expect(run.errors.hasPrefix("itape: \(path): print its messages first: mcap cat --json "))
  }

  @Test func takesAFolderForItsOnlyRecording() throws {
    let recording = try makeRecording()
    let lines = try CommandRun("convert", folder.url.path, "-", "--no-metadata")
    #expect(lines.code == 0)
    #expect(try lines.output == Data(contentsOf: URL(filePath: sample)))
    let (inner, place) = (folder.path("inner"), folder.path("inner/c.itape"))
    try FileManager.default.createDirectory(atPath: inner, withIntermediateDirectories: false)
    let nothing = try CommandRun("info", inner)
    #expect(nothing.code == 74)
    #expect(
      nothing.errors == "itape: cannot find a recording in \(inner): No such file or directory\n")
    for name in ["c", "b"] {
      try FileManager.default.copyItem(
        atPath: recording, toPath: place.replacing("c.itape", with: name + ".itape"))
    }
    let several = try CommandRun("info", inner)
    #expect(several.code == 74)
    #expect(
      several.errors
        == "itape: cannot choose among b.itape, c.itape in \(inner): Is a directory\n")
  }

  @Test(arguments: ["recover", "convert"])
  func theFileThatFailsIsNamedAsItWasAskedFor(command: String) throws {
    let recording = try makeRecording()
    let output = folder.path("nowhere/b.itape")
    let run = try CommandRun(command, recording, output)
    #expect(run.code == 74)
    #expect(run.errors == "itape: cannot create \(output): No such file or directory\n")
  }

  @Test func showsFactsAsJSON() throws {
    let run = try CommandRun("info", "--json", try makeRecording())
    #expect(run.code == 0)
    let facts = try #require(
      JSONSerialization.jsonObject(with: run.output) as? [String: Any])
    let names = [
      "events", "byteCount", "bytesPerEvent", "blocks", "durationNanoseconds", "tracks",
      "complete", "status", "metadata",
    ]
    for name in names { #expect(facts[name] != nil, "\(name)") }
    #expect(facts["complete"] as? Bool == true)
  }

  @Test(arguments: ["info", "verify"])
  func looksAtSeveralFiles(command: String) throws {
    let whole = try makeRecording()
    let (torn, none) = (folder.path("torn.itape"), folder.path("none.itape"))
    let bytes = try Data(contentsOf: URL(filePath: whole))
    try bytes.dropLast(20).write(to: URL(filePath: torn))
    let run = try CommandRun(command, torn, whole)
    #expect(run.code == 1)
    #expect(run.text.contains("\(torn): torn: ") && run.text.contains("\(whole): "))
    let missing = try CommandRun(command, none, torn, whole, "--json")
    #expect(missing.code == 74)
    #expect(missing.errors.hasPrefix("itape: cannot open \(none): No such file or directory\n"))
    let objects = missing.text.components(separatedBy: "\n}\n")
    #expect(objects.count == 3 && objects[0].contains(torn) && objects[1].contains(whole))
    #expect(try CommandRun(command, whole, whole).code == 0)
  }

  @Test func limitsWhatItShows() throws {
    let recording = try makeRecording()
    let three = try CommandRun("cat", recording, "--limit", "3")
    #expect(three.text.split(separator: "\n").count == 3)
    let keys = try CommandRun("cat", recording, "--kind", "key")
    #expect(!keys.text.isEmpty)
    #expect(keys.text.split(separator: "\n").allSatisfy { $0.contains(#""kind":"key""#) })
    let mouse = try CommandRun("cat", recording, "--kind", "mouse")
    #expect(mouse.code == 64 && mouse.errors.contains("'mouse' is no kind of event: motion, "))
  }

  @Test func takesTimesBeforeTheStart() throws {
    let path = folder.path("early.itape")
    let text = Data(
      """
      {"t":-2000000000,"device":0,"kind":"marker","label":"a"}
      {"t":-1,"device":0,"kind":"marker","label":"b"}

      """.utf8)
    #expect(try CommandRun("convert", "-", path, input: text).code == 0)
    #expect(try CommandRun("cat", path, "--from", "-3s", "--to", "5").output == text)
    #expect(try CommandRun("cat", path, "--from", "-1s").text.contains("\"b\""))
    #expect(try CommandRun("cat", path, "--to", "-1500ms").text.contains("\"a\""))
    #expect(try CommandRun("state", path, "--at", "-1s").code == 0)
    let replayed = try CommandRun("replay", path, "--speed", "max", "--from", "-1s")
    #expect(replayed.code == 0 && replayed.text.contains("\"b\""))
  }

  @Test func saysWhatWritesParquet() throws {
    let run = try CommandRun("convert", sample, folder.path("a.parquet"))
    #expect(run.code == 64 && run.errors.contains("python3 inputtape.py RECORDING FOLDER"))
  }

  @Test func formsThatAreOnlyReadAreNoOutput() throws {
    for arguments in [["--to", "evemu", "-"], [folder.path("b.evemu")]] {
      let run = try CommandRun(arguments: ["convert", sample] + arguments)
      #expect(run.code == 64, "\(run.errors)")
    }
    let help = try CommandRun("convert", "--help").text.split(whereSeparator: \.isWhitespace)
    #expect(help.filter { $0.hasPrefix("libinput,") }.count == 1)
    #expect(help.filter { $0.hasPrefix("jsonl.gz,") }.count == 2)
  }

  @Test func refusesOptionsThatWouldDoNothing() throws {
    let recording = try makeRecording()
    #expect(try CommandRun("cat", recording, "--metadata", "--format", "csv").code == 64)
    let copy = folder.path("b.itape")
    #expect(try CommandRun("convert", recording, copy, "--no-metadata").code == 64)
    #expect(!FileManager.default.fileExists(atPath: copy))
    #expect(try CommandRun("cat", recording, "--patience", "1s").code == 64)
  }

  @Test func saysWhatIsWrongWithACode() throws {
    let recording = try makeRecording()
    #expect(try CommandRun("verify", recording).code == 0)
    #expect(try CommandRun("verify", sample).code == 65)
    #expect(try CommandRun("verify", folder.path("absent.itape")).code == 74)
    #expect(try CommandRun("verify").code == 64)
    #expect(try CommandRun("convert", sample, recording, "--block-events", "0").code == 64)
    #expect(try CommandRun("convert", sample, recording, "--preset", "none").code == 64)
    #expect(try CommandRun("--help").code == 0)
    let wrong = try CommandRun(
      "convert", "-", "-", "--from", "jsonl", "--to", "itape", input: Data("{\"t\":x}\n".utf8))
    #expect(wrong.code == 65 && wrong.errors.contains("line 1, column 6"), "\(wrong.errors)")
    #expect(wrong.errors.hasPrefix("itape: standard input: "), "\(wrong.errors)")
    let text = try CommandRun("info", sample)
    #expect(text.code == 65)
    #expect(
      text.errors == "itape: \(sample): this is no recording; itape convert makes one of it\n")
  }

  @Test func aStrictReaderNamesTheFileAndEndsWithLoss() throws {
    let recording = try makeRecording()
    var bytes = try Data(contentsOf: URL(filePath: recording))
    bytes[bytes.count / 2] ^= 0xFF
    try bytes.write(to: URL(filePath: recording))
    let run = try CommandRun("cat", recording, "--mode", "strict")
    #expect(run.code == 1)
    #expect(run.errors.hasPrefix("itape: \(recording): position "), "\(run.errors)")
  }

  @Test func recoversAndSaysWhatWasLost() throws {
    let recording = try makeRecording()
    let whole = folder.path("whole.itape")
    #expect(try CommandRun("recover", recording, whole).code == 0)
    var bytes = try Data(contentsOf: URL(filePath: recording))
    bytes[bytes.count / 2] ^= 0xFF
    let (broken, first, second) = (
      folder.path("broken.itape"), folder.path("first.itape"), folder.path("second.itape")
    )
    try bytes.write(to: URL(filePath: broken))
    let run = try CommandRun("recover", broken, first, "--json")
    #expect(run.code == 1 && run.errors.contains("lost"), "\(run.errors)")
    #expect(run.text.contains(#""lostEvents": 5"#), "\(run.text)")
    #expect(try Data(contentsOf: URL(filePath: broken)) == bytes)
    #expect(try CommandRun("verify", first).code == 0)
    #expect(try CommandRun("recover", first, second).code == 0)
    #expect(
      try Data(contentsOf: URL(filePath: first)) == Data(contentsOf: URL(filePath: second)))
    #expect(try CommandRun("recover", broken, broken).code == 64)
    #expect(try CommandRun("recover", sample, second).code == 65)
    #expect(try CommandRun("recover", folder.path("absent.itape"), second).code == 74)
  }

  @Test func givesWhatIsReadableOfADamagedFile() throws {
    let recording = try makeRecording()
    let bytes = try Data(contentsOf: URL(filePath: recording))
    for (name, change) in [("cut", bytes.dropLast(40)), ("bare", bytes.prefix(64))] {
      let path = folder.path("\(name).itape")
      try change.write(to: URL(filePath: path))
      #expect(try CommandRun("verify", path).code == 1, "\(name)")
      let run = try CommandRun("cat", path)
      #expect(run.code == 1, "\(name)")
      #expect(name == "bare" ? run.output.isEmpty : !run.output.isEmpty)
    }
  }

  @Test func neverWritesOverItsInput() throws {
    let recording = try makeRecording()
    let before = try Data(contentsOf: URL(filePath: recording))
    #expect(try CommandRun("convert", recording, recording).code == 64)
    #expect(try Data(contentsOf: URL(filePath: recording)) == before)
  }

  @Test func aLiveRecordingReadsWhileItIsWritten() throws {
    let path = folder.path("live.itape")
    let process = Process()
    process.executableURL = CommandRun.executable
    process.arguments = ["convert", "-", path, "--from", "jsonl", "--flush-interval", "20ms"]
    let pipe = Pipe()
    process.standardInput = pipe
    try process.run()
    let line = #"{"t":0,"device":0,"kind":"motion","x":1,"y":2}"# + "\n"
    try pipe.fileHandleForWriting.write(contentsOf: Data(line.utf8))
    var shown = ""
    for _ in 0..<200 where shown.isEmpty {
      Thread.sleep(forTimeInterval: 0.05)
      if FileManager.default.fileExists(atPath: path) {
        shown = try CommandRun("cat", path).text
      }
    }
    #expect(shown == line)
    try pipe.fileHandleForWriting.write(contentsOf: Data(line.utf8))
    try pipe.fileHandleForWriting.close()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    #expect(try CommandRun("cat", path).text == line + line)
  }

  @Test func whoFollowsWhatIsNotThereIsTold() throws {
    let path = folder.path("none.itape")
    let run = try CommandRun("cat", "--follow", "--patience", "50ms", path)
    #expect(run.code == 1)
    #expect(
      run.errors == """
        itape: \(path) is not there yet: waiting for it
        itape: \(path): not closed, and nothing has come for a while

        """)
  }

  @Test func standardInputHasAName() throws {
    let recording = try Data(contentsOf: URL(filePath: try makeRecording()))
    for command in ["info", "verify"] {
      #expect(try CommandRun(command, "-", input: recording).text.hasPrefix("standard input: "))
      let torn = try CommandRun(command, "-", input: recording.dropLast())
      #expect(torn.code == 1 && torn.errors.hasPrefix("itape: standard input: torn: the last "))
    }
  }

  @Test func endsQuietlyWhenNobodyReadsOn() throws {
    let process = Process()
    process.executableURL = URL(filePath: "/bin/sh")
    let large = SampleFiles.folder + "/desktop.jsonl.zst"
    let recording = folder.path("d.itape")
    #expect(try CommandRun("convert", large, recording).code == 0)
    process.arguments = [
      "-c", "{ \"$0\" cat \"$1\" 2>\"$2\"; echo $? >>\"$2\"; } | head -n 1 >/dev/null",
      CommandRun.executable.path, recording, folder.path("err"),
    ]
    try process.run()
    process.waitUntilExit()
    #expect(try String(contentsOfFile: folder.path("err"), encoding: .utf8) == "0\n")
  }

  @Test func aMissingFirstSegmentIsNamed() throws {
    let folder = try TemporaryFolder()
    var options = WriterOptions()
    options.flushIntervalNanoseconds = 1_000_000_000
    options.segmentByteLimit = 2_000
    let writer = try RecordingWriter(path: folder.path("a.itape"), options: options)
    for number in 0..<6 {
      for step in 0..<500 {
        let time = Int64(500 * number + step) * 1_000_000
        writer.motion(at: time, x: Int32(step * step % 977), y: Int32(number))
      }
      try writer.flush()
    }
    try writer.finish()
    #expect(FileManager.default.fileExists(atPath: folder.path("a.0001.itape")))
    try FileManager.default.removeItem(atPath: folder.path("a.itape"))
    for name in [folder.path("a.itape"), folder.url.path] {
      let run = try CommandRun("cat", name)
      #expect(run.code == 1 && run.text.contains("\"kind\":\"motion\""))
      #expect(run.errors.contains("segments that are missing: 0"), "\(run.errors)")
    }
    let run = try CommandRun("cat", "--follow", folder.path("a.itape"))
    #expect(run.code == 1 && run.text.contains("\"kind\":\"motion\""))
    #expect(run.errors.contains("segment 0 is missing"), "\(run.errors)")
  }
}
