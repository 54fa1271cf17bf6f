// SPDX-License-Identifier: Apache-2.0
//
// Sixteen pairs to tokens and extra bits (Specs/Encodings.md, section 6), on processors with
// vectors of 512 bits.
#pragma once
#include "inputtape_platform.h"

#include <string.h>

#if defined(__x86_64__)
#include "wide_vectors.h"

typedef struct {
  __m512i numbers, counts, extras;
} classes;

/// The classes of sixteen numbers, beyond 14 those of the open class.
WIDEST_INLINE classes classify(__m512i values, __m512i direct) {
  const __m512i one = _mm512_set1_epi32(1);
  __m512i last_own = _mm512_sub_epi32(direct, one);
  // One and how far a number is beyond those that are their own class, if it is.
  __m512i measure = _mm512_sub_epi32(
      _mm512_max_epu32(values, last_own), _mm512_sub_epi32(last_own, one));
  classes found;
  // The largest number of 32 bits may have the measure 0, and the largest class.
  found.counts = _mm512_sub_epi32(_mm512_set1_epi32(31), _mm512_lzcnt_epi32(measure));
  found.extras = _mm512_andnot_si512(_mm512_sllv_epi32(one, found.counts), measure);
  found.numbers = _mm512_add_epi32(_mm512_min_epu32(values, last_own), found.counts);
  return found;
}

/// Bits and their counts, in lanes of 64 bits.
typedef struct {
  __m512i bits, counts;
} lots;

WIDEST_INLINE lots join(lots first, lots second) {
  return (lots){
      _mm512_or_si512(first.bits, _mm512_sllv_epi64(second.bits, first.counts)),
      _mm512_add_epi64(first.counts, second.counts)};
}

/// Bits of entries of 32 bits each, of even and of odd places.
WIDEST_INLINE lots even_lots(__m512i bits, __m512i counts) {
  const __m512i half = _mm512_set1_epi64(0xFFFFFFFF);
  return (lots){_mm512_and_si512(bits, half), _mm512_and_si512(counts, half)};
}

WIDEST_INLINE lots odd_lots(__m512i bits, __m512i counts) {
  return (lots){_mm512_srli_epi64(bits, 32), _mm512_srli_epi64(counts, 32)};
}

/// Appends the bits of every lane, or of every second one; no lane has more than 56.
WIDEST_INLINE void append_lanes(itape_bits *bits, lots lanes, size_t step, void *bytes) {
  uint64_t values[8] __attribute__((aligned(64))), counts[8] __attribute__((aligned(64)));
  _mm512_store_si512(values, lanes.bits);
  _mm512_store_si512(counts, lanes.counts);
  for (size_t k = 0; k < 8; k += step) append(bits, values[k], counts[k], bytes);
}

WIDEST_INLINE bool are_short(lots lanes, __mmask8 some) {
  return _mm512_mask_cmpgt_epi64_mask(some, lanes.counts, _mm512_set1_epi64(56)) == 0;
}

/// Appends the bits of sixteen entries, of up to 46 each, which are also there two by two.
WIDEST_INLINE void append_twos(itape_bits *bits, lots two, lots even, lots odd, void *bytes) {
  lots four = join(
      two, (lots){_mm512_bsrli_epi128(two.bits, 8), _mm512_bsrli_epi128(two.counts, 8)});
  if (are_short(four, 0x55)) {
    append_lanes(bits, four, 2, bytes);
  } else if (are_short(two, 0xFF)) {
    append_lanes(bits, two, 1, bytes);
  } else {
    const __m512i low = _mm512_set_epi64(11, 3, 10, 2, 9, 1, 8, 0);
    const __m512i high = _mm512_set_epi64(15, 7, 14, 6, 13, 5, 12, 4);
    for (int k = 0; k < 2; k++) {
      __m512i places = k ? high : low;
      lots lanes = {
          _mm512_permutex2var_epi64(even.bits, places, odd.bits),
          _mm512_permutex2var_epi64(even.counts, places, odd.counts)};
      append_lanes(bits, lanes, 1, bytes);
    }
  }
}

