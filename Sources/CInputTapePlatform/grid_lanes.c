// SPDX-License-Identifier: Apache-2.0
//
// Differences of times to steps and residuals on a grid (Specs/Encodings.md, section 7). An event
// waits for the phase that the one before it left: so eight rows of events, each with a phase of
// its own, go side by side in a vector. The same code is compiled for AVX-512 and for AVX2.
#include "inputtape_platform.h"

#if defined(__x86_64__)
#include "wide_vectors.h"

#include <string.h>

/// Sums are modulo 2^64: unsigned, and signed where they are shifted or compared.
typedef uint64_t uint64x8 __attribute__((ext_vector_type(8)));
typedef int64_t int64x8 __attribute__((ext_vector_type(8)));
typedef double double8 __attribute__((ext_vector_type(8)));
typedef int32_t int32x16 __attribute__((ext_vector_type(16)));

enum { lane_count = itape_grid_lanes };

/// Periods and phases are below, so that residuals have 30 bits.
static const int64_t large = (int64_t)1 << 45;

// Vectors go by reference, so that no call depends on how a processor passes them.

/// Rows of eight to columns of eight.
INLINE void transpose(uint64x8 rows[8]) {
  uint64x8 pairs[8], fours[8];
#pragma clang loop unroll(full)
  for (int k = 0; k < 8; k += 2) {
    pairs[k] = __builtin_shufflevector(rows[k], rows[k + 1], 0, 8, 2, 10, 4, 12, 6, 14);
    pairs[k + 1] = __builtin_shufflevector(rows[k], rows[k + 1], 1, 9, 3, 11, 5, 13, 7, 15);
  }
#pragma clang loop unroll(full)
  for (int k = 0; k < 8; k += 4) {
#pragma clang loop unroll(full)
    for (int j = 0; j < 2; j++) {
      uint64x8 a = pairs[k + j], b = pairs[k + 2 + j];
      // Columns j and j + 4; j + 2 and j + 6.
      fours[k + j] = __builtin_shufflevector(a, b, 0, 1, 8, 9, 4, 5, 12, 13);
      fours[k + 2 + j] = __builtin_shufflevector(a, b, 2, 3, 10, 11, 6, 7, 14, 15);
    }
  }
#pragma clang loop unroll(full)
  for (int j = 0; j < 4; j++) {
    uint64x8 a = fours[j], b = fours[4 + j];
    rows[j] = __builtin_shufflevector(a, b, 0, 1, 2, 3, 8, 9, 10, 11);
    rows[4 + j] = __builtin_shufflevector(a, b, 4, 5, 6, 7, 12, 13, 14, 15);
  }
}

/// What does not change from event to event. Differences are below `end`.
typedef struct {
  int64_t period, half, limit, gain;
  double inverse;
  uint64_t end;
} rule;

/// Where the grid is in each row, and how many events in a row came too late or too early.
typedef struct {
  int64x8 phase, late, early;
} lanes;

/// The rows of columns.
typedef struct {
  const uint64_t *differences;
  const size_t *sources;
  uint32_t *firsts, *seconds;
  const size_t *targets;
} columns;

/// Eight events of each row: steps where the phase is 0, how far those are behind, and how far
/// they are with the phase, in whole units.
typedef struct {
  int64x8 steps[8], delays[8], wholes[8];
} group;

/// Finds steps and delays; false where a difference is too large.
INLINE bool load(const rule *by, const columns *all, size_t index, group *events) {
  uint64x8 entries[8], joined = 0;
#pragma clang loop unroll(full)
  for (int lane = 0; lane < lane_count; lane++) {
    memcpy(&entries[lane], all->differences + all->sources[lane] + index, sizeof entries[lane]);
    joined |= entries[lane];
  }
  transpose(entries);
#pragma clang loop unroll(full)
  for (int k = 0; k < 8; k++) {
    double8 sum = __builtin_convertvector((int64x8)entries[k], double8) * by->inverse;
    sum = sum + rounder;
    int64x8 steps = (int64x8)sum - 0x4338000000000000;
    events->steps[k] = steps;
    events->delays[k] = steps * by->period - (int64x8)(entries[k] << 16);
  }
  return __builtin_reduce_or(joined) < by->end;
}

/// How far the phase follows.
INLINE void follow(const rule *by, const int64x8 *whole, int64x8 *followed) {
  *followed = __builtin_elementwise_min(
                  __builtin_elementwise_max(*whole, (int64x8)-by->limit), (int64x8)by->limit) >>
              by->gain;
}

/// Counts those beyond the bound, in a row.
INLINE void count_misses(const rule *by, const int64x8 *whole, lanes *at) {
  at->late = (*whole < -by->limit) & (at->late + 1);
  at->early = (*whole > by->limit) & (at->early + 1);
}

/// Finds how far the grid is behind events with the phase, right if no other multiple of the
/// period is nearer and no row of misses moves the grid.
///
/// Returns whether that is so.
INLINE bool take_usual(const rule *by, lanes *at, group *events) {
  int64x8 first = 0, last = 0, most = 0;
  int64x8 delay = at->phase + events->delays[0];
#pragma clang loop unroll(full)
  for (int k = 0; k < 8; k++) {
    int64x8 whole = delay & ~(int64_t)0xFFFF, followed;
    events->wholes[k] = whole;
    first = __builtin_elementwise_min(first, whole);
    last = __builtin_elementwise_max(last, whole);
    // What does not wait for the event before is added first.
    if (k < 7) delay += events->delays[k + 1];
    follow(by, &whole, &followed);
    delay -= followed;
    count_misses(by, &whole, at);
    most |= at->late | at->early;
  }
  at->phase = delay;
  int64x8 is_other = (first < -by->half) | (last > by->half) | (most >= itape_miss_limit);
  return __builtin_reduce_or(is_other) == 0;
}

