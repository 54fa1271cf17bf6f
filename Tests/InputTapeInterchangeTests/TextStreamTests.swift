// SPDX-License-Identifier: Apache-2.0
//
// Compressed streams of text.

import InputTapeCore
import InputTapeInterchange
import Testing

@Suite struct TextStreamTests {
  private func compressed(_ bytes: [UInt8], _ compression: TextCompression) -> [UInt8] {
    var result: [UInt8] = []
    var output = CompressingOutput(compression)
    let append: (Span<UInt8>) -> Void = { span in
      for index in span.indices { result.append(span[index]) }
    }
    output.write(bytes.span.extracting(0..<(bytes.count / 2)), to: append)
    output.flush(to: append)
    output.write(bytes.span.extracting((bytes.count / 2)..<bytes.count), to: append)
    output.finish(to: append)
    return result
  }

  private func decompressed(
    _ bytes: [UInt8], _ compression: TextCompression, pieceByteCount: Int
  ) throws -> [UInt8] {
    var input = DecompressingInput(
      MemoryInput(bytes, pieceByteCount: pieceByteCount), compression)
    var result: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1000)
    while true {
      let count = try input.read(into: &buffer, at: 10)
      if count == 0 { return result }
      result += buffer[10..<(10 + count)]
    }
  }

  @Test(arguments: [TextCompression.zstd, .gzip])
  func comesBackInPiecesOfAnySize(compression: TextCompression) throws {
    let text = TextForm.jsonl.write(Array(repeating: EventGroup(events: everyEvent), count: 40))
    let bytes = compressed(text, compression)
    for size in [1, 100, .max] {
      #expect(try decompressed(bytes, compression, pieceByteCount: size) == text)
    }
    #expect(try decompressed(bytes + bytes, compression, pieceByteCount: 64) == text + text)
    #expect(try decompressed([], compression, pieceByteCount: 1) == [])
  }

  @Test(arguments: [TextCompression.zstd, .gzip])
  func reportsEveryTruncationAndDamage(compression: TextCompression) {
    let bytes = compressed(Array("{\"t\":0} and so on, and so on".utf8), compression)
    for count in 1..<bytes.count {
      #expect(throws: FormatError.self) {
        try decompressed(Array(bytes[..<count]), compression, pieceByteCount: 7)
      }
      var changed = bytes
      changed[count] ^= 0x10
      _ = try? decompressed(changed, compression, pieceByteCount: 7)
    }
  }

  @Test func escapesForATerminal() {
    #expect(TerminalText.escape("plain é 🙂") == "plain é 🙂")
    #expect(
      TerminalText.escape("a\u{1B}[0m\n\u{9B}\u{7F}\u{202E}\u{2028}\u{AD}\\u{1b}")
        == #"a\u{1b}[0m\u{a}\u{9b}\u{7f}\u{202e}\u{2028}\u{ad}\\u{1b}"#)
    #expect(TerminalText.escape(bytes: [0x61, 0xFF, 0x0A]) == #"a\xff\u{a}"#)
  }

  @Test func writesTextForPeople() {
    var writer = PeopleTextWriter()
    var text: [UInt8] = []
    writer.write(EventGroup(events: everyEvent)) { span in
      for index in span.indices { text.append(span[index]) }
    }
    let lines = String(decoding: text, as: UTF8.self).split(separator: "\n")
    #expect(lines.count == everyEvent.count)
    #expect(lines[0].hasSuffix("-0.002000000  #0   motion     x 1043 y -410"))
  }
}
