// SPDX-License-Identifier: Apache-2.0
//
// What token_bits.c does, sixteen entries at a time, on processors with vectors of 512 bits.
#include "inputtape_streams.h"
#include "pair_bits_512.h"

#if defined(__x86_64__)

bool itape_has_widest_vectors(void) {
  return itape_has_wide_vectors() && __builtin_cpu_supports("avx512f") &&
         __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") &&
         __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512cd") &&
         __builtin_cpu_supports("avx512vbmi") && __builtin_cpu_supports("avx512vbmi2");
}

WIDEST_INLINE size_t split_pairs(
    const uint32_t *firsts, const uint32_t *seconds, size_t index, size_t end, itape_pair_form form,
    bool has_shift, uint8_t *tokens, itape_bits *writer, void *bytes) {
  itape_bits bits = *writer;
  const pair_constants constants = constants_of(form);
  for (; index + 16 <= end; index += 16) {
    __m512i first = _mm512_loadu_si512(firsts + index);
    __m512i second = _mm512_loadu_si512(seconds + index);
    // Many streams have next to no bits.
    if (!has_shift && !have_bits(first, second, constants)) {
      _mm_storeu_si128((__m128i *)(tokens + index), token_bytes(first, second));
      continue;
    }
    pairs all = split(first, second, constants);
    if (large_pairs(all) != 0) break;
    _mm_storeu_si128((__m128i *)(tokens + index), tokens_of(all));
    append_pairs(&bits, all, 0xFFFF, constants, has_shift, bytes);
  }
  if (index < end) {
    size_t count = end - index < 16 ? end - index : 16;
    __mmask16 some = (__mmask16)((1u << count) - 1);
    pairs all = split(
        _mm512_maskz_loadu_epi32(some, firsts + index),
        _mm512_maskz_loadu_epi32(some, seconds + index), constants);
    size_t small = (size_t)__builtin_ctz(large_pairs(all) | 1u << count);
    some = (__mmask16)((1u << small) - 1);
    _mm_mask_storeu_epi8(tokens + index, some, tokens_of(all));
    append_pairs(&bits, all, some, constants, has_shift, bytes);
    index += small;
  }
  *writer = bits;
  return index;
}

WIDEST size_t itape_split_pairs_512(
    const uint32_t *firsts, const uint32_t *seconds, size_t index, size_t end, itape_pair_form form,
    uint8_t *tokens, itape_bits *writer, void *bytes) {
  return form.shift == 0
             ? split_pairs(firsts, seconds, index, end, form, false, tokens, writer, bytes)
             : split_pairs(firsts, seconds, index, end, form, true, tokens, writer, bytes);
}

WIDEST_INLINE void count_pairs(
    const uint32_t *firsts, const uint32_t *seconds, size_t count, itape_pair_form form,
    unsigned width, uint32_t *counts, unsigned turns, ptrdiff_t *total) {
  const pair_constants constants = constants_of(form);
  const __m512i last_class = _mm512_set1_epi32(14), open = _mm512_set1_epi32(15);
  const __m512i widths = _mm512_set1_epi32((int)width);
  __m512i sum = _mm512_setzero_si512();
  for (size_t index = 0; index < count; index += 16) {
    const size_t rest = count - index < 16 ? count - index : 16;
    const __mmask16 some = (__mmask16)((1u << rest) - 1);
    pairs all = split(
        _mm512_maskz_loadu_epi32(some, firsts + index),
        _mm512_maskz_loadu_epi32(some, seconds + index), constants);
    if (large_pairs(all) != 0) {
      __mmask16 first = _mm512_cmpgt_epu32_mask(all.first.numbers, last_class);
      __mmask16 second = _mm512_cmpgt_epu32_mask(all.second.numbers, last_class);
      all.first.numbers = _mm512_mask_mov_epi32(all.first.numbers, first, open);
      all.first.counts = _mm512_mask_mov_epi32(all.first.counts, first, widths);
      all.second.numbers = _mm512_mask_mov_epi32(all.second.numbers, second, open);
      all.second.counts = _mm512_mask_mov_epi32(all.second.counts, second, widths);
    }
    sum = _mm512_mask_add_epi32(
        sum, some, sum, _mm512_add_epi32(all.first.counts, all.second.counts));
    __m128i tokens = tokens_of(all);
    uint64_t low = (uint64_t)_mm_cvtsi128_si64(tokens);
    uint64_t high = (uint64_t)_mm_extract_epi64(tokens, 1);
    if (rest == 16) {
      for (unsigned k = 0; k < 8; k++) counts[(low >> 8 * k & 0xFF) | (k & turns) << 8]++;
      for (unsigned k = 0; k < 8; k++) counts[(high >> 8 * k & 0xFF) | (k & turns) << 8]++;
    } else {
      for (unsigned k = 0; k < rest; k++) counts[(k < 8 ? low : high) >> 8 * (k & 7) & 0xFF]++;
    }
  }
  // A sample is too short for more than 31 bits.
  *total += _mm512_reduce_add_epi32(sum);
}

