// SPDX-License-Identifier: Apache-2.0
//
// Codes that are held (Specs/Encodings.md, section 6), sixteen events at a time, on processors with
// vectors of 512 bits. All presses stand in one queue: those that are held are a part of it, and a
// release takes the first of them, where another is released after that has moved in front.
#include "inputtape_platform.h"

#if defined(__x86_64__)
#include "wide_vectors.h"

/// Sixteen events, and the queue from the oldest code that is held on.
typedef struct {
  __mmask16 presses, releases, released_lanes;
  unsigned held, press_count, release_count;
  __m512i queue;
} sixteen;

/// The same queue with those in front that are released, in the order in which they are.
typedef struct {
  __m512i queue;
  /// Where each stood before, as a bit.
  __m512i origins;
  bool has_moved;
} release_order;

WIDEST_INLINE __m512i lanes(void) {
  return _mm512_set_epi32(15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
}

WIDEST_INLINE __m512i lane_bits(void) { return _mm512_sllv_epi32(_mm512_set1_epi32(1), lanes()); }

WIDEST_INLINE __mmask16 first_lanes(unsigned count) { return (__mmask16)((1u << count) - 1); }

/// Takes sixteen events; false where some are no presses or releases, or all that is held does not
/// fit into one vector.
WIDEST_INLINE bool take_block(
    const int32_t *states, const int32_t *queue, const itape_held_place *place, sixteen *now) {
  __m512i all = _mm512_loadu_si512(states + place->event);
  now->presses = _mm512_cmpeq_epi32_mask(all, _mm512_set1_epi32(1));
  now->releases = _mm512_testn_epi32_mask(all, all);
  now->press_count = (unsigned)__builtin_popcount(now->presses);
  now->release_count = (unsigned)__builtin_popcount(now->releases);
  size_t held = place->press - place->oldest;
  if (now->press_count + now->release_count != 16 || held + now->press_count > 16) {
    return false;
  }
  now->held = (unsigned)held;
  now->released_lanes = first_lanes(now->release_count);
  now->queue = _mm512_loadu_si512(queue + place->oldest);
  return true;
}

/// Moves what stands in lane `from` to lane `to`, in front of it.
WIDEST_INLINE __m512i move_lane(__m512i vector, unsigned from, unsigned to) {
  __m512i moved = _mm512_permutexvar_epi32(_mm512_set1_epi32((int)from), vector);
  __m512i rest = _mm512_maskz_compress_epi32((__mmask16)~(1u << from), vector);
  return _mm512_mask_expand_epi32(moved, (__mmask16)~(1u << to), rest);
}

WIDEST_INLINE void move_forward(release_order *order, unsigned from, unsigned to) {
  order->queue = move_lane(order->queue, from, to);
  order->origins = move_lane(order->origins, from, to);
  order->has_moved = true;
}

/// Whether each release has so many older ones held, and one more.
WIDEST_INLINE bool are_held(const sixteen *now, __m512i older) {
  __m512i before = _mm512_maskz_compress_epi32(now->releases, lanes());
  __m512i held = _mm512_sub_epi32(
      _mm512_add_epi32(before, _mm512_set1_epi32((int)now->held)),
      _mm512_slli_epi32(lanes(), 1));
  held = _mm512_max_epi32(held, _mm512_setzero_si512());
  return _mm512_mask_cmplt_epu32_mask(now->released_lanes, older, held) ==
         now->released_lanes;
}

/// Whether no press is of a code that is held then.
WIDEST_INLINE bool are_new(const sixteen *now, const release_order *order) {
  const __m512i zero = _mm512_setzero_si512();
  // What is still held after so many releases, as bits.
  __m512i kept;
  if (order->has_moved) {
    __m512i gone = _mm512_alignr_epi32(order->origins, zero, 15);
    gone = _mm512_or_si512(gone, _mm512_alignr_epi32(gone, zero, 15));
    gone = _mm512_or_si512(gone, _mm512_alignr_epi32(gone, zero, 14));
    gone = _mm512_or_si512(gone, _mm512_alignr_epi32(gone, zero, 12));
    gone = _mm512_or_si512(gone, _mm512_alignr_epi32(gone, zero, 8));
    kept = _mm512_andnot_si512(gone, _mm512_set1_epi32(0xFFFF));
  } else {
    kept = _mm512_sub_epi32(zero, lane_bits());
  }
  __mmask16 pressed = (__mmask16)(first_lanes(now->press_count) << now->held);
  __m512i before = _mm512_sub_epi32(
      _mm512_maskz_compress_epi32(now->presses, lanes()), lanes());
  before = _mm512_maskz_expand_epi32(pressed, before);
  __m512i same = _mm512_conflict_epi32(now->queue);
  return _mm512_mask_test_epi32_mask(
             pressed, same, _mm512_permutexvar_epi32(before, kept)) == 0;
}

/// Passes over sixteen events, and leaves what is held in the queue.
WIDEST_INLINE void pass(
    const sixteen *now, const release_order *order, int32_t *queue, itape_held_place *place) {
  if (order->has_moved) _mm512_storeu_si512(queue + place->oldest, order->queue);
  place->event += 16;
  place->oldest += now->release_count;
  place->press += now->press_count;
  place->other += now->release_count;
}

WIDEST void itape_follow_held_512(
    const int32_t *states, size_t count, int32_t *queue, const uint64_t *others, int32_t *codes,
    itape_held_place *place) {
  itape_held_place at = *place;
  sixteen now;
  while (at.event + 16 <= count && take_block(states, queue, &at, &now)) {
    const uint64_t *from = others + at.other;
    __m512i low = _mm512_maskz_loadu_epi64((__mmask8)now.released_lanes, from);
    __m512i high = _mm512_maskz_loadu_epi64((__mmask8)(now.released_lanes >> 8), from + 8);
    __m512i older = _mm512_inserti64x4(
        _mm512_castsi256_si512(_mm512_cvtusepi64_epi32(low)), _mm512_cvtusepi64_epi32(high), 1);
    if (!are_held(&now, older)) break;
    release_order order = {now.queue, lane_bits(), false};
    for (unsigned rest = _mm512_test_epi32_mask(older, older); rest != 0; rest &= rest - 1) {
      unsigned to = (unsigned)__builtin_ctz(rest);
      move_forward(&order, to + (unsigned)from[to], to);
    }
    if (!are_new(&now, &order)) break;
    __m512i pressed = _mm512_maskz_compress_epi32(
        (__mmask16)(0xFFFFu << now.held), now.queue);
    __m512i found = _mm512_maskz_expand_epi32(now.presses, pressed);
    found = _mm512_mask_expand_epi32(found, now.releases, order.queue);
    _mm512_storeu_si512(codes + at.event, found);
    pass(&now, &order, queue, &at);
  }
  *place = at;
}

/// Moves each release's code to the front; false where one is nowhere.
///
/// - older: how many stood before each, of those that were not released.
WIDEST_INLINE bool find_releases(
    const sixteen *now, const int32_t *codes, release_order *order, __m512i *older) {
  __m512i wanted = _mm512_maskz_loadu_epi32(now->released_lanes, codes);
  *older = _mm512_setzero_si512();
  unsigned wrong;
  while ((wrong = _mm512_mask_cmpneq_epi32_mask(
              now->released_lanes, wanted, order->queue)) != 0) {
    unsigned to = (unsigned)__builtin_ctz(wrong);
    unsigned same = _mm512_cmpeq_epi32_mask(order->queue, _mm512_set1_epi32(codes[to]));
    same &= ~1u << to;
    if (same == 0) return false;
    unsigned from = (unsigned)__builtin_ctz(same);
    *older = _mm512_mask_set1_epi32(*older, (__mmask16)(1u << to), (int)(from - to));
    move_forward(order, from, to);
  }
  return true;
}

WIDEST void itape_find_held_512(
    const int32_t *states, size_t count, int32_t *queue, const int32_t *released, uint64_t *others,
    itape_held_place *place) {
  itape_held_place at = *place;
  sixteen now;
  while (at.event + 16 <= count && take_block(states, queue, &at, &now)) {
    release_order order = {now.queue, lane_bits(), false};
    __m512i older;
    if (!find_releases(&now, released + at.other, &order, &older)) break;
    if (!are_held(&now, older) || !are_new(&now, &order)) break;
    uint64_t *target = others + at.other;
    _mm512_mask_storeu_epi64(
        target, (__mmask8)now.released_lanes,
        _mm512_cvtepu32_epi64(_mm512_castsi512_si256(older)));
    _mm512_mask_storeu_epi64(
        target + 8, (__mmask8)(now.released_lanes >> 8),
        _mm512_cvtepu32_epi64(_mm512_extracti64x4_epi64(older, 1)));
    pass(&now, &order, queue, &at);
  }
  *place = at;
}

WIDEST size_t itape_split_held_512(
    const int32_t *codes, const int32_t *states, size_t count, int32_t *presses, int32_t *others) {
  size_t press = 0;
  size_t index = 0;
  for (; index + 16 <= count; index += 16) {
    __m512i some = _mm512_loadu_si512(codes + index);
    __mmask16 down = _mm512_cmpeq_epi32_mask(
        _mm512_loadu_si512(states + index), _mm512_set1_epi32(1));
    _mm512_storeu_si512(presses + press, _mm512_maskz_compress_epi32(down, some));
    _mm512_storeu_si512(
        others + (index - press), _mm512_maskz_compress_epi32((__mmask16)~down, some));
    press += (unsigned)__builtin_popcount(down);
  }
  return press;
}

WIDEST size_t itape_skip_seen_512(const int32_t *codes, size_t count, const uint64_t seen[4]) {
  const __m512i set = _mm512_castsi256_si512(_mm256_loadu_si256((const __m256i *)seen));
  const __m512i one = _mm512_set1_epi32(1), seven = _mm512_set1_epi32(7);
  for (; count >= 16; count -= 16) {
    __m512i all = _mm512_loadu_si512(codes + count - 16);
    __m512i rest = _mm512_srli_epi32(all, 3);
    // Of a code that is 256 or more another's bit is found, and is not looked at.
    __m512i bits = _mm512_srlv_epi32(
        _mm512_permutexvar_epi8(rest, set), _mm512_and_si512(all, seven));
    __mmask16 known = _mm512_mask_test_epi32_mask(
        _mm512_cmplt_epu32_mask(all, _mm512_set1_epi32(256)), bits, one);
    if (known != 0xFFFF) return count - (unsigned)__builtin_clz((unsigned)~known << 16);
  }
  return count;
}
#else
size_t itape_skip_seen_512(const int32_t *codes, size_t count, const uint64_t seen[4]) {
  (void)codes, (void)seen;
  return count;
}

size_t itape_split_held_512(
    const int32_t *codes, const int32_t *states, size_t count, int32_t *presses, int32_t *others) {
  (void)codes, (void)states, (void)count, (void)presses, (void)others;
  return 0;
}

void itape_follow_held_512(
    const int32_t *states, size_t count, int32_t *queue, const uint64_t *others, int32_t *codes,
    itape_held_place *place) {
  (void)states, (void)count, (void)queue, (void)others, (void)codes, (void)place;
}

void itape_find_held_512(
    const int32_t *states, size_t count, int32_t *queue, const int32_t *released, uint64_t *others,
    itape_held_place *place) {
  (void)states, (void)count, (void)queue, (void)released, (void)others, (void)place;
}
#endif
