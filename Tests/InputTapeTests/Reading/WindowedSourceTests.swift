// SPDX-License-Identifier: Apache-2.0
//
// Searches for a word, window by window.

import InputTapeCore
import Testing

@testable import InputTape

@Suite struct WindowedSourceTests {
  private static let word: UInt32 = 0x5341_4D31

  /// Where the word is found; nil where the end of the file is.
  private func search(_ bytes: [UInt8]) throws -> UInt64? {
    var source = try WindowedSource(MemorySource(bytes))
    var position: UInt64 = 0
    while position < source.byteCount {
      let (place, isFound) = try source.search(for: Self.word, from: position)
      if isFound { return place }
      #expect(place > position)
      position = place
    }
    #expect(position == source.byteCount)
    return nil
  }

  /// A window is 65,536 bytes, and the next one begins three bytes before it ends.
  @Test func aWordIsFoundAcrossTheEdgesOfWindows() throws {
    let empty = [UInt8](repeating: 0xA7, count: 140_000)
    let places = [0...2, 65_529...65_540, 131_062...131_073, 139_995...139_996].joined()
    for place in places {
      var bytes = empty
      for offset in 0..<4 {
        bytes[place + offset] = UInt8(truncatingIfNeeded: Self.word >> UInt32(8 * offset))
      }
      #expect(try search(bytes) == UInt64(place))
      // Cut by the end, it is none.
      #expect(try search(Array(bytes[..<(place + 3)])) == nil)
    }
    for count in [0, 1, 3, 4, 65_535, 65_536, 65_537, 140_000] {
      #expect(try search(Array(empty[..<count])) == nil)
    }
  }
}
