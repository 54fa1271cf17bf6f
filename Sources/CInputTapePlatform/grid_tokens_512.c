// SPDX-License-Identifier: Apache-2.0
//
// Differences of times to tokens and bits of steps and residuals on a grid (Specs/Encodings.md,
// sections 6 and 7), sixteen at a time, on processors with vectors of 512 bits. The phase is a
// chain from event to event, and little else: what becomes of the sixteen before is found
// meanwhile.
#include "inputtape_platform.h"
#include "pair_bits_512.h"

#if defined(__x86_64__)
#include "grid_phase.h"

/// Sixteen events: steps where the phase is 0, how far those are behind, how far they are with the
/// phase, in whole units, and where the grid was before them.
typedef struct {
  int64_t steps[16], delays[16], wholes[16];
  itape_grid_state before;
} __attribute__((aligned(64))) group;

/// Finds steps and delays; false where a difference is 2^44 or more.
WIDEST_INLINE bool take_nearest(const uint64_t *differences, itape_grid_rule grid, group *events) {
  const __m512i high_bits = _mm512_castpd_si512(_mm512_set1_pd(high));
  const __m512i rounder_bits = _mm512_castpd_si512(_mm512_set1_pd(rounder));
  const __m512d inverse = _mm512_set1_pd(grid.inverse * 65536);
  const __m512i period = _mm512_set1_epi64((long long)grid.period);
  __m512i all = _mm512_setzero_si512();
  for (int k = 0; k < 16; k += 8) {
    __m512i eight = _mm512_loadu_si512(differences + k);
    all = _mm512_or_si512(all, eight);
    __m512d number = _mm512_sub_pd(
        _mm512_castsi512_pd(_mm512_or_si512(eight, high_bits)), _mm512_set1_pd(high));
    __m512d sum = _mm512_add_pd(_mm512_mul_pd(number, inverse), _mm512_set1_pd(rounder));
    __m512i nearest = _mm512_sub_epi64(_mm512_castpd_si512(sum), rounder_bits);
    _mm512_store_si512(events->steps + k, nearest);
    _mm512_store_si512(
        events->delays + k,
        _mm512_sub_epi64(_mm512_mullo_epi64(nearest, period), _mm512_slli_epi64(eight, 16)));
  }
  return _mm512_test_epi64_mask(all, _mm512_set1_epi64(-(1ll << 44))) == 0;
}

/// Finds how far the grid is behind events with the phase, in whole units times 2^16. Without
/// branches, and right if the phase follows all residuals wholly, and no other multiple of the
/// period is nearer.
///
/// Returns whether that is so.
WIDEST_INLINE bool follow_near(itape_grid_rule grid, itape_grid_state *state, group *events) {
  const int64_t half = (int64_t)grid.period / 2, limit = (int64_t)1 << (grid.clip + 16);
  const __m512i bounds = _mm512_set1_epi64(half < limit ? half : limit);
  // Sums are modulo 2^64. What does not wait for the event before is added first.
  uint64_t delay = (uint64_t)state->phase + (uint64_t)events->delays[0];
  for (int k = 0; k < 16; k++) {
    int64_t whole = (int64_t)(delay & ~(uint64_t)0xFFFF);
    events->wholes[k] = whole;
    if (k < 15) delay += (uint64_t)events->delays[k + 1];
    delay -= (uint64_t)(whole >> grid.gain);
  }
  __mmask8 far = 0;
  for (int k = 0; k < 16; k += 8) {
    __m512i whole = _mm512_load_si512(events->wholes + k);
    far |= _mm512_cmpgt_epi64_mask(_mm512_abs_epi64(whole), bounds);
  }
  if (far != 0) return false;
  *state = (itape_grid_state){.phase = (int64_t)delay, .misses = 0};
  return true;
}

/// Steps and residuals as pairs. Numbers beyond 32 bits are all ones, and large in any form.
WIDEST_INLINE pairs pairs_of(const group *events, pair_constants form) {
  __m256i steps[2], residuals[2];
  for (int k = 0; k < 2; k++) {
    __m512i ahead =
        _mm512_sub_epi64(_mm512_setzero_si512(), _mm512_load_si512(events->wholes + 8 * k));
    residuals[k] = _mm512_cvtusepi64_epi32(
        _mm512_xor_si512(_mm512_srai_epi64(ahead, 15), _mm512_srai_epi64(ahead, 63)));
    steps[k] = _mm512_cvtusepi64_epi32(_mm512_load_si512(events->steps + 8 * k));
  }
  return split(
      _mm512_inserti64x4(_mm512_castsi256_si512(steps[0]), steps[1], 1),
      _mm512_inserti64x4(_mm512_castsi256_si512(residuals[0]), residuals[1], 1), form);
}

WIDEST_INLINE size_t split_grid(
    const uint64_t *differences, size_t count, itape_grid_rule grid, itape_grid_state *state,
    itape_pair_form form, bool has_shift, uint8_t *tokens, itape_bits *writer, void *bytes) {
  const pair_constants constants = constants_of(form);
  itape_bits bits = *writer;
  group groups[2];
  // Those in front of `index` have been followed, those in front of `done` are tokens.
  size_t done = 0, index = 0;
  // A bit for each group that was not near.
  unsigned far = 0;
  bool is_there = true;
  while (is_there) {
    group *next = &groups[index / 16 & 1], *last = &groups[(index / 16 & 1) ^ 1];
    is_there = count - index >= 16 && __builtin_popcount(far & 15) < 3 &&
               take_nearest(differences + index, grid, next);
    if (is_there) {
      next->before = *state;
      bool are_near = follow_near(grid, state, next);
      far = far << 1 | !are_near;
      if (!are_near) follow_phase(grid, state, next->steps, next->delays, 16, next->wholes);
    }
    if (done < index) {
      pairs all = pairs_of(last, constants);
      if (large_pairs(all) != 0) {
        *state = last->before;
        break;
      }
      _mm_storeu_si128((__m128i *)(tokens + done), tokens_of(all));
      append_pairs(&bits, all, 0xFFFF, constants, has_shift, bytes);
      done = index;
    }
    index += 16;
  }
  *writer = bits;
  return done;
}

WIDEST size_t itape_split_grid_512(
    const uint64_t *differences, size_t count, itape_grid_rule grid, itape_grid_state *state,
    itape_pair_form form, uint8_t *tokens, itape_bits *writer, void *bytes) {
  return form.shift == 0 ? split_grid(
                               differences, count, grid, state, form, false, tokens, writer, bytes)
                         : split_grid(
                               differences, count, grid, state, form, true, tokens, writer, bytes);
}
#else
size_t itape_split_grid_512(
    const uint64_t *differences, size_t count, itape_grid_rule grid, itape_grid_state *state,
    itape_pair_form form, uint8_t *tokens, itape_bits *writer, void *bytes) {
  (void)differences, (void)count, (void)grid, (void)state, (void)form, (void)tokens;
  (void)writer, (void)bytes;
  return 0;
}
#endif
