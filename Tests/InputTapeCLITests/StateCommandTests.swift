// SPDX-License-Identifier: Apache-2.0
//
// `itape state`: what is held, what only may be, and what is not there any more.

import Foundation
import InputTape
import Testing

@Suite struct StateCommandTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// A key is held, a gap comes, another key is pressed and another let go.
  private func makeRecording() throws -> String {
    let path = folder.path("state.itape")
    let writer = try RecordingWriter(path: path)
    writer.motion(at: 5, x: 10, y: 20)
    writer.key(at: 10, code: 30, state: .down)
    writer.button(at: 11, button: 1, state: .down)
    let gap = Gap(cause: .kernelDropped, count: 3, firstTime: 15, lastTime: 20)
    writer.append(Event(time: 20, track: .first, body: .gap(gap)))
    writer.key(at: 30, code: 31, state: .down)
    writer.button(at: 40, button: 1, state: .up)
    try writer.finish()
    return path
  }

  private func track(at time: String, of path: String) throws -> [String: Any] {
    let run = try CommandRun("state", path, "--at", time, "--json")
    #expect(run.code == 0, "\(run.errors)")
    let object = try JSONSerialization.jsonObject(with: run.output) as? [String: Any]
    let tracks = try #require(object?["tracks"] as? [[String: Any]])
    return try #require(tracks.first)
  }

  @Test func whatIsHeldIsShown() throws {
    let state = try track(at: "12", of: makeRecording())
    #expect(state["keys"] as? [Int] == [30])
    #expect(state["buttons"] as? [Int] == [1])
    #expect(state["position"] as? [String: Int] == ["x": 10, "y": 20])
    #expect(state["gap"] is NSNull)
  }

  @Test func whatWasHeldBeforeAGapIsUncertain() throws {
    let path = try makeRecording()
    let state = try track(at: "35", of: path)
    let uncertain = try #require(state["uncertain"] as? [String: Any])
    #expect(state["keys"] as? [Int] == [31])
    #expect(uncertain["keys"] as? [Int] == [30])
    #expect(uncertain["buttons"] as? [Int] == [1])
    #expect((state["gap"] as? [String: Any])?["count"] as? Int == 3)
    #expect((state["gap"] as? [String: Any])?["cause"] as? String == "kernelDropped")
    let text = try CommandRun("state", path, "--at", "35").text
    #expect(text.contains("key 31 down\n"))
    #expect(text.contains("key 30 down (uncertain: a gap came after it)"))
  }

  @Test func anEventAfterTheGapTells() throws {
    let state = try track(at: "1s", of: makeRecording())
    #expect(state["buttons"] as? [Int] == [])
    #expect((state["uncertain"] as? [String: Any])?["buttons"] as? [Int] == [])
  }

  @Test func nothingIsHeldBeforeTheFirstEvent() throws {
    let path = try makeRecording()
    #expect(try CommandRun("state", path, "--at", "0").text == "nothing is held\n")
    #expect(try CommandRun("state", path).code == 64)
    #expect(try CommandRun("state", path, "--at", "soon").code == 64)
  }

  /// Segments of one event each: what is held is found beyond their files.
  @Test func stateIsCarriedAcrossSegments() throws {
    let path = folder.path("segments.itape")
    var options = WriterOptions()
    options.segmentByteLimit = 1
    let writer = try RecordingWriter(path: path, options: options)
    for (index, code) in [UInt32(30), 31, 32].enumerated() {
      writer.key(at: Int64(index) * 10, code: code, state: .down)
      try writer.flush()
    }
    writer.key(at: 30, code: 31, state: .up)
    try writer.finish()
    let reader = try RecordingReader(path: path)
    #expect(reader.segmentCount > 1)
    #expect(try reader.state(at: 25)[.first].keys == [30, 31, 32])
    #expect(try track(at: "35", of: path)["keys"] as? [Int] == [30, 32])
  }
}
