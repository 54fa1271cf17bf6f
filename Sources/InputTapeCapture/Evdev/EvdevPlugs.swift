// SPDX-License-Identifier: Apache-2.0
//
// The event devices of /dev/input: those that are there, and those that come.

#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// Watches the folder of input devices.
final class EvdevPlugs {
  let descriptor: Int32
  private let folder: String

  #if os(Linux)
    init(folder: String) throws(CaptureError) {
      self.folder = folder
      descriptor = inotify_init1(Int32(IN_NONBLOCK) | Int32(IN_CLOEXEC))
      guard descriptor >= 0 else { throw .system(operation: "watch \(folder)", code: errno) }
      // A new device is not readable at once: its permissions are set a moment later.
      let events = UInt32(IN_CREATE) | UInt32(IN_ATTRIB) | UInt32(IN_MOVED_TO)
      guard inotify_add_watch(descriptor, folder, events) >= 0 else {
        let code = errno
        throw code == ENOENT
          ? .unavailable("this machine has no input devices (\(folder) is not there)")
          : .system(operation: "watch \(folder)", code: code)
      }
    }
  #else
    init(folder: String) throws(CaptureError) {
      self.folder = folder
      descriptor = -1
      throw .unavailable("this system has no event devices")
    }
  #endif

  deinit {
    if descriptor >= 0 { close(descriptor) }
  }

  /// The paths of the devices that are there, by number.
  func present() -> [String] {
    (0..<1_024).map { "\(folder)/event\($0)" }.filter { access($0, F_OK) == 0 }
  }

  /// The paths of devices that have come or changed since the last call.
  func take() -> [String] {
    var bytes = [UInt8](repeating: 0, count: 4_096)
    var paths: [String] = []
    while true {
      let count = read(descriptor, &bytes, bytes.count)
      guard count > 0 else { return paths }
      paths += Self.names(bytes[..<count]).filter { $0.hasPrefix("event") }
        .map { "\(folder)/\($0)" }.filter { !paths.contains($0) }
    }
  }

  /// The names in what the system has written: a header of 16 bytes, then the name, padded.
  static func names(_ bytes: ArraySlice<UInt8>) -> [String] {
    var names: [String] = []
    var rest = bytes
    while rest.count >= 16 {
      let start = rest.startIndex
      var length = 0
      for index in (0..<4).reversed() { length = length << 8 | Int(rest[start + 12 + index]) }
      guard length <= rest.count - 16 else { break }
      let name = rest[(start + 16)..<(start + 16 + length)].prefix { $0 != 0 }
      if !name.isEmpty { names.append(String(decoding: name, as: UTF8.self)) }
      rest = rest.dropFirst(16 + length)
    }
    return names
  }
}
