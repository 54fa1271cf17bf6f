// SPDX-License-Identifier: Apache-2.0
//
// The tokens of one of four lots to where they follow one another, and back (Specs/Encodings.md,
// section 7): 64 by 64, as a word of marks tells of so many events.
#include "inputtape_streams.h"
#include "wide_vectors.h"

/// A bit for each of 64 tokens from a multiple of 64 on that is of a lot.
INLINE uint64_t mask_of_lot(const uint64_t *marks, size_t index, size_t count, uint32_t lot) {
  uint64_t before = marks[index >> 6];
  uint64_t own = before >> 1 | marks[(index >> 6) + 1] << 63;
  uint64_t mask = (lot & 1 ? own : ~own) & (lot & 2 ? before : ~before);
  return count - index < 64 ? mask & (((uint64_t)1 << (count - index)) - 1) : mask;
}

/// How many tokens are in each lot.
INLINE void count_lots(const uint64_t *marks, size_t count, uint32_t *counts) {
  uint64_t own = 0, before = 0, both = 0;
  for (size_t index = 0; index < count; index += 64) {
    uint64_t own_mask = mask_of_lot(marks, index, count, 1);
    uint64_t both_mask = mask_of_lot(marks, index, count, 3);
    own += (uint64_t)__builtin_popcountll(own_mask);
    both += (uint64_t)__builtin_popcountll(both_mask);
    before += (uint64_t)__builtin_popcountll(mask_of_lot(marks, index, count, 2));
  }
  counts[0] = (uint32_t)(count - own - before - both);
  counts[1] = (uint32_t)own;
  counts[2] = (uint32_t)before;
  counts[3] = (uint32_t)both;
}

#if defined(__x86_64__)
WIDEST static void mark_widest(
    const uint8_t *kinds, size_t count, uint8_t usual, uint64_t *marks, uint32_t *counts) {
  const __m512i pattern = _mm512_set1_epi8((char)usual);
  size_t words = 0;
  for (size_t index = 0; index < count; index += 64) {
    __mmask64 there = count - index < 64 ? ((uint64_t)1 << (count - index)) - 1 : ~(uint64_t)0;
    __m512i some = _mm512_maskz_loadu_epi8(there, kinds + index);
    marks[words++] = _mm512_mask_cmpneq_epi8_mask(there, some, pattern);
  }
  marks[words] = 0;
  count_lots(marks, count - 1, counts);
}

WIDEST static void split_widest(
    const uint8_t *tokens, size_t count, const uint64_t *marks, uint32_t lot, uint8_t *target) {
  for (size_t index = 0; index < count; index += 64) {
    uint64_t mask = mask_of_lot(marks, index, count, lot);
    if (mask == 0) continue;
    __m512i some = _mm512_maskz_loadu_epi8(mask, tokens + index);
    _mm512_storeu_si512(target, _mm512_maskz_compress_epi8(mask, some));
    target += __builtin_popcountll(mask);
  }
}

WIDEST static void join_widest(
    uint8_t *tokens, size_t count, const uint64_t *marks, uint32_t lot, const uint8_t *source) {
  for (size_t index = 0; index < count; index += 64) {
    uint64_t mask = mask_of_lot(marks, index, count, lot);
    if (mask == 0) continue;
    __m512i some = _mm512_maskz_expand_epi8(mask, _mm512_loadu_si512(source));
    _mm512_mask_storeu_epi8(tokens + index, mask, some);
    source += __builtin_popcountll(mask);
  }
}
#endif

void itape_mark_lots(
    const uint8_t *kinds, size_t count, uint8_t usual, uint64_t *marks, uint32_t *counts,
    itape_vectors vectors) {
#if defined(__x86_64__)
  if (vectors == 512) return mark_widest(kinds, count, usual, marks, counts);
#endif
  size_t words = 0, index = 0;
  for (; index + 64 <= count; index += 64) marks[words++] = itape_mark_others(kinds + index, usual);
  marks[words] = 0;
  for (; index < count; index++) {
    marks[words] |= (uint64_t)(kinds[index] != usual) << (index & 63);
  }
  marks[words + 1] = 0;
  count_lots(marks, count - 1, counts);
}

void itape_split_lot(
    const uint8_t *tokens, size_t count, const uint64_t *marks, uint32_t lot, uint8_t *target,
    itape_vectors vectors) {
#if defined(__x86_64__)
  if (vectors == 512) return split_widest(tokens, count, marks, lot, target);
#endif
  for (size_t index = 0; index < count; index += 64) {
    uint64_t mask = mask_of_lot(marks, index, count, lot);
    for (; mask != 0; mask &= mask - 1) *target++ = tokens[index + __builtin_ctzll(mask)];
  }
}

void itape_join_lot(
    uint8_t *tokens, size_t count, const uint64_t *marks, uint32_t lot, const uint8_t *source,
    itape_vectors vectors) {
#if defined(__x86_64__)
  if (vectors == 512) return join_widest(tokens, count, marks, lot, source);
#endif
  for (size_t index = 0; index < count; index += 64) {
    uint64_t mask = mask_of_lot(marks, index, count, lot);
    for (; mask != 0; mask &= mask - 1) tokens[index + __builtin_ctzll(mask)] = *source++;
  }
}
