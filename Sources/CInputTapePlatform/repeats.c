// SPDX-License-Identifier: Apache-2.0
//
// How much of a stretch of bytes has been there before (Specs/Design/0004-models.md).
#include "inputtape_streams.h"
#include "wide_vectors.h"

enum { slot_bits = 10, least_length = 5, most_length = 16 };

/// How many bytes are alike from two places on, the first of which is in front.
INLINE size_t common_length(const uint8_t *before, const uint8_t *here, const uint8_t *end) {
  const uint8_t *start = here;
  while (here < end && *before == *here) before++, here++;
  return (size_t)(here - start);
}

/// Finds repeats by their first bytes, so many: up to eight where `are_short`.
INLINE size_t find_repeats(
    const uint8_t *bytes, size_t count, size_t price, size_t enough, size_t least, size_t known,
    bool are_short) {
  const uint64_t low = known < 8 ? UINT64_MAX >> (64 - 8 * known) : UINT64_MAX;
  const uint64_t high = are_short ? 0 : UINT64_MAX >> (128 - 8 * known);
  // By a hash of those bytes where they stood last, or else the first place.
  uint16_t last[1 << slot_bits] = {0};
  size_t saved = 0;
  for (size_t place = 1; place + most_length <= count && saved + count - place >= enough; place++) {
    const uint8_t *here = bytes + place;
    const uint64_t first = load_eight(here) & low;
    const uint64_t second = are_short ? 0 : load_eight(here + 8) & high;
    uint16_t *slot =
        &last[(first + (second << 29 | second >> 35)) * UINT64_C(0x9E3779B185EBCA87) >>
              (64 - slot_bits)];
    const uint8_t *before = bytes + *slot;
    *slot = (uint16_t)place;
    uint64_t other = (load_eight(before) & low) ^ first;
    if (!are_short) other |= (load_eight(before + 8) & high) ^ second;
    if (other != 0) continue;
    const size_t length = common_length(before, here, bytes + count);
    if (length < least) continue;
    saved += length - price;
    place += length - 1;
  }
  return saved;
}

size_t itape_find_repeats(const uint8_t *bytes, size_t count, size_t price, size_t enough) {
  // A shorter repeat saves nothing; and looked for by so many bytes few are found by chance, which
  // no branch would foresee.
  const size_t least = price < least_length ? least_length : price;
  const size_t known = least < most_length ? least : most_length;
  return known <= 8 ? find_repeats(bytes, count, price, enough, least, known, true)
                    : find_repeats(bytes, count, price, enough, least, known, false);
}
