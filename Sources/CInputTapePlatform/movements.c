// SPDX-License-Identifier: Apache-2.0
//
// What is left of guesses to coordinates (Specs/Encodings.md, section 6). A movement waits for the
// one before it: so those of all quarters, in both columns, go side by side in a vector. The same
// code is compiled for AVX2 and for what the library is compiled for.
#include "inputtape_platform.h"
#include "wide_vectors.h"

#include <string.h>

/// Sums are modulo 2^32: unsigned, and signed where they are shifted.
typedef uint32_t uint32x4 __attribute__((ext_vector_type(4)));
typedef uint32_t uint32x8 __attribute__((ext_vector_type(8)));
typedef int32_t int32x8 __attribute__((ext_vector_type(8)));

/// Two columns in quarters.
typedef struct {
  uint32_t *first, *second;
  size_t quarter;
} columns;

// Vectors go by reference, so that no call depends on how a processor passes them.

/// Rows of four to columns of four, in each half.
INLINE void transpose(uint32x8 rows[4]) {
  uint32x8 a = __builtin_shufflevector(rows[0], rows[1], 0, 8, 1, 9, 4, 12, 5, 13);
  uint32x8 b = __builtin_shufflevector(rows[0], rows[1], 2, 10, 3, 11, 6, 14, 7, 15);
  uint32x8 c = __builtin_shufflevector(rows[2], rows[3], 0, 8, 1, 9, 4, 12, 5, 13);
  uint32x8 d = __builtin_shufflevector(rows[2], rows[3], 2, 10, 3, 11, 6, 14, 7, 15);
  rows[0] = __builtin_shufflevector(a, c, 0, 1, 8, 9, 4, 5, 12, 13);
  rows[1] = __builtin_shufflevector(a, c, 2, 3, 10, 11, 6, 7, 14, 15);
  rows[2] = __builtin_shufflevector(b, d, 0, 1, 8, 9, 4, 5, 12, 13);
  rows[3] = __builtin_shufflevector(b, d, 2, 3, 10, 11, 6, 7, 14, 15);
}

/// Four entries of each quarter: in the lower half of each vector those of the first column.
INLINE void load(const columns *all, size_t at, uint32x8 entries[4]) {
  for (size_t lane = 0; lane < 4; lane++) {
    uint32x4 first, second;
    memcpy(&first, all->first + lane * all->quarter + at, sizeof first);
    memcpy(&second, all->second + lane * all->quarter + at, sizeof second);
    entries[lane] = __builtin_shufflevector(first, second, 0, 1, 2, 3, 4, 5, 6, 7);
  }
  transpose(entries);
}

INLINE void store(const columns *all, size_t at, uint32x8 entries[4]) {
  transpose(entries);
  for (size_t lane = 0; lane < 4; lane++) {
    uint32x4 first = entries[lane].lo, second = entries[lane].hi;
    memcpy(all->first + lane * all->quarter + at, &first, sizeof first);
    memcpy(all->second + lane * all->quarter + at, &second, sizeof second);
  }
}

INLINE void unfold(uint32x8 *numbers) { *numbers = *numbers >> 1 ^ -(*numbers & 1); }

/// What movements were, and where they led to.
typedef struct {
  uint32x8 last, before, position;
  /// Of beats: the sum over the window.
  uint32x8 window;
} history;

/// What beats reach back to, by the lowest bits of indices.
typedef struct {
  uint32x8 moves[8], deviations[256];
} rings;

/// A guess, whose parts are constants where loops are compiled for them.
typedef struct {
  bool is_beat, is_position;
  int32_t a, b;
  itape_beat beat;
} guess;

INLINE void follow_linear(const guess *by, history *past, uint32x8 *entry) {
  uint32x8 sum = (uint32_t)by->a * past->last + (uint32_t)by->b * past->before + 4;
  *entry += (uint32x8)((int32x8)sum >> 3);
  past->before = past->last;
  past->last = *entry;
}

INLINE void follow_beat(
    const guess *by, history *past, rings *ago, size_t at, uint32x8 *entry) {
  const itape_beat *beat = &by->beat;
  const uint32_t shift = beat->window_bits + beat->term_bits;
  // What does not wait for the last movement comes first.
  uint32x8 known = shift > 0 ? 1u << (shift - 1) : 0;
  const size_t lag = beat->lag;
  const uint32x8 *deviations = ago->deviations;
  uint32x8 last = deviations[(at - lag) & 255];
  known += last;
  if (beat->term_bits > 0) {
    uint32x8 before = deviations[(at - 2 * lag) & 255];
    if (beat->term_bits == 1) known += before;
    else
      known += 2 * (last + before + deviations[(at - 3 * lag) & 255]) +
          deviations[(at - 4 * lag) & 255];
  }
  uint32x8 leaving = past->window - ago->moves[(at - (1u << beat->window_bits)) & 7];
  uint32x8 rest = *entry, turned = -rest;
  uint32x8 sum = known + (past->window << beat->term_bits);
  if (shift > 0) {
    // The sign of a residual is turned where the fraction is below one half.
    int32x8 fraction = (int32x8)(sum << (32 - shift));
    rest = fraction < 0 ? rest : turned;
  }
  uint32x8 move = (uint32x8)((int32x8)sum >> shift) + rest;
  ago->deviations[at & 255] = (move << beat->window_bits) - past->window;
  past->window = leaving + move;
  ago->moves[at & 7] = move;
  *entry = move;
}

