// SPDX-License-Identifier: Apache-2.0
//
// Steps and residuals on a grid to times (Specs/Encodings.md, section 7), eight at a time, on
// processors with wide vectors: times are a running sum, as long as the grid does not move.
// Elsewhere Swift's loop does it.
#include "inputtape_platform.h"

#if defined(__x86_64__)
#include "wide_vectors.h"

/// The sums of all up to each.
WIDE_INLINE __m256i running_sums(__m256i numbers) {
  __m256i pairs = _mm256_add_epi64(numbers, _mm256_bslli_epi128(numbers, 8));
  __m256i second = _mm256_permute4x64_epi64(pairs, 0x50);
  return _mm256_add_epi64(
      pairs, _mm256_blend_epi32(_mm256_setzero_si256(), second, 0xF0));
}

/// How many residuals in a row were beyond the upper bound, and the lower.
typedef struct {
  int over, under;
} misses;

INLINE misses misses_of(const itape_grid_state *state) {
  return (misses){
      .over = state->misses > 0 ? state->misses : 0,
      .under = state->misses < 0 ? -state->misses : 0};
}

/// Takes over which of eight residuals were beyond a bound; false where so many in a row were that
/// the grid moves.
INLINE bool count_row(unsigned beyond, int *row) {
  unsigned all = beyond << *row | ((1u << *row) - 1);
  unsigned runs = all & all >> 1;
  runs &= runs >> 2;
  if ((runs & runs >> 4) != 0) return false;
  *row = __builtin_clz(~(beyond << 24));
  return true;
}

/// The same of both bounds; nothing is taken over where the grid moves.
INLINE bool count_misses(unsigned over, unsigned under, misses *rows) {
  misses next = *rows;
  if (!count_row(over, &next.over) || !count_row(under, &next.under)) return false;
  *rows = next;
  return true;
}

/// Phases beyond this are for others.
static const int64_t most_phase = (int64_t)1 << 55;

WIDE static size_t follow_wide(
    const uint32_t *steps, const uint32_t *residuals, size_t count, itape_grid grid,
    itape_grid_state *state, int64_t *times) {
  // Sums stay within the bias, and so are shifted as if they had a sign.
  const int64_t bias = (int64_t)1 << 62;
  const __m256i zero = _mm256_setzero_si256();
  const __m256i most = _mm256_set1_epi32((int)grid.most_steps);
  const __m256i low = _mm256_set1_epi32(grid.low), high = _mm256_set1_epi32(grid.high);
  const __m256i period = _mm256_set1_epi64x((long long)grid.period);
  const __m256i upper_period = _mm256_srli_epi64(period, 32);
  const __m256i unit = _mm256_set1_epi64x((long long)grid.unit);
  const __m256i start = _mm256_set1_epi64x(state->time);
  const __m256i shifted_bias = _mm256_set1_epi64x(bias >> 16);
  const __m128i weight = _mm_cvtsi32_si128((int)grid.weight_bits);
  // Where the grid is, in units times 2^16 since the time at the start.
  __m256i position = _mm256_set1_epi64x(state->phase + bias);
  __m256i elapsed = zero;
  misses rows = misses_of(state);
  size_t index = 0;
  for (; index + 8 <= count; index += 8) {
    __m256i step = _mm256_loadu_si256((const __m256i *)(steps + index));
    __m256i number = _mm256_loadu_si256((const __m256i *)(residuals + index));
    __m256i few = _mm256_cmpeq_epi32(_mm256_max_epu32(step, most), most);
    if (_mm256_movemask_epi8(few) != -1) break;
    __m256i sign = _mm256_sub_epi32(zero, _mm256_and_si256(number, _mm256_set1_epi32(1)));
    __m256i rest = _mm256_xor_si256(_mm256_srli_epi32(number, 1), sign);
    __m256i followed = _mm256_max_epi32(_mm256_min_epi32(rest, high), low);
    unsigned within = (unsigned)_mm256_movemask_ps(
        _mm256_castsi256_ps(_mm256_cmpeq_epi32(followed, rest)));
    if (within == 0xFF) {
      rows = (misses){0};
    } else {
      unsigned beyond = (unsigned)_mm256_movemask_ps(
          _mm256_castsi256_ps(_mm256_cmpgt_epi32(rest, high)));
      if (!count_misses(beyond, ~(within | beyond) & 0xFF, &rows)) break;
    }
    for (int k = 0; k < 2; k++) {
      __m128i half_step = k ? _mm256_extracti128_si256(step, 1) : _mm256_castsi256_si128(step);
      __m128i half_rest = k ? _mm256_extracti128_si256(rest, 1) : _mm256_castsi256_si128(rest);
      __m128i half_followed =
          k ? _mm256_extracti128_si256(followed, 1) : _mm256_castsi256_si128(followed);
      __m256i wide_step = _mm256_cvtepu32_epi64(half_step);
      __m256i moved = _mm256_add_epi64(
          _mm256_mul_epu32(wide_step, period),
          _mm256_slli_epi64(_mm256_mul_epu32(wide_step, upper_period), 32));
      __m256i pull = _mm256_sll_epi64(_mm256_cvtepi32_epi64(half_followed), weight);
      __m256i reached = _mm256_add_epi64(
          position, running_sums(_mm256_add_epi64(moved, pull)));
      // An event is expected where the grid is before the event pulls it.
      __m256i expected = _mm256_srli_epi64(_mm256_sub_epi64(reached, pull), 16);
      elapsed = _mm256_add_epi64(
          _mm256_sub_epi64(expected, shifted_bias), _mm256_cvtepi32_epi64(half_rest));
      __m256i time = _mm256_add_epi64(start, multiply(elapsed, unit));
      _mm256_storeu_si256((__m256i *)(times + index + 4 * (size_t)k), time);
      position = _mm256_permute4x64_epi64(reached, 0xFF);
    }
  }
  if (index > 0) {
    uint64_t last = (uint64_t)_mm256_extract_epi64(elapsed, 3);
    uint64_t reached = (uint64_t)_mm256_extract_epi64(position, 3);
    state->phase = (int64_t)(reached - (uint64_t)bias - (last << 16));
    state->misses = rows.over - rows.under;
    state->time = times[index - 1];
  }
  return index;
}

