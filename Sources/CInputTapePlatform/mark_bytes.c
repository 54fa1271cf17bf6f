// SPDX-License-Identifier: Apache-2.0
//
// Which of many bytes are not like most (Specs/Encodings.md, section 3).
#include "inputtape_platform.h"

#if defined(__SSE2__)
#include <emmintrin.h>

uint64_t itape_mark_others(const uint8_t *bytes, uint8_t usual) {
  const __m128i pattern = _mm_set1_epi8((char)usual);
  uint64_t same = 0;
  for (int part = 0; part < 4; part++) {
    __m128i sixteen = _mm_loadu_si128((const __m128i *)(bytes + 16 * part));
    uint64_t mask = (uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(sixteen, pattern));
    same |= mask << 16 * part;
  }
  return ~same;
}
#else
uint64_t itape_mark_others(const uint8_t *bytes, uint8_t usual) {
  uint64_t marks = 0;
  for (int index = 0; index < 64; index++) marks |= (uint64_t)(bytes[index] != usual) << index;
  return marks;
}
#endif