WIDEST void itape_count_pairs_512(
    const uint32_t *firsts, const uint32_t *seconds, size_t count, itape_pair_form form,
    unsigned width, uint32_t *counts, unsigned turns, ptrdiff_t *total) {
  if (turns == 0) count_pairs(firsts, seconds, count, form, width, counts, 0, total);
  else count_pairs(firsts, seconds, count, form, width, counts, 3, total);
}

/// Sixteen numbers, or fewer and zeros, as 32 bits each; false where one has more.
WIDEST_INLINE bool take_numbers(const uint64_t *numbers, __mmask16 some, __m512i *taken) {
  __m512i low = _mm512_maskz_loadu_epi64((__mmask8)some, numbers);
  __m512i high = _mm512_maskz_loadu_epi64((__mmask8)(some >> 8), numbers + 8);
  *taken = _mm512_inserti64x4(
      _mm512_castsi256_si512(_mm512_cvtepi64_epi32(low)), _mm512_cvtepi64_epi32(high), 1);
  return _mm512_test_epi64_mask(
             _mm512_or_si512(low, high), _mm512_set1_epi64(-(1ll << 32))) == 0;
}

WIDEST size_t itape_split_numbers_512(
    const uint64_t *numbers, size_t index, size_t end, itape_token_form form, uint8_t *tokens,
    itape_bits *writer, void *bytes) {
  itape_bits bits = *writer;
  const int detail = (int)form.detail, split = (int)form.split;
  const __m512i own = _mm512_set1_epi32((1 << split) - 1);
  const __m512i most = _mm512_set1_epi32(31), less = _mm512_set1_epi32(detail);
  const __m128i details = _mm_cvtsi32_si128(detail);
  const __m512i start = _mm512_set1_epi32((1 << split) - (1 << detail) - (split << detail));
  while (index < end) {
    size_t count = end - index < 16 ? end - index : 16;
    __mmask16 some = (__mmask16)((1u << count) - 1);
    __m512i values;
    if (!take_numbers(numbers + index, some, &values)) break;
    __mmask16 classed = _mm512_cmpgt_epu32_mask(values, own);
    __m512i token = values;
    // Many columns have next to no bits.
    if (classed != 0) {
      __m512i exponent = _mm512_sub_epi32(most, _mm512_lzcnt_epi32(values));
      __m512i counts = _mm512_maskz_sub_epi32(classed, exponent, less);
      token = _mm512_add_epi32(
          _mm512_srlv_epi32(values, counts),
          _mm512_maskz_add_epi32(classed, _mm512_sll_epi32(exponent, details), start));
      __m512i extras =
          _mm512_andnot_si512(_mm512_sllv_epi32(_mm512_set1_epi32(-1), counts), values);
      append_sixteen(&bits, extras, counts, bytes);
    }
    __m128i packed = _mm512_cvtepi32_epi8(token);
    if (count == 16) _mm_storeu_si128((__m128i *)(tokens + index), packed);
    else _mm_mask_storeu_epi8(tokens + index, some, packed);
    index += 16;
  }
  *writer = bits;
  return index < end ? index : end;
}
#else
bool itape_has_widest_vectors(void) { return false; }

size_t itape_split_pairs_512(
    const uint32_t *firsts, const uint32_t *seconds, size_t index, size_t end, itape_pair_form form,
    uint8_t *tokens, itape_bits *writer, void *bytes) {
  (void)firsts, (void)seconds, (void)end, (void)form, (void)tokens, (void)writer, (void)bytes;
  return index;
}

void itape_count_pairs_512(
    const uint32_t *firsts, const uint32_t *seconds, size_t count, itape_pair_form form,
    unsigned width, uint32_t *counts, unsigned turns, ptrdiff_t *total) {
  (void)firsts, (void)seconds, (void)count, (void)form, (void)width, (void)counts, (void)turns;
  (void)total;
}

size_t itape_split_numbers_512(
    const uint64_t *numbers, size_t index, size_t end, itape_token_form form, uint8_t *tokens,
    itape_bits *writer, void *bytes) {
  (void)numbers, (void)end, (void)form, (void)tokens, (void)writer, (void)bytes;
  return index;
}
#endif
