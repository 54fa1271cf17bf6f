// SPDX-License-Identifier: Apache-2.0
//
// A search for four bytes at any place: what a scan does behind damage, byte after byte.
#include "inputtape_platform.h"

#include <string.h>

/// Places that are looked at together, so that compilers use vectors.
enum { chunk = 64 };

size_t itape_find_word(const void *bytes, size_t count, uint32_t word) {
  const uint8_t mark[4] = {(uint8_t)word, (uint8_t)(word >> 8), (uint8_t)(word >> 16),
                           (uint8_t)(word >> 24)};
  const uint8_t *start = bytes;
  size_t place = 0;
  while (count >= chunk + 3 && place <= count - chunk - 3) {
    const uint8_t *at = start + place;
    uint8_t found = 0;
    for (int index = 0; index < chunk; index++)
      found |= (uint8_t)((at[index] == mark[0]) & (at[index + 1] == mark[1]) &
                         (at[index + 2] == mark[2]) & (at[index + 3] == mark[3]));
    if (found) break;
    place += chunk;
  }
  for (; place + 4 <= count; place++)
    if (memcmp(start + place, mark, 4) == 0) return place;
  return count;
}
