// SPDX-License-Identifier: Apache-2.0
//
// The blocks of a stretch of time, one after another, and how early those that are left begin.

import InputTapeCore

/// The records of a recording, and whether an index said of them, or of a part of them.
struct RecordListing {
  let records: RecordList
  let isByIndex: Bool
}

/// Walks over blocks in the order of the file; holds one page of them.
struct BlockWalk {
  let listing: RecordListing
  private let filter: EventFilter
  /// The earliest time of each page's blocks and all behind them.
  private var pageEarliest: [Int64] = []
  private var page = 0
  private var records: [RecordEntry] = []
  /// The earliest time of each of the page's records and all behind them.
  private var earliest: [Int64] = []
  private var index = 0

  /// - Parameter position: records before this position are left out.
  init(_ listing: RecordListing, filter: EventFilter, from position: UInt64 = 0) {
    self.listing = listing
    self.filter = filter
    pageEarliest = Array(repeating: .max, count: list.pageCount + 1)
    for page in (0..<list.pageCount).reversed() {
      let own = list.timeBounds(ofPage: page)?.lowerBound ?? .max
      pageEarliest[page] = min(own, pageEarliest[page + 1])
    }
    loadPage()
    while let record = current, record.position < position { move() }
    skip()
  }

  private var list: RecordList { listing.records }

  private var current: RecordEntry? { index < records.count ? records[index] : nil }

  /// No block that is left begins earlier; nil where none is left.
  var earliestTime: Int64? {
    guard index < records.count else { return nil }
    if let end = filter.to, earliest[index] >= end { return nil }
    return earliest[index]
  }

  /// The next block.
  mutating func next() -> RecordEntry? {
    guard earliestTime != nil, let record = current else { return nil }
    move()
    skip()
    return record
  }

  private mutating func move() {
    index += 1
    while index == records.count, page < list.pageCount {
      page += 1
      loadPage()
    }
  }

  /// Passes over what is no block, or outside the time that is wanted.
  private mutating func skip() {
    while let record = current, !isWanted(record) { move() }
  }

  private func isWanted(_ record: RecordEntry) -> Bool {
    record.type == .data && record.lastTime >= filter.from
      && filter.to.map { record.firstTime < $0 } ?? true
  }

  private mutating func loadPage() {
    index = 0
    records = []
    while page < list.pageCount, !isPageWanted { page += 1 }
    guard page < list.pageCount else { return }
    records = list.records(ofPage: page)
    earliest = Array(repeating: .max, count: records.count)
    var time = pageEarliest[page + 1]
    for offset in records.indices.reversed() {
      if records[offset].type == .data { time = min(time, records[offset].firstTime) }
      earliest[offset] = time
    }
  }

  private var isPageWanted: Bool {
    guard let bounds = list.timeBounds(ofPage: page) else { return false }
    return bounds.upperBound >= filter.from && filter.to.map { bounds.lowerBound < $0 } ?? true
  }
}
