// SPDX-License-Identifier: Apache-2.0
//
// How much the sections of one block may decode to where a block is held whole
// (Specs/Format.md, section 8): a few bytes can stand for 4 MiB, and a block has 2,048 sections.

import InputTapeCore

/// What is left for the sections of a block.
struct BlockBudget {
  /// Ten times what a writer puts into a block.
  static let byteCount = 32 << 20
  private var left = byteCount
  /// What may lie about unused in the memory of sections, which is that of others before.
  private var slack = 8 << 20

  /// Takes what a section has become; where too much of its memory is unused, in other memory.
  ///
  /// - Throws: `limitExceeded` where it is more than is left; the section is not to be kept.
  mutating func take(_ batch: inout EventBatch, of place: SectionPlace) throws(FileError) {
    let count = batch.memoryByteCount
    guard count <= left else {
      batch = EventBatch(track: batch.track)
      throw .format(FormatError(.limitExceeded, at: place.position))
    }
    left -= count
    let unused = batch.slackByteCount
    if unused <= slack {
      slack -= unused
    } else {
      batch = batch.part(0..<batch.count)
    }
  }
}
