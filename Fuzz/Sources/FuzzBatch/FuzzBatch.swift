// SPDX-License-Identifier: Apache-2.0
//
// Events made of arbitrary bytes, through a batch and a section, and back.

import InputTapeProbes

/// libFuzzer runs one input after another, on one thread.
nonisolated(unsafe) private let probe = BatchProbe()

/// libFuzzer's entry point.
@c(LLVMFuzzerTestOneInput)
public func fuzzBatch(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  _ = probe.run(Array(UnsafeBufferPointer(start: start, count: count)))
  return 0
}
