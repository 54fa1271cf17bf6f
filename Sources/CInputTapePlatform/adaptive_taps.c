// SPDX-License-Identifier: Apache-2.0
//
// What the adaptive coder's predictions learn from the last 24 changes (Specs/Adaptive.md, section
// 7), for x86-64 with AVX2.

#include "inputtape_platform.h"

#if defined(__x86_64__)
#include "wide_vectors.h"

WIDE int64_t itape_sum_taps(const int32_t *changes, const int32_t *weights) {
  __m256i sum = _mm256_setzero_si256();
  for (size_t k = 0; k < ITAPE_TAP_COUNT; k += 4) {
    __m256i change = _mm256_cvtepi32_epi64(_mm_loadu_si128((const __m128i *)(changes + k)));
    __m256i weight = _mm256_cvtepi32_epi64(_mm_loadu_si128((const __m128i *)(weights + k)));
    sum = _mm256_add_epi64(sum, _mm256_mul_epi32(change, weight));
  }
  __m128i half = _mm_add_epi64(_mm256_castsi256_si128(sum), _mm256_extracti128_si256(sum, 1));
  // Sums are modulo 2^64.
  return (int64_t)((uint64_t)_mm_cvtsi128_si64(half) + (uint64_t)_mm_extract_epi64(half, 1));
}

WIDE void itape_learn_taps(const int32_t *changes, int32_t *weights, int32_t gain) {
  __m256i gains = _mm256_set1_epi32(gain);
  for (size_t k = 0; k < ITAPE_TAP_COUNT; k += 8) {
    __m256i change = _mm256_loadu_si256((const __m256i *)(changes + k));
    __m256i weight = _mm256_loadu_si256((const __m256i *)(weights + k));
    __m256i step = _mm256_srai_epi32(_mm256_mullo_epi32(change, gains), 12);
    _mm256_storeu_si256((__m256i *)(weights + k), _mm256_add_epi32(weight, step));
  }
}
#else
int64_t itape_sum_taps(const int32_t *changes, const int32_t *weights) {
  (void)changes, (void)weights;
  return 0;
}

void itape_learn_taps(const int32_t *changes, int32_t *weights, int32_t gain) {
  (void)changes, (void)weights, (void)gain;
}
#endif
