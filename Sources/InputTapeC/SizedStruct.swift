// SPDX-License-Identifier: Apache-2.0
//
// Structs that begin with their size, so that older and newer programs and libraries understand
// each other.

import CInputTape

/// A struct of inputtape.h whose first member is `struct_size`, and in which zeros are the default.
protocol SizedStruct {
  init()
}

extension itape_writer_options: SizedStruct {}
extension itape_writer_statistics: SizedStruct {}
extension itape_sink: SizedStruct {}
extension itape_source: SizedStruct {}
extension itape_track: SizedStruct {}
extension itape_columns: SizedStruct {}
extension itape_info: SizedStruct {}
extension itape_loss: SizedStruct {}
extension itape_filter: SizedStruct {}
extension itape_section: SizedStruct {}
extension itape_kind_columns: SizedStruct {}
extension itape_track_state: SizedStruct {}
extension itape_verification: SizedStruct {}
extension itape_recovery: SizedStruct {}

extension SizedStruct {
  /// The size that this struct had in the first version of the library; it never shrinks.
  private static var firstByteCount: Int { MemoryLayout<Self>.size }

  /// Structs of later versions are believed up to this size.
  private static var limit: Int { 4_096 }

  /// Reads a struct of the caller's.
  init(reading pointer: UnsafePointer<Self>?, _ name: String) throws(CallFailure) {
    guard let pointer else { throw .isNull(name) }
    let bytes = UnsafeRawPointer(pointer)
    let declared = try Self.declaredByteCount(at: bytes, name)
    let known = MemoryLayout<Self>.size
    // Safe: the caller says that this many bytes are there, and no more are read.
    for offset in stride(from: known, to: declared, by: 1)
    where unsafe bytes.load(fromByteOffset: offset, as: UInt8.self) != 0 {
      throw CallFailure(
        ITAPE_ERROR_STRUCT_SIZE, "\(name) uses members that this library does not know")
    }
    self.init()
    unsafe withUnsafeMutableBytes(of: &self) { target in
      unsafe target.baseAddress?.copyMemory(from: bytes, byteCount: min(declared, known))
    }
  }

  /// Fills a struct of the caller's, whose size stays as it is.
  func fill(_ pointer: UnsafeMutablePointer<Self>?, _ name: String) throws(CallFailure) {
    guard let pointer else { throw .isNull(name) }
    let bytes = UnsafeMutableRawPointer(pointer)
    let declared = try Self.declaredByteCount(at: UnsafeRawPointer(bytes), name)
    let known = MemoryLayout<Self>.size
    let head = MemoryLayout<Int>.size
    // Safe: the caller says that this many bytes are there, and no more are written.
    unsafe withUnsafeBytes(of: self) { source in
      guard let start = source.baseAddress else { return }
      unsafe (bytes + head).copyMemory(from: start + head, byteCount: min(declared, known) - head)
    }
    if declared > known {
      unsafe (bytes + known).initializeMemory(as: UInt8.self, repeating: 0, count: declared - known)
    }
  }

  private static func declaredByteCount(
    at bytes: UnsafeRawPointer, _ name: String
  ) throws(CallFailure) -> Int {
    // Safe: every one of these structs begins with its size.
    let declared = unsafe bytes.loadUnaligned(as: UInt.self)
    guard declared >= UInt(firstByteCount), declared <= UInt(limit) else {
      throw CallFailure(
        ITAPE_ERROR_STRUCT_SIZE,
        "\(name).struct_size is \(declared), expected \(MemoryLayout<Self>.size) or more")
    }
    return Int(declared)
  }
}
