// SPDX-License-Identifier: Apache-2.0
//
// Tokens and extra bits to numbers (Specs/Encodings.md, sections 3 and 6), eight at a time, on
// processors with wide vectors. Elsewhere, and near the end of bits, Swift's loops do it.
#include "inputtape_platform.h"

#include <string.h>

#if defined(__x86_64__)
#include "wide_vectors.h"

WIDE_INLINE uint64_t word_at(const void *bytes, uint64_t offset) {
  uint64_t word;
  memcpy(&word, (const uint8_t *)bytes + (offset >> 3), 8);
  return word >> (offset & 7);
}

WIDE_INLINE __m256i expand_tokens(uint64_t eight) {
  return _mm256_cvtepu8_epi32(_mm_cvtsi64_si128((long long)eight));
}

/// The bits of eight entries, of which each takes the lowest: those of places 0, 1, 4, 5 and those
/// of 2, 3, 6, 7, as shuffles within halves of a register leave them.
typedef struct {
  __m256i outer, inner;
} words;

/// Finds the bits of eight entries of so many bits each, and passes over them.
WIDE_INLINE words take_words(const void *bytes, size_t *offset, __m256i counts) {
  const __m256i zero = _mm256_setzero_si256();
  // Where each entry ends, and where it starts, from the first of its four on.
  __m256i ends = _mm256_add_epi32(counts, _mm256_bslli_epi128(counts, 4));
  ends = _mm256_add_epi32(ends, _mm256_bslli_epi128(ends, 8));
  __m256i starts = _mm256_sub_epi32(ends, counts);
  uint64_t first = *offset;
  uint64_t second = first + (uint32_t)_mm256_extract_epi32(ends, 3);
  uint64_t end = second + (uint32_t)_mm256_extract_epi32(ends, 7);
  *offset = end;
  words found;
  if (second - first <= 57 && end - second <= 57) {
    __m256i both = _mm256_inserti128_si256(
        _mm256_castsi128_si256(_mm_set1_epi64x((long long)word_at(bytes, first))),
        _mm_set1_epi64x((long long)word_at(bytes, second)), 1);
    found.outer = _mm256_srlv_epi64(both, _mm256_unpacklo_epi32(starts, zero));
    found.inner = _mm256_srlv_epi64(both, _mm256_unpackhi_epi32(starts, zero));
    return found;
  }
  uint32_t from[8] __attribute__((aligned(32)));
  _mm256_store_si256((__m256i *)from, starts);
  uint64_t each[8];
  for (int k = 0; k < 8; k++) each[k] = word_at(bytes, (k < 4 ? first : second) + from[k]);
  found.outer = _mm256_set_epi64x(
      (long long)each[5], (long long)each[4], (long long)each[1], (long long)each[0]);
  found.inner = _mm256_set_epi64x(
      (long long)each[7], (long long)each[6], (long long)each[3], (long long)each[2]);
  return found;
}

/// The low halves of words, in the order of their entries.
WIDE_INLINE __m256i low_halves(words all) {
  return _mm256_castps_si256(
      _mm256_shuffle_ps(_mm256_castsi256_ps(all.outer), _mm256_castsi256_ps(all.inner), 0x88));
}

/// As many ones as each lane says, up to 31.
WIDE_INLINE __m256i ones(__m256i counts) {
  const __m256i one = _mm256_set1_epi32(1);
  return _mm256_sub_epi32(_mm256_sllv_epi32(one, counts), one);
}

WIDE_INLINE __m256i unfold(__m256i numbers) {
  __m256i sign = _mm256_sub_epi32(
      _mm256_setzero_si256(), _mm256_and_si256(numbers, _mm256_set1_epi32(1)));
  return _mm256_xor_si256(_mm256_srli_epi32(numbers, 1), sign);
}

/// Whether some of eight tokens have a half of 15.
WIDE_INLINE bool has_open(uint64_t eight) {
  uint64_t pairs = eight & eight >> 1;
  return (pairs & pairs >> 2 & 0x1111111111111111) != 0;
}

