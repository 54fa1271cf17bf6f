// SPDX-License-Identifier: Apache-2.0
//
// Arbitrary events of a Linux input device.

import InputTapeProbes

/// libFuzzer runs one input after another, on one thread.
nonisolated(unsafe) private let probe = EvdevProbe()

/// libFuzzer's entry point.
@c(LLVMFuzzerTestOneInput)
public func fuzzEvdev(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  _ = probe.run(Array(UnsafeBufferPointer(start: start, count: count)))
  return 0
}
