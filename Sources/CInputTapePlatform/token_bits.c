// SPDX-License-Identifier: Apache-2.0
//
// Numbers to tokens and extra bits (Specs/Encodings.md, sections 3 and 6), eight at a time, on
// processors with vectors of 256 bits and shifts by a number in each lane (AVX2, BMI2). Swift is
// compiled for one kind of processor; where there is another, `PairChunk` and `TokenSplit` do it.
#include "inputtape_platform.h"

#include <string.h>

#if defined(__x86_64__)
#include "wide_vectors.h"

bool itape_has_wide_vectors(void) {
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi2");
}

typedef struct {
  __m256i numbers, counts, extras;
} classes;

/// The classes of eight numbers below 2¹⁶ (others give anything), whose logarithm is the exponent
/// of the same as a float.
WIDE_INLINE classes classify(__m256i values, __m256i one_less_direct) {
  const __m256i zero = _mm256_setzero_si256(), one = _mm256_set1_epi32(1);
  __m256i beyond = _mm256_max_epi32(_mm256_add_epi32(values, one_less_direct), zero);
  __m256i measure = _mm256_add_epi32(beyond, one);
  __m256i exponent = _mm256_srli_epi32(_mm256_castps_si256(_mm256_cvtepi32_ps(measure)), 23);
  classes found;
  found.counts = _mm256_sub_epi32(exponent, _mm256_set1_epi32(127));
  found.extras = _mm256_xor_si256(measure, _mm256_sllv_epi32(one, found.counts));
  found.numbers = _mm256_add_epi32(_mm256_sub_epi32(values, beyond), found.counts);
  return found;
}

/// The low bytes of eight numbers.
WIDE_INLINE uint64_t low_bytes(__m256i numbers) {
  __m256i halves = _mm256_shuffle_epi8(numbers, _mm256_set1_epi32(0x0C080400));
  uint64_t low = (uint32_t)_mm_cvtsi128_si32(_mm256_castsi256_si128(halves));
  uint64_t high = (uint32_t)_mm_cvtsi128_si32(_mm256_extracti128_si256(halves, 1));
  return low | high << 32;
}

/// How many entries stand in front of the first that is marked or beyond the end; up to 8.
WIDE_INLINE size_t leading_small(__m256i marks, size_t count) {
  unsigned mask = (unsigned)_mm256_movemask_ps(_mm256_castsi256_ps(marks)) | 0x100;
  size_t small = (size_t)__builtin_ctz(mask);
  return small < count ? small : count;
}

/// Bits and their counts.
typedef struct {
  __m256i bits, counts;
} lots;

WIDE_INLINE lots join(lots first, lots second) {
  return (lots){
      _mm256_or_si256(first.bits, _mm256_sllv_epi64(second.bits, first.counts)),
      _mm256_add_epi64(first.counts, second.counts)};
}

WIDE_INLINE uint64_t low_lane(__m256i lanes) {
  return (uint64_t)_mm_cvtsi128_si64(_mm256_castsi256_si128(lanes));
}

WIDE_INLINE uint64_t high_lane(__m256i lanes) {
  return (uint64_t)_mm_cvtsi128_si64(_mm256_extracti128_si256(lanes, 1));
}

/// Appends the bits of the first entries, one by one.
WIDE_INLINE void append_some(
    itape_bits *bits, lots even, lots odd, size_t count, void *bytes) {
  uint64_t values[2][4] __attribute__((aligned(32))), counts[2][4] __attribute__((aligned(32)));
  _mm256_store_si256((__m256i *)values[0], even.bits);
  _mm256_store_si256((__m256i *)values[1], odd.bits);
  _mm256_store_si256((__m256i *)counts[0], even.counts);
  _mm256_store_si256((__m256i *)counts[1], odd.counts);
  for (size_t k = 0; k < count; k++)
    append(bits, values[k & 1][k >> 1], counts[k & 1][k >> 1], bytes);
}

/// Appends the bits of eight entries, in lanes of 64 bits: those of even and of odd places.
WIDE_INLINE void append_eight(itape_bits *bits, lots even, lots odd, void *bytes) {
  lots two = join(even, odd);
  lots four = join(
      two, (lots){_mm256_bsrli_epi128(two.bits, 8), _mm256_bsrli_epi128(two.counts, 8)});
  uint64_t low_count = low_lane(four.counts), high_count = high_lane(four.counts);
  if (low_count <= 56 && high_count <= 56) {
    append(bits, low_lane(four.bits), low_count, bytes);
    append(bits, high_lane(four.bits), high_count, bytes);
  } else {
    append_some(bits, even, odd, 8, bytes);
  }
}

