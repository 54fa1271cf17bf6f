// SPDX-License-Identifier: Apache-2.0
//
// The fuzz targets' seeds and finds, once more, without the fuzzer.

import Foundation
import InputTapeProbes
import Testing

@Suite struct ReplayTests {
  private static let root = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// The files of a folder, sorted; none where there is no folder.
  private static func inputs(_ folder: String) -> [URL] {
    let url = root.appending(path: folder)
    let found = try? FileManager.default.contentsOfDirectory(
      at: url, includingPropertiesForKeys: nil)
    return (found ?? []).sorted { $0.lastPathComponent < $1.lastPathComponent }
  }

  @Test(arguments: Probes.all.map(\.name)) func seedsAndFindsBreakNoPromise(_ name: String) throws {
    let probe = try #require(Probes.all.first { $0.name == name }).make()
    var folders = ["Fuzz/Corpus/\(name)", "Fuzz/Regressions/\(name)"]
    if name == "FuzzReader" { folders += ["Specs/Vectors/v1/valid", "Specs/Vectors/v1/invalid"] }
    var (count, accepted) = (0, 0)
    for file in folders.flatMap(Self.inputs) {
      // The texts that stand beside the vectors are no recordings.
      if ["jsonl", "tsv"].contains(file.pathExtension) { continue }
      let bytes = try [UInt8](Data(contentsOf: file))
      if bytes.count > 200_000 { continue }
      if probe.run(bytes) { accepted += 1 }
      count += 1
    }
    print("\(name): \(count) seeds and finds replayed, \(accepted) accepted")
    #expect(count > 0)
    #expect(accepted > 0)
  }

  @Test func everyTargetHasAProbe() throws {
    let targets = Self.inputs("Fuzz/Sources").map(\.lastPathComponent).filter {
      $0.hasPrefix("Fuzz")
    }
    #expect(targets == Probes.all.map(\.name).sorted())
  }
}
