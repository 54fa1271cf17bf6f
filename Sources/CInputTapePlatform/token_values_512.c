// SPDX-License-Identifier: Apache-2.0
//
// Tokens and extra bits to numbers (Specs/Encodings.md, sections 4 and 6), sixteen at a
// time, on processors with vectors of 512 bits and permutations of their bytes.
#include "inputtape_platform.h"

#if defined(__x86_64__)
#include "wide_vectors.h"

/// Words with each entry's bits in front, of which there are up to 25, from an offset on, which
/// passes over them; as if zeros stood behind the last byte.
WIDEST_INLINE __m512i take_words(
    const void *bytes, size_t size, size_t *offset, __m128i counts) {
  // Where the bits of each entry end, in each half.
  __m128i ends = _mm_add_epi8(counts, _mm_slli_epi64(counts, 8));
  ends = _mm_add_epi8(ends, _mm_slli_epi64(ends, 16));
  ends = _mm_add_epi8(ends, _mm_slli_epi64(ends, 32));
  unsigned low = (unsigned)_mm_extract_epi8(ends, 7), high = (unsigned)_mm_extract_epi8(ends, 15);
  __m512i starts = _mm512_add_epi32(
      _mm512_cvtepu8_epi32(_mm_sub_epi8(ends, counts)), _mm512_set1_epi32((int)(*offset & 7)));
  starts = _mm512_mask_add_epi32(starts, 0xFF00, starts, _mm512_set1_epi32((int)low));
  const __m512i first_bytes = _mm512_set4_epi32(0x0C0C0C0C, 0x08080808, 0x04040404, 0);
  __m512i places = _mm512_shuffle_epi8(_mm512_srli_epi32(starts, 3), first_bytes);
  places = _mm512_add_epi8(places, _mm512_set1_epi32(0x03020100));
  const uint8_t *next = (const uint8_t *)bytes + (*offset >> 3);
  size_t left = size - (*offset >> 3);
  __m512i source = left >= 64 ? _mm512_loadu_si512(next)
                              : _mm512_maskz_loadu_epi8(_bzhi_u64(~0ull, (unsigned)left), next);
  __m512i words = _mm512_permutexvar_epi8(places, source);
  *offset += low + high;
  return _mm512_srlv_epi32(words, _mm512_and_si512(starts, _mm512_set1_epi32(7)));
}

/// As many ones as each lane says, up to 31.
WIDEST_INLINE __m512i ones(__m512i counts) {
  return _mm512_andnot_si512(
      _mm512_sllv_epi32(_mm512_set1_epi32(-1), counts), _mm512_set1_epi32(-1));
}

/// Sixteen, and those of sixteen that are there.
static const __mmask16 all = 0xFFFF;

WIDEST_INLINE __mmask16 those_of(size_t count) {
  return (__mmask16)_bzhi_u32(all, (unsigned)count);
}

WIDEST_INLINE __m512i load_tokens(const uint8_t *tokens, __mmask16 there) {
  return _mm512_cvtepu8_epi32(_mm_maskz_loadu_epi8(there, tokens));
}

/// What sixteen numbers are made with.
typedef struct {
  __m512i own, lowest, top, below;
  __m128i details;
} number_constants;

/// Makes those of sixteen numbers that are there; false, and none, where that is not for this loop.
WIDEST_INLINE bool join_numbers(
    const uint8_t *tokens, __mmask16 there, const void *bytes, size_t size, size_t *at,
    number_constants form, uint64_t *numbers) {
  __m512i values = load_tokens(tokens, there);
  __mmask16 classed = _mm512_cmpge_epi32_mask(values, form.own);
  // Many columns have next to no bits.
  if (classed != 0) {
    __m512i rest = _mm512_sub_epi32(values, form.own);
    __m512i counts =
        _mm512_maskz_add_epi32(classed, _mm512_srl_epi32(rest, form.details), form.lowest);
    if (*at >> 3 > size || _mm512_cmpgt_epi32_mask(counts, _mm512_set1_epi32(25)) != 0)
      return false;
    __m512i highs = _mm512_add_epi32(_mm512_and_si512(rest, form.below), form.top);
    __m512i words = take_words(bytes, size, at, _mm512_cvtepi32_epi8(counts));
    values = _mm512_mask_sllv_epi32(values, classed, highs, counts);
    values = _mm512_or_si512(values, _mm512_and_si512(words, ones(counts)));
  }
  _mm512_mask_storeu_epi64(
      numbers, (__mmask8)there, _mm512_cvtepu32_epi64(_mm512_castsi512_si256(values)));
  _mm512_mask_storeu_epi64(
      numbers + 8, (__mmask8)(there >> 8),
      _mm512_cvtepu32_epi64(_mm512_extracti64x4_epi64(values, 1)));
  return true;
}

WIDEST size_t itape_join_numbers_512(
    const uint8_t *tokens, size_t count, const void *bytes, size_t *offset, size_t size,
    itape_token_form form, uint64_t *numbers) {
  const int split = (int)form.split, detail = (int)form.detail;
  const number_constants constants = {
      .own = _mm512_set1_epi32(1 << split),
      .lowest = _mm512_set1_epi32(split - detail),
      .top = _mm512_set1_epi32(1 << detail),
      .below = _mm512_set1_epi32((1 << detail) - 1),
      .details = _mm_cvtsi32_si128(detail)};
  size_t at = *offset, index = 0;
  while (index + 16 <= count &&
         join_numbers(tokens + index, all, bytes, size, &at, constants, numbers + index))
    index += 16;
  if (index < count && count - index < 16 &&
      join_numbers(
          tokens + index, those_of(count - index), bytes, size, &at, constants, numbers + index))
    index = count;
  *offset = at;
  return index;
}

