// SPDX-License-Identifier: Apache-2.0
//
// Arbitrary text as a recording of evemu.

import InputTapeProbes

/// libFuzzer runs one input after another, on one thread.
nonisolated(unsafe) private let probe = EvemuProbe()

/// libFuzzer's entry point.
@c(LLVMFuzzerTestOneInput)
public func fuzzEvemu(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  _ = probe.run(Array(UnsafeBufferPointer(start: start, count: count)))
  return 0
}
