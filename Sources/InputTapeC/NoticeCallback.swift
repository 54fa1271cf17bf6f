// SPDX-License-Identifier: Apache-2.0
//
// What a writer tells of itself, to a callback.

import CInputTape
import InputTape

/// A caller's function that is told notices.
///
/// Safe to share: the header says that any thread may call it, and the writer does so one at a
/// time.
struct NoticeCallback: @unchecked Sendable {
  private let function:
    @convention(c) (UnsafeMutableRawPointer?, UnsafePointer<itape_notice>?) -> Void
  private let context: UnsafeMutableRawPointer?

  init?(_ options: itape_writer_options) {
    guard let function = options.notice else { return nil }
    self.function = function
    context = options.notice_context
  }

  @Sendable func tell(_ notice: WriterNotice) {
    var told = itape_notice(notice)
    guard let path = notice.path else { return function(context, &told) }
    // Safe: the text lives for the call, as the header says.
    unsafe path.withCString { text in
      told.path = text
      function(context, &told)
    }
  }
}

extension WriterNotice {
  fileprivate var path: String? {
    switch self {
    case .segment(_, let path), .vanished(let path), .restored(let path): path
    default: nil
    }
  }
}

extension itape_notice {
  fileprivate init(_ notice: WriterNotice) {
    self.init()
    struct_size = MemoryLayout<Self>.size
    var kind = 0
    var failure: CallFailure?
    switch notice {
    case .lost(let count, let cause, let error):
      kind = ITAPE_NOTICE_LOST
      events = UInt64(count)
      self.cause = cause.rawValue
      failure = error.map { CallFailure($0) }
    case .recovered: kind = ITAPE_NOTICE_RECOVERED
    case .syncFailed(let error):
      kind = ITAPE_NOTICE_SYNC_FAILED
      failure = CallFailure(error)
    case .segment(let number, _):
      kind = ITAPE_NOTICE_SEGMENT
      segment = number
    case .segmentFailed(let error):
      kind = ITAPE_NOTICE_SEGMENT_FAILED
      failure = CallFailure(error)
    case .vanished: kind = ITAPE_NOTICE_VANISHED
    case .restored: kind = ITAPE_NOTICE_RESTORED
    case .refused(let error):
      kind = ITAPE_NOTICE_REFUSED
      failure = CallFailure(error)
    }
    self.kind = Int32(kind)
    self.error = failure?.status ?? 0
    system_code = failure?.systemCode ?? 0
  }
}
