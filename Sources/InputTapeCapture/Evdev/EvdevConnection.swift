// SPDX-License-Identifier: Apache-2.0
//
// One input device, or a file or FIFO that holds what one has sent.

import CInputTapeCapture
import InputTapeCore
import InputTapeInterchange

#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// An open input device.
final class EvdevConnection {
  let path: String
  let descriptor: Int32
  /// Whether it is a device that can be asked, not a file or FIFO.
  let isDevice: Bool
  let device: EvdevDevice
  private var buffer = [itape_input_event](
    repeating: itape_input_event(), count: EvdevConnection.bufferCount)
  private var partialByteCount = 0

  /// Events read at once.
  static let bufferCount = 256
  private static let eventByteCount = MemoryLayout<itape_input_event>.stride

  /// Opens a path.
  ///
  /// - Parameter kind: what the device is, where it cannot be asked.
  init(path: String, kind: EvdevDeviceKind) throws(CaptureError) {
    let descriptor = path == "-" ? dup(0) : openFile(path)
    guard descriptor >= 0 else { throw .system(operation: "open \(path)", code: errno) }
    var info = itape_evdev_info()
    let code = itape_evdev_describe(descriptor, &info)
    guard code == 0 || code == ENOTTY || code == EINVAL || code == ENOTSUP else {
      close(descriptor)
      throw .system(operation: "ask \(path) what it is", code: code)
    }
    var device = EvdevDevice()
    if code == 0 {
      device = Self.describe(&info)
      _ = itape_evdev_use_monotonic(descriptor)
    } else {
      device.name = path == "-" ? "standard input" : path
    }
    if kind != .auto { device.kind = kind }
    isDevice = code == 0
    self.device = device
    self.path = path
    self.descriptor = descriptor
  }

  deinit { close(descriptor) }

  private static func describe(_ info: inout itape_evdev_info) -> EvdevDevice {
    var device = EvdevDevice()
    device.name = String(cString: itape_evdev_name(&info))
    device.identity = EvdevDevice.identity(vendor: Int(info.vendor), product: Int(info.product))
    let copy = info
    device.setCapabilities { type, code in
      var info = copy
      return itape_evdev_can(&info, Int32(type), Int32(code)) != 0
    }
    device.resolution = Int(max(itape_evdev_resolution(&info, 0), 0))
    device.tiltResolution = Int(max(itape_evdev_resolution(&info, 0x1A), 0))
    return device
  }

  /// What a read has given.
  enum Outcome { case events(Int), nothing, end }

  /// Takes what has come, and calls `body` with each event, timed by the device's clock.
  func read(_ body: (EvdevEvent) -> Void) throws(CaptureError) -> Outcome {
    // A FIFO that nobody has opened yet reads as if it were at its end, and standard input waits.
    guard isDevice || isReady else { return .nothing }
    let limit = Self.bufferCount * Self.eventByteCount
    let got = itape_read_at(
      descriptor, &buffer, partialByteCount, limit - partialByteCount)
    if got == 0 { return .end }
    if got < 0 {
      let code = errno
      if code == EAGAIN { return .nothing }
      // The device has been unplugged.
      if code == ENODEV { return .end }
      throw .system(operation: "read \(path)", code: code)
    }
    let byteCount = partialByteCount + got
    let count = byteCount / Self.eventByteCount
    for index in 0..<count { body(EvdevEvent(buffer[index])) }
    partialByteCount = byteCount - count * Self.eventByteCount
    if partialByteCount > 0, count > 0 { buffer[0] = buffer[count] }
    return count > 0 ? .events(count) : .nothing
  }

  private var isReady: Bool {
    var poll = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    return itape_poll(&poll, 1, 0) > 0
  }

  // MARK: - After a loss

  /// Keys and buttons that are down, as bits.
  func pressed() -> [UInt8] {
    var bits = [UInt8](repeating: 0, count: Int(ITAPE_EVDEV_KEY_BYTES))
    return itape_evdev_pressed(descriptor, &bits, bits.count) == 0 ? bits : []
  }

  /// The values of an axis of contacts, slot by slot.
  func slots(_ axis: UInt16) -> [Int32]? {
    guard device.hasSlots else { return nil }
    var values = [Int32](repeating: 0, count: 65)
    guard itape_evdev_slots(descriptor, Int32(axis), &values, 64) == 0 else { return nil }
    return Array(values.dropFirst())
  }
}

private func openFile(_ path: String) -> Int32 { open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC) }

extension EvdevEvent {
  /// An event as the kernel gave it; a time beyond all clocks becomes the latest there is.
  fileprivate init(_ event: itape_input_event) {
    let (seconds, overflow) = event.seconds.multipliedReportingOverflow(by: 1_000_000_000)
    let micro = min(max(event.microseconds, 0), 999_999) * 1_000
    let (time, carry) = seconds.addingReportingOverflow(micro)
    self.init(
      time: overflow || carry ? .max : time, type: event.type, code: event.code,
      value: event.value)
  }
}