/// All ones where a class is 15 or beyond, or a number has more than 16 bits.
WIDE_INLINE __m256i large_pairs(__m256i x, __m256i y, classes first, classes second) {
  __m256i open = _mm256_cmpgt_epi32(
      _mm256_max_epi32(first.numbers, second.numbers), _mm256_set1_epi32(14));
  __m256i far = _mm256_cmpgt_epi32(
      _mm256_srli_epi32(_mm256_or_si256(x, y), 16), _mm256_setzero_si256());
  return _mm256_or_si256(open, far);
}

WIDE size_t itape_split_pairs(
    const uint32_t *firsts, const uint32_t *seconds, size_t index, size_t end, itape_pair_form form,
    uint8_t *tokens, itape_bits *writer, void *bytes) {
  itape_bits bits = *writer;
  const __m256i first_direct = _mm256_set1_epi32(1 - (int)form.first_direct);
  const __m256i second_direct = _mm256_set1_epi32(1 - (int)form.second_direct);
  const __m128i shift = _mm_cvtsi32_si128((int)form.shift);
  const __m256i shifts = _mm256_set1_epi32((int)form.shift);
  const __m256i below = _mm256_set1_epi32((int)((1u << form.shift) - 1));
  const __m256i half = _mm256_set1_epi64x(0xFFFFFFFF);
  while (index < end) {
    __m256i x = _mm256_loadu_si256((const __m256i *)(firsts + index));
    __m256i all = _mm256_loadu_si256((const __m256i *)(seconds + index));
    __m256i y = _mm256_srl_epi32(all, shift);
    classes first = classify(x, first_direct), second = classify(y, second_direct);
    size_t small = leading_small(large_pairs(x, y, first, second), end - index);
    uint64_t eight =
        low_bytes(_mm256_or_si256(_mm256_slli_epi32(first.numbers, 4), second.numbers));
    // The first number's bits, then the second's behind those below the shift.
    __m256i others = _mm256_or_si256(
        _mm256_sll_epi32(second.extras, shift), _mm256_and_si256(all, below));
    __m256i other_counts = _mm256_add_epi32(second.counts, shifts);
    lots even = join(
        (lots){_mm256_and_si256(first.extras, half), _mm256_and_si256(first.counts, half)},
        (lots){_mm256_and_si256(others, half), _mm256_and_si256(other_counts, half)});
    lots odd = join(
        (lots){_mm256_srli_epi64(first.extras, 32), _mm256_srli_epi64(first.counts, 32)},
        (lots){_mm256_srli_epi64(others, 32), _mm256_srli_epi64(other_counts, 32)});
    if (small < 8) {
      append_some(&bits, even, odd, small, bytes);
      for (size_t k = 0; k < small; k++) tokens[index + k] = (uint8_t)(eight >> 8 * k);
      index += small;
      break;
    }
    memcpy(tokens + index, &eight, 8);
    // Many streams have next to no bits.
    __m256i counts = _mm256_or_si256(first.counts, other_counts);
    if (!_mm256_testz_si256(counts, counts)) append_eight(&bits, even, odd, bytes);
    // A constant: the next numbers do not wait for what these were.
    index += 8;
  }
  *writer = bits;
  return index;
}

WIDE size_t itape_count_pairs(
    const uint32_t *firsts, const uint32_t *seconds, size_t index, size_t end, itape_pair_form form,
    uint32_t *counts, unsigned turns, ptrdiff_t *total) {
  const __m256i first_direct = _mm256_set1_epi32(1 - (int)form.first_direct);
  const __m256i second_direct = _mm256_set1_epi32(1 - (int)form.second_direct);
  const __m128i shift = _mm_cvtsi32_si128((int)form.shift);
  __m256i sum = _mm256_setzero_si256();
  for (; index + 8 <= end; index += 8) {
    __m256i x = _mm256_loadu_si256((const __m256i *)(firsts + index));
    __m256i y = _mm256_srl_epi32(_mm256_loadu_si256((const __m256i *)(seconds + index)), shift);
    classes first = classify(x, first_direct), second = classify(y, second_direct);
    if (_mm256_movemask_epi8(large_pairs(x, y, first, second)) != 0) break;
    uint64_t eight =
        low_bytes(_mm256_or_si256(_mm256_slli_epi32(first.numbers, 4), second.numbers));
    sum = _mm256_add_epi32(sum, _mm256_add_epi32(first.counts, second.counts));
    for (unsigned k = 0; k < 8; k++) counts[(eight >> 8 * k & 0xFF) | (k & turns) << 8]++;
  }
  // A sample is too short for more than 31 bits.
  uint32_t sums[8];
  _mm256_storeu_si256((__m256i *)sums, sum);
  for (int k = 0; k < 8; k++) *total += sums[k];
  return index;
}

