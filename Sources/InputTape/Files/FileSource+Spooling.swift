// SPDX-License-Identifier: Apache-2.0
//
// A recording from a pipe, put into a file without a name.

import InputTapeCore

extension FileSource {
  /// Reads a stream to its end, into a file of the folder for temporary files that has no name and
  /// goes with this source.
  public convenience init(spooling input: any ByteInput) throws {
    self.init(closing: try Self.spool(input))
  }

  private static func spool(_ stream: any ByteInput) throws -> CInt {
    var input = stream
    let file = try TemporaryFile()
    let sink = FileSink(descriptor: file.descriptor)
    var piece = [UInt8](repeating: 0, count: 1 << 16)
    do {
      while true {
        let count = try input.read(into: &piece, at: 0)
        if count == 0 { return file.descriptor }
        try sink.write(piece.span.extracting(0..<count))
      }
    } catch {
      close(file.descriptor)
      throw error
    }
  }
}

/// A file without a name.
private struct TemporaryFile {
  let descriptor: CInt

  init() throws(FileError) {
    let folder = systemEnvironment("TMPDIR") ?? "/tmp"
    var template = Array("\(folder)/itape-XXXXXX".utf8CString)
    // Safe: the system changes the six letters before the end, which the array has.
    descriptor = unsafe template.withUnsafeMutableBufferPointer { buffer in
      guard let name = buffer.baseAddress else { return -1 }
      return unsafe mkstemp(name)
    }
    guard descriptor >= 0 else {
      throw .system(operation: "create a file in", path: folder, code: errno)
    }
    // Safe: the name ends with 0.
    _ = unsafe template.withUnsafeBufferPointer { unsafe systemUnlink($0.baseAddress) }
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
  }
}

private func systemUnlink(_ path: UnsafePointer<CChar>?) -> CInt {
  guard let path = unsafe path else { return -1 }
  return unsafe unlink(path)
}

private func systemEnvironment(_ name: String) -> String? {
  // Safe: the system's string is copied at once.
  guard let value = unsafe getenv(name) else { return nil }
  return unsafe String(cString: value)
}
