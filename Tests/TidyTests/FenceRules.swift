// SPDX-License-Identifier: Apache-2.0
//
// The fence around memory that the compiler does not check.

/// Rules about unchecked memory.
enum FenceRules {
  /// Files outside the core's fences that may hold raw pointers: each because a system call, a C
  /// library or a callback takes one.
  static let allowedFiles: Set = [
    "Sources/InputTape/Files/FileError+Description.swift",
    "Sources/InputTape/Files/SystemFile.swift",
    "Sources/InputTape/Files/FileSource.swift",
    "Sources/InputTape/Files/FileSource+Spooling.swift",
    "Sources/InputTape/Files/SystemStorage.swift",
    "Sources/InputTape/Threads/MonotonicClock.swift",
    "Sources/InputTape/Threads/Monitor.swift",
    "Sources/InputTape/Threads/WorkerThread.swift",
    "Sources/InputTape/Writing/EventRing.swift",
    "Sources/InputTapeCapture/X11/X11Connection.swift",
    "Sources/InputTapeCapture/macOS/EventTapSource.swift",
    "Sources/InputTapeCLI/System.swift",
  ]

  private static let pointerNames: Set = [
    "unsafe", "unsafeBitCast", "unsafeDowncast", "Unmanaged", "OpaquePointer",
    "assumingMemoryBound", "withMemoryRebound", "baseAddress", "CVaListPointer",
  ]

  /// Raw pointers stay in the files that are named for them.
  static func unchecked(_ file: SourceFile) -> [Finding] {
    guard let target = file.target, file.isSwift, !isFenced(file, target: target) else { return [] }
    return file.words.filter { isUnchecked($0.text) }.map {
      Finding(path: file.path, line: $0.line, message: "\($0.text) outside the fence")
    }
  }

  private static func isFenced(_ file: SourceFile, target: String) -> Bool {
    if target == "InputTapeCore" {
      return file.path.hasPrefix("Sources/InputTapeCore/Bytes/")
        || file.name == "Compression.swift" || file.name == "StreamCompression.swift"
    }
    // The contract with C is pointers on every page.
    return target == "InputTapeC" || allowedFiles.contains(file.path)
  }

  private static func isUnchecked(_ word: String) -> Bool {
    pointerNames.contains(word) || word.hasPrefix("withUnsafe") || word.hasPrefix("unsafeLoad")
      || word.hasPrefix("Unsafe") && (word.hasSuffix("Pointer") || word.contains("Pointer"))
  }
}
