// SPDX-License-Identifier: Apache-2.0
//
// A capture agent in Swift: records a pointer that survives kill -9, then asks what was held.
//
//   swift run ExampleAgent session.itape

import InputTape

@main
struct ExampleAgent {
  static func main() throws(FileError) {
    let arguments = CommandLine.arguments
    guard arguments.count == 2 else {
      print("usage: ExampleAgent FILE")
      return
    }
    try record(to: arguments[1])
    try show(arguments[1])
  }

  private static func record(to path: String) throws(FileError) {
    var options = WriterOptions()
    options.flushIntervalNanoseconds = 1_000_000_000  // kill -9 costs a second at most
    options.overload = .drop  // the device's callback never waits
    let writer = try RecordingWriter(path: path, options: options, replacing: true) { notice in
      print("notice: \(notice)")
    }
    writer.setTrack(Track(id: .first, class: .pointer, name: "mouse"))
    writer.setMetadata("agent", "the Swift example")
    for index in 0..<1_000 {
      let time = Int64(index) * 1_000_000
      writer.motion(at: time, x: Int32(index % 640), y: Int32(index % 480))
      if index == 300 { writer.button(at: time, button: 1, state: .down) }
      if index == 600 { writer.button(at: time, button: 1, state: .up) }
    }
    let statistics = try writer.finish()
    print("\(statistics.writtenEventCount) events, \(statistics.droppedEventCount) dropped")
  }

  private static func show(_ path: String) throws(FileError) {
    let reader = try RecordingReader(path: path)
    var filter = EventFilter()
    filter.kinds = KindSet([.button])
    try reader.forEachEvent(filter) { event in print("\(event.time) \(event.body)") }
    for time in [Int64(100_000_000), 450_000_000, 900_000_000] {
      print("buttons at \(time / 1_000_000) ms: \(try reader.state(at: time)[.first].buttons)")
    }
  }
}
