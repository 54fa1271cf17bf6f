// SPDX-License-Identifier: Apache-2.0
//
// A file that is there as long as a recording goes on: for whoever wants to see or show that.

import InputTape

/// The file that says that somebody is recorded.
final class Indicator {
  private let path: String
  private let notice: RecordNotice
  private var isPaused: Bool?

  init(path: String, notice: RecordNotice) {
    self.path = path
    self.notice = notice
  }

  /// Writes the file anew where something has changed.
  func show(isPaused: Bool) {
    guard self.isPaused != isPaused else { return }
    self.isPaused = isPaused
    let state = isPaused ? "paused" : "recording"
    let text = "\(state)\npid \(SystemFiles.processID)\n" + notice.text
    do {
      try FileSink(creating: path, replacing: true).write(Array(text.utf8).span)
    } catch {
      StandardError.say("the indicator \(path) cannot be written")
    }
  }

  func remove() { SystemFiles.remove(path) }
}
