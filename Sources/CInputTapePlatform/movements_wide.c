// SPDX-License-Identifier: Apache-2.0
//
// Movements from what guesses leave of them, for processors with AVX2 and BMI2.
#include "wide_vectors.h"

#if defined(__x86_64__)
/// An instruction that is none, and may change the vector for all that a compiler knows.
#define ORDERED(vector) __asm__("" : "+x"(vector))
#pragma clang attribute push(WIDE, apply_to = function)
#include "movement_lanes.h"

void itape_restore_linear_wide(
    const columns *all, size_t count, int32_t a, int32_t b, bool is_position) {
  restore_linear(all, count, a, b, is_position);
}

void itape_restore_beat_wide(
    const columns *all, size_t count, itape_beat beat, bool is_position) {
  restore_beat(all, count, beat, is_position);
}
#pragma clang attribute pop
#endif
