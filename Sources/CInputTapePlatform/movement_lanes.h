// SPDX-License-Identifier: Apache-2.0
//
// What is left of guesses to coordinates (Specs/Encodings.md, section 6). A movement waits for the
// one before it: so those of all quarters, in both columns, go side by side in a vector. This is
// compiled for AVX2 and for what the library is compiled for, where `ORDERED` is defined, which
// keeps a compiler from adding up in another order: what waits for the last movement comes last.
#pragma once
#include "inputtape_platform.h"
#include "wide_vectors.h"

#include <stddef.h>
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

/// A guess, whose parts are constants where loops are compiled for them.
typedef struct {
  bool is_position;
  int32_t a, b;
  itape_beat beat;
} guess;

/// The last movement along an axis, the sum of the next guess, and where movements led to.
typedef struct {
  uint32_t last, sum, position;
} axis_history;

/// Linear guesses from a place on, each after the one before it.
void itape_follow_axes(
    const columns *all, size_t place, size_t count, const guess *by, axis_history x,
    axis_history y);

/// The same as the functions below, on processors with AVX2 and BMI2.
void itape_restore_linear_wide(
    const columns *all, size_t count, int32_t a, int32_t b, bool is_position);
void itape_restore_beat_wide(
    const columns *all, size_t count, itape_beat beat, bool is_position);

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

// MARK: - Linear guesses

/// What linear guesses know of each lane, as of an axis.
typedef struct {
  uint32x8 last, sum, position;
} linear_history;

INLINE axis_history axis_of(const linear_history *past, int lane) {
  return (axis_history){past->last[lane], past->sum[lane], past->position[lane]};
}

/// With the movement as its guess and what is left of that, the next sum is a times the former,
/// which is there last, and what both of the latter bring.
INLINE void follow_linear(const guess *by, linear_history *past, uint32x8 *entry) {
  uint32x8 guessed = (uint32x8)((int32x8)past->sum >> 3);
  uint32x8 known = (uint32_t)by->a * *entry + ((uint32_t)by->b * past->last + 4);
  ORDERED(known);
  past->sum = (uint32_t)by->a * guessed + known;
  past->last = guessed + *entry;
  past->position += past->last;
  *entry = by->is_position ? past->position : past->last;
}

INLINE void restore_linear_quarters(const columns *source, size_t count, const guess *by) {
  const columns all = *source;
  linear_history past = {.sum = (uint32x8){0} + 4};
  for (size_t at = 0; at + 4 <= all.quarter; at += 4) {
    uint32x8 entries[4];
    load(&all, at, entries);
#pragma clang loop unroll(full)
    for (size_t k = 0; k < 4; k++) {
      unfold(&entries[k]);
      follow_linear(by, &past, &entries[k]);
    }
    store(&all, at, entries);
  }
  // The rest is the last quarter's.
  itape_follow_axes(&all, 4 * all.quarter, count, by, axis_of(&past, 3), axis_of(&past, 7));
}

INLINE void restore_linear(
    const columns *all, size_t count, int32_t a, int32_t b, bool is_position) {
  // Constants, so that loops are compiled for them.
  guess by = {.is_position = is_position, .a = a, .b = b};
  if (is_position) {
    by.is_position = true;
    restore_linear_quarters(all, count, &by);
  } else {
    by.is_position = false;
    restore_linear_quarters(all, count, &by);
  }
}

// MARK: - Beats

/// The sum of the next guess, of which all but the window's part is known, the window's movements
/// together, and where movements led to.
typedef struct {
  uint32x8 sum, known, window, position;
} beat_history;

/// What beats reach back to: windows to a few movements, four lags to 256. So many entries follow
/// before the last ones move to the front.
enum { deviation_limit = 256, span = 512 };

typedef struct {
  uint32x8 moves[itape_window_limit + span], deviations[deviation_limit + span];
} reach;

/// Where the next entry's are.
typedef struct {
  uint32x8 *moves, *deviations;
} beat_place;

/// How many deviations a guess reaches back to.
INLINE size_t reach_of(const itape_beat *beat) {
  return (size_t)beat->lag << (beat->term_bits > 1 ? 2 : beat->term_bits);
}

/// The place behind nothing.
INLINE beat_place begin(reach *ago, size_t far) {
  beat_place next = {ago->moves + itape_window_limit, ago->deviations + deviation_limit};
  memset(ago->moves, 0, itape_window_limit * sizeof *ago->moves);
  memset(next.deviations - far, 0, far * sizeof *ago->deviations);
  return next;
}

/// Makes room for four more.
INLINE void make_room(reach *ago, size_t far, beat_place *next) {
  if (ago->moves + itape_window_limit + span - next->moves >= 4) return;
  beat_place front = {ago->moves + itape_window_limit, ago->deviations + deviation_limit};
  memcpy(ago->moves, next->moves - itape_window_limit, itape_window_limit * sizeof *ago->moves);
  memcpy(front.deviations - far, next->deviations - far, far * sizeof *ago->deviations);
  *next = front;
}

