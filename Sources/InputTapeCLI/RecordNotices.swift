// SPDX-License-Identifier: Apache-2.0
//
// What goes wrong while a recording goes on, in words, at once.

import InputTape
import InputTapeInterchange

/// Tells whoever looks at standard error.
enum RecordNotices {
  static func show(_ notice: WriterNotice) {
    guard let sentence = sentence(notice) else { return }
    // The status line, if there is one, is written anew behind it.
    let head = StandardError.isTerminal ? "\r\u{1B}[K" : ""
    StandardError.write("\(head)itape: \(TerminalText.escape(sentence))\n")
  }

  private static func sentence(_ notice: WriterNotice) -> String? {
    switch notice {
    case .lost(let count, _, let error):
      // Drops are counted in the status line and at the end.
      error.map { "\(Counted.words(count, "event")) could not be kept: \(reason($0))" }
    case .recovered: "the system takes events again; a gap stands for those that are missing"
    case .syncFailed(let error): "what was written may not be on the disk: \(reason(error))"
    case .segment(_, let path): "goes on in \(path)"
    case .segmentFailed(let error): "cannot begin another file yet: \(reason(error))"
    case .vanished(let path): "\(path) has been removed; it is made again when possible"
    case .restored(let path): "\(path) is there again, with all that was in it"
    case .refused(let error): "what was said of a track is beyond the limits (\(error.code))"
    @unknown default: nil
    }
  }

  private static func reason(_ error: FileError) -> String { CommandFailure(error).message }
}
