// SPDX-License-Identifier: Apache-2.0
//
// Functions for processors that have AVX2 and BMI2, whatever others the library is compiled for.
// Plain loops are written once, `INLINE`, and compiled twice: where there is no such processor, a
// `WIDE` function is one like any other.
#pragma once
#include "inputtape_platform.h"

#include <string.h>

#define INLINE static inline __attribute__((always_inline))

/// 1.5 times 2^52: a number below 2^51 that is added to it leaves the nearest integer in the lowest
/// bits of the sum.
static const double rounder = 6755399441055744.0;

/// Eight bytes, the first one lowest.
INLINE uint64_t load_eight(const uint8_t *bytes) {
  uint64_t eight;
  memcpy(&eight, bytes, sizeof eight);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
  eight = __builtin_bswap64(eight);
#endif
  return eight;
}

/// Appends bits, at most 56.
INLINE void append(itape_bits *bits, uint64_t value, uint64_t count, void *bytes) {
  bits->pending |= value << bits->count;
  bits->count += count;
  memcpy((uint8_t *)bytes + bits->used, &bits->pending, 8);
  bits->used += bits->count >> 3;
  bits->pending >>= bits->count & ~(uint64_t)7;
  bits->count &= 7;
}

#if defined(__x86_64__)
#include <immintrin.h>

#define WIDE __attribute__((target("avx2,bmi,bmi2")))
#define WIDEST_TARGET \
  target("avx512f,avx512bw,avx512dq,avx512vl,avx512cd,avx512vbmi,avx512vbmi2,bmi,bmi2,popcnt")
#define WIDEST __attribute__((WIDEST_TARGET))
#define WIDEST_INLINE static inline __attribute__((always_inline, WIDEST_TARGET))
#define WIDE_INLINE static inline __attribute__((always_inline, target("avx2,bmi,bmi2")))

/// A byte for each of 256.
typedef struct {
  __m512i parts[4];
} byte_table;

WIDEST_INLINE __m512i look_up(byte_table table, __m512i bytes) {
  return _mm512_mask_blend_epi8(
      _mm512_movepi8_mask(bytes),
      _mm512_permutex2var_epi8(table.parts[0], bytes, table.parts[1]),
      _mm512_permutex2var_epi8(table.parts[2], bytes, table.parts[3]));
}

/// The low 64 bits of products.
WIDE_INLINE __m256i multiply(__m256i a, __m256i b) {
  __m256i crossed = _mm256_mullo_epi32(a, _mm256_shuffle_epi32(b, 0xB1));
  __m256i high = _mm256_add_epi32(_mm256_slli_epi64(crossed, 32), crossed);
  high = _mm256_and_si256(high, _mm256_set1_epi64x((long long)0xFFFFFFFF00000000));
  return _mm256_add_epi64(_mm256_mul_epu32(a, b), high);
}
#else
#define WIDE
#define WIDEST
#endif