/// What eight pairs are made with.
typedef struct {
  __m256i first_own, second_own, shifts, below;
  __m128i shift;
} pair_constants;

WIDE_INLINE pair_constants constants_of(itape_pair_form form) {
  return (pair_constants){
      .first_own = _mm256_set1_epi32((int)form.first_direct - 1),
      .second_own = _mm256_set1_epi32((int)form.second_direct - 1),
      .shifts = _mm256_set1_epi32((int)form.shift),
      .below = _mm256_set1_epi32((int)((1u << form.shift) - 1)),
      .shift = _mm_cvtsi32_si128((int)form.shift)};
}

typedef struct {
  __m256i first, second;
} pairs;

/// The numbers of eight tokens without the open class.
WIDE_INLINE pairs take_pairs(
    uint64_t eight, const void *bytes, size_t *offset, pair_constants form) {
  const __m256i zero = _mm256_setzero_si256();
  __m256i token = expand_tokens(eight);
  __m256i a = _mm256_srli_epi32(token, 4);
  __m256i b = _mm256_and_si256(token, _mm256_set1_epi32(15));
  __m256i a_counts = _mm256_max_epi32(_mm256_sub_epi32(a, form.first_own), zero);
  __m256i b_counts = _mm256_max_epi32(_mm256_sub_epi32(b, form.second_own), zero);
  __m256i a_ones = ones(a_counts), b_ones = ones(b_counts);
  words all = take_words(
      bytes, offset, _mm256_add_epi32(_mm256_add_epi32(a_counts, b_counts), form.shifts));
  words rest = {
      _mm256_srlv_epi64(all.outer, _mm256_unpacklo_epi32(a_counts, zero)),
      _mm256_srlv_epi64(all.inner, _mm256_unpackhi_epi32(a_counts, zero))};
  // A class's smallest number is the largest that is its own class, and as many ones more.
  __m256i a_bases = _mm256_add_epi32(_mm256_min_epi32(a, form.first_own), a_ones);
  __m256i b_bases = _mm256_add_epi32(_mm256_min_epi32(b, form.second_own), b_ones);
  __m256i b_mask = _mm256_or_si256(_mm256_sll_epi32(b_ones, form.shift), form.below);
  return (pairs){
      _mm256_add_epi32(_mm256_and_si256(low_halves(all), a_ones), a_bases),
      _mm256_add_epi32(
          _mm256_and_si256(low_halves(rest), b_mask), _mm256_sll_epi32(b_bases, form.shift))};
}

WIDE size_t itape_join_pairs(
    const uint8_t *tokens, size_t count, const void *bytes, size_t *offset, ptrdiff_t last,
    itape_pair_form form, uint32_t *firsts, uint32_t *seconds) {
  const pair_constants constants = constants_of(form);
  size_t at = *offset;
  size_t index = 0;
  while (index + 8 <= count && (ptrdiff_t)at <= last) {
    uint64_t eight;
    memcpy(&eight, tokens + index, 8);
    if (has_open(eight)) break;
    pairs found = take_pairs(eight, bytes, &at, constants);
    _mm256_storeu_si256((__m256i *)(firsts + index), found.first);
    _mm256_storeu_si256((__m256i *)(seconds + index), found.second);
    index += 8;
  }
  *offset = at;
  return index;
}

/// A number of both axes each, in the low half of a register.
typedef struct {
  __m128i position, step;
} movement;

/// What is added to a multiple of the last step before both are divided: eight rests, multiplied,
/// and what rounds.
WIDE_INLINE __m256i addends(__m256i rests, int a) {
  switch (a) {
    case 4: return _mm256_add_epi32(_mm256_slli_epi32(rests, 1), _mm256_set1_epi32(1));
    case 6: return _mm256_add_epi32(_mm256_slli_epi32(rests, 2), _mm256_set1_epi32(2));
    default: return rests;
  }
}

