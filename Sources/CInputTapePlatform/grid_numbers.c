// SPDX-License-Identifier: Apache-2.0
//
// Differences of times to steps and residuals on a grid (Specs/Encodings.md, section 7), one row:
// how many periods each is, four at a time; then the phase, for which each event waits for the one
// before.
#include "inputtape_platform.h"

#include <string.h>

#if defined(__x86_64__)
#include "wide_vectors.h"

/// As many as Swift gives at once.
enum { capacity = 128 };

/// 2^52.
static const double high = 4503599627370496.0;

/// Finds how far the grid is behind events with the phase, in whole units times 2^16, from how far
/// it is where the phase is 0; steps change where the phase says that another multiple is nearer.
INLINE void follow_phase(
    itape_grid_rule grid, itape_grid_state *state, int64_t *steps, const int64_t *delays,
    size_t count, int64_t *wholes) {
  const int64_t period = (int64_t)grid.period, half = period / 2;
  const int64_t limit = (int64_t)1 << (grid.clip + 16);
  const int64_t followed = (int64_t)1 << (grid.clip + 16 - grid.gain);
  // Sums are modulo 2^64.
  uint64_t phase = (uint64_t)state->phase;
  int misses = state->misses;
  for (size_t index = 0; index < count; index++) {
    uint64_t delay = phase + (uint64_t)delays[index];
    int64_t whole = (int64_t)(delay & ~(uint64_t)0xFFFF);
    if ((uint64_t)whole + (uint64_t)half > 2 * (uint64_t)half) {
      int64_t change = whole > 0 ? (steps[index] > 0 ? -1 : 0) : 1;
      steps[index] += change;
      delay += (uint64_t)(change * period);
      whole = (int64_t)(delay & ~(uint64_t)0xFFFF);
    }
    wholes[index] = whole;
    if ((uint64_t)whole + (uint64_t)limit <= 2 * (uint64_t)limit) {
      phase = delay - (uint64_t)(whole >> grid.gain);
      misses = 0;
      continue;
    }
    int64_t residual = -(whole >> 16);
    misses = residual > 0 ? (misses > 0 ? misses : 0) + 1 : (misses < 0 ? misses : 0) - 1;
    if (misses >= itape_miss_limit || misses <= -itape_miss_limit) {
      phase = 0x8000;
      misses = 0;
    } else {
      phase = (delay & 0xFFFF) + (uint64_t)(residual < 0 ? -followed : followed) -
              ((uint64_t)residual << 16);
    }
  }
  state->phase = (int64_t)phase;
  state->misses = misses;
}

/// How many periods each difference is where the phase is 0, and how far that is behind it; false
/// where a difference is 2^44 or more.
WIDE_INLINE bool take_nearest(
    const uint64_t *differences, size_t count, itape_grid_rule grid, int64_t *steps,
    int64_t *delays) {
  const __m256i high_bits = _mm256_castpd_si256(_mm256_set1_pd(high));
  const __m256i rounder_bits = _mm256_castpd_si256(_mm256_set1_pd(rounder));
  const __m256d inverse = _mm256_set1_pd(grid.inverse * 65536);
  const __m256i period = _mm256_set1_epi64x((long long)grid.period);
  __m256i all = _mm256_setzero_si256();
  for (size_t index = 0; index < count; index += 4) {
    __m256i four = _mm256_loadu_si256((const __m256i *)(differences + index));
    all = _mm256_or_si256(all, four);
    __m256d number = _mm256_sub_pd(
        _mm256_castsi256_pd(_mm256_or_si256(four, high_bits)), _mm256_set1_pd(high));
    __m256d sum = _mm256_add_pd(_mm256_mul_pd(number, inverse), _mm256_set1_pd(rounder));
    __m256i nearest = _mm256_sub_epi64(_mm256_castpd_si256(sum), rounder_bits);
    _mm256_storeu_si256((__m256i *)(steps + index), nearest);
    _mm256_storeu_si256(
        (__m256i *)(delays + index),
        _mm256_sub_epi64(multiply(nearest, period), _mm256_slli_epi64(four, 16)));
  }
  return _mm256_testz_si256(all, _mm256_set1_epi64x(-(1ll << 44)));
}

/// Writes steps and zigzag residuals; false where both joined are 2^32 - 1 or more.
WIDE_INLINE bool write_numbers(
    const int64_t *steps, const int64_t *wholes, size_t count, uint32_t *firsts,
    uint32_t *seconds) {
  uint64_t wrong = 0;
  for (size_t index = 0; index < count; index++) {
    // A residual is how far the grid is in front of the event.
    int64_t ahead = (int64_t)(0 - (uint64_t)wholes[index]);
    uint64_t step = (uint64_t)steps[index];
    uint64_t zigzag = (uint64_t)(ahead >> 15) ^ (uint64_t)(ahead >> 63);
    wrong |= (step | zigzag) + 1;
    firsts[index] = (uint32_t)step;
    seconds[index] = (uint32_t)zigzag;
  }
  return wrong >> 32 == 0;
}

WIDE bool itape_take_grid(
    const uint64_t *differences, size_t count, itape_grid_rule grid, itape_grid_state *state,
    uint32_t *firsts, uint32_t *seconds) {
  int64_t steps[capacity], delays[capacity], wholes[capacity];
  uint64_t numbers[capacity];
  if (count > capacity) return false;
  if (count % 4 != 0) {
    memset(numbers + count / 4 * 4, 0, 4 * sizeof *numbers);
    memcpy(numbers, differences, count * sizeof *numbers);
    differences = numbers;
  }
  if (!take_nearest(differences, count, grid, steps, delays)) return false;
  itape_grid_state next = *state;
  follow_phase(grid, &next, steps, delays, count, wholes);
  if (!write_numbers(steps, wholes, count, firsts, seconds)) return false;
  *state = next;
  return true;
}
#else
bool itape_take_grid(
    const uint64_t *differences, size_t count, itape_grid_rule grid, itape_grid_state *state,
    uint32_t *firsts, uint32_t *seconds) {
  (void)differences, (void)count, (void)grid, (void)state, (void)firsts, (void)seconds;
  return false;
}
#endif
