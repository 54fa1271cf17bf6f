// SPDX-License-Identifier: Apache-2.0
//
// What a recording says of itself: names and values, and its tracks (Specs/Format.md, section 5).

/// What a recording says of itself.
///
/// Names of the registry, such as `purpose`, `agent`, `platform`, `deleteAfter`, and any other;
/// names that begin with `track.` are the tracks' own.
public struct RecordingMetadata: Hashable, Sendable {
  /// Values by name, without the tracks' own.
  public private(set) var values: [String: String] = [:]
  /// The tracks, sorted by number.
  public private(set) var tracks: [Track] = []

  public init() {}

  /// The value of a name; setting nil removes it.
  ///
  /// - Precondition: names and values keep to `Limits.stringByteCount`, and names do not begin with
  ///   `track.`.
  public subscript(name: String) -> String? {
    get { values[name] }
    set {
      precondition(
        name.utf8.count <= Limits.stringByteCount && !name.hasPrefix("track."),
        "A name of metadata is too long or reserved")
      precondition(
        (newValue?.utf8.count ?? 0) <= Limits.stringByteCount, "A value of metadata is too long")
      values[name] = newValue
    }
  }

  /// A track by its number.
  public func track(_ id: TrackID) -> Track? {
    trackOffset(id).map { tracks[$0] }
  }

  private func trackOffset(_ id: TrackID) -> Int? {
    let offset = insertionOffset(id)
    return offset < tracks.count && tracks[offset].id == id ? offset : nil
  }

  private func insertionOffset(_ id: TrackID) -> Int {
    var low = 0
    var high = tracks.count
    while low < high {
      let middle = (low + high) / 2
      if tracks[middle].id < id { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// Adds a track, or replaces the one of its number.
  ///
  /// - Precondition: the number and the strings keep to `Limits`.
  public mutating func setTrack(_ track: Track) {
    precondition(track.id.rawValue < UInt16(Limits.tracks), "A track number is below 1,024")
    precondition(track.trackClass.rawValue < 16, "A track class is below 16")
    for text in [track.name, track.device, track.codeSpace, track.coordinateSpace] {
      precondition(text.utf8.count <= Limits.stringByteCount, "A track's text is too long")
    }
    let offset = insertionOffset(track.id)
    if offset < tracks.count, tracks[offset].id == track.id {
      tracks[offset] = track
    } else {
      tracks.insert(track, at: offset)
    }
  }

  // MARK: - Bytes

  /// The payload of a METADATA record: the file header's copy, then names and values sorted by
  /// their bytes.
  package func encode(header: FileHeader) -> [UInt8] {
    var pairs = values.map { ($0.key, $0.value) }
    for track in tracks { pairs += Self.pairs(of: track) }
    let sorted = pairs.map { (Array($0.0.utf8), Array($0.1.utf8)) }
      .sorted { $0.0.lexicographicallyPrecedes($1.0) }
    var writer = ByteWriter()
    writer.append(header.encode())
    writer.appendVarint(sorted.count)
    for (name, value) in sorted {
      writer.appendVarint(name.count)
      writer.append(name)
      writer.appendVarint(value.count)
      writer.append(value)
    }
    return writer.bytes
  }

  private static func pairs(of track: Track) -> [(String, String)] {
    let prefix = "track.\(track.id.rawValue)."
    var pairs = [(prefix + "class", track.trackClass.name)]
    func add(_ name: String, _ value: String, unless standard: String = "") {
      if value != standard { pairs.append((prefix + name, value)) }
    }
    add("name", track.name)
    add("device", track.device)
    add("codeSpace", track.codeSpace)
    add("coordinateSpace", track.coordinateSpace)
    add("subpixelBits", String(track.subpixelBits), unless: "0")
    add("resolution", String(track.resolution), unless: "0")
    return pairs
  }

  /// Reads the payload of a METADATA record whose checksum has been checked.
  package static func decode(
    _ bytes: Span<UInt8>, at position: UInt64
  ) throws(FormatError) -> (header: FileHeader, metadata: RecordingMetadata) {
    var reader = ByteReader(bytes, at: position)
    let headerBytes = try reader.readSpan(count: FileHeader.byteCount)
    let header = try FileHeader.decode(headerBytes, at: position)
    var metadata = RecordingMetadata()
    let count = try reader.readCount(limit: Limits.rawByteCount)
    var last: [UInt8]?
    for _ in 0..<count {
      let name = try reader.readBytes(count: try reader.readCount(limit: Limits.stringByteCount))
      let value = try reader.readBytes(count: try reader.readCount(limit: Limits.stringByteCount))
      if let last, !last.lexicographicallyPrecedes(name) { throw reader.error(.malformed) }
      guard let nameText = String(validating: name, as: UTF8.self),
        let text = String(validating: value, as: UTF8.self)
      else { throw reader.error(.malformed) }
      if !metadata.readTrackPair(nameText, text) { metadata.values[nameText] = text }
      last = name
    }
    guard reader.remaining == 0 else { throw reader.error(.malformed) }
    return (header, metadata)
  }

  /// Takes a pair that is a track's own; false for any other.
  private mutating func readTrackPair(_ name: String, _ value: String) -> Bool {
    let parts = name.split(separator: ".", maxSplits: 2, omittingEmptySubsequences: false)
    guard parts.count == 3, parts[0] == "track", let number = UInt16(parts[1]),
      number < UInt16(Limits.tracks), String(number) == parts[1]
    else { return false }
    let id = TrackID(rawValue: number)
    var track = self.track(id) ?? Track(id: id, class: .custom)
    switch parts[2] {
    case "class":
      guard let trackClass = TrackClass(name: value) else { return false }
      track.trackClass = trackClass
    case "name": track.name = value
    case "device": track.device = value
    case "codeSpace": track.codeSpace = value
    case "coordinateSpace": track.coordinateSpace = value
    case "subpixelBits":
      guard let bits = Int(value), (0...31).contains(bits) else { return false }
      track.subpixelBits = bits
    case "resolution":
      guard let resolution = Int(value) else { return false }
      track.resolution = resolution
    default: return false
    }
    setTrack(track)
    return true
  }
}