/// The next position of both axes, by what the guess of `a` eighths of the last step left of them.
/// A step waits for the one before: so few instructions one after another are in it.
WIDE_INLINE __m128i move(movement *last, __m128i addend, int a, bool is_position) {
  __m128i step = last->step, sum = _mm_add_epi32(step, addend);
  switch (a) {
    case 0: step = addend; break;
    // What is multiplied and divided by eight stays, within 29 bits, and others by less.
    case 8: step = sum; break;
    case 4: step = _mm_srai_epi32(sum, 1); break;
    default: step = _mm_srai_epi32(_mm_add_epi32(_mm_add_epi32(step, step), sum), 2);
  }
  last->step = step;
  last->position = is_position ? _mm_add_epi32(last->position, step) : step;
  return last->position;
}

/// Whether steps are so long that multiples of them may pass 32 bits within eight pairs, whose
/// rests have classes and so less than 17 bits.
WIDE_INLINE bool is_far(__m128i step) {
  __m128i far = _mm_cmpgt_epi32(_mm_abs_epi32(step), _mm_set1_epi32(1 << 27));
  // The largest magnitude is its own negative.
  return (_mm_movemask_epi8(_mm_or_si128(far, _mm_srai_epi32(_mm_abs_epi32(step), 31))) & 0xFF)
         != 0;
}

WIDE_INLINE size_t restore_pairs(
    const uint8_t *tokens, size_t count, const void *bytes, size_t *offset, ptrdiff_t last,
    itape_pair_form form, int a, bool is_position, itape_movement *state, int32_t *firsts,
    int32_t *seconds) {
  const pair_constants constants = constants_of(form);
  size_t at = *offset;
  size_t index = 0;
  movement now = {
      _mm_loadl_epi64((const __m128i *)state->position),
      _mm_loadl_epi64((const __m128i *)state->step)};
  while (index + 8 <= count && (ptrdiff_t)at <= last) {
    uint64_t eight;
    memcpy(&eight, tokens + index, 8);
    if (has_open(eight) || (a != 0 && is_far(now.step))) break;
    pairs found = take_pairs(eight, bytes, &at, constants);
    __m256i x = addends(unfold(found.first), a), y = addends(unfold(found.second), a);
    // Those of places 0, 1, 4, 5 and of 2, 3, 6, 7, both axes next to each other.
    __m256i outer = _mm256_unpacklo_epi32(x, y), inner = _mm256_unpackhi_epi32(x, y);
    __m128i fours[2][2] = {
        {_mm256_castsi256_si128(outer), _mm256_castsi256_si128(inner)},
        {_mm256_extracti128_si256(outer, 1), _mm256_extracti128_si256(inner, 1)}};
#pragma clang loop unroll(full)
    for (int k = 0; k < 2; k++) {
      __m128i p0 = move(&now, fours[k][0], a, is_position);
      __m128i p1 = move(&now, _mm_bsrli_si128(fours[k][0], 8), a, is_position);
      __m128i p2 = move(&now, fours[k][1], a, is_position);
      __m128i p3 = move(&now, _mm_bsrli_si128(fours[k][1], 8), a, is_position);
      __m128i low = _mm_unpacklo_epi32(p0, p1), high = _mm_unpacklo_epi32(p2, p3);
      _mm_storeu_si128((__m128i *)(firsts + index + 4 * k), _mm_unpacklo_epi64(low, high));
      _mm_storeu_si128((__m128i *)(seconds + index + 4 * k), _mm_unpackhi_epi64(low, high));
    }
    index += 8;
  }
  _mm_storel_epi64((__m128i *)state->position, now.position);
  _mm_storel_epi64((__m128i *)state->step, now.step);
  *offset = at;
  return index;
}

WIDE size_t itape_restore_pairs(
    const uint8_t *tokens, size_t count, const void *bytes, size_t *offset, ptrdiff_t last,
    itape_pair_form form, int32_t a, bool is_position, itape_movement *state, int32_t *firsts,
    int32_t *seconds) {
  // Constants, so that the loops are compiled for them.
#define RESTORE(a, is_position) \
  restore_pairs( \
      tokens, count, bytes, offset, last, form, a, is_position, state, firsts, seconds)
  switch (2 * a + is_position) {
    case 0: return RESTORE(0, false);
    case 1: return RESTORE(0, true);
    case 9: return RESTORE(4, true);
    case 13: return RESTORE(6, true);
    case 16: return RESTORE(8, false);
    case 17: return RESTORE(8, true);
    default: return 0;
  }
#undef RESTORE
}

