// SPDX-License-Identifier: Apache-2.0
//
// Columns of blocks to C.

// swift-format-ignore-file: AlwaysUseLowerCamelCase

import CInputTape
import InputTape

@c @implementation
public func itape_block_create(_ block: UnsafeMutablePointer<OpaquePointer?>?) -> itape_status {
  status { () throws(CallFailure) in
    guard let block else { throw .isNull("block") }
    BlockHandle.give(BlockHandle(), to: block)
  }
}

@c @implementation
public func itape_reader_load_block(
  _ reader: OpaquePointer?, _ index: UInt64, _ block: OpaquePointer?
) -> itape_status {
  var lossCount = 0
  let result = status { () throws(CallFailure) in
    try BlockHandle.with(block) { block throws(CallFailure) in
      block.batches = []
      try ReaderHandle.with(reader) { handle throws(CallFailure) in
        let blocks = handle.blocks
        guard let index = Int(exactly: index), index < blocks.count else {
          throw CallFailure(ITAPE_ERROR_NOT_FOUND, "there are \(blocks.count) blocks")
        }
        (block.batches, lossCount) = try library { () throws(FileError) in
          try blocks.read(index)
        }
      }
    }
  }
  return result == itape_status(ITAPE_OK) && lossCount > 0 ? itape_status(ITAPE_LOSS) : result
}

@c @implementation
public func itape_block_get_section(
  _ block: OpaquePointer?, _ section: Int, _ info: UnsafeMutablePointer<itape_section>?
) -> itape_status {
  status { () throws(CallFailure) in
    try BlockHandle.with(block) { block throws(CallFailure) in
      let batch = try block.section(section)
      var result = itape_section()
      result.events = UInt64(batch.count)
      result.track = batch.track.rawValue
      result.kinds = UInt32(batch.columns.count { $0.count > 0 })
      try result.fill(info, "info")
    }
  }
}

@c @implementation
public func itape_block_get_kind(
  _ block: OpaquePointer?, _ section: Int, _ index: Int,
  _ info: UnsafeMutablePointer<itape_kind_columns>?
) -> itape_status {
  status { () throws(CallFailure) in
    try BlockHandle.with(block) { block throws(CallFailure) in
      let columns = try block.columns(section, index)
      var result = itape_kind_columns()
      result.events = UInt64(columns.count)
      result.kind = columns.kind.rawValue
      result.int32_count = UInt8(columns.int32.count)
      result.int64_count = UInt8(columns.int64.count)
      result.string_count = UInt8(columns.strings.count)
      try result.fill(info, "info")
    }
  }
}

@c @implementation
public func itape_block_copy_times(
  _ block: OpaquePointer?, _ section: Int, _ times: UnsafeMutablePointer<Int64>?, _ capacity: Int
) -> itape_status {
  status { () throws(CallFailure) in
    try BlockHandle.with(block) { block throws(CallFailure) in
      try copy(try block.section(section).times, times, capacity)
    }
  }
}

@c @implementation
public func itape_block_copy_kinds(
  _ block: OpaquePointer?, _ section: Int, _ kinds: UnsafeMutablePointer<itape_kind>?,
  _ capacity: Int
) -> itape_status {
  status { () throws(CallFailure) in
    try BlockHandle.with(block) { block throws(CallFailure) in
      try copy(try block.section(section).kinds.map(\.rawValue), kinds, capacity)
    }
  }
}

@c @implementation
public func itape_block_copy_int32(
  _ block: OpaquePointer?, _ section: Int, _ index: Int, _ number: Int,
  _ values: UnsafeMutablePointer<Int32>?, _ capacity: Int
) -> itape_status {
  status { () throws(CallFailure) in
    try BlockHandle.with(block) { block throws(CallFailure) in
      try copy(try column(block.columns(section, index).int32, number), values, capacity)
    }
  }
}

@c @implementation
public func itape_block_copy_int64(
  _ block: OpaquePointer?, _ section: Int, _ index: Int, _ number: Int,
  _ values: UnsafeMutablePointer<Int64>?, _ capacity: Int
) -> itape_status {
  status { () throws(CallFailure) in
    try BlockHandle.with(block) { block throws(CallFailure) in
      try copy(try column(block.columns(section, index).int64, number), values, capacity)
    }
  }
}

@c @implementation
public func itape_block_copy_strings(
  _ block: OpaquePointer?, _ section: Int, _ index: Int, _ number: Int,
  _ ends: UnsafeMutablePointer<Int32>?, _ capacity: Int, _ bytes: UnsafeMutablePointer<CChar>?,
  _ byteCapacity: Int, _ byteCount: UnsafeMutablePointer<Int>?
) -> itape_status {
  status { () throws(CallFailure) in
    byteCount?.pointee = 0
    try BlockHandle.with(block) { block throws(CallFailure) in
      let strings = try column(block.columns(section, index).strings, number)
      byteCount?.pointee = strings.bytes.count
      try copy(strings.ends, ends, capacity)
      try copy(strings.bytes.map { CChar(bitPattern: $0) }, bytes, byteCapacity)
    }
  }
}

@c @implementation
public func itape_block_close(_ block: OpaquePointer?) { BlockHandle.close(block) }
