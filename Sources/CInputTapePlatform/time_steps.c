// SPDX-License-Identifier: Apache-2.0
//
// Times to differences in units (Specs/Encodings.md, section 7), in a plain loop that compilers
// make vectors of: compiled for AVX2, for AVX-512 and for what the library is compiled for. And
// steps to times, eight at a time on processors with vectors of 512 bits.
#include "inputtape_platform.h"
#include "wide_vectors.h"

INLINE itape_differences_seen take(
    uint64_t *quotients, const int64_t *times, size_t count, itape_divider divider) {
  const uint64_t *values = (const uint64_t *)times;
  uint64_t all = 0, joined = 0, wrong = 0;
  for (size_t index = 0; index < count; index++) {
    uint64_t difference = values[index + 1] - values[index];
    uint64_t product = difference * divider.inverse;
    uint64_t quotient = product >> divider.shift | product << (-divider.shift & 63);
    all |= difference;
    joined |= quotient;
    wrong |= quotient > divider.largest;
    quotients[index] = quotient;
  }
  return (itape_differences_seen){.all = all, .quotients = joined, .is_exact = wrong == 0};
}

WIDE static itape_differences_seen take_wide(
    uint64_t *quotients, const int64_t *times, size_t count, itape_divider divider) {
  return take(quotients, times, count, divider);
}

WIDEST static itape_differences_seen take_widest(
    uint64_t *quotients, const int64_t *times, size_t count, itape_divider divider) {
  return take(quotients, times, count, divider);
}

itape_differences_seen itape_differences(
    uint64_t *quotients, const int64_t *times, size_t count, itape_divider divider,
    itape_vectors vectors) {
  if (vectors == 512) return take_widest(quotients, times, count, divider);
  if (vectors == 256) return take_wide(quotients, times, count, divider);
  return take(quotients, times, count, divider);
}

INLINE bool rise(const int64_t *times, size_t count) {
  const uint64_t *values = (const uint64_t *)times;
  uint64_t joined = 0;
  for (size_t index = 0; index < count; index++) {
    uint64_t before = values[index];
    joined |= (values[index + 1] - before) | (before ^ before << 1);
  }
  uint64_t last = values[count];
  return (joined | (last ^ last << 1)) >> 63 == 0;
}

WIDE static bool rise_wide(const int64_t *times, size_t count) { return rise(times, count); }

WIDEST static bool rise_widest(const int64_t *times, size_t count) { return rise(times, count); }

bool itape_times_rise(const int64_t *times, size_t count, itape_vectors vectors) {
  if (vectors == 512) return rise_widest(times, count);
  if (vectors == 256) return rise_wide(times, count);
  return rise(times, count);
}

INLINE void sum(
    uint64_t *times, const uint64_t *numbers, size_t count, uint64_t unit, bool is_zigzag) {
  uint64_t time = times[0];
  for (size_t index = 0; index < count; index++) {
    uint64_t number = numbers[index];
    time += (is_zigzag ? number >> 1 ^ -(number & 1) : number) * unit;
    times[index + 1] = time;
  }
}

#if defined(__x86_64__)
/// The same, for a multiple of eight.
WIDEST_INLINE void sum_eights(
    uint64_t *times, const uint64_t *numbers, size_t count, uint64_t unit, bool is_zigzag) {
  const __m512i zero = _mm512_setzero_si512(), one = _mm512_set1_epi64(1);
  const __m512i last = _mm512_set1_epi64(7), units = _mm512_set1_epi64((long long)unit);
  __m512i time = _mm512_set1_epi64((long long)times[0]);
  for (size_t index = 0; index < count; index += 8) {
    __m512i steps = _mm512_loadu_si512(numbers + index);
    if (is_zigzag) {
      __m512i signs = _mm512_sub_epi64(zero, _mm512_and_si512(steps, one));
      steps = _mm512_xor_si512(_mm512_srli_epi64(steps, 1), signs);
    }
    __m512i sums = _mm512_mullo_epi64(steps, units);
    sums = _mm512_add_epi64(sums, _mm512_alignr_epi64(sums, zero, 7));
    sums = _mm512_add_epi64(sums, _mm512_alignr_epi64(sums, zero, 6));
    sums = _mm512_add_epi64(sums, _mm512_alignr_epi64(sums, zero, 4));
    _mm512_storeu_si512(times + index + 1, _mm512_add_epi64(time, sums));
    // Short from one eight to the next: the sums do not wait for what was before.
    time = _mm512_add_epi64(time, _mm512_permutexvar_epi64(last, sums));
  }
}

WIDEST static void sum_widest(
    uint64_t *times, const uint64_t *numbers, size_t count, uint64_t unit, bool is_zigzag) {
  size_t whole = count & ~(size_t)7;
  if (is_zigzag) sum_eights(times, numbers, whole, unit, true);
  else sum_eights(times, numbers, whole, unit, false);
  sum(times + whole, numbers + whole, count - whole, unit, is_zigzag);
}
#endif

void itape_sum_steps(
    int64_t *times, const uint64_t *numbers, size_t count, uint64_t unit, bool is_zigzag,
    itape_vectors vectors) {
  uint64_t *target = (uint64_t *)times;
#if defined(__x86_64__)
  if (vectors == 512) {
    sum_widest(target, numbers, count, unit, is_zigzag);
    return;
  }
#else
  (void)vectors;
#endif
  if (is_zigzag) sum(target, numbers, count, unit, true);
  else sum(target, numbers, count, unit, false);
}
