// SPDX-License-Identifier: Apache-2.0
//
// Records of a list found by time and by position.

extension RecordList {
  /// The page that a position's record is on, or the last one before it.
  ///
  /// - Complexity: O(log pages).
  package func page(at position: UInt64) -> Int {
    var low = 0
    var high = pageCount
    while high - low > 1 {
      let middle = low + (high - low) / 2
      if firstPosition(ofPage: middle) <= position { low = middle } else { high = middle }
    }
    return low
  }

  /// The last block that begins at a time or before.
  ///
  /// - Complexity: O(pages).
  package func lastBlock(beginningBy time: Int64) -> RecordEntry? {
    for page in (0..<pageCount).reversed() {
      guard let bounds = timeBounds(ofPage: page), bounds.lowerBound <= time else { continue }
      return records(ofPage: page).last { $0.type == .data && $0.firstTime <= time }
    }
    return nil
  }

  /// The last block with a state keyframe before which nothing happened after `time`; the first
  /// with one, where something did before each.
  ///
  /// - Complexity: O(pages).
  package func keyframe(before time: Int64) -> RecordEntry? {
    var found: RecordEntry?
    var latest = Int64.min
    for page in 0..<pageCount {
      guard latest <= time || found == nil else { return found }
      for record in records(ofPage: page) where record.type == .data {
        let isKeyframe = record.flags.contains(.stateKeyframe)
        if isKeyframe, latest <= time && record.firstTime <= time || found == nil {
          found = record
        }
        latest = max(latest, record.lastTime)
      }
    }
    return found
  }
}