WIDE size_t itape_join_numbers(
    const uint8_t *tokens, size_t count, const void *bytes, size_t *offset, ptrdiff_t last,
    itape_token_form form, uint64_t *numbers) {
  const int split = (int)form.split, detail = (int)form.detail;
  const __m128i details = _mm_cvtsi32_si128(detail);
  const __m256i own = _mm256_set1_epi32(1 << split);
  const __m256i lowest = _mm256_set1_epi32(split - detail);
  const __m256i top = _mm256_set1_epi32(1 << detail);
  const __m256i below = _mm256_set1_epi32((1 << detail) - 1);
  // Of tokens up to this one numbers are below 2^31.
  const int most = (1 << split) + ((31 - split) << detail) - 1;
  const __m128i large = _mm_set1_epi8((char)(most < 255 ? most : 255));
  size_t at = *offset;
  size_t index = 0;
  while (index + 8 <= count) {
    uint64_t eight;
    memcpy(&eight, tokens + index, 8);
    __m128i packed = _mm_cvtsi64_si128((long long)eight);
    if (_mm_movemask_epi8(_mm_cmpeq_epi8(_mm_max_epu8(packed, large), large)) != 0xFFFF) break;
    __m256i token = expand_tokens(eight);
    __m256i rest = _mm256_sub_epi32(token, own);
    __m256i is_own = _mm256_cmpgt_epi32(own, token);
    __m256i counts = _mm256_andnot_si256(
        is_own, _mm256_add_epi32(_mm256_srl_epi32(rest, details), lowest));
    __m256i highs = _mm256_add_epi32(_mm256_and_si256(rest, below), top);
    __m256i bases = _mm256_sllv_epi32(_mm256_blendv_epi8(highs, token, is_own), counts);
    __m256i values = bases;
    // Many columns have next to no bits.
    if (!_mm256_testz_si256(counts, counts)) {
      if ((ptrdiff_t)at > last) break;
      words all = take_words(bytes, &at, counts);
      values = _mm256_or_si256(_mm256_and_si256(low_halves(all), ones(counts)), bases);
    }
    _mm256_storeu_si256(
        (__m256i *)(numbers + index), _mm256_cvtepu32_epi64(_mm256_castsi256_si128(values)));
    _mm256_storeu_si256(
        (__m256i *)(numbers + index + 4),
        _mm256_cvtepu32_epi64(_mm256_extracti128_si256(values, 1)));
    index += 8;
  }
  *offset = at;
  return index;
}
#else
size_t itape_join_pairs(
    const uint8_t *tokens, size_t count, const void *bytes, size_t *offset, ptrdiff_t last,
    itape_pair_form form, uint32_t *firsts, uint32_t *seconds) {
  (void)tokens, (void)count, (void)bytes, (void)offset, (void)last, (void)form;
  (void)firsts, (void)seconds;
  return 0;
}

size_t itape_restore_pairs(
    const uint8_t *tokens, size_t count, const void *bytes, size_t *offset, ptrdiff_t last,
    itape_pair_form form, int32_t a, bool is_position, itape_movement *state, int32_t *firsts,
    int32_t *seconds) {
  (void)tokens, (void)count, (void)bytes, (void)offset, (void)last, (void)form;
  (void)a, (void)is_position, (void)state, (void)firsts, (void)seconds;
  return 0;
}

size_t itape_join_numbers(
    const uint8_t *tokens, size_t count, const void *bytes, size_t *offset, ptrdiff_t last,
    itape_token_form form, uint64_t *numbers) {
  (void)tokens, (void)count, (void)bytes, (void)offset, (void)last, (void)form, (void)numbers;
  return 0;
}
#endif