/// The sums of all up to each.
WIDEST_INLINE __m512i all_sums(__m512i numbers) {
  const __m512i zero = _mm512_setzero_si512();
  numbers = _mm512_add_epi64(numbers, _mm512_alignr_epi64(numbers, zero, 7));
  numbers = _mm512_add_epi64(numbers, _mm512_alignr_epi64(numbers, zero, 6));
  return _mm512_add_epi64(numbers, _mm512_alignr_epi64(numbers, zero, 4));
}

WIDEST static size_t follow_widest(
    const uint32_t *steps, const uint32_t *residuals, size_t count, itape_grid grid,
    itape_grid_state *state, int64_t *times) {
  const __m256i most = _mm256_set1_epi32((int)grid.most_steps);
  const __m256i low = _mm256_set1_epi32(grid.low), high = _mm256_set1_epi32(grid.high);
  const __m512i period = _mm512_set1_epi64((long long)grid.period);
  const __m512i unit = _mm512_set1_epi64((long long)grid.unit), last = _mm512_set1_epi64(7);
  const __m512i start = _mm512_set1_epi64(state->time);
  const __m128i weight = _mm_cvtsi32_si128((int)grid.weight_bits);
  // Where the grid is, in units times 2^16 since the time at the start.
  __m512i position = _mm512_set1_epi64(state->phase), elapsed = _mm512_setzero_si512();
  misses rows = misses_of(state);
  size_t index = 0;
  for (; index + 8 <= count; index += 8) {
    __m256i step = _mm256_loadu_si256((const __m256i *)(steps + index));
    __m256i number = _mm256_loadu_si256((const __m256i *)(residuals + index));
    if (_mm256_cmpgt_epu32_mask(step, most) != 0) break;
    __m256i sign = _mm256_sub_epi32(
        _mm256_setzero_si256(), _mm256_and_si256(number, _mm256_set1_epi32(1)));
    __m256i rest = _mm256_xor_si256(_mm256_srli_epi32(number, 1), sign);
    __m256i followed = _mm256_max_epi32(_mm256_min_epi32(rest, high), low);
    unsigned others = _mm256_cmpneq_epi32_mask(followed, rest);
    if (others == 0) {
      rows = (misses){0};
    } else {
      unsigned beyond = _mm256_cmpgt_epi32_mask(rest, high);
      if (!count_misses(beyond, others & ~beyond, &rows)) break;
    }
    __m512i moved = _mm512_mullo_epi64(_mm512_cvtepu32_epi64(step), period);
    __m512i pull = _mm512_sll_epi64(_mm512_cvtepi32_epi64(followed), weight);
    __m512i sums = all_sums(_mm512_add_epi64(moved, pull));
    // An event is expected where the grid is before the event pulls it.
    __m512i expected = _mm512_add_epi64(position, _mm512_sub_epi64(sums, pull));
    elapsed = _mm512_add_epi64(
        _mm512_srai_epi64(expected, 16), _mm512_cvtepi32_epi64(rest));
    _mm512_storeu_si512(
        times + index, _mm512_add_epi64(start, _mm512_mullo_epi64(elapsed, unit)));
    position = _mm512_add_epi64(position, _mm512_permutexvar_epi64(last, sums));
  }
  if (index > 0) {
    uint64_t all[8];
    _mm512_storeu_si512(all, elapsed);
    uint64_t reached = (uint64_t)_mm_cvtsi128_si64(_mm512_castsi512_si128(position));
    state->phase = (int64_t)(reached - (all[7] << 16));
    state->misses = rows.over - rows.under;
    state->time = times[index - 1];
  }
  return index;
}

size_t itape_follow_grid(
    const uint32_t *steps, const uint32_t *residuals, size_t count, itape_grid grid,
    itape_grid_state *state, int64_t *times, itape_vectors vectors) {
  if (state->phase < -most_phase || state->phase > most_phase) return 0;
  return vectors == 512 ? follow_widest(steps, residuals, count, grid, state, times)
                        : follow_wide(steps, residuals, count, grid, state, times);
}
#else
size_t itape_follow_grid(
    const uint32_t *steps, const uint32_t *residuals, size_t count, itape_grid grid,
    itape_grid_state *state, int64_t *times, itape_vectors vectors) {
  (void)steps, (void)residuals, (void)count, (void)grid, (void)state, (void)times;
  (void)vectors;
  return 0;
}
#endif
