// SPDX-License-Identifier: Apache-2.0
//
// Contexts of tokens (Specs/Encodings.md, section 8), sixteen tokens of each lane at a time, on
// processors with vectors of 512 bits and permutations of their bytes; and how often each token
// comes in each.
#include "inputtape_streams.h"

#if defined(__x86_64__)
#include "wide_vectors.h"

/// The bytes of links from a bit on.
WIDEST_INLINE byte_table table_of(const uint32_t *links, unsigned first_bit) {
  byte_table table;
  const __m128i shift = _mm_cvtsi32_si128((int)first_bit);
  for (int part = 0; part < 4; part++) {
    __m128i rows[4];
    for (int row = 0; row < 4; row++) {
      __m512i sixteen = _mm512_loadu_si512(links + 64 * part + 16 * row);
      rows[row] = _mm512_cvtepi32_epi8(_mm512_srl_epi32(sixteen, shift));
    }
    table.parts[part] = _mm512_inserti64x4(
        _mm512_castsi256_si512(_mm256_set_m128i(rows[1], rows[0])),
        _mm256_set_m128i(rows[3], rows[2]), 1);
  }
  return table;
}

/// Some of sixteen tokens of each lane.
WIDEST_INLINE __m512i three_lanes(const uint8_t *tokens, size_t each, __mmask16 some) {
  __m512i all = _mm512_zextsi128_si512(_mm_maskz_loadu_epi8(some, tokens));
  all = _mm512_inserti64x2(all, _mm_maskz_loadu_epi8(some, tokens + each), 1);
  return _mm512_inserti64x2(all, _mm_maskz_loadu_epi8(some, tokens + 2 * each), 2);
}

/// Of a row, by turns a lane's token and its context; then so much again that is left out.
#define ROW(row) row, 64 + row, 16 + row, 80 + row, 32 + row, 96 + row
#define LONG_ROW(row) ROW(row), 0, 0, 0, 0, 0, 0
#define ROWS(ROW)                                                                              \
  ROW(0), ROW(1), ROW(2), ROW(3), ROW(4), ROW(5), ROW(6), ROW(7), ROW(8), ROW(9), ROW(10),     \
      ROW(11), ROW(12), ROW(13), ROW(14), ROW(15)

/// Writes some of 32 places.
WIDEST_INLINE void write_some(
    __m512i tokens, __m512i contexts, const uint8_t *rows, uint64_t some, uint16_t *places) {
  __m512i all = _mm512_permutex2var_epi8(tokens, _mm512_loadu_si512(rows), contexts);
  _mm512_mask_storeu_epi16(places, (__mmask32)some, all);
}

/// Writes the places of some of sixteen tokens of each lane in rows of three or six.
WIDEST_INLINE void write_places(
    __m512i tokens, __m512i contexts, size_t count, bool is_long, uint16_t *places) {
  static const uint8_t rows[128] = {ROWS(ROW)}, long_rows[192] = {ROWS(LONG_ROW)};
  if (!is_long) {
    uint64_t some = (UINT64_C(1) << 3 * count) - 1;
    write_some(tokens, contexts, rows, some, places);
    write_some(tokens, contexts, rows + 64, some >> 32, places + 32);
    return;
  }
  // Three of each six.
  uint64_t first = count < 11 ? (UINT64_C(1) << 6 * count) - 1 : ~UINT64_C(0);
  uint64_t second = count < 11 ? 0 : (UINT64_C(1) << (6 * count - 64)) - 1;
  first &= UINT64_C(0x71C71C71C71C71C7), second &= UINT64_C(0x1C71C71C);
  write_some(tokens, contexts, long_rows, first, places);
  write_some(tokens, contexts, long_rows + 64, first >> 32, places + 32);
  write_some(tokens, contexts, long_rows + 128, second, places + 64);
}

WIDEST void itape_note_places_512(
    const uint8_t *tokens, size_t each, const uint32_t *links, bool is_long, uint16_t *places) {
  const byte_table next = table_of(links, 8), later = table_of(links, 24);
  for (size_t index = 0; index < each; index += 16) {
    size_t count = each - index < 16 ? each - index : 16;
    __mmask16 some = (__mmask16)((1u << count) - 1);
    __m512i now = three_lanes(tokens + index, each, some);
    __m512i contexts;
    if (index == 0) {
      // Nothing stands in front of a lane.
      contexts = _mm512_add_epi8(
          _mm512_maskz_mov_epi8(
              ~UINT64_C(0x0001000100010001), look_up(next, _mm512_bslli_epi128(now, 1))),
          _mm512_maskz_mov_epi8(
              ~UINT64_C(0x0003000300030003), look_up(later, _mm512_bslli_epi128(now, 2))));
    } else {
      contexts = _mm512_add_epi8(
          look_up(next, three_lanes(tokens + index - 1, each, some)),
          look_up(later, three_lanes(tokens + index - 2, each, some)));
    }
    write_places(now, contexts, count, is_long, places + (is_long ? 6 : 3) * index);
  }
}

WIDEST_INLINE void count_places(
    const uint16_t *places, size_t count, size_t tables, uint32_t *counts, size_t distance,
    size_t limit) {
  for (const uint16_t *end = places + count; places < end; places += tables) {
#pragma clang loop unroll(full)
    for (size_t table = 0; table < tables; table++) counts[table * distance + places[table]]++;
  }
  for (size_t place = 0; place < limit; place += 16) {
    __m512i sum = _mm512_loadu_si512(counts + place);
    for (size_t table = 1; table < tables; table++) {
      uint32_t *others = counts + table * distance + place;
      sum = _mm512_add_epi32(sum, _mm512_loadu_si512(others));
      _mm512_storeu_si512(others, _mm512_setzero_si512());
    }
    _mm512_storeu_si512(counts + place, sum);
  }
}

WIDEST void itape_count_places_512(
    const uint16_t *places, size_t count, size_t lane_count, uint32_t *counts, size_t distance,
    size_t limit) {
  if (lane_count == 3) count_places(places, count, 3, counts, distance, limit);
  else count_places(places, count, 6, counts, distance, limit);
}
#else
void itape_note_places_512(
    const uint8_t *tokens, size_t each, const uint32_t *links, bool is_long, uint16_t *places) {
  (void)tokens, (void)each, (void)links, (void)is_long, (void)places;
}

void itape_count_places_512(
    const uint16_t *places, size_t count, size_t lane_count, uint32_t *counts, size_t distance,
    size_t limit) {
  (void)places, (void)count, (void)lane_count, (void)counts, (void)distance, (void)limit;
}
#endif