INLINE uint32_t half_of(const itape_beat *beat) {
  return 1u << (beat->window_bits + beat->term_bits) >> 1;
}

/// What the sum of a guess has besides the window, from the deviations in front of it.
INLINE void look_back(const itape_beat *beat, const uint32x8 *deviations, uint32x8 *known) {
  const ptrdiff_t lag = beat->lag;
  *known = deviations[-lag] + half_of(beat);
  if (beat->term_bits == 1) *known += deviations[-2 * lag];
  if (beat->term_bits > 1)
    *known += 2 * (deviations[-lag] + deviations[-2 * lag] + deviations[-3 * lag]) +
        deviations[-4 * lag];
}

/// By how much the next window's sum is less than this one's, but for the last movement, which it
/// has times as much as the window's first weight.
INLINE void leave(uint32_t window_bits, const uint32x8 *moves, uint32x8 *less) {
  if (window_bits < itape_sharp_bits) *less = moves[-((ptrdiff_t)1 << window_bits)];
  else *less = 2 * moves[-2] + moves[-3] + moves[-itape_window_limit];
}

/// The next sum differs from this one by what is known of both, by what leaves the window and by
/// what enters it: the guess, and what is left of that.
INLINE void follow_beat(
    const guess *by, beat_history *past, beat_place at, size_t k, uint32x8 *entry) {
  const itape_beat *beat = &by->beat;
  const uint32_t width = beat->window_bits, term = beat->term_bits, shift = width + term;
  // What the last movement counts in the window, and in the sum.
  const uint32_t first = width < itape_sharp_bits ? 0 : 2, weight = first + term;
  uint32x8 *moves = at.moves + k, *deviations = at.deviations + k;
  unfold(entry);
  uint32x8 rest = *entry, turned = -rest;
  ORDERED(turned);
  // The sign of a residual is turned where the fraction is below one half.
  rest = (int32x8)(past->sum << (32 - shift)) < 0 ? rest : turned;
  ORDERED(rest);
  uint32x8 move = (uint32x8)((int32x8)past->sum >> shift) + rest;
  uint32x8 less;
  leave(width, moves, &less);
  *deviations = (move << width) - past->window;
  *moves = move;
  past->window += (move << first) - less;
  uint32x8 known;
  look_back(beat, deviations + 1, &known);
  uint32x8 change = known - past->known - (less << term);
  ORDERED(change);
  uint32x8 guessed = (uint32x8)((int32x8)past->sum >> (shift - weight)) & -(1u << weight);
  uint32x8 left = change + (rest << weight), sum = past->sum + guessed;
  ORDERED(left);
  ORDERED(sum);
  past->sum = sum + left;
  past->known = known;
  past->position += move;
  *entry = by->is_position ? past->position : move;
}

INLINE void restore_beat_quarters(const columns *source, size_t count, const guess *by) {
  const columns all = *source;
  const size_t far = reach_of(&by->beat);
  reach ago;
  beat_place next = begin(&ago, far);
  beat_history past = {.sum = (uint32x8){0} + half_of(&by->beat)};
  past.known = past.sum;
  for (size_t at = 0; at + 4 <= all.quarter; at += 4) {
    make_room(&ago, far, &next);
    uint32x8 entries[4];
    load(&all, at, entries);
#pragma clang loop unroll(full)
    for (size_t k = 0; k < 4; k++) follow_beat(by, &past, next, k, &entries[k]);
    store(&all, at, entries);
    next.moves += 4, next.deviations += 4;
  }
  // The rest is the last quarter's.
  for (size_t place = 4 * all.quarter; place < count; place++) {
    make_room(&ago, far, &next);
    uint32x8 entry = {0, 0, 0, all.first[place], 0, 0, 0, all.second[place]};
    follow_beat(by, &past, next, 0, &entry);
    all.first[place] = entry[3];
    all.second[place] = entry[7];
    next.moves++, next.deviations++;
  }
}

INLINE void restore_terms(const columns *all, size_t count, guess by) {
  switch (by.beat.term_bits) {
    case 0: by.beat.term_bits = 0, restore_beat_quarters(all, count, &by); break;
    case 1: by.beat.term_bits = 1, restore_beat_quarters(all, count, &by); break;
    default: by.beat.term_bits = 3, restore_beat_quarters(all, count, &by);
  }
}

INLINE void restore_beat(const columns *all, size_t count, itape_beat beat, bool is_position) {
  guess by = {.is_position = is_position, .beat = beat};
  if (beat.window_bits < itape_sharp_bits) {
    by.beat.window_bits = 3;
    restore_terms(all, count, by);
  } else {
    by.beat.window_bits = itape_sharp_bits;
    restore_terms(all, count, by);
  }
}
