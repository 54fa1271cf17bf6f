// SPDX-License-Identifier: Apache-2.0
//
// Linux input devices: all that are there or come, or the named ones.

import CInputTapeCapture
public import InputTapeCore
public import InputTapeInterchange

#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// Records from event devices, or from files and FIFOs that hold their events.
public final class EvdevSource: CaptureSource {
  private let paths: [String]
  private let kind: EvdevDeviceKind
  private let folder: String
  private var devices: [EvdevInput] = []
  private var plugs: EvdevPlugs?

  /// - Parameters:
  ///   - paths: devices, files, FIFOs, or `-`; none for all of `/dev/input`, and those that are
  ///     plugged in later.
  ///   - kind: what devices are that cannot be asked.
  ///   - folder: where devices appear when they are plugged in.
  public init(
    paths: [String] = [], kind: EvdevDeviceKind = .auto, folder: String = "/dev/input"
  ) {
    self.paths = paths
    self.kind = kind
    self.folder = folder
  }

  public var classes: Set<TrackClass> { [.pointer, .keyboard, .touch, .pen, .gamepad] }

  public var summary: [String] {
    paths.isEmpty
      ? [
        (folder == "/dev/input"
          ? "all input devices of this machine" : "all input devices in \(folder)")
          + ", also those that are plugged in later"
      ]
      : paths.map { "the input device \($0)" }
  }

  public func open(_ outlet: CaptureOutlet) throws(CaptureError) {
    for path in paths { try add(path, outlet) }
    guard paths.isEmpty else { return }
    let plugs = try EvdevPlugs(folder: folder)
    self.plugs = plugs
    var refusal: CaptureError?
    for path in plugs.present() {
      do { try add(path, outlet) } catch { refusal = refusal ?? error }
    }
    // No device at all: without any there may still be one later, but not without permission.
    if devices.isEmpty, let refusal { throw refusal }
  }

  private func add(_ path: String, _ outlet: CaptureOutlet) throws(CaptureError) {
    devices.append(EvdevInput(try EvdevConnection(path: path, kind: kind), outlet))
  }

  public var descriptors: [Int32] {
    devices.map(\.descriptor) + (plugs.map { [$0.descriptor] } ?? [])
  }

  /// The kernel keeps 64 events of a device at least: two milliseconds of the fastest mouse. A FIFO
  /// has room for thousands.
  public var restNanoseconds: Int64 {
    if devices.contains(where: { $0.isBusyDevice }) { return 0 }
    return devices.contains { $0.isDevice } ? 2_000_000 : 5_000_000
  }

  public func take(_ outlet: CaptureOutlet) throws(CaptureError) {
    for device in devices { try device.take(outlet) }
    for device in devices where device.isAtEnd { device.close(outlet) }
    devices.removeAll { $0.isAtEnd }
    guard let plugs else { return }
    for path in plugs.take() where !devices.contains(where: { $0.path == path }) {
      // A device may be gone again, or not be for us: the others go on.
      try? add(path, outlet)
    }
  }

  public var isAtEnd: Bool { plugs == nil && devices.isEmpty }

  public func close(_ outlet: CaptureOutlet) {
    for device in devices { device.close(outlet) }
    devices = []
  }
}
