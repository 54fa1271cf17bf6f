// SPDX-License-Identifier: Apache-2.0
//
// Positions on a grid that is coarser than the device's.

import InputTapeCore

/// Rounds the positions of one track; of differences it keeps what rounding has left for the next.
struct CoordinateGrid {
  let size: Int32
  private var dx: Int64 = 0
  private var dy: Int64 = 0

  init(_ size: Int32) { self.size = max(size, 1) }

  mutating func round(_ sample: inout CaptureSample) {
    guard size > 1 else { return }
    switch sample.kind {
    case .motion, .pen:
      sample.fields.a = floor(sample.fields.a)
      sample.fields.b = floor(sample.fields.b)
    case .touch:
      sample.fields.c = floor(sample.fields.c)
      sample.fields.d = floor(sample.fields.d)
    case .rawMotion:
      sample.fields.a = Self.step(&dx, sample.fields.a, size)
      sample.fields.b = Self.step(&dy, sample.fields.b, size)
    default: break
    }
  }

  /// The multiple at or below a value; the lowest of all where that is beyond 32 bits.
  private func floor(_ value: Int32) -> Int32 {
    let wide = Int64(value)
    let rest = (wide % Int64(size) + Int64(size)) % Int64(size)
    return Int32(exactly: wide - rest) ?? (Int32.min / size) * size
  }

  private static func step(_ left: inout Int64, _ value: Int32, _ size: Int32) -> Int32 {
    left += Int64(value)
    let whole = left / Int64(size) * Int64(size)
    let result = Int32(clamping: whole)
    left -= Int64(result)
    return result
  }
}
