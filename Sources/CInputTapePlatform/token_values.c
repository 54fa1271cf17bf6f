// SPDX-License-Identifier: Apache-2.0
//
// Tokens and extra bits to numbers (Specs/Encodings.md, sections 4 and 6), eight at a time, on
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
  __m256i counts = _mm256_add_epi32(_mm256_add_epi32(a_counts, b_counts), form.shifts);
  // Many columns have next to no bits.
  if (_mm256_testz_si256(counts, counts)) return (pairs){a, b};
  __m256i a_ones = ones(a_counts), b_ones = ones(b_counts);
  words all = take_words(bytes, offset, counts);
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

WIDE_INLINE bool are_at_most(__m128i bytes, __m128i most) {
  return _mm_movemask_epi8(_mm_cmpeq_epi8(_mm_max_epu8(bytes, most), most)) == 0xFFFF;
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
  const __m128i last_own = _mm_set1_epi8((char)((1 << split) - 1));
  size_t at = *offset;
  size_t index = 0;
  while (index + 8 <= count) {
    uint64_t eight;
    memcpy(&eight, tokens + index, 8);
    __m128i packed = _mm_cvtsi64_si128((long long)eight);
    // Many columns have next to no bits.
    if (are_at_most(packed, last_own)) {
      _mm256_storeu_si256((__m256i *)(numbers + index), _mm256_cvtepu8_epi64(packed));
      _mm256_storeu_si256(
          (__m256i *)(numbers + index + 4), _mm256_cvtepu8_epi64(_mm_bsrli_si128(packed, 4)));
      index += 8;
      continue;
    }
    if (!are_at_most(packed, large) || (ptrdiff_t)at > last) break;
    __m256i token = expand_tokens(eight);
    __m256i rest = _mm256_sub_epi32(token, own);
    __m256i is_own = _mm256_cmpgt_epi32(own, token);
    __m256i counts = _mm256_andnot_si256(
        is_own, _mm256_add_epi32(_mm256_srl_epi32(rest, details), lowest));
    __m256i highs = _mm256_add_epi32(_mm256_and_si256(rest, below), top);
    __m256i bases = _mm256_sllv_epi32(_mm256_blendv_epi8(highs, token, is_own), counts);
    words all = take_words(bytes, &at, counts);
    __m256i values = _mm256_or_si256(_mm256_and_si256(low_halves(all), ones(counts)), bases);
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

size_t itape_join_numbers(
    const uint8_t *tokens, size_t count, const void *bytes, size_t *offset, ptrdiff_t last,
    itape_token_form form, uint64_t *numbers) {
  (void)tokens, (void)count, (void)bytes, (void)offset, (void)last, (void)form, (void)numbers;
  return 0;
}
#endif
