// SPDX-License-Identifier: Apache-2.0
//
// A name and a value of a recording's metadata that are a track's own (Specs/Format.md, section 5).

/// One thing that metadata says of a track.
struct TrackPair {
  enum Field {
    case trackClass(TrackClass)
    case name(String)
    case device(String)
    case codeSpace(String)
    case coordinateSpace(String)
    case subpixelBits(Int)
    case resolution(Int)
  }

  let id: TrackID
  let field: Field

  /// Nil for a pair that is no track's, or that is not understood.
  init?(_ name: String, _ value: String) {
    guard name.utf8.starts(with: "track.".utf8) else { return nil }
    // By bytes: looking for characters takes most of the time of a file of such pairs.
    let dot = UInt8(ascii: ".")
    let parts = name.utf8.split(separator: dot, maxSplits: 2, omittingEmptySubsequences: false)
    guard parts.count == 3, let number = UInt16(Substring(parts[1])),
      number < UInt16(Limits.tracks), String(number) == Substring(parts[1])
    else { return nil }
    id = TrackID(rawValue: number)
    switch Substring(parts[2]) {
    case "class":
      guard let trackClass = TrackClass(name: value) else { return nil }
      field = .trackClass(trackClass)
    case "name": field = .name(value)
    case "device": field = .device(value)
    case "codeSpace": field = .codeSpace(value)
    case "coordinateSpace": field = .coordinateSpace(value)
    case "subpixelBits":
      guard let bits = Int(value), (0...31).contains(bits) else { return nil }
      field = .subpixelBits(bits)
    case "resolution":
      guard let resolution = Int(value) else { return nil }
      field = .resolution(resolution)
    default: return nil
    }
  }

  func apply(to track: inout Track) {
    switch field {
    case .trackClass(let trackClass): track.trackClass = trackClass
    case .name(let name): track.name = name
    case .device(let device): track.device = device
    case .codeSpace(let codeSpace): track.codeSpace = codeSpace
    case .coordinateSpace(let space): track.coordinateSpace = space
    case .subpixelBits(let bits): track.subpixelBits = bits
    case .resolution(let resolution): track.resolution = resolution
    }
  }
}
