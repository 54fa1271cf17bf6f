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
/// passes over them; 64 bytes are read.
WIDEST_INLINE __m512i take_words(const void *bytes, size_t *offset, __m512i counts) {
  __m512i ends = ends_of(counts);
  __m512i starts = _mm512_add_epi32(
      _mm512_sub_epi32(ends, counts), _mm512_set1_epi32((int)(*offset & 7)));
  const __m512i first_bytes = _mm512_set4_epi32(0x0C0C0C0C, 0x08080808, 0x04040404, 0);
  __m512i places = _mm512_shuffle_epi8(_mm512_srli_epi32(starts, 3), first_bytes);
  places = _mm512_add_epi8(places, _mm512_set1_epi32(0x03020100));
  __m512i words = _mm512_permutexvar_epi8(
      places, _mm512_loadu_si512((const uint8_t *)bytes + (*offset >> 3)));
  *offset += (unsigned)_mm_extract_epi32(_mm512_extracti32x4_epi32(ends, 3), 3);
  return _mm512_srlv_epi32(words, _mm512_and_si512(starts, _mm512_set1_epi32(7)));
}

/// As many ones as each lane says, up to 31.
WIDEST_INLINE __m512i ones(__m512i counts) {
  return _mm512_andnot_si512(
      _mm512_sllv_epi32(_mm512_set1_epi32(-1), counts), _mm512_set1_epi32(-1));
}

WIDEST size_t itape_join_numbers_512(
    const uint8_t *tokens, size_t count, const void *bytes, size_t *offset, ptrdiff_t last,
    itape_token_form form, uint64_t *numbers) {
  const int split = (int)form.split, detail = (int)form.detail;
  const __m128i details = _mm_cvtsi32_si128(detail);
  const __m512i own = _mm512_set1_epi32(1 << split), lowest = _mm512_set1_epi32(split - detail);
  const __m512i top = _mm512_set1_epi32(1 << detail);
  const __m512i below = _mm512_set1_epi32((1 << detail) - 1);
  size_t at = *offset;
  size_t index = 0;
  for (; index + 16 <= count; index += 16) {
    __m128i packed = _mm_loadu_si128((const __m128i *)(tokens + index));
    __m512i values = _mm512_cvtepu8_epi32(packed);
    __mmask16 classed = _mm512_cmpge_epi32_mask(values, own);
    // Many columns have next to no bits.
    if (classed != 0) {
      __m512i rest = _mm512_sub_epi32(values, own);
      __m512i counts = _mm512_maskz_add_epi32(classed, _mm512_srl_epi32(rest, details), lowest);
      if ((ptrdiff_t)at > last ||
          _mm512_cmpgt_epi32_mask(counts, _mm512_set1_epi32(25)) != 0) {
        break;
      }
      __m512i highs = _mm512_add_epi32(_mm512_and_si512(rest, below), top);
      __m512i words = take_words(bytes, &at, counts);
      values = _mm512_mask_sllv_epi32(values, classed, highs, counts);
      values = _mm512_or_si512(values, _mm512_and_si512(words, ones(counts)));
    }
    _mm512_storeu_si512(numbers + index, _mm512_cvtepu32_epi64(_mm512_castsi512_si256(values)));
    _mm512_storeu_si512(
        numbers + index + 8, _mm512_cvtepu32_epi64(_mm512_extracti64x4_epi64(values, 1)));
  }
  *offset = at;
  return index;
}

WIDEST size_t itape_join_pairs_512(
    const uint8_t *tokens, size_t count, const void *bytes, size_t *offset, ptrdiff_t last,
    itape_pair_form form, uint32_t *firsts, uint32_t *seconds) {
  const __m512i zero = _mm512_setzero_si512(), open = _mm512_set1_epi32(15);
  const __m512i first_own = _mm512_set1_epi32((int)form.first_direct - 1);
  const __m512i second_own = _mm512_set1_epi32((int)form.second_direct - 1);
  const __m512i below = _mm512_set1_epi32((int)((1u << form.shift) - 1));
  const __m128i shift = _mm_cvtsi32_si128((int)form.shift);
  size_t at = *offset;
  size_t index = 0;
  for (; index + 16 <= count && (ptrdiff_t)at <= last; index += 16) {
    __m512i token = _mm512_cvtepu8_epi32(_mm_loadu_si128((const __m128i *)(tokens + index)));
    __m512i a = _mm512_srli_epi32(token, 4), b = _mm512_and_si512(token, open);
    __m512i a_counts = _mm512_max_epi32(_mm512_sub_epi32(a, first_own), zero);
    __m512i b_counts = _mm512_max_epi32(_mm512_sub_epi32(b, second_own), zero);
    __m512i counts = _mm512_add_epi32(
        _mm512_add_epi32(a_counts, b_counts), _mm512_set1_epi32((int)form.shift));
    if (_mm512_cmpeq_epi32_mask(_mm512_max_epi32(a, b), open) != 0 ||
        _mm512_cmpgt_epi32_mask(counts, _mm512_set1_epi32(25)) != 0) {
      break;
    }
    __m512i words = take_words(bytes, &at, counts);
    __m512i a_ones = ones(a_counts), b_ones = ones(b_counts);
    __m512i b_mask = _mm512_or_si512(_mm512_sll_epi32(b_ones, shift), below);
    __m512i b_bits = _mm512_and_si512(_mm512_srlv_epi32(words, a_counts), b_mask);
    // A class's smallest number is the largest that is its own class, and as many ones more.
    __m512i a_bases = _mm512_add_epi32(_mm512_min_epi32(a, first_own), a_ones);
    __m512i b_bases = _mm512_add_epi32(_mm512_min_epi32(b, second_own), b_ones);
    _mm512_storeu_si512(
        firsts + index, _mm512_add_epi32(_mm512_and_si512(words, a_ones), a_bases));
    _mm512_storeu_si512(
        seconds + index, _mm512_add_epi32(b_bits, _mm512_sll_epi32(b_bases, shift)));
  }
  *offset = at;
  return index;
}
#else
size_t itape_join_pairs_512(
    const uint8_t *tokens, size_t count, const void *bytes, size_t *offset, ptrdiff_t last,
    itape_pair_form form, uint32_t *firsts, uint32_t *seconds) {
  (void)tokens, (void)count, (void)bytes, (void)offset, (void)last, (void)form;
  (void)firsts, (void)seconds;
  return 0;
}

size_t itape_join_numbers_512(
    const uint8_t *tokens, size_t count, const void *bytes, size_t *offset, ptrdiff_t last,
    itape_token_form form, uint64_t *numbers) {
  (void)tokens, (void)count, (void)bytes, (void)offset, (void)last, (void)form, (void)numbers;
  return 0;
}
#endif
