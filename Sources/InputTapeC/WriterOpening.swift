// SPDX-License-Identifier: Apache-2.0
//
// Writers from C: begun, told of, ended.

// swift-format-ignore-file: AlwaysUseLowerCamelCase

import CInputTape
import InputTape

@c @implementation
public func itape_writer_open(
  _ path: UnsafePointer<CChar>?, _ options: UnsafePointer<itape_writer_options>?,
  _ writer: UnsafeMutablePointer<OpaquePointer?>?
) -> itape_status {
  status { () throws(CallFailure) in
    guard let writer else { throw .isNull("writer") }
    writer.pointee = nil
    let path = try text(path, "path")
    let choice = try WriterChoice(options)
    let opened = try library { () throws(FileError) in
      try RecordingWriter(
        path: path, options: choice.options, replacing: choice.isReplacing,
        onNotice: choice.onNotice)
    }
    WriterBox.give(opened, to: writer)
  }
}

@c @implementation
public func itape_writer_open_sink(
  _ sink: UnsafePointer<itape_sink>?, _ options: UnsafePointer<itape_writer_options>?,
  _ writer: UnsafeMutablePointer<OpaquePointer?>?
) -> itape_status {
  status { () throws(CallFailure) in
    let callbacks = try itape_sink(reading: sink, "sink")
    // From here on whatever happens releases it.
    let target = CallbackSink(callbacks)
    guard let writer else { throw .isNull("writer") }
    writer.pointee = nil
    guard callbacks.write != nil else { throw .isNull("sink.write") }
    let choice = try WriterChoice(options)
    WriterBox.give(
      RecordingWriter(sink: target, options: choice.options, onNotice: choice.onNotice),
      to: writer)
  }
}

@c @implementation
public func itape_writer_set_track(
  _ writer: OpaquePointer?, _ track: UnsafePointer<itape_track>?
) -> itape_status {
  status { () throws(CallFailure) in
    let described = try Track(itape_track(reading: track, "track"))
    try say(writer) { $0.setTrack(described) }
  }
}

@c @implementation
public func itape_writer_set_metadata(
  _ writer: OpaquePointer?, _ name: UnsafePointer<CChar>?, _ value: UnsafePointer<CChar>?
) -> itape_status {
  status { () throws(CallFailure) in
    let name = try text(name, "name")
    guard !name.hasPrefix("track.") else { throw .argument("a name begins with track.") }
    var said: String?
    if let value { said = try text(value, "value") }
    try say(writer) { $0.setMetadata(name, said) }
  }
}

/// Says something of a recording, unless that is beyond the limits.
private func say(
  _ handle: OpaquePointer?, _ body: (borrowing RecordingWriter) -> Bool
) throws(CallFailure) {
  try withWriter(handle) { writer throws(CallFailure) in
    guard body(writer) else {
      throw .argument("what is said of the recording is beyond the limits")
    }
  }
}

extension Track {
  /// A track as C describes it.
  init(_ track: itape_track) throws(CallFailure) {
    guard track.track < UInt16(ITAPE_TRACK_LIMIT) else {
      throw .argument("track \(track.track) is not below \(ITAPE_TRACK_LIMIT)")
    }
    guard track.track_class < 16 else { throw .argument("a class is below 16") }
    guard track.subpixel_bits < 32 else { throw .argument("subpixel_bits is below 32") }
    self.init(
      id: TrackID(rawValue: track.track), class: TrackClass(rawValue: track.track_class),
      name: try Self.text(track.name, "name"), device: try Self.text(track.device, "device"),
      codeSpace: try Self.text(track.code_space, "code_space"),
      coordinateSpace: try Self.text(track.coordinate_space, "coordinate_space"),
      subpixelBits: Int(track.subpixel_bits), resolution: Int(track.resolution))
  }

  private static func text(
    _ pointer: UnsafePointer<CChar>?, _ name: String
  ) throws(CallFailure) -> String {
    pointer == nil ? "" : try InputTapeC.text(pointer, name)
  }
}
