// SPDX-License-Identifier: Apache-2.0
//
// A block's columns behind their C handle.

import CInputTape
import InputTape

/// What an `itape_block *` points at.
final class BlockHandle: Handle {
  static let name = "block"

  /// The sections of the block that was loaded last.
  var batches: [EventBatch] = []

  /// One of the sections.
  func section(_ index: Int) throws(CallFailure) -> EventBatch {
    guard batches.indices.contains(index) else {
      throw CallFailure(ITAPE_ERROR_NOT_FOUND, "the block has \(batches.count) sections")
    }
    return batches[index]
  }

  /// The columns of one of a section's kinds; memory of kinds that are not in it does not count.
  func columns(_ section: Int, _ index: Int) throws(CallFailure) -> KindColumns {
    let present = try self.section(section).columns.filter { $0.count > 0 }
    guard present.indices.contains(index) else {
      throw CallFailure(ITAPE_ERROR_NOT_FOUND, "the section has \(present.count) kinds")
    }
    return present[index]
  }
}

/// One of a kind's columns.
func column<T>(_ columns: [T], _ index: Int) throws(CallFailure) -> T {
  guard columns.indices.contains(index) else {
    throw CallFailure(ITAPE_ERROR_NOT_FOUND, "there are \(columns.count) such columns")
  }
  return columns[index]
}

/// Copies values into a buffer of the caller's.
func copy<T>(
  _ values: [T], _ target: UnsafeMutablePointer<T>?, _ capacity: Int
) throws(CallFailure) {
  guard capacity >= values.count else {
    throw CallFailure(ITAPE_ERROR_BUFFER, "there are \(values.count) values")
  }
  guard !values.isEmpty else { return }
  guard let target else { throw .isNull("the buffer") }
  // Safe: the buffer has room for all of them.
  unsafe values.withUnsafeBufferPointer { source in
    guard let start = source.baseAddress else { return }
    unsafe target.update(from: start, count: source.count)
  }
}
