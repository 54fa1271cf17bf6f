// SPDX-License-Identifier: Apache-2.0
//
// `itape bench`: how fast and how small on this machine, each figure beside its bound.

import ArgumentParser
import InputTape

struct BenchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench",
    abstract: "Measure speeds and sizes on this machine.",
    discussion: """
      Without a file, measures a synthetic mixture of a mouse and a keyboard: speeds are \
      comparable between machines, sizes say nothing of real recordings. Everything happens in \
      memory. Speeds are medians of interleaved rounds after a warm-up: of processor time on one \
      thread, of wall time on several. zstd alone compresses the sections' tokens at level 1.

        itape bench mouse.jsonl.zst --json > before.json
        itape bench --compare before.json after.json
      """)

  @Argument(help: "A recording or text; with --compare two results of --json.")
  var files: [String] = []
  @Option(help: "How much work goes into size.")
  var preset: Preset = .balanced
  @Option(help: "Blocks that are encoded or decoded at once.") var threads = 1
  @Option(help: "Events in a block, 1 to 65536.") var blockEvents = 65_536
  @Flag(help: "Print one JSON object.") var json = false
  @Flag(help: "Compare two results of --json.") var compare = false

  func validate() throws {
    guard (1...Limits.eventsPerBlock).contains(blockEvents) else {
      throw ValidationError("--block-events takes 1 to \(Limits.eventsPerBlock)")
    }
    guard (1...64).contains(threads) else { throw ValidationError("--threads takes 1 to 64") }
    guard compare ? files.count == 2 : files.count <= 1 else {
      throw ValidationError(compare ? "--compare takes two files" : "bench takes one file at most")
    }
  }

  func run() throws {
    if compare {
      return try StandardOutput.write(try BenchComparison.text(files[0], files[1]))
    }
    let corpus = try BenchCorpus.load(
      files.first, blockEvents: blockEvents, threads: threads)
    var options = WriterOptions()
    options.encoding.preset = preset
    options.eventsPerBlock = blockEvents
    options.threads = threads
    let report = try BenchRun(corpus: corpus, options: options).run()
    try StandardOutput.write(json ? report.json.text : report.text)
  }
}