/// Puts coordinates in place of residuals.
INLINE void follow(const guess *by, history *past, rings *ago, size_t at, uint32x8 *entry) {
  unfold(entry);
  if (by->is_beat) follow_beat(by, past, ago, at, entry);
  else follow_linear(by, past, entry);
  past->position += *entry;
  if (by->is_position) *entry = past->position;
}

/// A lane's history.
typedef struct {
  uint32_t last, before, position;
} lane_history;

INLINE lane_history lane_of(const history *past, int lane) {
  return (lane_history){past->last[lane], past->before[lane], past->position[lane]};
}

INLINE uint32_t follow_lane(const guess *by, lane_history *past, uint32_t number) {
  uint32_t rest = number >> 1 ^ -(number & 1);
  uint32_t sum = (uint32_t)by->a * past->last + ((uint32_t)by->b * past->before + 4);
  past->before = past->last;
  past->last = (uint32_t)((int32_t)sum >> 3) + rest;
  past->position += past->last;
  return by->is_position ? past->position : past->last;
}

/// Linear guesses of the last quarter alone, which may be the only one. Never for AVX2: its
/// products of 32 bits take longer than those of general registers.
__attribute__((noinline)) static void follow_lanes(
    const columns *all, size_t place, size_t count, const guess *by, lane_history first,
    lane_history second) {
  for (; place < count; place++) {
    all->first[place] = follow_lane(by, &first, all->first[place]);
    all->second[place] = follow_lane(by, &second, all->second[place]);
  }
}

INLINE void restore(const columns *all, size_t count, const guess *by, rings *ago) {
  history past = {0};
  size_t at = 0;
  for (; at + 4 <= all->quarter; at += 4) {
    uint32x8 entries[4];
    load(all, at, entries);
#pragma clang loop unroll(full)
    for (size_t k = 0; k < 4; k++) follow(by, &past, ago, at + k, &entries[k]);
    store(all, at, entries);
  }
  // The rest is the last quarter's.
  size_t place = 4 * all->quarter;
  if (!by->is_beat) {
    follow_lanes(all, place, count, by, lane_of(&past, 3), lane_of(&past, 7));
    return;
  }
  for (; place < count; place++, at++) {
    uint32x8 entry = {0, 0, 0, all->first[place], 0, 0, 0, all->second[place]};
    follow(by, &past, ago, at, &entry);
    all->first[place] = entry[3];
    all->second[place] = entry[7];
  }
}

INLINE void restore_linear(
    const columns *all, size_t count, int32_t a, int32_t b, bool is_position) {
  // Constants, so that loops are compiled for them.
  guess by = {.is_beat = false, .is_position = is_position, .a = a, .b = b};
  if (is_position) {
    by.is_position = true;
    restore(all, count, &by, NULL);
  } else {
    by.is_position = false;
    restore(all, count, &by, NULL);
  }
}

INLINE void restore_beat(const columns *all, size_t count, itape_beat beat, bool is_position) {
  rings ago;
  memset(&ago, 0, sizeof ago);
  guess by = {.is_beat = true, .is_position = is_position, .beat = beat};
  switch (beat.term_bits) {
    case 0: by.beat.term_bits = 0, restore(all, count, &by, &ago); break;
    case 1: by.beat.term_bits = 1, restore(all, count, &by, &ago); break;
    default: by.beat.term_bits = 3, restore(all, count, &by, &ago);
  }
}

WIDE static void restore_linear_wide(
    const columns *all, size_t count, int32_t a, int32_t b, bool is_position) {
  restore_linear(all, count, a, b, is_position);
}

WIDE static void restore_beat_wide(
    const columns *all, size_t count, itape_beat beat, bool is_position) {
  restore_beat(all, count, beat, is_position);
}

void itape_restore_linear(
    int32_t *first, int32_t *second, size_t count, size_t quarter, int32_t a, int32_t b,
    bool is_position, bool is_wide) {
  const columns all = {(uint32_t *)first, (uint32_t *)second, quarter};
  if (is_wide) restore_linear_wide(&all, count, a, b, is_position);
  else restore_linear(&all, count, a, b, is_position);
}

void itape_restore_beat(
    int32_t *first, int32_t *second, size_t count, size_t quarter, itape_beat beat,
    bool is_position, bool is_wide) {
  const columns all = {(uint32_t *)first, (uint32_t *)second, quarter};
  if (is_wide) restore_beat_wide(&all, count, beat, is_position);
  else restore_beat(&all, count, beat, is_position);
}

INLINE void take_linear(
    uint32_t *residuals, const int32_t *moves, size_t count, int32_t a, int32_t b) {
  const uint32_t *values = (const uint32_t *)moves;
  for (size_t index = 0; index < count; index++) {
    const uint32_t *here = values + index;
    int32_t sum = (int32_t)((uint32_t)a * here[-1] + (uint32_t)b * here[-2] + 4) >> 3;
    int32_t rest = (int32_t)(here[0] - (uint32_t)sum);
    residuals[index] = (uint32_t)rest << 1 ^ (uint32_t)(rest >> 31);
  }
}

WIDE static void take_linear_wide(
    uint32_t *residuals, const int32_t *moves, size_t count, int32_t a, int32_t b) {
  if (b == 0) take_linear(residuals, moves, count, a, 0);
  else take_linear(residuals, moves, count, a, b);
}

void itape_take_linear(
    uint32_t *residuals, const int32_t *moves, size_t count, int32_t a, int32_t b, bool is_wide) {
  if (is_wide) take_linear_wide(residuals, moves, count, a, b);
  else take_linear(residuals, moves, count, a, b);
}
