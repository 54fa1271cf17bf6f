// SPDX-License-Identifier: Apache-2.0
//
// Times to differences in units (Specs/Encodings.md, section 7). A plain loop that compilers make
// vectors of: compiled for AVX2, for AVX-512 and for what the library is compiled for.
#include "inputtape_platform.h"
#include "wide_vectors.h"

INLINE itape_differences_seen take(
    uint64_t *quotients, const int64_t *times, size_t count, itape_divider divider) {
  const uint64_t *values = (const uint64_t *)times;
  uint64_t all = 0, joined = 0, wrong = 0;
  for (size_t index = 0; index < count; index++) {
    uint64_t difference = values[index + 1] - values[index];
    uint64_t product = difference * divider.inverse;
    uint64_t quotient = product >> divider.shift | product << (-divider.shift & 63);
    all |= difference;
    joined |= quotient;
    wrong |= quotient > divider.largest;
    quotients[index] = quotient;
  }
  return (itape_differences_seen){.all = all, .quotients = joined, .is_exact = wrong == 0};
}

WIDE static itape_differences_seen take_wide(
    uint64_t *quotients, const int64_t *times, size_t count, itape_divider divider) {
  return take(quotients, times, count, divider);
}

WIDEST static itape_differences_seen take_widest(
    uint64_t *quotients, const int64_t *times, size_t count, itape_divider divider) {
  return take(quotients, times, count, divider);
}

itape_differences_seen itape_differences(
    uint64_t *quotients, const int64_t *times, size_t count, itape_divider divider,
    itape_vectors vectors) {
  if (vectors == 512) return take_widest(quotients, times, count, divider);
  if (vectors == 256) return take_wide(quotients, times, count, divider);
  return take(quotients, times, count, divider);
}
