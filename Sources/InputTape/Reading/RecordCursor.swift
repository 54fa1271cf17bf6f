// SPDX-License-Identifier: Apache-2.0
//
// Records of a list, one at a time.

import InputTapeCore

/// Walks over a list of records; holds one page of them.
struct RecordCursor {
  private let list: RecordList
  private var page = 0
  private var records: [RecordEntry] = []
  private var index = 0

  init(_ list: RecordList) { self.list = list }

  mutating func next() -> RecordEntry? {
    while index == records.count {
      guard page < list.pageCount else { return nil }
      records = list.records(ofPage: page)
      page += 1
      index = 0
    }
    defer { index += 1 }
    return records[index]
  }
}
