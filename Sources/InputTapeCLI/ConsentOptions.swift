// SPDX-License-Identifier: Apache-2.0
//
// Why somebody is recorded, on what basis, and how long: what must be said before it begins.

import ArgumentParser
import InputTape

struct ConsentOptions: ParsableArguments {
  @Option(help: "What the recording is for. Required: without a purpose nothing is recorded.")
  var purpose: String?
  @Option(help: "The lawful basis, as in consent.") var basis: String?
  @Option(help: "The version of the notice that the recorded person has seen.") var notice: String?
  @Option(help: "A pseudonym of the recorded person.") var subject: String?
  @Option(help: "When the recording is to be deleted: a date (2027-01-31), or a time such as 30d.")
  var deleteAfter: DeletionTime?

  func validate() throws {
    guard let purpose, purpose.contains(where: { !$0.isWhitespace }) else {
      throw ValidationError(
        "--purpose is missing: say what the recording is for; without one nothing is recorded")
    }
    if let deleteAfter, deleteAfter.hasPassed {
      throw ValidationError("--delete-after \(deleteAfter.text) has passed")
    }
    for text in [purpose, basis, notice, subject].compactMap({ $0 })
    where text.utf8.count > Limits.stringByteCount {
      throw ValidationError("A text of more than \(Limits.stringByteCount) bytes is too long")
    }
  }

  /// What the recording says of itself.
  func metadata(sources: [String]) throws -> RecordingMetadata {
    var metadata = RecordingMetadata()
    metadata["purpose"] = purpose
    metadata["basis"] = basis
    metadata["noticeVersion"] = notice
    metadata["subject"] = subject
    metadata["deleteAfter"] = deleteAfter?.text
    metadata["agent"] = "itape record"
    metadata["sources"] = sources.joined(separator: " ")
    metadata["platform"] = SystemText.platform
    metadata["clock"] = "monotonic"
    return metadata
  }
}
