// SPDX-License-Identifier: Apache-2.0
//
// Tokens and extra bits to numbers (Specs/Encodings.md, sections 4 and 6), sixteen at a
// time, on processors with vectors of 512 bits and permutations of their bytes.
#include "inputtape_platform.h"

#if defined(__x86_64__)
#include "wide_vectors.h"

/// Where the bits of each entry end, from the first on.
WIDEST_INLINE __m512i ends_of(__m512i counts) {
  const __m512i zero = _mm512_setzero_si512();
  __m512i ends = _mm512_add_epi32(counts, _mm512_alignr_epi32(counts, zero, 15));
  ends = _mm512_add_epi32(ends, _mm512_alignr_epi32(ends, zero, 14));
  ends = _mm512_add_epi32(ends, _mm512_alignr_epi32(ends, zero, 12));
  return _mm512_add_epi32(ends, _mm512_alignr_epi32(ends, zero, 8));
}

/// Words with each entry's bits in front, of which there are up to 25, from an offset on, which
/// passes over them; as if zeros stood behind the last byte.
WIDEST_INLINE __m512i take_words(
    const void *bytes, size_t size, size_t *offset, __m512i counts) {
  __m512i ends = ends_of(counts);
  __m512i starts = _mm512_add_epi32(
      _mm512_sub_epi32(ends, counts), _mm512_set1_epi32((int)(*offset & 7)));
  const __m512i first_bytes = _mm512_set4_epi32(0x0C0C0C0C, 0x08080808, 0x04040404, 0);
  __m512i places = _mm512_shuffle_epi8(_mm512_srli_epi32(starts, 3), first_bytes);
  places = _mm512_add_epi8(places, _mm512_set1_epi32(0x03020100));
  const uint8_t *next = (const uint8_t *)bytes + (*offset >> 3);
  size_t left = size - (*offset >> 3);
  __m512i source = left >= 64 ? _mm512_loadu_si512(next)
                              : _mm512_maskz_loadu_epi8(_bzhi_u64(~0ull, (unsigned)left), next);
  __m512i words = _mm512_permutexvar_epi8(places, source);
  *offset += (unsigned)_mm_extract_epi32(_mm512_extracti32x4_epi32(ends, 3), 3);
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
    __m512i words = take_words(bytes, size, at, counts);
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

/// What sixteen pairs are made with.
typedef struct {
  __m512i first_own, second_own, below, shifts;
  __m128i shift;
} pair_constants;

/// Makes those of sixteen pairs that are there; false, and none, where that is not for this loop.
WIDEST_INLINE bool join_pairs(
    const uint8_t *tokens, __mmask16 there, const void *bytes, size_t size, size_t *at,
    pair_constants form, uint32_t *firsts, uint32_t *seconds) {
  const __m512i zero = _mm512_setzero_si512(), open = _mm512_set1_epi32(15);
  __m512i token = load_tokens(tokens, there);
  __m512i a = _mm512_srli_epi32(token, 4), b = _mm512_and_si512(token, open);
  __m512i a_counts = _mm512_max_epi32(_mm512_sub_epi32(a, form.first_own), zero);
  __m512i b_counts = _mm512_max_epi32(_mm512_sub_epi32(b, form.second_own), zero);
  __m512i counts =
      _mm512_maskz_add_epi32(there, _mm512_add_epi32(a_counts, b_counts), form.shifts);
  if (*at >> 3 > size || _mm512_cmpeq_epi32_mask(_mm512_max_epi32(a, b), open) != 0 ||
      _mm512_cmpgt_epi32_mask(counts, _mm512_set1_epi32(25)) != 0)
    return false;
  __m512i words = take_words(bytes, size, at, counts);
  __m512i a_ones = ones(a_counts), b_ones = ones(b_counts);
  __m512i b_mask = _mm512_or_si512(_mm512_sll_epi32(b_ones, form.shift), form.below);
  __m512i b_bits = _mm512_and_si512(_mm512_srlv_epi32(words, a_counts), b_mask);
  // A class's smallest number is the largest that is its own class, and as many ones more.
  __m512i a_bases = _mm512_add_epi32(_mm512_min_epi32(a, form.first_own), a_ones);
  __m512i b_bases = _mm512_add_epi32(_mm512_min_epi32(b, form.second_own), b_ones);
  _mm512_mask_storeu_epi32(
      firsts, there, _mm512_add_epi32(_mm512_and_si512(words, a_ones), a_bases));
  _mm512_mask_storeu_epi32(
      seconds, there, _mm512_add_epi32(b_bits, _mm512_sll_epi32(b_bases, form.shift)));
  return true;
}

WIDEST size_t itape_join_pairs_512(
    const uint8_t *tokens, size_t count, const void *bytes, size_t *offset, size_t size,
    itape_pair_form form, uint32_t *firsts, uint32_t *seconds) {
  const pair_constants constants = {
      .first_own = _mm512_set1_epi32((int)form.first_direct - 1),
      .second_own = _mm512_set1_epi32((int)form.second_direct - 1),
      .below = _mm512_set1_epi32((int)((1u << form.shift) - 1)),
      .shifts = _mm512_set1_epi32((int)form.shift),
      .shift = _mm_cvtsi32_si128((int)form.shift)};
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
