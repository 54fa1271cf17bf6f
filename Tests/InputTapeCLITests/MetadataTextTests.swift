// SPDX-License-Identifier: Apache-2.0
//
// What a recording says of itself goes with it into text and back (Specs/Registry.md, section 5).

import Foundation
import InputTape
import Testing

@Suite struct MetadataTextTests {
  private let folder: TemporaryFolder
  private let path: String

  /// A recording that says why it was made, when it is to go, and what one of its tracks is.
  init() throws {
    folder = try TemporaryFolder()
    path = folder.path("a.itape")
    let writer = try RecordingWriter(path: path)
    writer.setMetadata("purpose", "a \"test\" \u{1B} of é")
    writer.setMetadata("deleteAfter", "2999-12-31")
    writer.setMetadata("policy.text", "off")
    writer.setMetadata("policy.keyboard", "timing")
    writer.setTrack(
      Track(
        id: .first, class: .pen, name: "a pen", codeSpace: "evdev", subpixelBits: 31,
        resolution: .max))
    writer.motion(at: 1, x: 2, y: 3)
    writer.axis(at: 2, axis: 1, value: 7, track: TrackID(rawValue: 6))
    try writer.finish()
  }

  private func makeCopy(_ source: String, _ name: String, _ options: String...) throws -> String {
    let copy = folder.path(name)
    let run = try CommandRun(arguments: ["convert", source, copy] + options)
    try #require(run.code == 0 && run.errors.isEmpty, "\(run.errors)")
    return copy
  }

  @Test(arguments: ["b.jsonl", "b.jsonl.zst", "b.jsonl.gz", "b.itape"])
  func travelsThereAndBack(name: String) throws {
    let copy = try makeCopy(path, name)
    let again = try makeCopy(try makeCopy(copy, "c.jsonl"), "again.itape")
    let before = try RecordingReader(path: path).metadata
    #expect(before.values.count == 4)
    #expect(try RecordingReader(path: again).metadata == before)
  }

  @Test func canBeLeftOutOfText() throws {
    let events = try CommandRun("cat", path).text
    let copy = try makeCopy(path, "b.jsonl", "--no-metadata")
    #expect(try String(contentsOfFile: copy, encoding: .utf8) == events)
    let whole = try makeCopy(path, "whole.jsonl")
    let alone = try CommandRun("convert", whole, "-", "--no-metadata")
    #expect(alone.code == 0 && alone.text == events)
  }

  @Test(arguments: ["a.itape", "b.jsonl"])
  func whatCSVHasNoPlaceForIsSaidOnce(name: String) throws {
    let source = name == "a.itape" ? path : try makeCopy(path, name)
    let run = try CommandRun("convert", source, "-", "--to", "csv")
    #expect(run.code == 0)
    #expect(
      run.errors == """
        itape: standard output: CSV has no place for what the recording says of itself: \
        deleteAfter, policy, purpose, tracks

        """)
    let told = try CommandRun("convert", source, "-", "--to", "csv", "--no-metadata")
    #expect(told.code == 0 && told.errors.isEmpty && told.output == run.output)
  }

  /// Of a class alone, each event of the track says as much.
  @Test func nothingIsSaidWhereNothingIsLost() throws {
    let bare = folder.path("bare.itape")
    let line = #"{"t":1,"device":0,"kind":"motion","x":1,"y":2}"# + "\n"
    #expect(try CommandRun("convert", "-", bare, input: Data(line.utf8)).code == 0)
    _ = try makeCopy(bare, "b.csv")
  }
}
