// SPDX-License-Identifier: Apache-2.0
//
// Conversions on several threads: what one thread would have written, or said.

import Foundation
import Testing

@Suite struct ParallelConvertTests {
  /// Some megabytes of lines: two devices, some text, and what `change` makes of single lines.
  private static func lines(
    _ count: Int, change: (Int, String) -> String = { _, line in line }
  ) -> Data {
    var text = #"{"kind":"recording","metadata":{"purpose":"a test"}}"# + "\n"
    for index in 0..<count {
      let head = #"{"t":\#(index * 997),"device":\#(index % 7 == 0 ? 3 : 0),"kind":"#
      let event =
        switch index % 7 {
        case 0: #""key","code":\#(index % 90),"state":"\#(index % 2 == 0 ? "down" : "up")"}"#
        case 5 where index % 70 == 5:
          #""marker","label":"\#(String(repeating: "é", count: index % 50))"}"#
        default: #""motion","x":\#(index % 1_920),"y":\#(index / 7 % 1_080)}"#
        }
      text += change(index, head + event) + "\n"
    }
    return Data(text.utf8)
  }

  /// What the command makes of text.
  private static func convert(_ text: Data, threads: Int, block: Int) throws -> (Data, CommandRun) {
    let folder = try TemporaryFolder()
    let path = folder.url.appending(path: "x.itape").path
    let run = try CommandRun(
      arguments: [
        "convert", "-", path, "--from", "jsonl", "--threads", "\(threads)", "--block-events",
        "\(block)", "--recording-id", "00112233445566778899aabbccddeeff", "--preset", "fast",
      ], input: text)
    return ((try? Data(contentsOf: URL(filePath: path))) ?? Data(), run)
  }

  @Test(arguments: [
    "plain", "blank lines", "CR LF", "a line that is none", "a header too late", "long texts",
    "another layout", "a long line", "no last line feed",
  ])
  func importsWhatOneThreadDoes(form: String) throws {
    var text = Self.lines(30_000) { index, line in
      switch form {
      case "blank lines": index % 1_000 == 0 ? "\n \n" + line : line
      case "CR LF": line + "\r"
      case "a line that is none": index == 21_234 ? line.dropLast() + ",}" : line
      case "a header too late": index == 23_333 ? #"{"kind":"track","device":5}"# : line
      case "long texts" where index % 25 == 0:
        #"{"t":\#(index),"device":1,"kind":"marker","label":""#
          + String(repeating: "text", count: 900) + "\"}"
      case "another layout" where index % 9_000 == 7_000:
        #"{"t":0,"device":1,"kind":"99","int32":[\#(index > 10_000 ? "1,2" : "1")]}"#
      case "a long line" where index == 20_000:
        #"{"t":0,"device":1,"kind":"text","text":""# + String(repeating: "x", count: 1_100_000)
          + "\"}"
      default: line
      }
    }
    if form == "no last line feed" { text.removeLast() }
    for block in [65_536, 9_000, 300] {
      let (expected, alone) = try Self.convert(text, threads: 1, block: block)
      let (found, several) = try Self.convert(text, threads: 3, block: block)
      #expect(expected.count > 500 && expected == found, "\(block): \(found.count) bytes")
      #expect(alone.code == several.code && alone.errors == several.errors, "\(several.errors)")
      let isFaulty = ["a line that is none", "a header too late", "a long line"].contains(form)
      #expect(isFaulty == (alone.code != 0), "\(alone.errors)")
      print("\(form), blocks of \(block): \(found.count) bytes, code \(several.code)")
    }
  }

  @Test(arguments: ["jsonl", "csv", "jsonl.zst"]) func exportsWhatOneThreadDoes(
    form: String
  ) throws {
    let (recording, _) = try Self.convert(Self.lines(50_000), threads: 1, block: 20_000)
    let folder = try TemporaryFolder()
    let path = folder.url.appending(path: "x.itape")
    try recording.write(to: path)
    let texts = try [1, 3].map { threads in
      let output = folder.url.appending(path: "\(threads).\(form)")
      let run = try CommandRun("convert", path.path, output.path, "--threads", "\(threads)")
      #expect(run.code == 0, "\(run.errors)")
      return try Data(contentsOf: output)
    }
    #expect(texts[0] == texts[1] && texts[0].count > 10_000)
    print("\(form): \(texts[0].count) bytes")
  }

  /// Blocks of one track, which are taken whole, and of two; of the same size, larger, smaller.
  @Test(arguments: [(1, 5_000), (1, 65_536), (1, 1_700), (2, 5_000), (2, 12_345), (2, 900)])
  func rewritesWhatOneThreadDoes(tracks: Int, block: Int) throws {
    let text = Self.lines(60_000) { _, line in
      tracks == 1 ? line.replacing(#""device":3"#, with: #""device":0"#) : line
    }
    let (recording, _) = try Self.convert(text, threads: 1, block: 5_000)
    let folder = try TemporaryFolder()
    let path = folder.url.appending(path: "x.itape")
    try recording.write(to: path)
    let copies = try [1, 2, 3].map { threads in
      let output = folder.url.appending(path: "\(threads).itape")
      let run = try CommandRun(
        "convert", path.path, output.path, "--threads", "\(threads)", "--block-events",
        "\(block)", "--recording-id", "00112233445566778899aabbccddeeff", "--preset", "fast")
      #expect(run.code == 0, "\(run.errors)")
      return try Data(contentsOf: output)
    }
    #expect(copies[0].count > 1_000 && copies[0] == copies[1] && copies[0] == copies[2])
    if block == 5_000 { #expect(copies[2] == recording, "the same blocks as before") }
    print("\(tracks) tracks, blocks of \(block): \(copies[2].count) bytes")
  }
}
