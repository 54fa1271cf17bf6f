// SPDX-License-Identifier: Apache-2.0
//
// Movements and what guesses leave of them (Specs/Encodings.md, section 6): back side by side
// (`movement_lanes.h`), there one after another.
#include "inputtape_platform.h"

/// Compilers may add up as they like: no processor is known.
#define ORDERED(vector)
#include "movement_lanes.h"

/// Of what is left, zigzag.
INLINE uint32_t unfolded(uint32_t number) { return number >> 1 ^ -(number & 1); }

/// Takes the next movement along an axis, as `follow_linear` does in all lanes.
INLINE void follow_axis(axis_history *past, uint32_t number, uint32_t a, uint32_t b) {
  uint32_t rest = unfolded(number), guessed = (uint32_t)((int32_t)past->sum >> 3);
  past->sum = a * guessed + (a * rest + b * past->last + 4);
  past->last = guessed + rest;
  past->position += past->last;
}

INLINE uint32_t follow(const guess *by, axis_history *past, uint32_t number) {
  follow_axis(past, number, (uint32_t)by->a, (uint32_t)by->b);
  return by->is_position ? past->position : past->last;
}

void itape_follow_axes(
    const columns *all, size_t place, size_t count, const guess *by, axis_history x,
    axis_history y) {
  for (; place < count; place++) {
    all->first[place] = follow(by, &x, all->first[place]);
    all->second[place] = follow(by, &y, all->second[place]);
  }
}

void itape_restore_linear(
    int32_t *first, int32_t *second, size_t count, size_t quarter, int32_t a, int32_t b,
    bool is_position, bool is_wide) {
  const columns all = {(uint32_t *)first, (uint32_t *)second, quarter};
#if defined(__x86_64__)
  if (is_wide) {
    itape_restore_linear_wide(&all, count, a, b, is_position);
    return;
  }
#endif
  (void)is_wide;
  restore_linear(&all, count, a, b, is_position);
}

void itape_restore_beat(
    int32_t *first, int32_t *second, size_t count, size_t quarter, itape_beat beat,
    bool is_position, bool is_wide) {
  const columns all = {(uint32_t *)first, (uint32_t *)second, quarter};
#if defined(__x86_64__)
  if (is_wide) {
    itape_restore_beat_wide(&all, count, beat, is_position);
    return;
  }
#endif
  (void)is_wide;
  restore_beat(&all, count, beat, is_position);
}

/// Takes a contact's next movement; one to where it begins follows from nothing, and nothing from
/// it.
INLINE uint32_t follow_contact(
    axis_history *past, bool begins, uint32_t number, uint32_t a, uint32_t b) {
  if (begins) {
    past->last = 0;
    past->sum = 4;
    past->position += unfolded(number);
  } else {
    follow_axis(past, number, a, b);
  }
  return past->position;
}

void itape_restore_contacts(
    int32_t *first, int32_t *second, size_t count, const int32_t *contacts, const int32_t *phases,
    int32_t a, int32_t b) {
  uint32_t *xs = (uint32_t *)first, *ys = (uint32_t *)second;
  struct {
    axis_history x, y;
  } histories[ITAPE_CONTACT_COUNT];
  for (size_t slot = 0; slot < ITAPE_CONTACT_COUNT; slot++)
    histories[slot].x = histories[slot].y = (axis_history){.sum = 4};
  for (size_t index = 0; index < count; index++) {
    const size_t slot = (uint32_t)contacts[index] % ITAPE_CONTACT_COUNT;
    const bool begins = phases[index] == 0;
    xs[index] =
        follow_contact(&histories[slot].x, begins, xs[index], (uint32_t)a, (uint32_t)b);
    ys[index] =
        follow_contact(&histories[slot].y, begins, ys[index], (uint32_t)a, (uint32_t)b);
  }
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

/// Both coordinates, or movements along both axes.
typedef uint32_t uint32x2 __attribute__((ext_vector_type(2)));

void itape_take_contacts(
    int32_t *columns, const int32_t *xs, const int32_t *ys, const int32_t *contacts,
    const int32_t *phases, size_t count) {
  // Where each contact was, and its last two movements.
  struct {
    uint32x2 position, last, before;
  } histories[ITAPE_CONTACT_COUNT];
  memset(histories, 0, sizeof histories);
  int32_t *const moves = columns, *const last = moves + 2 * count, *const before = last + 2 * count;
  for (size_t index = 0; index < count; index++) {
    const size_t slot = (uint32_t)contacts[index] % ITAPE_CONTACT_COUNT;
    const uint32x2 position = {(uint32_t)xs[index], (uint32_t)ys[index]};
    const uint32x2 move = position - histories[slot].position;
    histories[slot].position = position;
    memcpy(moves + 2 * index, &move, sizeof move);
    if (phases[index] == 0) {
      // The movement to where a contact begins follows from nothing, and nothing from it.
      const uint32x2 none = {0, 0};
      memcpy(last + 2 * index, &none, sizeof none);
      memcpy(before + 2 * index, &none, sizeof none);
      histories[slot].last = histories[slot].before = none;
      continue;
    }
    const uint32x2 past = histories[slot].last;
    memcpy(last + 2 * index, &past, sizeof past);
    memcpy(before + 2 * index, &histories[slot].before, sizeof past);
    histories[slot].before = past;
    histories[slot].last = move;
  }
}

/// What a linear guess leaves of a movement, zigzag.
INLINE uint32_t left(uint32_t move, uint32_t last, uint32_t before, uint32_t a, uint32_t b) {
  const int32_t sum = (int32_t)(a * last + b * before + 4) >> 3;
  const int32_t rest = (int32_t)(move - (uint32_t)sum);
  return (uint32_t)rest << 1 ^ (uint32_t)(rest >> 31);
}

INLINE void take_residuals(
    uint32_t *restrict first, uint32_t *restrict second, size_t count, const uint32_t *moves,
    size_t column_count, uint32_t a, uint32_t b) {
  const uint32_t *last = moves + 2 * column_count, *before = last + 2 * column_count;
  for (size_t place = 0; place < count; place++) {
    const size_t x = 2 * place, y = x + 1;
    first[place] = left(moves[x], last[x], before[x], a, b);
    second[place] = left(moves[y], last[y], before[y], a, b);
  }
}

WIDE static void take_residuals_wide(
    uint32_t *first, uint32_t *second, size_t count, const uint32_t *moves, size_t column_count,
    uint32_t a, uint32_t b) {
  take_residuals(first, second, count, moves, column_count, a, b);
}

void itape_take_contact_residuals(
    uint32_t *first, uint32_t *second, size_t count, const int32_t *columns, size_t column_count,
    int32_t a, int32_t b, bool is_wide) {
  const uint32_t *all = (const uint32_t *)columns, c = (uint32_t)a, d = (uint32_t)b;
  if (is_wide) take_residuals_wide(first, second, count, all, column_count, c, d);
  else take_residuals(first, second, count, all, column_count, c, d);
}