/// Appends the bits of sixteen entries, of up to 46 each, in lanes of 64 bits.
WIDEST_INLINE void append_lots(itape_bits *bits, lots even, lots odd, void *bytes) {
  append_twos(bits, join(even, odd), even, odd, bytes);
}

/// Appends the bits of sixteen entries, of up to 32 each.
WIDEST_INLINE void append_sixteen(itape_bits *bits, __m512i extras, __m512i counts, void *bytes) {
  lots even = even_lots(extras, counts);
  lots two = {
      _mm512_or_si512(even.bits, _mm512_sllv_epi64(_mm512_srli_epi64(extras, 32), even.counts)),
      _mm512_sad_epu8(counts, _mm512_setzero_si512())};
  append_twos(bits, two, even, odd_lots(extras, counts), bytes);
}

/// What sixteen pairs are split by.
typedef struct {
  __m512i first_direct, second_direct, shifts, below;
  __m128i shift;
} pair_constants;

WIDEST_INLINE pair_constants constants_of(itape_pair_form form) {
  return (pair_constants){
      .first_direct = _mm512_set1_epi32((int)form.first_direct),
      .second_direct = _mm512_set1_epi32((int)form.second_direct),
      .shifts = _mm512_set1_epi32((int)form.shift),
      .below = _mm512_set1_epi32((int)((1u << form.shift) - 1)),
      .shift = _mm_cvtsi32_si128((int)form.shift)};
}

/// Sixteen pairs on their way to tokens and bits.
typedef struct {
  classes first, second;
  __m512i low_bits;
} pairs;

WIDEST_INLINE pairs split(__m512i firsts, __m512i seconds, pair_constants form) {
  return (pairs){
      .first = classify(firsts, form.first_direct),
      .second = classify(_mm512_srl_epi32(seconds, form.shift), form.second_direct),
      .low_bits = _mm512_and_si512(seconds, form.below)};
}

/// A bit for each pair that has a number of the open class.
WIDEST_INLINE __mmask16 large_pairs(pairs all) {
  return _mm512_cmpgt_epu32_mask(
      _mm512_max_epu32(all.first.numbers, all.second.numbers), _mm512_set1_epi32(14));
}

/// Whether some of sixteen pairs have bits, where none are below a shift.
WIDEST_INLINE bool have_bits(__m512i firsts, __m512i seconds, pair_constants form) {
  return (_mm512_cmpge_epu32_mask(firsts, form.first_direct) |
          _mm512_cmpge_epu32_mask(seconds, form.second_direct)) != 0;
}

/// Tokens of two classes each.
WIDEST_INLINE __m128i token_bytes(__m512i firsts, __m512i seconds) {
  return _mm512_cvtepi32_epi8(_mm512_or_si512(_mm512_slli_epi32(firsts, 4), seconds));
}

WIDEST_INLINE __m128i tokens_of(pairs all) {
  return token_bytes(all.first.numbers, all.second.numbers);
}

/// Appends the bits of some pairs: the first number's, then the second's behind those below the
/// shift.
WIDEST_INLINE void append_pairs(
    itape_bits *bits, pairs all, __mmask16 some, pair_constants form, bool has_shift, void *bytes) {
  __m512i counts = _mm512_maskz_mov_epi32(some, all.first.counts);
  __m512i extras = _mm512_maskz_mov_epi32(some, all.first.extras);
  __m512i others = _mm512_maskz_mov_epi32(some, all.second.extras);
  __m512i other_counts = _mm512_maskz_add_epi32(some, all.second.counts, form.shifts);
  if (has_shift) {
    others = _mm512_maskz_or_epi32(some, _mm512_sll_epi32(others, form.shift), all.low_bits);
    append_lots(
        bits, join(even_lots(extras, counts), even_lots(others, other_counts)),
        join(odd_lots(extras, counts), odd_lots(others, other_counts)), bytes);
  } else {
    // Both numbers have up to 28 bits.
    extras = _mm512_or_si512(extras, _mm512_sllv_epi32(others, counts));
    counts = _mm512_add_epi32(counts, other_counts);
    append_sixteen(bits, extras, counts, bytes);
  }
}
#endif