/// What sixteen pairs are made with: by class, how many bits the first number takes (an open one
/// more than there may be), which of these are its own, and what they are added to; the same of the
/// second.
typedef struct {
  __m128i first_counts, second_counts;
  __m512i first_shifts, first_ones, first_bases, second_ones, second_bases;
} pair_constants;

WIDEST_INLINE pair_constants constants_of(itape_pair_form form) {
  const __m512i numbers =
      _mm512_set_epi32(15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
  const __m512i first_own = _mm512_set1_epi32((int)form.first_direct - 1);
  const __m512i second_own = _mm512_set1_epi32((int)form.second_direct - 1);
  const __m512i zero = _mm512_setzero_si512();
  const __m128i shift = _mm_cvtsi32_si128((int)form.shift);
  const __m512i below = _mm512_set1_epi32((int)((1u << form.shift) - 1));
  __m512i first = _mm512_max_epi32(_mm512_sub_epi32(numbers, first_own), zero);
  __m512i second = _mm512_max_epi32(_mm512_sub_epi32(numbers, second_own), zero);
  const __m512i open = _mm512_maskz_set1_epi32(1u << 15, 100);
  // A class's smallest number is the largest that is its own class, and as many ones more.
  return (pair_constants){
      .first_counts = _mm512_cvtepi32_epi8(_mm512_add_epi32(first, open)),
      .second_counts = _mm512_cvtepi32_epi8(_mm512_add_epi32(
          _mm512_add_epi32(second, open), _mm512_set1_epi32((int)form.shift))),
      .first_shifts = first,
      .first_ones = ones(first),
      .first_bases = _mm512_add_epi32(_mm512_min_epi32(numbers, first_own), ones(first)),
      .second_ones = _mm512_or_si512(_mm512_sll_epi32(ones(second), shift), below),
      .second_bases = _mm512_sll_epi32(
          _mm512_add_epi32(_mm512_min_epi32(numbers, second_own), ones(second)), shift)};
}

/// Makes those of sixteen pairs that are there; false, and none, where that is not for this loop.
WIDEST_INLINE bool join_pairs(
    const uint8_t *tokens, __mmask16 there, const void *bytes, size_t size, size_t *at,
    pair_constants form, uint32_t *firsts, uint32_t *seconds) {
  const __m128i nibble = _mm_set1_epi8(15);
  __m128i packed = _mm_maskz_loadu_epi8(there, tokens);
  __m128i highs = _mm_and_si128(_mm_srli_epi16(packed, 4), nibble);
  __m128i counts = _mm_maskz_add_epi8(
      there, _mm_shuffle_epi8(form.first_counts, highs),
      _mm_shuffle_epi8(form.second_counts, _mm_and_si128(packed, nibble)));
  __m512i second = _mm512_cvtepu8_epi32(packed), first = _mm512_srli_epi32(second, 4);
  // Many columns have next to no bits.
  if (_mm_test_epi8_mask(counts, counts) == 0) {
    _mm512_mask_storeu_epi32(firsts, there, first);
    _mm512_mask_storeu_epi32(
        seconds, there, _mm512_and_si512(second, _mm512_set1_epi32(15)));
    return true;
  }
  if (*at >> 3 > size || _mm_cmpgt_epu8_mask(counts, _mm_set1_epi8(25)) != 0) return false;
  __m512i words = take_words(bytes, size, at, counts);
  __m512i rest = _mm512_srlv_epi32(words, _mm512_permutexvar_epi32(first, form.first_shifts));
  _mm512_mask_storeu_epi32(
      firsts, there,
      _mm512_add_epi32(
          _mm512_and_si512(words, _mm512_permutexvar_epi32(first, form.first_ones)),
          _mm512_permutexvar_epi32(first, form.first_bases)));
  _mm512_mask_storeu_epi32(
      seconds, there,
      _mm512_add_epi32(
          _mm512_and_si512(rest, _mm512_permutexvar_epi32(second, form.second_ones)),
          _mm512_permutexvar_epi32(second, form.second_bases)));
  return true;
}

WIDEST size_t itape_join_pairs_512(
    const uint8_t *tokens, size_t count, const void *bytes, size_t *offset, size_t size,
    itape_pair_form form, uint32_t *firsts, uint32_t *seconds) {
  const pair_constants constants = constants_of(form);
  size_t at = *offset, index = 0;
  while (index + 16 <= count &&
         join_pairs(
             tokens + index, all, bytes, size, &at, constants, firsts + index, seconds + index))
    index += 16;
  if (index < count && count - index < 16 &&
      join_pairs(
          tokens + index, those_of(count - index), bytes, size, &at, constants, firsts + index,
          seconds + index))
    index = count;
  *offset = at;
  return index;
}
#else
size_t itape_join_pairs_512(
    const uint8_t *tokens, size_t count, const void *bytes, size_t *offset, size_t size,
    itape_pair_form form, uint32_t *firsts, uint32_t *seconds) {
  (void)tokens, (void)count, (void)bytes, (void)offset, (void)size, (void)form;
  (void)firsts, (void)seconds;
  return 0;
}

size_t itape_join_numbers_512(
    const uint8_t *tokens, size_t count, const void *bytes, size_t *offset, size_t size,
    itape_token_form form, uint64_t *numbers) {
  (void)tokens, (void)count, (void)bytes, (void)offset, (void)size, (void)form, (void)numbers;
  return 0;
}
#endif
