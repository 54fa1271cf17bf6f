// SPDX-License-Identifier: Apache-2.0
//
// Lines of kind `recording` and `track`.

import InputTapeCore

enum HeaderLineWriter {
  /// Appends a line for the metadata, if there is any, and one for each track.
  static func append(_ header: InterchangeHeader, to line: inout [UInt8]) {
    if !header.metadata.isEmpty {
      line.append(text: "{\"kind\":\"recording\",\"metadata\":{")
      for (index, field) in header.metadata.enumerated() {
        if index > 0 { line.append(0x2C) }
        JSONText.append(field.name, to: &line)
        line.append(0x3A)
        JSONText.append(field.value, to: &line)
      }
      line.append(text: "}}\n")
    }
    for track in header.tracks { append(track, to: &line) }
  }

  private static func append(_ track: Track, to line: inout [UInt8]) {
    line.append(text: "{\"kind\":\"track\",\"id\":\(track.id.rawValue)")
    let texts = [
      ("class", track.trackClass.name), ("name", track.name), ("device", track.device),
      ("codeSpace", track.codeSpace), ("coordinateSpace", track.coordinateSpace),
    ]
    for (name, text) in texts {
      line.append(text: ",\"\(name)\":")
      JSONText.append(text, to: &line)
    }
    line.append(
      text: ",\"subpixelBits\":\(track.subpixelBits),\"resolution\":\(track.resolution)}\n")
  }
}
