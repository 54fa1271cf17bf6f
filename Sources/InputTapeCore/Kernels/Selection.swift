// SPDX-License-Identifier: Apache-2.0
//
// The value at a place of an order that nobody makes (Hoare 1961, algorithm 65).

/// Finds values by their rank.
enum Selection {
  /// The median, the upper one of two; nil of none. Changes the order of values.
  static func median(_ values: inout [UInt64]) -> UInt64? {
    values.isEmpty ? nil : element(values.count / 2, of: &values)
  }

  /// The value that stands at a place once all are sorted. Linear in their number, mostly.
  private static func element(_ place: Int, of values: inout [UInt64]) -> UInt64 {
    var target = values.mutableSpan
    var (low, high) = (0, target.count - 1)
    while low < high {
      let pivot = middle(target[low], target[(low + high) / 2], target[high])
      var (left, right) = (low, high)
      while left <= right {
        while target[left] < pivot { left &+= 1 }
        while target[right] > pivot { right &-= 1 }
        if left <= right {
          target.swapAt(left, right)
          left &+= 1
          right &-= 1
        }
      }
      if place <= right {
        high = right
      } else if place >= left {
        low = left
      } else {
        break
      }
    }
    return target[place]
  }

  private static func middle(_ a: UInt64, _ b: UInt64, _ c: UInt64) -> UInt64 {
    max(min(a, b), min(max(a, b), c))
  }
}
