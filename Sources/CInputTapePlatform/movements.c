// SPDX-License-Identifier: Apache-2.0
//
// Movements and what guesses leave of them (Specs/Encodings.md, section 6): back side by side
// (`movement_lanes.h`), there one after another.
#include "inputtape_platform.h"

/// Compilers may add up as they like: no processor is known.
#define ORDERED(vector)
#include "movement_lanes.h"

INLINE uint32_t follow_lane(const guess *by, lane_history *past, uint32_t number) {
  uint32_t rest = number >> 1 ^ -(number & 1);
  uint32_t sum = (uint32_t)by->a * past->last + ((uint32_t)by->b * past->before + 4);
  past->before = past->last;
  past->last = (uint32_t)((int32_t)sum >> 3) + rest;
  past->position += past->last;
  return by->is_position ? past->position : past->last;
}

void itape_follow_lanes(
    const columns *all, size_t place, size_t count, const guess *by, lane_history first,
    lane_history second) {
  for (; place < count; place++) {
    all->first[place] = follow_lane(by, &first, all->first[place]);
    all->second[place] = follow_lane(by, &second, all->second[place]);
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

/// Where a contact is, its last movement, and the sum of its next guess.
typedef struct {
  uint32_t position, last, sum;
} contact_axis;

/// With the movement as its guess and what is left of that, the next sum is a times the former,
/// which is there last, and what both of the latter bring.
INLINE uint32_t follow_contact(contact_axis *past, uint32_t number, uint32_t a, uint32_t b) {
  uint32_t rest = number >> 1 ^ -(number & 1), guessed = (uint32_t)((int32_t)past->sum >> 3);
  past->sum = a * guessed + (a * rest + b * past->last + 4);
  past->last = guessed + rest;
  return past->position += past->last;
}

/// A movement to where a contact begins follows from nothing, and nothing from it.
INLINE uint32_t begin_contact(contact_axis *past, uint32_t number) {
  past->last = 0;
  past->sum = 4;
  return past->position += number >> 1 ^ -(number & 1);
}

void itape_restore_contacts(
    int32_t *first, int32_t *second, size_t count, const int32_t *contacts, const int32_t *phases,
    int32_t a, int32_t b) {
  uint32_t *xs = (uint32_t *)first, *ys = (uint32_t *)second;
  struct {
    contact_axis x, y;
  } histories[ITAPE_CONTACT_COUNT];
  for (size_t slot = 0; slot < ITAPE_CONTACT_COUNT; slot++)
    histories[slot].x = histories[slot].y = (contact_axis){.sum = 4};
  for (size_t index = 0; index < count; index++) {
    const size_t slot = (uint32_t)contacts[index] % ITAPE_CONTACT_COUNT;
    contact_axis *x = &histories[slot].x, *y = &histories[slot].y;
    if (phases[index] == 0) {
      xs[index] = begin_contact(x, xs[index]);
      ys[index] = begin_contact(y, ys[index]);
    } else {
      xs[index] = follow_contact(x, xs[index], (uint32_t)a, (uint32_t)b);
      ys[index] = follow_contact(y, ys[index], (uint32_t)a, (uint32_t)b);
    }
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
