// SPDX-License-Identifier: Apache-2.0
//
// Every small vector cut at its bytes and with its bits flipped: one bit in so many as ITAPE_SWEEP
// says, all with ITAPE_SWEEP=1 (`make soak`).

import Foundation
import Testing

@Suite struct DamageSweepTests {
  /// Of the bits, one in so many; of the cuts, one in the square root of it.
  private static let stride = max(
    ProcessInfo.processInfo.environment["ITAPE_SWEEP"].flatMap(Int.init) ?? 801, 1)
  private static let byteLimit = stride == 1 ? 8_192 : 1_500

  /// Valid vectors, some of them without their ends as well.
  private static func recordings() throws -> [(name: String, bytes: [UInt8])] {
    let folder = URL(filePath: #filePath)
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "Specs/Vectors/v1/valid")
    let files = try FileManager.default
      .contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
      .filter { $0.pathExtension == "itape" }
      .sorted { $0.lastPathComponent < $1.lastPathComponent }
    var found: [(name: String, bytes: [UInt8])] = []
    for file in files {
      let bytes = try [UInt8](Data(contentsOf: file))
      guard bytes.count <= byteLimit else { continue }
      found.append((file.deletingPathExtension().lastPathComponent, bytes))
    }
    for (name, bytes) in found where name.hasPrefix("mixed") || name.hasPrefix("all-kinds") {
      let records = try SweptRecording(bytes).records
      for (count, what) in [(1, "without an index"), (2, "killed")] {
        found.append(
          ("\(name) \(what)", Array(bytes[..<records[records.count - count].range.lowerBound])))
      }
    }
    return found
  }

  @Test func cutsAndFlippedBitsCostWhatTheyTouchAndAreFound() throws {
    var (cuts, flips, slowest) = (0, 0, Duration.zero)
    var faults: [String] = []
    for (number, recording) in try Self.recordings().enumerated() {
      var sweep = try DamageSweep(recording.name, recording.bytes)
      let step = Int(Double(Self.stride).squareRoot())
      for length in Swift.stride(from: number % step, to: recording.bytes.count, by: step) {
        sweep.cut(at: length)
      }
      let bits = 8 * recording.bytes.count
      for bit in Swift.stride(from: 7 * number % Self.stride, to: bits, by: Self.stride) {
        sweep.flip(bit & 7, of: bit >> 3)
      }
      cuts += sweep.cutCount
      flips += sweep.flipCount
      slowest = max(slowest, sweep.slowest)
      faults += sweep.faults
    }
    print("sweep: \(cuts) cuts, \(flips) flipped bits, \(faults.count) faults; slowest \(slowest)")
    #expect(faults.isEmpty, "\(faults.prefix(20).joined(separator: "\n"))")
    #expect(cuts > 100 && flips > 100)
    #expect(slowest < .seconds(5))
  }
}
