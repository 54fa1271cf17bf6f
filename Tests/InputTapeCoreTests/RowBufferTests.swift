// SPDX-License-Identifier: Apache-2.0
//
// Lists of plain numbers beside arrays.

import Testing

@testable import InputTapeCore

struct RowBufferTests {
  @Test func holdsWhatAnArrayWould() {
    var buffer = RowBuffer<Int64>()
    var array: [Int64] = []
    for round in 0..<500 {
      let number = Int64(round) &* 0x1E37_79B9_7F4A_7C15
      buffer.append(round % 7, of: number)
      array.append(contentsOf: repeatElement(number, count: round % 7))
    }
    #expect(buffer.count == array.count && array.count > 1_000)
    for index in array.indices where index % 3 == 0 {
      buffer[index] = ~buffer[index]
      array[index] = ~array[index]
    }
    for index in array.indices { #expect(buffer[index] == array[index]) }
    buffer.replace(by: [])
    #expect(buffer.count == 0)
    buffer.replace(by: [5, 6])
    #expect(buffer.count == 2 && buffer[1] == 6)
    buffer.fill(3_000, with: 9)
    #expect(buffer.count == 3_000 && buffer[2_999] == 9)
  }

  @Test func columnsAreTakenFromTheirPlaces() {
    var buffer = RowBuffer<Int64>()
    buffer.replace(by: [10, 11, 12, 1 << 40 | 13])
    var narrow: [Int32] = [1]
    let places: [Int32] = [9, 2, 0]
    buffer.gather(places[1...], 1, into: &narrow)
    #expect(narrow == [1, 13, 11])
    var wide: [Int64] = []
    buffer.gather(places[1...], 1, into: &wide)
    #expect(wide == [1 << 40 | 13, 11])
  }
}
