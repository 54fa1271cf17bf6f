// SPDX-License-Identifier: Apache-2.0
//
// Arbitrary bytes as a damaged recording that is recovered; the mutator mends checksums.

import InputTapeProbes

/// libFuzzer runs one input after another, on one thread.
nonisolated(unsafe) private let probe = RecoverProbe()

/// libFuzzer's entry point.
@c(LLVMFuzzerTestOneInput)
public func fuzzRecover(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  _ = probe.run(Array(UnsafeBufferPointer(start: start, count: count)))
  return 0
}
