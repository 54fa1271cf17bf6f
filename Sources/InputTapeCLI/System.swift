// SPDX-License-Identifier: Apache-2.0
//
// The few things that the command asks of the system itself.

import CInputTapePlatform
import InputTape
import InputTapeInterchange

#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// A reader that goes away, or a file that may not grow any more, ends a write with an error, not
/// this process with a signal.
let signalsIgnored: Void = {
  _ = signal(SIGPIPE, SIG_IGN)
  _ = signal(SIGXFSZ, SIG_IGN)
}()

enum StandardError {
  /// Writes a sentence of the command's, on a line of its own.
  static func say(_ sentence: String) { write("itape: \(TerminalText.escape(sentence))\n") }

  static func write(_ text: String) {
    let sink = FileSink(descriptor: 2)
    // Nothing can be said of an error on the stream that errors are said on.
    try? sink.write(Array(text.utf8).span)
  }

  static var isTerminal: Bool { isatty(2) == 1 }
}

enum StandardOutput {
  static var isTerminal: Bool { isatty(1) == 1 }

  static func write(_ text: String) throws {
    do {
      try FileSink(descriptor: 1).write(Array(text.utf8).span)
    } catch {
      throw CommandFailure(error, in: "standard output")
    }
  }
}

enum SystemText {
  /// The system and its machine.
  static var platform: String {
    #if os(macOS)
      let system = "macOS"
    #else
      let system = "Linux"
    #endif
    #if arch(x86_64)
      return system + " x86_64"
    #elseif arch(arm64)
      return system + " arm64"
    #else
      return system
    #endif
  }

  static var unixSeconds: Int64 { Int64(time(nil)) }

  /// A moment as ISO 8601 has it, in UTC.
  static func date(of unixSeconds: Int64) -> String {
    var moment = time_t(unixSeconds)
    var parts = tm()
    unsafe gmtime_r(&moment, &parts)
    func two(_ number: Int32) -> String { number < 10 ? "0\(number)" : "\(number)" }
    return "\(parts.tm_year + 1_900)-\(two(parts.tm_mon + 1))-\(two(parts.tm_mday))"
  }

  /// Processor time that this process has used.
  static var processorNanoseconds: Int64 {
    var time = timespec()
    unsafe clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
  }

  /// The most memory that this program has had.
  static var peakMemoryByteCount: Int64 {
    var usage = rusage()
    #if canImport(Darwin)
      unsafe getrusage(RUSAGE_SELF, &usage)
      return Int64(usage.ru_maxrss)
    #else
      if let peak = statusKilobytes("VmHWM:") { return peak * 1_024 }
      // Counts also what the process had before it ran this program: a copy of whoever began it.
      unsafe getrusage(RUSAGE_SELF.rawValue, &usage)
      return Int64(usage.ru_maxrss) * 1_024
    #endif
  }

  /// A number of what Linux says of this process.
  private static func statusKilobytes(_ name: String) -> Int64? {
    var bytes = [UInt8](repeating: 0, count: 8 << 10)
    guard let input = try? FileInput(path: "/proc/self/status"),
      let count = try? input.read(into: &bytes, at: 0)
    else { return nil }
    let lines = String(decoding: bytes[..<count], as: UTF8.self).split(separator: "\n")
    guard let line = lines.first(where: { $0.hasPrefix(name) }) else { return nil }
    return Int64(line.filter { $0.isASCII && $0.isNumber })
  }
}

/// Memory that this process needs no longer.
enum ResidentMemory {
  /// Lets the process keep no more memory than it uses, from now on.
  static func keepSmall() {
    itape_return_large_memory()
    release()
  }

  /// Gives back pages of code that were used until now.
  static func release() { itape_release_resident_code() }
}

enum SystemFiles {
  static func rename(_ old: String, to new: String) throws {
    guard systemRename(old, new) == 0 else {
      throw CommandFailure(FileError.system(operation: "rename \(old) to", path: new, code: errno))
    }
  }

  static func remove(_ path: String) { unlink(path) }

  /// Whether two paths are one file.
  static func isSame(_ left: String, _ right: String) -> Bool {
    var a = stat()
    var b = stat()
    guard unsafe stat(left, &a) == 0, unsafe stat(right, &b) == 0 else { return false }
    return a.st_dev == b.st_dev && a.st_ino == b.st_ino
  }

  static func isThere(_ path: String) -> Bool { access(path, F_OK) == 0 }

  /// Throws where a path leads nowhere; does not open it, as a pipe would wait for its other end.
  static func checkIsThere(_ path: String) throws {
    guard access(path, R_OK) == 0 else {
      throw CommandFailure(FileError.system(operation: "open", path: path, code: errno))
    }
  }

  static func isRegular(_ path: String) -> Bool {
    var status = stat()
    guard unsafe stat(path, &status) == 0 else { return true }
    return status.st_mode & S_IFMT == S_IFREG
  }

  static func isFolder(_ path: String) -> Bool {
    var status = stat()
    guard unsafe stat(path, &status) == 0 else { return false }
    return status.st_mode & S_IFMT == S_IFDIR
  }

  static var processID: Int32 { getpid() }
}

private func systemRename(_ old: String, _ new: String) -> Int32 { rename(old, new) }

/// A file or standard input as a stream, which counts what it has given.
final class FileInput: ByteInput {
  private let descriptor: Int32
  private(set) var count: UInt64 = 0
  /// The file's size, where it is one.
  let byteCount: UInt64?

  init(path: String?) throws {
    guard let path else {
      descriptor = 0
      byteCount = Self.size(of: 0)
      return
    }
    descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw CommandFailure(FileError.system(operation: "open", path: path, code: errno))
    }
    byteCount = Self.size(of: descriptor)
  }

  private static func size(of descriptor: Int32) -> UInt64? {
    var status = stat()
    let isFile = unsafe fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
    return isFile ? UInt64(max(status.st_size, 0)) : nil
  }

  deinit {
    if descriptor != 0 { close(descriptor) }
  }

  /// The file as one that can be read at any position, where it is a file at its beginning.
  func seekable() throws -> FileSource? {
    guard byteCount != nil, lseek(descriptor, 0, SEEK_CUR) == 0 else { return nil }
    return FileSource(closing: dup(descriptor))
  }

  func read(into buffer: inout [UInt8], at offset: Int) throws -> Int {
    while true {
      // Safe: the system writes at most as many bytes as the buffer has behind `offset`.
      let got = unsafe buffer.withUnsafeMutableBytes { bytes in
        unsafe systemRead(
          descriptor, bytes.baseAddress.map { unsafe $0 + offset }, bytes.count - offset)
      }
      if got >= 0 {
        count += UInt64(got)
        return got
      }
      guard errno == EINTR else { throw FileError.system(operation: "read", code: errno) }
    }
  }
}

private func systemRead(_ descriptor: Int32, _ bytes: UnsafeMutableRawPointer?, _ count: Int) -> Int
{
  unsafe read(descriptor, bytes, count)
}
