// SPDX-License-Identifier: Apache-2.0
//
// Two tokens in a byte, and back (Specs/Encodings.md, section 8): 64 by 64 on processors with
// vectors of 512 bits and permutations of their bytes.
#include "inputtape_streams.h"
#include "wide_vectors.h"

/// Makes twins from a token on, an even one; the second of a last one that is alone is 0.
INLINE size_t make_some(
    const uint8_t *tokens, size_t index, size_t count, const uint8_t *places, uint8_t limit,
    uint8_t *twins, uint8_t *others) {
  size_t found = 0;
  for (; index < count; index++) {
    const uint8_t place = places[tokens[index]];
    if (place == limit) others[found++] = tokens[index];
    if (index % 2 == 0) twins[index / 2] = place;
    else twins[index / 2] |= (uint8_t)(place << 4);
  }
  return found;
}

/// What tokens are taken from.
typedef struct {
  const uint8_t *twins, *names, *others, *end;
  uint8_t limit;
} twin_source;

/// Takes tokens from one on, an even one; whether the others are as many as were needed.
INLINE bool take_some(twin_source from, size_t index, size_t count, uint8_t *tokens) {
  for (; index < count; index++) {
    const uint8_t place = from.twins[index / 2] >> index % 2 * 4 & 15;
    tokens[index] = from.names[place];
    if (place != from.limit) continue;
    if (from.others == from.end) return false;
    tokens[index] = *from.others++;
  }
  return from.others == from.end;
}

/// Counts halves that are a limit; `size` times two and one where one is above it.
INLINE size_t count_others(const uint8_t *twins, size_t size, uint8_t limit) {
  uint8_t largest = 0;
  size_t found = 0;
  for (size_t index = 0; index < size; index++) {
    const uint8_t first = twins[index] & 15, second = twins[index] >> 4;
    const uint8_t larger = first > second ? first : second;
    largest = larger > largest ? larger : largest;
    found += (size_t)(first == limit) + (size_t)(second == limit);
  }
  return largest > limit ? 2 * size + 1 : found;
}

WIDE static size_t count_others_wide(const uint8_t *twins, size_t size, uint8_t limit) {
  return count_others(twins, size, limit);
}

#if defined(__x86_64__)
WIDEST static size_t make_widest(
    const uint8_t *tokens, size_t count, const uint8_t *places, uint8_t limit, uint8_t *twins,
    uint8_t *others) {
  byte_table table;
  for (int part = 0; part < 4; part++)
    table.parts[part] = _mm512_loadu_si512(places + 64 * part);
  const __m512i last = _mm512_set1_epi8((char)limit), sixteens = _mm512_set1_epi16(0x1001);
  size_t found = 0, index = 0;
  for (; index + 64 <= count; index += 64) {
    const __m512i some = _mm512_loadu_si512(tokens + index), place = look_up(table, some);
    const __mmask64 has_none = _mm512_cmpeq_epi8_mask(place, last);
    const __m512i pairs = _mm512_maddubs_epi16(place, sixteens);
    _mm256_storeu_si256((__m256i *)(twins + index / 2), _mm512_cvtepi16_epi8(pairs));
    _mm512_storeu_si512(others + found, _mm512_maskz_compress_epi8(has_none, some));
    found += (size_t)__builtin_popcountll(has_none);
  }
  return found + make_some(tokens, index, count, places, limit, twins, others + found);
}

WIDEST static size_t count_others_widest(const uint8_t *twins, size_t size, uint8_t limit) {
  const __m512i last = _mm512_set1_epi8((char)limit), low = _mm512_set1_epi8(15);
  __mmask64 above = 0;
  size_t found = 0;
  for (size_t index = 0; index < size; index += 64) {
    const __mmask64 there = size - index < 64 ? ((uint64_t)1 << (size - index)) - 1 : ~(uint64_t)0;
    const __m512i some = _mm512_maskz_loadu_epi8(there, twins + index);
    const __m512i first = _mm512_and_si512(some, low);
    const __m512i second = _mm512_and_si512(_mm512_srli_epi16(some, 4), low);
    above |= _mm512_cmpgt_epu8_mask(_mm512_max_epu8(first, second), last);
    found += (size_t)__builtin_popcountll(_mm512_mask_cmpeq_epi8_mask(there, first, last));
    found += (size_t)__builtin_popcountll(_mm512_mask_cmpeq_epi8_mask(there, second, last));
  }
  return above != 0 ? 2 * size + 1 : found;
}

WIDEST static bool take_widest(twin_source from, size_t count, uint8_t *tokens) {
  const __m512i table =
      _mm512_broadcast_i32x4(_mm_loadu_si128((const __m128i *)from.names));
  const __m512i last = _mm512_set1_epi8((char)from.limit), low = _mm512_set1_epi8(15);
  size_t index = 0;
  for (; index + 64 <= count; index += 64) {
    const __m256i some = _mm256_loadu_si256((const __m256i *)(from.twins + index / 2));
    const __m512i wide = _mm512_cvtepu8_epi16(some);
    const __m512i place =
        _mm512_and_si512(_mm512_or_si512(wide, _mm512_slli_epi16(wide, 4)), low);
    const __mmask64 has_none = _mm512_cmpeq_epi8_mask(place, last);
    __m512i token = _mm512_shuffle_epi8(table, place);
    if (has_none != 0) {
      const size_t found = (size_t)__builtin_popcountll(has_none);
      if (found > (size_t)(from.end - from.others)) return false;
      const __m512i next =
          _mm512_maskz_loadu_epi8(_bzhi_u64(~0ull, (unsigned)found), from.others);
      token = _mm512_mask_expand_epi8(token, has_none, next);
      from.others += found;
    }
    _mm512_storeu_si512(tokens + index, token);
  }
  return take_some(from, index, count, tokens);
}
#else
#define make_widest(tokens, count, places, limit, twins, others) \
  make_some(tokens, 0, count, places, limit, twins, others)
#define count_others_widest count_others
#define take_widest(from, count, tokens) take_some(from, 0, count, tokens)
#endif

size_t itape_make_twins(
    const uint8_t *tokens, size_t count, const uint8_t *places, uint8_t limit, uint8_t *twins,
    uint8_t *others, itape_vectors vectors) {
  return vectors == 512 ? make_widest(tokens, count, places, limit, twins, others)
                        : make_some(tokens, 0, count, places, limit, twins, others);
}

size_t itape_count_others(
    const uint8_t *twins, size_t size, uint8_t limit, itape_vectors vectors) {
  if (vectors == 512) return count_others_widest(twins, size, limit);
  if (vectors == 256) return count_others_wide(twins, size, limit);
  return count_others(twins, size, limit);
}

bool itape_take_twins(
    const uint8_t *twins, size_t count, const uint8_t *names, uint8_t limit, const uint8_t *others,
    size_t other_count, uint8_t *tokens, itape_vectors vectors) {
  const twin_source from = {twins, names, others, others + other_count, limit};
  return vectors == 512 ? take_widest(from, count, tokens) : take_some(from, 0, count, tokens);
}
