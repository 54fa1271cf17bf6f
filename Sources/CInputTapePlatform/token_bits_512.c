// SPDX-License-Identifier: Apache-2.0
//
// What token_bits.c does, sixteen entries at a time, on processors with vectors of 512 bits.
#include "inputtape_platform.h"
#include "pair_bits_512.h"

#if defined(__x86_64__)

bool itape_has_widest_vectors(void) {
  return itape_has_wide_vectors() && __builtin_cpu_supports("avx512f") &&
         __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") &&
         __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512cd") &&
         __builtin_cpu_supports("avx512vbmi");
}

WIDEST_INLINE size_t split_pairs(
    const uint32_t *firsts, const uint32_t *seconds, size_t index, size_t end, itape_pair_form form,
    bool has_shift, uint8_t *tokens, itape_bits *writer, void *bytes) {
  itape_bits bits = *writer;
  const pair_constants constants = constants_of(form);
  for (; index + 16 <= end; index += 16) {
    pairs all = split(
        _mm512_loadu_si512(firsts + index), _mm512_loadu_si512(seconds + index), constants);
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
#else
bool itape_has_widest_vectors(void) { return false; }

size_t itape_split_pairs_512(
    const uint32_t *firsts, const uint32_t *seconds, size_t index, size_t end, itape_pair_form form,
    uint8_t *tokens, itape_bits *writer, void *bytes) {
  (void)firsts, (void)seconds, (void)end, (void)form, (void)tokens, (void)writer, (void)bytes;
  return index;
}
#endif
