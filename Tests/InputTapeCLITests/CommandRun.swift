// SPDX-License-Identifier: Apache-2.0
//
// The command as a process of its own.

import Foundation

/// What a run of the command gave.
struct CommandRun {
  let code: Int32
  let output: Data
  let errors: String

  var text: String { String(decoding: output, as: UTF8.self) }

  /// The command that was built beside these tests; ITAPE_COMMAND names another.
  static var executable: URL {
    if let path = ProcessInfo.processInfo.environment["ITAPE_COMMAND"] {
      return URL(filePath: path)
    }
    return URL(filePath: CommandLine.arguments[0]).resolvingSymlinksInPath()
      .deletingLastPathComponent().appending(path: "itape")
  }

  /// Runs the command to its end.
  init(_ arguments: String..., input: Data = Data()) throws {
    try self.init(arguments: arguments, input: input)
  }

  /// Runs a command to its end.
  init(_ executable: URL = Self.executable, arguments: [String], input: Data = Data()) throws {
    let process = Process()
    process.executableURL = executable
    process.arguments = arguments
    let folder = try TemporaryFolder()
    let (inputFile, outputFile, errorFile) = (
      folder.url.appending(path: "in"), folder.url.appending(path: "out"),
      folder.url.appending(path: "err")
    )
    try input.write(to: inputFile)
    try Data().write(to: outputFile)
    try Data().write(to: errorFile)
    process.standardInput = try FileHandle(forReadingFrom: inputFile)
    process.standardOutput = try FileHandle(forWritingTo: outputFile)
    process.standardError = try FileHandle(forWritingTo: errorFile)
    try process.run()
    process.waitUntilExit()
    code = process.terminationStatus
    output = try Data(contentsOf: outputFile)
    errors = String(decoding: try Data(contentsOf: errorFile), as: UTF8.self)
  }
}

/// A folder that goes when nobody refers to it any more.
final class TemporaryFolder {
  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory.appending(path: "itape-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  func path(_ name: String) -> String { url.appending(path: name).path }
}
