// SPDX-License-Identifier: Apache-2.0
//
// What is to be known of a column as a whole, in plain loops that compilers make vectors of:
// compiled for AVX2, for AVX-512 and for what the library is compiled for. And values of 0 to 3
// into tokens of four and back (Specs/Encodings.md, sections 4 and 5), sixteen at a time on
// processors with vectors of 512 bits.
#include "inputtape_platform.h"
#include "wide_vectors.h"

INLINE itape_column_facts look(const int32_t *entries, size_t count) {
  uint32_t changes = 0, joined = (uint32_t)entries[0];
  for (size_t index = 1; index < count; index++) {
    changes += entries[index] != entries[index - 1];
    joined |= (uint32_t)entries[index];
  }
  return (itape_column_facts){.change_count = changes, .joined = (int32_t)joined};
}

WIDE static itape_column_facts look_wide(const int32_t *entries, size_t count) {
  return look(entries, count);
}

WIDEST static itape_column_facts look_widest(const int32_t *entries, size_t count) {
  return look(entries, count);
}

itape_column_facts itape_look_at_column(
    const int32_t *entries, size_t count, itape_vectors vectors) {
  if (vectors == 512) return look_widest(entries, count);
  if (vectors == 256) return look_wide(entries, count);
  return look(entries, count);
}

INLINE size_t count_equal(const int32_t *entries, size_t count, int32_t value) {
  uint32_t equal = 0;
  for (size_t index = 0; index < count; index++) equal += entries[index] == value;
  return equal;
}

WIDE static size_t count_equal_wide(const int32_t *entries, size_t count, int32_t value) {
  return count_equal(entries, count, value);
}

WIDEST static size_t count_equal_widest(const int32_t *entries, size_t count, int32_t value) {
  return count_equal(entries, count, value);
}

size_t itape_count_entries(
    const int32_t *entries, size_t count, int32_t value, itape_vectors vectors) {
  if (vectors == 512) return count_equal_widest(entries, count, value);
  if (vectors == 256) return count_equal_wide(entries, count, value);
  return count_equal(entries, count, value);
}

#if defined(__x86_64__)
WIDEST size_t itape_pack_fours_512(
    const void *values, size_t size, size_t count, uint8_t *tokens) {
  const __m128i ones_and_fours = _mm_set1_epi16(0x0401);
  const __m128i ones_and_sixteens = _mm_set1_epi32(0x00100001);
  const uint8_t *source = values;
  size_t index = 0;
  for (; index + 16 <= count; index += 16) {
    const uint8_t *some = source + index * size;
    const __m512i first = _mm512_loadu_si512(some);
    const __m128i bytes =
        size == 4 ? _mm512_cvtepi32_epi8(first)
                  : _mm_unpacklo_epi64(
                        _mm512_cvtepi64_epi8(first),
                        _mm512_cvtepi64_epi8(_mm512_loadu_si512(some + sizeof first)));
    const __m128i pairs = _mm_maddubs_epi16(bytes, ones_and_fours);
    const __m128i fours = _mm_madd_epi16(pairs, ones_and_sixteens);
    _mm_storeu_si32(tokens + index / 4, _mm_cvtepi32_epi8(fours));
  }
  return index;
}

WIDEST size_t itape_unpack_fours_512(
    const uint8_t *tokens, size_t count, size_t size, void *values) {
  const __m512i four_times = _mm512_set_epi32(3, 3, 3, 3, 2, 2, 2, 2, 1, 1, 1, 1, 0, 0, 0, 0);
  const __m512i places = _mm512_set_epi32(6, 4, 2, 0, 6, 4, 2, 0, 6, 4, 2, 0, 6, 4, 2, 0);
  uint8_t *target = values;
  size_t index = 0;
  for (; index + 16 <= count; index += 16) {
    const __m128i some = _mm_cvtepu8_epi32(_mm_loadu_si32(tokens + index / 4));
    const __m512i repeated =
        _mm512_permutexvar_epi32(four_times, _mm512_castsi128_si512(some));
    const __m512i found =
        _mm512_and_si512(_mm512_srlv_epi32(repeated, places), _mm512_set1_epi32(3));
    uint8_t *here = target + index * size;
    if (size == 4) {
      _mm512_storeu_si512(here, found);
    } else {
      _mm512_storeu_si512(here, _mm512_cvtepu32_epi64(_mm512_castsi512_si256(found)));
      _mm512_storeu_si512(
          here + sizeof found, _mm512_cvtepu32_epi64(_mm512_extracti64x4_epi64(found, 1)));
    }
  }
  return index;
}
#else
size_t itape_pack_fours_512(
    const void *values, size_t size, size_t count, uint8_t *tokens) {
  (void)values, (void)size, (void)count, (void)tokens;
  return 0;
}

size_t itape_unpack_fours_512(
    const uint8_t *tokens, size_t count, size_t size, void *values) {
  (void)tokens, (void)count, (void)size, (void)values;
  return 0;
}
#endif
