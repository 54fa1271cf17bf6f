// SPDX-License-Identifier: Apache-2.0
//
// What is to be known of a column as a whole, in plain loops that compilers make vectors of:
// compiled for AVX2, for AVX-512 and for what the library is compiled for. And values of 0 to 3
// into tokens of four and back (Specs/Encodings.md, sections 4 and 5), sixteen at a time on
// processors with vectors of 512 bits.
#include "inputtape_platform.h"
#include "wide_vectors.h"

// Products are rounded before they are added to, on all machines.
#pragma STDC FP_CONTRACT OFF

INLINE size_t count_multiples(
    const double *numbers, size_t count, double period, double distance) {
  const double inverse = 1 / period;
  uint64_t found = 0;
  for (size_t index = 0; index < count; index++) {
    const double steps = numbers[index] * inverse + rounder - rounder;
    const double rest = numbers[index] - steps * period;
    found += (uint64_t)(rest <= distance) & (uint64_t)(rest >= -distance);
  }
  return found;
}

WIDE static size_t count_multiples_wide(
    const double *numbers, size_t count, double period, double distance) {
  return count_multiples(numbers, count, period, distance);
}

size_t itape_count_multiples(
    const double *numbers, size_t count, double period, double distance, bool is_wide) {
  if (is_wide) return count_multiples_wide(numbers, count, period, distance);
  return count_multiples(numbers, count, period, distance);
}

/// The logarithm of a count to base 2, in sixteenths: exact powers, straight lines between; of 0
/// any number.
INLINE uint32_t logarithm(uint32_t count) {
  const float number = (float)(int32_t)count;
  uint32_t bits;
  memcpy(&bits, &number, sizeof bits);
  const uint32_t exponent = (bits >> 23) - 127, fraction = bits >> 17 & 63;
  // 683 of 2^17 are one of 192, for all products that there are.
  return 16 * exponent + (fraction + (fraction * (64 - fraction) * 683 >> 17)) / 4;
}

static itape_count_sums take_counts(uint32_t *counts, bool are_four) {
  itape_count_sums sums = {0, 0, 0, 0};
  for (size_t token = 0; token < 256; token++) {
    uint32_t count = counts[token];
    if (are_four) count += counts[token + 256] + counts[token + 512] + counts[token + 768];
    if (count == 0) continue;
    counts[token] = 0;
    if (are_four) counts[token + 256] = counts[token + 512] = counts[token + 768] = 0;
    sums.total += count;
    sums.known += count * logarithm(count);
    sums.largest = sums.largest > count ? sums.largest : count;
    sums.used++;
  }
  return sums;
}

#if defined(__x86_64__)
/// Eight counts, which are 0 then.
WIDE_INLINE __m256i take_eight(uint32_t *counts) {
  const __m256i eight = _mm256_loadu_si256((const __m256i *)counts);
  _mm256_storeu_si256((__m256i *)counts, _mm256_setzero_si256());
  return eight;
}

/// As `logarithm` does.
WIDE_INLINE __m256i logarithms(__m256i counts) {
  const __m256i bits = _mm256_castps_si256(_mm256_cvtepi32_ps(counts));
  const __m256i fraction = _mm256_and_si256(_mm256_srli_epi32(bits, 17), _mm256_set1_epi32(63));
  const __m256i exponent = _mm256_sub_epi32(
      _mm256_andnot_si256(_mm256_set1_epi32(15), _mm256_srli_epi32(bits, 19)),
      _mm256_set1_epi32(16 * 127));
  // Both factors are below 2^15.
  const __m256i product =
      _mm256_madd_epi16(fraction, _mm256_sub_epi32(_mm256_set1_epi32(64), fraction));
  const __m256i bend =
      _mm256_srli_epi32(_mm256_madd_epi16(product, _mm256_set1_epi32(683)), 17);
  return _mm256_add_epi32(exponent, _mm256_srli_epi32(_mm256_add_epi32(fraction, bend), 2));
}

WIDE_INLINE itape_count_sums take_counts_by_eights(uint32_t *counts, bool are_four) {
  __m256i total = _mm256_setzero_si256(), known = total, largest = total, unused = total;
  for (size_t token = 0; token < 256; token += 8, counts += 8) {
    __m256i eight = take_eight(counts);
    if (are_four) {
      eight = _mm256_add_epi32(
          _mm256_add_epi32(eight, take_eight(counts + 256)),
          _mm256_add_epi32(take_eight(counts + 512), take_eight(counts + 768)));
    }
    unused = _mm256_sub_epi32(unused, _mm256_cmpeq_epi32(eight, _mm256_setzero_si256()));
    // Few tokens are in use.
    if (_mm256_testz_si256(eight, eight)) continue;
    total = _mm256_add_epi32(total, eight);
    known = _mm256_add_epi32(known, _mm256_mullo_epi32(eight, logarithms(eight)));
    largest = _mm256_max_epu32(largest, eight);
  }
  uint32_t lanes[4][8];
  _mm256_storeu_si256((__m256i *)lanes[0], total);
  _mm256_storeu_si256((__m256i *)lanes[1], known);
  _mm256_storeu_si256((__m256i *)lanes[2], largest);
  _mm256_storeu_si256((__m256i *)lanes[3], unused);
  itape_count_sums sums = {0, 0, 0, 256};
  for (size_t lane = 0; lane < 8; lane++) {
    sums.total += lanes[0][lane];
    sums.known += lanes[1][lane];
    sums.largest = sums.largest > lanes[2][lane] ? sums.largest : lanes[2][lane];
    sums.used -= lanes[3][lane];
  }
  return sums;
}

WIDE static itape_count_sums take_counts_wide(uint32_t *counts, bool are_four) {
  return are_four ? take_counts_by_eights(counts, true) : take_counts_by_eights(counts, false);
}
#endif

itape_count_sums itape_take_counts(uint32_t *counts, bool are_four, bool is_wide) {
#if defined(__x86_64__)
  if (is_wide) return take_counts_wide(counts, are_four);
#endif
  (void)is_wide;
  return take_counts(counts, are_four);
}

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

INLINE uint64_t narrow(int32_t *entries, const uint64_t *numbers, size_t count) {
  uint64_t joined = 0;
  for (size_t index = 0; index < count; index++) {
    joined |= numbers[index];
    entries[index] = (int32_t)(uint32_t)numbers[index];
  }
  return joined;
}

WIDE static uint64_t narrow_wide(int32_t *entries, const uint64_t *numbers, size_t count) {
  return narrow(entries, numbers, count);
}

WIDEST static uint64_t narrow_widest(int32_t *entries, const uint64_t *numbers, size_t count) {
  return narrow(entries, numbers, count);
}

uint64_t itape_narrow_numbers(
    int32_t *entries, const uint64_t *numbers, size_t count, itape_vectors vectors) {
  if (vectors == 512) return narrow_widest(entries, numbers, count);
  if (vectors == 256) return narrow_wide(entries, numbers, count);
  return narrow(entries, numbers, count);
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
