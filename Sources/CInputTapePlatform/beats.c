// SPDX-License-Identifier: Apache-2.0
//
// What a mouse's beat leaves of movements (Specs/Encodings.md, section 6), and how far it misses
// them. Plain loops that compilers make vectors of: the same code is compiled for AVX2, for AVX-512
// and for what the library is compiled for. Sums are modulo 2^32.
#include "inputtape_platform.h"
#include "wide_vectors.h"

INLINE void deviations_of(
    int32_t *deviations, const int32_t *moves, size_t count, uint32_t window_bits) {
  const uint32_t *values = (const uint32_t *)moves;
  const bool is_sharp = window_bits == itape_sharp_bits;
  const ptrdiff_t window = is_sharp ? itape_window_limit : (ptrdiff_t)1 << window_bits;
  for (size_t index = 0; index < count; index++) {
    const uint32_t *here = values + index;
    uint32_t sum = 0;
    for (ptrdiff_t back = 1; back <= window; back++) sum += here[-back];
    if (is_sharp) sum += 3 * (here[-1] + here[-2]) + here[-3];
    deviations[index] = (int32_t)((values[index] << window_bits) - sum);
  }
}

INLINE void take_deviations(
    int32_t *deviations, const int32_t *moves, size_t count, uint32_t window_bits) {
  // Constants, so that loops are compiled for them.
  if (window_bits < itape_sharp_bits) deviations_of(deviations, moves, count, 3);
  else deviations_of(deviations, moves, count, itape_sharp_bits);
}

/// What a beat guesses, before its division: the sum over the window is what the movement's own
/// deviation leaves of the movement.
INLINE uint32_t guessed(
    const int32_t *moves, const int32_t *deviations, size_t index, itape_beat beat,
    uint32_t half) {
  uint32_t window = ((uint32_t)moves[index] << beat.window_bits) - (uint32_t)deviations[index];
  uint32_t sum = half + (window << beat.term_bits);
  const int32_t *here = deviations + index;
  const ptrdiff_t lag = (ptrdiff_t)beat.lag;
  uint32_t last = (uint32_t)here[-lag];
  if (beat.term_bits == 0) return sum + last;
  uint32_t before = (uint32_t)here[-2 * lag];
  if (beat.term_bits == 1) return sum + last + before;
  return sum + 2 * (last + before + (uint32_t)here[-3 * lag]) + last + (uint32_t)here[-4 * lag];
}

INLINE void residuals_of(
    uint32_t *residuals, const int32_t *moves, const int32_t *deviations, size_t count,
    itape_beat beat) {
  const uint32_t shift = beat.window_bits + beat.term_bits;
  const uint32_t half = 1u << (shift - 1);
  for (size_t index = 0; index < count; index++) {
    uint32_t sum = guessed(moves, deviations, index, beat, half);
    uint32_t rest = (uint32_t)moves[index] - (uint32_t)((int32_t)sum >> shift);
    uint32_t turn = (sum & half) == 0 ? ~0u : 0;
    rest = (rest ^ turn) - turn;
    residuals[index] = rest << 1 ^ (uint32_t)((int32_t)rest >> 31);
  }
}

INLINE void take_residuals(
    uint32_t *residuals, const int32_t *moves, const int32_t *deviations, size_t count,
    itape_beat beat) {
  switch (beat.term_bits) {
    case 0: beat.term_bits = 0, residuals_of(residuals, moves, deviations, count, beat); break;
    case 1: beat.term_bits = 1, residuals_of(residuals, moves, deviations, count, beat); break;
    default: beat.term_bits = 3, residuals_of(residuals, moves, deviations, count, beat);
  }
}

/// Of movements that are further away it does not matter how far.
static const uint32_t farthest = 1 << 19;

INLINE uint64_t distance_of(
    const int32_t *moves, const int32_t *deviations, size_t count, uint32_t window_bits,
    size_t lag) {
  const itape_beat beat = {.window_bits = window_bits, .term_bits = 0, .lag = (uint32_t)lag};
  const uint32_t half = 1u << (window_bits - 1);
  uint64_t total = 0;
  // So many distances are below 2^32 in all.
  const size_t most = 4096;
  for (size_t start = 0; start < count; start += most) {
    size_t end = count - start < most ? count : start + most;
    uint32_t part = 0;
    for (size_t index = start; index < end; index++) {
      uint32_t sum = guessed(moves, deviations, index, beat, half);
      int32_t rest = (int32_t)((uint32_t)moves[index] - (uint32_t)((int32_t)sum >> window_bits));
      uint32_t far = rest < 0 ? 0u - (uint32_t)rest : (uint32_t)rest;
      part += far < farthest ? far : farthest;
    }
    total += part;
  }
  return total;
}

WIDE static void take_deviations_wide(
    int32_t *deviations, const int32_t *moves, size_t count, uint32_t window_bits) {
  take_deviations(deviations, moves, count, window_bits);
}

WIDE static void take_residuals_wide(
    uint32_t *residuals, const int32_t *moves, const int32_t *deviations, size_t count,
    itape_beat beat) {
  take_residuals(residuals, moves, deviations, count, beat);
}

WIDE static uint64_t distance_wide(
    const int32_t *moves, const int32_t *deviations, size_t count, uint32_t window_bits,
    size_t lag) {
  return distance_of(moves, deviations, count, window_bits, lag);
}

WIDEST static void take_deviations_widest(
    int32_t *deviations, const int32_t *moves, size_t count, uint32_t window_bits) {
  take_deviations(deviations, moves, count, window_bits);
}

WIDEST static void take_residuals_widest(
    uint32_t *residuals, const int32_t *moves, const int32_t *deviations, size_t count,
    itape_beat beat) {
  take_residuals(residuals, moves, deviations, count, beat);
}

WIDEST static uint64_t distance_widest(
    const int32_t *moves, const int32_t *deviations, size_t count, uint32_t window_bits,
    size_t lag) {
  return distance_of(moves, deviations, count, window_bits, lag);
}

void itape_beat_deviations(
    int32_t *deviations, const int32_t *moves, size_t count, uint32_t window_bits,
    itape_vectors vectors) {
  if (vectors == 512) take_deviations_widest(deviations, moves, count, window_bits);
  else if (vectors == 256) take_deviations_wide(deviations, moves, count, window_bits);
  else take_deviations(deviations, moves, count, window_bits);
}

void itape_beat_residuals(
    uint32_t *residuals, const int32_t *moves, const int32_t *deviations, size_t count,
    itape_beat beat, itape_vectors vectors) {
  if (vectors == 512) take_residuals_widest(residuals, moves, deviations, count, beat);
  else if (vectors == 256) take_residuals_wide(residuals, moves, deviations, count, beat);
  else take_residuals(residuals, moves, deviations, count, beat);
}

uint64_t itape_beat_distance(
    const int32_t *moves, const int32_t *deviations, size_t count, uint32_t window_bits,
    size_t lag, itape_vectors vectors) {
  if (vectors == 512) return distance_widest(moves, deviations, count, window_bits, lag);
  if (vectors == 256) return distance_wide(moves, deviations, count, window_bits, lag);
  return distance_of(moves, deviations, count, window_bits, lag);
}
