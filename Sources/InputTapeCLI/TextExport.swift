// SPDX-License-Identifier: Apache-2.0
//
// A recording to text, on several threads.

import InputTape
import InputTapeCore
import InputTapeInterchange

/// Makes text of groups of events on several threads, and writes it in their order.
struct TextExport {
  let form: FileForm
  let threads: Int

  /// Events on their way through the threads that make text of them.
  private struct Job: Sendable {
    var group: EventGroup
    var text: [UInt8]
  }

  /// - Parameter progress: is told of how many events text has been written.
  func run(
    _ reader: borrowing RecordingReader, to output: inout TextOutput, progress: (Int) -> Void
  ) throws {
    let form = form
    let pool = OrderedPool<Job>(threads: threads) {
      var writer = form.writer
      return { job in writer.write(job.group) { bytes in job.text.append(bytes) } }
    }
    defer { pool.stop() }
    var spare: [Job] = []
    func emit(_ job: inout Job) throws {
      try output.write(job.text.span)
      progress(job.group.count)
      job.group.removeAll()
      job.text.removeAll(keepingCapacity: true)
      spare.append(job)
    }
    try reader.forEachGroup { group in
      var job = spare.popLast() ?? Job(group: EventGroup(), text: [])
      swap(&job.group, &group)
      try pool.submit(job) { done in try emit(&done) }
    }
    try pool.drain { done in try emit(&done) }
  }
}