/// The same, right in any case.
INLINE void take_any(const rule *by, lanes *at, group *events) {
#pragma clang loop unroll(disable)
  for (int k = 0; k < 8; k++) {
    int64x8 delay = at->phase + events->delays[k];
    int64x8 whole = delay & ~(int64_t)0xFFFF, followed;
    // The phase may say that another multiple is nearer.
    int64x8 is_before = whole < -by->half;
    int64x8 is_behind = (whole > by->half) & (events->steps[k] > 0);
    events->steps[k] += is_behind - is_before;
    delay += (is_before & by->period) - (is_behind & by->period);
    whole = delay & ~(int64_t)0xFFFF;
    events->wholes[k] = whole;
    follow(by, &whole, &followed);
    count_misses(by, &whole, at);
    int64x8 moves = (at->late == itape_miss_limit) | (at->early == itape_miss_limit);
    at->phase = moves ? (int64x8)0x8000 : delay - followed;
    at->late &= ~moves;
    at->early &= ~moves;
  }
}

/// Writes steps and zigzag residuals.
INLINE void store(const columns *all, size_t index, group *events) {
  uint64x8 entries[8];
#pragma clang loop unroll(full)
  for (int k = 0; k < 8; k += 2) {
    entries[k / 2] = (uint64x8)(events->steps[k] | events->steps[k + 1] << 32);
    uint64x8 even = (uint64x8)events->wholes[k] >> 16 & 0xFFFFFFFF;
    // A residual is how far the grid is in front of the event.
    int32x16 ahead = -(int32x16)(even | (uint64x8)events->wholes[k + 1] << 16);
    entries[4 + k / 2] = (uint64x8)(ahead << 1 ^ ahead >> 31);
  }
  transpose(entries);
#pragma clang loop unroll(full)
  for (int lane = 0; lane < lane_count; lane++) {
    memcpy(all->firsts + all->targets[lane] + index, &entries[lane], 32);
    memcpy(all->seconds + all->targets[lane] + index, (const char *)&entries[lane] + 32, 32);
  }
}

INLINE rule rule_of(itape_grid_rule grid) {
  const int64_t half = (int64_t)grid.period / 2;
  // Steps have 30 bits, and so have residuals.
  const uint64_t most_steps = grid.period << 14, most = (uint64_t)1 << 44;
  return (rule){
      .period = (int64_t)grid.period,
      .half = half,
      .limit = (int64_t)1 << (grid.clip + 16),
      .gain = (int64_t)grid.gain,
      .inverse = grid.inverse * 65536,
      .end = most_steps < most ? most_steps : most};
}

INLINE size_t take_lanes(
    const columns *all, size_t count, itape_grid_rule grid, itape_grid_state *states) {
  const rule by = rule_of(grid);
  lanes at;
  for (int lane = 0; lane < lane_count; lane++) {
    at.phase[lane] = states[lane].phase;
    at.late[lane] = states[lane].misses > 0 ? states[lane].misses : 0;
    at.early[lane] = states[lane].misses < 0 ? -states[lane].misses : 0;
  }
  // While events wait for each other the next are loaded, and the last are stored.
  group groups[3], *last = &groups[0], *here = &groups[1], *next = &groups[2];
  size_t index = 0;
  bool is_there = count >= 8 && load(&by, all, 0, here);
  while (is_there) {
    bool is_next = count - index >= 16 && load(&by, all, index + 8, next);
    const lanes before = at;
    if (!take_usual(&by, &at, here)) {
      at = before;
      take_any(&by, &at, here);
    }
    if (index > 0) store(all, index - 8, last);
    index += 8;
    group *free = last;
    last = here, here = next, next = free;
    is_there = is_next;
  }
  if (index > 0) store(all, index - 8, last);
  for (int lane = 0; lane < lane_count; lane++) {
    states[lane].phase = at.phase[lane];
    states[lane].misses = (int32_t)(at.late[lane] - at.early[lane]);
  }
  return index;
}

WIDE static size_t take_lanes_wide(
    const columns *all, size_t count, itape_grid_rule grid, itape_grid_state *states) {
  return take_lanes(all, count, grid, states);
}

WIDEST static size_t take_lanes_widest(
    const columns *all, size_t count, itape_grid_rule grid, itape_grid_state *states) {
  return take_lanes(all, count, grid, states);
}

size_t itape_take_grids(
    const uint64_t *differences, const size_t *sources, size_t count, itape_grid_rule grid,
    itape_grid_state *states, uint32_t *firsts, uint32_t *seconds, const size_t *targets,
    itape_vectors vectors) {
  const columns all = {differences, sources, firsts, seconds, targets};
  if (grid.period >= (uint64_t)large) return 0;
  for (int lane = 0; lane < lane_count; lane++) {
    if (states[lane].phase >= large || states[lane].phase <= -large) return 0;
  }
  return vectors == 512 ? take_lanes_widest(&all, count, grid, states)
                        : take_lanes_wide(&all, count, grid, states);
}
#else
size_t itape_take_grids(
    const uint64_t *differences, const size_t *sources, size_t count, itape_grid_rule grid,
    itape_grid_state *states, uint32_t *firsts, uint32_t *seconds, const size_t *targets,
    itape_vectors vectors) {
  (void)differences, (void)sources, (void)count, (void)grid, (void)states, (void)firsts;
  (void)seconds, (void)targets, (void)vectors;
  return 0;
}
#endif
