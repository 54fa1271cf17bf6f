// SPDX-License-Identifier: Apache-2.0
//
// Operations of a writer made of arbitrary bytes, on a sink that may refuse.

import InputTapeProbes

/// libFuzzer runs one input after another, on one thread.
nonisolated(unsafe) private let probe = WriterProbe()

/// libFuzzer's entry point.
@c(LLVMFuzzerTestOneInput)
public func fuzzWriter(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  _ = probe.run(Array(UnsafeBufferPointer(start: start, count: count)))
  return 0
}
