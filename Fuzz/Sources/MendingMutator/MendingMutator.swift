// SPDX-License-Identifier: Apache-2.0
//
// A mutator that mends checksums, so that fuzzing gets past them.

import CFuzzer
import InputTapeProbes

/// libFuzzer's own change, then all checksums mended; one time in eight they stay as they are.
@c(LLVMFuzzerCustomMutator)
public func mutateRecording(
  _ data: UnsafeMutablePointer<UInt8>?, _ count: Int, _ capacity: Int, _ seed: UInt32
) -> Int {
  guard let data else { return 0 }
  let changed = LLVMFuzzerMutate(data, count, capacity)
  guard seed & 7 != 0 else { return changed }
  var bytes = Array(UnsafeBufferPointer(start: data, count: changed))
  Mender.mend(&bytes)
  for index in 0..<min(bytes.count, capacity) { data[index] = bytes[index] }
  return min(bytes.count, capacity)
}
