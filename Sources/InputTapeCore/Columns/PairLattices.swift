// SPDX-License-Identifier: Apache-2.0
//
// The lattices of both coordinates of a pair (Specs/Encodings.md, section 6).

/// Which coordinates of each axis are in use, where only some are.
struct PairLattices {
  var x: CoordinateLattice?
  var y: CoordinateLattice?

  /// Whether there is one.
  var isPresent: Bool { x != nil || y != nil }

  /// Appends both.
  func write(to bytes: inout ByteWriter) {
    for lattice in [x, y] { Self.write(lattice, to: &bytes) }
  }

  /// Reads both.
  static func read(from bytes: inout ByteReader) throws(FormatError) -> PairLattices {
    let x = try readOne(from: &bytes)
    return PairLattices(x: x, y: try readOne(from: &bytes))
  }

  /// Appends a lattice, or that there is none.
  private static func write(_ lattice: CoordinateLattice?, to bytes: inout ByteWriter) {
    guard let lattice else { return bytes.appendVarint(1) }
    bytes.appendVarint(UInt64(lattice.period))
    bytes.appendVarint(UInt64(lattice.residues.count))
    var next: Int32 = 0
    for residue in lattice.residues {
      bytes.appendVarint(UInt64(residue - next))
      next = residue + 1
    }
  }

  /// Reads a lattice; nil where there is none.
  private static func readOne(
    from bytes: inout ByteReader
  ) throws(FormatError) -> CoordinateLattice? {
    let error = bytes.error(.malformed)
    let period = try bytes.readCount(limit: CoordinateLattice.periodLimit)
    guard period != 1 else { return nil }
    guard period > 0 else { throw error }
    let count = try bytes.readCount(limit: min(period - 1, CoordinateLattice.residueLimit))
    guard count > 0 else { throw error }
    var residues: [Int32] = []
    var next = 0
    for _ in 0..<count {
      let gap = try bytes.readVarint()
      guard gap < UInt64(period - next) else { throw error }
      residues.append(Int32(next + Int(gap)))
      next += Int(gap) + 1
    }
    return CoordinateLattice(period: Int32(period), residues: residues)
  }
}
