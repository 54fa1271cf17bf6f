// SPDX-License-Identifier: Apache-2.0
//
// The phase of a grid of times (Specs/Encodings.md, section 7), for which each event waits for the
// one before.
#pragma once
#include "inputtape_platform.h"
#include "wide_vectors.h"

/// As `ClockGrid` counts.
enum { miss_limit = 8 };

/// 2^52, and 1.5 times that: a number below 2^51 that is added to the latter leaves the nearest
/// integer in the lowest bits of the sum.
static const double high = 4503599627370496.0, rounder = 6755399441055744.0;

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
    if (misses >= miss_limit || misses <= -miss_limit) {
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
