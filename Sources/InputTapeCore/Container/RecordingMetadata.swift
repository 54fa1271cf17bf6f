// SPDX-License-Identifier: Apache-2.0
//
// What a recording says of itself: names and values, and its tracks (Specs/Format.md, section 5).

/// What a recording says of itself.
///
/// Names of the registry, such as `purpose`, `agent`, `platform`, `deleteAfter`, and any other;
/// names that begin with `track.` are the tracks' own.
public struct RecordingMetadata: Hashable, Sendable {
  /// Names and their values, without the tracks' own; sorted by the names' bytes.
  public private(set) var values: [MetadataValue] = []
  /// The tracks, sorted by number.
  public private(set) var tracks: [Track] = []
  /// Bytes of all names and values that are not tracks' own.
  private var freeByteCount = 0
  /// No fewer bytes than the tracks' pairs take.
  private var trackByteCount = 0

  public init() {}

  /// The value of a name; setting nil removes it.
  ///
  /// - Precondition: the metadata accepts them.
  public subscript(name: String) -> String? {
    get { values[name] }
    set {
      precondition(accepts(name, newValue), "Metadata is beyond its limits")
      setValue(name, newValue)
    }
  }

  private mutating func setValue(_ name: String, _ value: String?) {
    if let old = values[name] { freeByteCount -= name.utf8.count + old.utf8.count }
    if let value { freeByteCount += name.utf8.count + value.utf8.count }
    values[name] = value
  }

  /// Whether a name may have a value: both keep to `Limits.stringByteCount`, all together to
  /// `Limits.metadataByteCount`, and the name is not a track's.
  public func accepts(_ name: String, _ value: String?) -> Bool {
    guard let value else { return true }
    let old = values[name].map { name.utf8.count + $0.utf8.count } ?? 0
    return name.utf8.count <= Limits.stringByteCount && !name.utf8.starts(with: "track.".utf8)
      && value.utf8.count <= Limits.stringByteCount
      && freeByteCount - old + name.utf8.count + value.utf8.count <= Limits.metadataByteCount
  }

  /// Whether a track can be added, or take the place of the one of its number: its number and each
  /// of its strings keep to `Limits`, and all tracks together to `Limits.trackMetadataByteCount`.
  public func accepts(_ track: Track) -> Bool {
    let old = self.track(track.id).map(Self.byteCount) ?? 0
    return track.id.rawValue < UInt16(Limits.tracks) && track.trackClass.rawValue < 16
      && [track.name, track.device, track.codeSpace, track.coordinateSpace].allSatisfy {
        $0.utf8.count <= Limits.stringByteCount
      }
      && trackByteCount - old + Self.byteCount(track) <= Limits.trackMetadataByteCount
  }

  private static func byteCount(_ track: Track) -> Int {
    pairs(of: track).reduce(0) { $0 + $1.0.utf8.count + $1.1.utf8.count + 6 }
  }

  /// A track by its number.
  public func track(_ id: TrackID) -> Track? {
    trackOffset(id).map { tracks[$0] }
  }

  /// Whether there is a track of a number.
  package func hasTrack(_ id: TrackID) -> Bool { trackOffset(id) != nil }

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
  /// - Precondition: the metadata accepts it.
  public mutating func setTrack(_ track: Track) {
    precondition(accepts(track), "A track's number or text is beyond its limits")
    putTrack(track)
  }

  private mutating func putTrack(_ track: Track) {
    if let old = self.track(track.id) { trackByteCount -= Self.byteCount(old) }
    trackByteCount += Self.byteCount(track)
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
    // What was read may have a pair of a track's that was not understood: the track is right.
    var pairs = values
    for track in tracks {
      for (name, value) in Self.pairs(of: track) { pairs[name] = value }
    }
    var writer = ByteWriter()
    writer.append(header.encode())
    writer.appendVarint(pairs.count)
    for pair in pairs {
      for text in [pair.name, pair.value] {
        let bytes = Array(text.utf8)
        writer.appendVarint(bytes.count)
        writer.append(bytes)
      }
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
    var metadata = RecordingMetadata()
    let header = try forEachPair(bytes, at: position) { bytes, name, value in
      let (nameText, valueText) = (text(bytes, name), text(bytes, value))
      if metadata.readTrackPair(nameText, valueText) { return true }
      // Names ascend: each has its place behind the last.
      metadata.values.append(MetadataValue(name: nameText, value: valueText))
      metadata.freeByteCount += name.count + value.count
      return false
    }
    return (header, metadata)
  }

  /// Takes a pair that is a track's own; false for any other.
  private mutating func readTrackPair(_ name: String, _ value: String) -> Bool {
    guard let pair = TrackPair(name, value) else { return false }
    var track = self.track(pair.id) ?? Track(id: pair.id, class: .custom)
    pair.apply(to: &track)
    putTrack(track)
    return true
  }
}