WIDE size_t itape_split_numbers(
    const uint64_t *numbers, size_t index, size_t end, itape_token_form form, uint8_t *tokens,
    itape_bits *writer, void *bytes) {
  itape_bits bits = *writer;
  const int detail = (int)form.detail, split = (int)form.split;
  const __m256i own = _mm256_set1_epi32((1 << split) - 1);
  const __m256i less = _mm256_set1_epi32(127 + detail);
  const __m128i details = _mm_cvtsi32_si128(detail);
  const __m256i start =
      _mm256_set1_epi32((1 << split) - (1 << detail) - (int)((unsigned)(127 + split) << detail));
  const __m256i half = _mm256_set1_epi64x(0xFFFFFFFF);
  while (index + 8 <= end) {
    __m256i low = _mm256_loadu_si256((const __m256i *)(numbers + index));
    __m256i high = _mm256_loadu_si256((const __m256i *)(numbers + index + 4));
    if (!_mm256_testz_si256(
            _mm256_or_si256(low, high), _mm256_set1_epi64x(-(1ll << 23))))
      break;
    // In order again: a shuffle works in halves of a register.
    __m256i values = _mm256_permute4x64_epi64(
        _mm256_castps_si256(_mm256_shuffle_ps(
            _mm256_castsi256_ps(low), _mm256_castsi256_ps(high), 0x88)),
        0xD8);
    __m256i exponent = _mm256_srli_epi32(_mm256_castps_si256(_mm256_cvtepi32_ps(values)), 23);
    __m256i classed = _mm256_cmpgt_epi32(values, own);
    __m256i counts = _mm256_and_si256(classed, _mm256_sub_epi32(exponent, less));
    __m256i token = _mm256_add_epi32(
        _mm256_srlv_epi32(values, counts),
        _mm256_and_si256(
            classed, _mm256_add_epi32(_mm256_sll_epi32(exponent, details), start)));
    __m256i extras =
        _mm256_andnot_si256(_mm256_sllv_epi32(_mm256_set1_epi32(-1), counts), values);
    uint64_t eight = low_bytes(token);
    memcpy(tokens + index, &eight, 8);
    append_eight(
        &bits, (lots){_mm256_and_si256(extras, half), _mm256_and_si256(counts, half)},
        (lots){_mm256_srli_epi64(extras, 32), _mm256_srli_epi64(counts, 32)}, bytes);
    index += 8;
  }
  *writer = bits;
  return index;
}

INLINE void take_residuals(
    uint32_t *target, const int32_t *source, size_t count, int32_t a, bool is_position) {
  // Differences are modulo 2^32.
  const uint32_t *values = (const uint32_t *)source;
  for (size_t k = 0; k < count; k++) {
    const uint32_t *here = values + k;
    uint32_t value = here[0], last = here[-1], before = here[-2];
    uint32_t step = is_position ? value - last : value;
    uint32_t last_step = is_position ? last - before : last;
    int32_t sum = (int32_t)((uint32_t)a * last_step + 4) >> 3;
    int32_t rest = (int32_t)(step - (uint32_t)sum);
    target[k] = (uint32_t)rest << 1 ^ (uint32_t)(rest >> 31);
  }
}

WIDE static void take_residuals_wide(
    uint32_t *target, const int32_t *source, size_t count, int32_t a, bool is_position) {
  take_residuals(target, source, count, a, is_position);
}

WIDEST static void take_residuals_widest(
    uint32_t *target, const int32_t *source, size_t count, int32_t a, bool is_position) {
  take_residuals(target, source, count, a, is_position);
}

void itape_residuals(
    uint32_t *target, const int32_t *source, size_t count, int32_t a, bool is_position,
    itape_vectors vectors) {
  if (vectors == 512) take_residuals_widest(target, source, count, a, is_position);
  else take_residuals_wide(target, source, count, a, is_position);
}
#else
bool itape_has_wide_vectors(void) { return false; }

size_t itape_split_pairs(
    const uint32_t *firsts, const uint32_t *seconds, size_t index, size_t end, itape_pair_form form,
    uint8_t *tokens, itape_bits *writer, void *bytes) {
  (void)firsts, (void)seconds, (void)end, (void)form, (void)tokens, (void)writer, (void)bytes;
  return index;
}

size_t itape_count_pairs(
    const uint32_t *firsts, const uint32_t *seconds, size_t index, size_t end, itape_pair_form form,
    uint32_t *counts, unsigned turns, ptrdiff_t *total) {
  (void)firsts, (void)seconds, (void)end, (void)form, (void)counts, (void)turns, (void)total;
  return index;
}

size_t itape_split_numbers(
    const uint64_t *numbers, size_t index, size_t end, itape_token_form form, uint8_t *tokens,
    itape_bits *writer, void *bytes) {
  (void)numbers, (void)end, (void)form, (void)tokens, (void)writer, (void)bytes;
  return index;
}

void itape_residuals(
    uint32_t *target, const int32_t *source, size_t count, int32_t a, bool is_position,
    itape_vectors vectors) {
  (void)target, (void)source, (void)count, (void)a, (void)is_position, (void)vectors;
}
#endif
