// SPDX-License-Identifier: Apache-2.0
//
// What Swift cannot import or say: CRC-32C instructions, products of vectors, and the pages of a
// process's code.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// CRC-32C (Castagnoli, RFC 3720 B.4) of `count` bytes, continued from `crc` (0 to begin).
uint32_t itape_crc32c(uint32_t crc, const void *bytes, size_t count);

/// Gives back the memory of code that has been used; what is used again comes back by itself, from
/// the system's cache of files.
void itape_release_resident_code(void);

/// Gives back the pages of an allocation whose contents nobody needs: what is read of it from now
/// on may be anything, and what is written stays.
void itape_release_contents(void *bytes, size_t count);

/// Gives back memory that has been freed, where the allocator would keep it.
void itape_release_free_memory(void);

/// From now on what is freed goes back to the system at once, if it is large: costs time where
/// large things come and go.
void itape_return_large_memory(void);

/// Where a little-endian `word` stands first in `count` bytes; `count` if nowhere.
size_t itape_find_word(const void *bytes, size_t count, uint32_t word);

/// Whether the processor has what functions of wide vectors need: elsewhere they must not be
/// called.
bool itape_has_wide_vectors(void);

/// The same for functions of vectors of 512 bits, whose names say so.
bool itape_has_widest_vectors(void);

/// The bits of the vectors that a function is to use: 256, 512, or 0 for those of any processor.
typedef uint32_t itape_vectors;

/// Bits on their way to memory, lowest first: fewer than 8 are pending.
typedef struct {
  uint64_t pending, count;
  size_t used;
} itape_bits;

/// How pairs become tokens (Specs/Encodings.md, section 6); a shift is at most 18.
typedef struct {
  uint32_t first_direct, second_direct, shift;
} itape_pair_form;

/// Writes the tokens of pairs and appends their extra bits, up to the first pair with a large
/// number, one of 2^16 or more or of the open class. Eight numbers are read from each place on.
/// Bytes need room for 16 more than the bits take.
///
/// Returns the place of the large pair, or `end`.
size_t itape_split_pairs(
    const uint32_t *firsts, const uint32_t *seconds, size_t index, size_t end,
    itape_pair_form form, uint8_t *tokens, itape_bits *writer,
    void *bytes);

/// The same; no numbers are read but those up to the end.
size_t itape_split_pairs_512(
    const uint32_t *firsts, const uint32_t *seconds, size_t index, size_t end,
    itape_pair_form form, uint8_t *tokens, itape_bits *writer, void *bytes);

/// How numbers become tokens (Specs/Encodings.md, section 3).
typedef struct {
  uint32_t split, detail;
} itape_token_form;

/// Counts the tokens of pairs, eight by eight, up to eight of which one has a number that is large
/// (as above), by turns in as many times 256 counts as `turns` (0 or 3) and one; adds their extra
/// bits, but those below the shift, to `total`.
///
/// Returns the place of the first that was not taken.
size_t itape_count_pairs(
    const uint32_t *firsts, const uint32_t *seconds, size_t index, size_t end, itape_pair_form form,
    uint32_t *counts, unsigned turns, ptrdiff_t *total);

/// Writes the tokens of numbers, eight by eight, and appends their extra bits, up to eight of which
/// one is 2^23 or more.
///
/// Returns the place of the first that was not taken.
size_t itape_split_numbers(
    const uint64_t *numbers, size_t index, size_t end, itape_token_form form,
    uint8_t *tokens, itape_bits *writer, void *bytes);

/// The same, sixteen by sixteen and to the end, up to sixteen of which one is 2^32 or more.
size_t itape_split_numbers_512(
    const uint64_t *numbers, size_t index, size_t end, itape_token_form form, uint8_t *tokens,
    itape_bits *writer, void *bytes);

/// Writes context times 256 plus token for tokens of three lanes of so many, which follow one
/// another, by turns; in long streams, rows have room for three others behind these. Of a token's
/// link, bits 8 to 15 are added to the context of the token behind it, and bits 24 to 31 to that of
/// the one behind that.
void itape_note_places_512(
    const uint8_t *tokens, size_t each, const uint32_t *links, bool is_long, uint16_t *places);

/// How far events of keys or buttons are passed over: their place, those of the oldest press that
/// is held and of the next press among all presses, and that of the next other event among all
/// others.
typedef struct {
  size_t event, oldest, press, other;
} itape_held_place;

/// Makes codes of what names what is held (Specs/Encodings.md, section 6), sixteen events by
/// sixteen, up to sixteen of which some are neither presses nor releases, of which a press is of a
/// code that is held or a release of none, or that have more than sixteen codes together. In the
/// queue are the codes of all presses and sixteen entries more; held are those from the oldest to
/// the next press, and stay so.
void itape_follow_held_512(
    const int32_t *states, size_t count, int32_t *queue, const uint64_t *others, int32_t *codes,
    itape_held_place *place);

/// The same way back: of each release's code the place among what is held.
void itape_find_held_512(
    const int32_t *states, size_t count, int32_t *queue, const int32_t *released, uint64_t *others,
    itape_held_place *place);

/// Parts codes of presses from all others, sixteen events by sixteen, but for the last that are
/// fewer. Both have room for sixteen more than there are.
///
/// Returns how many presses were found.
size_t itape_split_held_512(
    const int32_t *codes, const int32_t *states, size_t count, int32_t *presses, int32_t *others);

/// How many codes there are up to the last of `count` that has no bit in a set of codes below 256;
/// some less than sixteen are left to others, whose number is the result then.
size_t itape_skip_seen_512(const int32_t *codes, size_t count, const uint64_t seen[4]);

/// A token's share of a context's 1,024 values, and the sum of those of smaller tokens.
typedef struct {
  uint16_t frequency, start;
} itape_lane_share;

/// A context of a modelled stream: the token of each value, room behind them, and from here on 256
/// shares.
#define ITAPE_LANE_SHARES 1040

/// Where contexts are: that of a lane's first token, that behind a token, and what the token before
/// it adds to that.
typedef struct {
  const uint8_t *first, *next[256];
  ptrdiff_t later[256];
} itape_lane_links;

/// Makes tokens of the states and words of 3 or 6 lanes (Specs/Encodings.md, section 8).
///
/// Returns whether states are in range, all words were needed, no more, and all lanes end where
/// they must.
bool itape_take_lanes(
    const void *coded, size_t size, const itape_lane_links *links, bool is_short, size_t lane_count,
    uint8_t *tokens, size_t count);

/// What coding a token of a context needs but the reciprocal of its frequency, which is 2 to the
/// power of 64 + shift divided by it and rounded up: that, 1,024 less it, and the sum of the
/// frequencies of smaller tokens (1,023 more for a frequency of 1, whose reciprocal is 2^64 - 1).
typedef struct {
  uint16_t bias, frequency, complement;
  uint8_t shift;
} itape_lane_symbol;

/// Makes states of 3 or 6 lanes and words, which end where they are told, of places in rows of all
/// lanes; then come those that are left over. There is room for a word for each group of a lane
/// and each place that is left over.
///
/// Returns where the words begin.
void *itape_put_lanes(
    const uint16_t *places, size_t count, const itape_lane_symbol *symbols,
    const uint64_t *reciprocals, size_t lane_count, uint64_t *states, void *words);

/// A bit for each of 64 bytes that is not the usual one.
uint64_t itape_mark_others(const uint8_t *bytes, uint8_t usual);

/// Writes what a linear guess leaves of coordinates, zigzag (Specs/Encodings.md, section 6); two
/// numbers in front of the first are read.
void itape_residuals(
    uint32_t *target, const int32_t *source, size_t count, int32_t a, bool is_position,
    itape_vectors vectors);

/// Makes numbers of tokens and extra bits, eight pairs by eight, up to eight of which one has the
/// open class or whose bits begin beyond `last`: from there on 64 bytes of bits are read. A shift
/// is at most 16. An offset is in bits, and that behind what was taken is left there.
///
/// Returns how many pairs were taken.
size_t itape_join_pairs(
    const uint8_t *tokens, size_t count, const void *bytes, size_t *offset, ptrdiff_t last,
    itape_pair_form form, uint32_t *firsts, uint32_t *seconds);

/// The same sixteen by sixteen and what is left, up to sixteen of which one has more than 25 bits
/// or that have bits which begin beyond the end. No byte is read but the `size` of bits; bits that
/// are not there are zeros, which an offset beyond the end tells.
size_t itape_join_pairs_512(
    const uint8_t *tokens, size_t count, const void *bytes, size_t *offset, size_t size,
    itape_pair_form form, uint32_t *firsts, uint32_t *seconds);

/// The same for numbers, eight by eight, up to eight of which one is 2^31 or more; numbers without
/// extra bits may stand beyond `last`.
size_t itape_join_numbers(
    const uint8_t *tokens, size_t count, const void *bytes, size_t *offset, ptrdiff_t last,
    itape_token_form form, uint64_t *numbers);

/// The same sixteen by sixteen and what is left, up to sixteen of which one has more than 25 extra
/// bits or whose bits begin beyond the end.
size_t itape_join_numbers_512(
    const uint8_t *tokens, size_t count, const void *bytes, size_t *offset, size_t size,
    itape_token_form form, uint64_t *numbers);

/// A grid of times (Specs/Encodings.md, section 7): its period, and the unit of its times; the
/// bounds of residuals that its phase follows wholly, and by how many bits it does.
typedef struct {
  uint64_t period, unit;
  int32_t low, high;
  uint32_t weight_bits;
  /// At most 2^54 / period.
  uint32_t most_steps;
} itape_grid;

/// The last time, where the grid was then, plus one half, and how many residuals in a row were
/// beyond a bound: less than 0 below the lower.
typedef struct {
  int64_t time, phase;
  int32_t misses;
} itape_grid_state;

/// Makes times of up to 128 steps and residuals, zigzag, eight by eight, up to eight of which one
/// has too many steps or which move the grid. Vectors are wide.
///
/// Returns how many were taken.
size_t itape_follow_grid(
    const uint32_t *steps, const uint32_t *residuals, size_t count, itape_grid grid,
    itape_grid_state *state, int64_t *times, itape_vectors vectors);

/// A grid as what takes times apart knows it: its period, of units times 2^16 and at least 2 of
/// them, and 1 divided by that; by how many bits the phase follows residuals, up to 2^clip units.
typedef struct {
  uint64_t period;
  double inverse;
  uint32_t gain, clip;
} itape_grid_rule;

/// Makes steps and residuals, zigzag, of up to 128 differences; the state's time is not used.
///
/// Returns false, and leaves the state as it is, where a difference is 2^44 or more or both numbers
/// joined are 2^32 - 1 or more, or on another processor.
bool itape_take_grid(
    const uint64_t *differences, size_t count, itape_grid_rule grid, itape_grid_state *state,
    uint32_t *firsts, uint32_t *seconds);

/// So many rows of events are taken by a grid side by side.
enum { itape_grid_lanes = 8 };

/// So many residuals in a row beyond its bound on one side move a grid to the last of them.
enum { itape_miss_limit = 8 };

/// Makes steps and residuals of so many differences of each row, eight by eight, up to eight of
/// which one in some row is 2^44 or more or nearly 2^30 periods; none of a grid whose period or
/// phase is 2^45 or more. Sources and targets say where rows begin; vectors are of 256 or 512 bits.
///
/// Returns how many of each row were taken; states are as they are behind them.
size_t itape_take_grids(
    const uint64_t *differences, const size_t *sources, size_t count, itape_grid_rule grid,
    itape_grid_state *states, uint32_t *firsts, uint32_t *seconds, const size_t *targets,
    itape_vectors vectors);

/// What a number is divided by: the inverse of the divisor's odd part modulo 2^64, the power of 2,
/// up to 63, that is its other part, and the largest quotient.
typedef struct {
  uint64_t inverse, shift, largest;
} itape_divider;

/// The bits of all differences together, those of all quotients, and whether each difference is a
/// multiple of the divisor.
typedef struct {
  uint64_t all, quotients;
  bool is_exact;
} itape_differences_seen;

/// Divides the differences of neighbours among `count` times and one more, modulo 2^64.
itape_differences_seen itape_differences(
    uint64_t *quotients, const int64_t *times, size_t count, itape_divider divider,
    itape_vectors vectors);

/// How many entries of a column are not the one before, and all joined by "or".
typedef struct {
  uint32_t change_count;
  int32_t joined;
} itape_column_facts;

/// Looks at a column of at least one entry, and of fewer than 2^32.
itape_column_facts itape_look_at_column(
    const int32_t *entries, size_t count, itape_vectors vectors);

/// How many of fewer than 2^32 entries are `value`.
size_t itape_count_entries(
    const int32_t *entries, size_t count, int32_t value, itape_vectors vectors);

/// Puts the low 32 bits of numbers into entries; returns all numbers joined by "or".
uint64_t itape_narrow_numbers(
    int32_t *entries, const uint64_t *numbers, size_t count, itape_vectors vectors);

/// Puts values of 0 to 3, each of 4 bytes or of 8, into tokens of four, sixteen at a time.
///
/// Returns how many were taken: all but up to fifteen; none where there are no vectors of 512 bits.
size_t itape_pack_fours_512(
    const void *values, size_t size, size_t count, uint8_t *tokens);

/// The reverse.
///
/// Returns how many values were written.
size_t itape_unpack_fours_512(
    const uint8_t *tokens, size_t count, size_t size, void *values);

/// Makes times of steps in units, zigzag or not, modulo 2^64: each is its step behind the one
/// before, the first behind the one that is there.
void itape_sum_steps(
    int64_t *times, const uint64_t *numbers, size_t count, uint64_t unit, bool is_zigzag,
    itape_vectors vectors);

/// Whether none of `count` times is later than the next, and none has another sign than twice as
/// much: then no difference of neighbours has overflowed. One time more is read.
bool itape_times_rise(const int64_t *times, size_t count, itape_vectors vectors);

/// Movements in a beat's window count 1 each; in the sharp, longest one 4, 4, 2 and six times 1.
enum { itape_sharp_bits = 4, itape_window_limit = 9 };

/// How a mouse's beat guesses: sums over the last movements, whose weights are 2^window_bits in all
/// (3 or 4, the sharp window), and deviations, each `lag` before the one before (1 to 64), whose
/// weights are 2^term_bits in all: one, two, or for 3 four of the weights 3, 2, 2 and 1.
typedef struct {
  uint32_t window_bits, term_bits, lag;
} itape_beat;

/// How far each movement is from the mean of those before it, times their weights. A window of
/// them is read in front of the first.
void itape_beat_deviations(
    int32_t *deviations, const int32_t *moves, size_t count, uint32_t window_bits,
    itape_vectors vectors);

/// Writes what a beat leaves of movements, zigzag, by deviations, which are read in front of the
/// first, too, as far as terms reach back.
void itape_beat_residuals(
    uint32_t *residuals, const int32_t *moves, const int32_t *deviations, size_t count,
    itape_beat beat, itape_vectors vectors);

/// How far movements are in all from what a beat of one term guesses.
uint64_t itape_beat_distance(
    const int32_t *moves, const int32_t *deviations, size_t count, uint32_t window_bits,
    size_t lag, itape_vectors vectors);

/// Writes what a linear guess, of `a` eighths of the last movement and `b` of the one before,
/// leaves of movements, zigzag, modulo 2^32; two movements in front of the first are read.
void itape_take_linear(
    uint32_t *residuals, const int32_t *moves, size_t count, int32_t a, int32_t b, bool is_wide);

/// Puts coordinates in place of what a linear guess left of them, zigzag (Specs/Encodings.md,
/// section 6), in both columns. Four quarters, of a multiple of four entries each, start anew; what
/// is behind them is the last one's.
void itape_restore_linear(
    int32_t *first, int32_t *second, size_t count, size_t quarter, int32_t a, int32_t b,
    bool is_position, bool is_wide);

/// The same for what a beat left.
void itape_restore_beat(
    int32_t *first, int32_t *second, size_t count, size_t quarter, itape_beat beat,
    bool is_position, bool is_wide);

/// Contacts of touches are told apart by as many numbers (Specs/Encodings.md, section 6).
#define ITAPE_CONTACT_COUNT 32

/// How many numbers are within a distance of multiples of a period; all are whole and below 2^51.
size_t itape_count_multiples(
    const double *numbers, size_t count, double period, double distance, bool is_wide);

/// How many tokens there are, what the counts of each are times their logarithms to base 2, in
/// sixteenths, the largest count, and how many are not 0.
typedef struct {
  uint32_t total, known, largest, used;
} itape_count_sums;

/// Sums up 256 counts, which are sums of those in one row or in four, and makes them 0; all
/// together are below 2^20.
itape_count_sums itape_take_counts(uint32_t *counts, bool are_four, bool is_wide);

/// What is known of a touch: its movement along x and along y, the last ones of its contact, and
/// those before.
#define ITAPE_CONTACT_COLUMNS 6

/// Writes that of `count` touches, a column of pairs after another. A contact begins at phase 0.
void itape_take_contacts(
    int32_t *columns, const int32_t *xs, const int32_t *ys, const int32_t *contacts,
    const int32_t *phases, size_t count);

/// Writes what linear guesses leave of the first `count` touches of as many as columns have,
/// zigzag, modulo 2^32.
void itape_take_contact_residuals(
    uint32_t *first, uint32_t *second, size_t count, const int32_t *columns, size_t column_count,
    int32_t a, int32_t b, bool is_wide);

/// Puts coordinates in place of what linear guesses of each contact's movements left of them,
/// zigzag, in both columns. A contact begins at phase 0.
void itape_restore_contacts(
    int32_t *first, int32_t *second, size_t count, const int32_t *contacts, const int32_t *phases,
    int32_t a, int32_t b);

/// How many changes the adaptive coder predicts the next from (Specs/Adaptive.md, section 7).
#define ITAPE_TAP_COUNT 24

/// The sum of the products of changes and their weights.
int64_t itape_sum_taps(const int32_t *changes, const int32_t *weights);

/// Adds to weights the products of changes and a gain, divided by 4,096; modulo 2^32.
void itape_learn_taps(const int32_t *changes, int32_t *weights, int32_t gain);

/// Eight numbers in one register. What follows says in C what Swift's vectors say in three times as
/// many instructions, and without optimisation in a hundred times as many.
typedef int16_t itape_int16x8 __attribute__((ext_vector_type(8)));
typedef uint16_t itape_uint16x8 __attribute__((ext_vector_type(8)));

/// The signed low bytes of six numbers of 16 bits, times 256. Two are in `high`, the fifth lower.
static inline __attribute__((always_inline, const)) itape_int16x8 itape_low_bytes(
    uint16_t a, uint16_t b, uint16_t c, uint16_t d, uint32_t high) {
#if defined(__SSE2__)
  // Four numbers are inserted where they stand: more, and the compiler takes another way.
  typedef int32_t int32x4 __attribute__((ext_vector_type(4)));
  typedef int64_t int64x2 __attribute__((ext_vector_type(2)));
  itape_int16x8 low = {(int16_t)a, (int16_t)b, (int16_t)c, (int16_t)d, 0, 0, 0, 0};
  int32x4 rest = {(int32_t)high, 0, 0, 0};
  int64x2 all = {((int64x2)low).x, ((int64x2)rest).x};
  return (itape_int16x8)((itape_uint16x8)all << 8);
#else
  itape_int16x8 all = {(int16_t)a, (int16_t)b, (int16_t)c, (int16_t)d,
                       (int16_t)high, (int16_t)(high >> 16), 0, 0};
  return (itape_int16x8)((itape_uint16x8)all << 8);
#endif
}

/// The upper half of the sum of eight products, modulo 2^32.
static inline __attribute__((always_inline, const)) uint16_t itape_dot(
    itape_int16x8 a, itape_int16x8 b) {
  typedef uint32_t uint32x4 __attribute__((ext_vector_type(4)));
#if defined(__SSE2__)
  typedef int16_t operand __attribute__((vector_size(16)));
  uint32x4 sums = (uint32x4)__builtin_ia32_pmaddwd128((operand)a, (operand)b);
#else
  typedef int32_t int32x4 __attribute__((ext_vector_type(4)));
  uint32x4 sums =
      (uint32x4)(__builtin_convertvector(a.lo, int32x4) * __builtin_convertvector(b.lo, int32x4)) +
      (uint32x4)(__builtin_convertvector(a.hi, int32x4) * __builtin_convertvector(b.hi, int32x4));
#endif
  sums += sums.zwxy;
  sums += sums.yxwz;
#if defined(__SSE2__)
  // pextrw: the upper half at once.
  return ((itape_uint16x8)sums)[1];
#else
  return (uint16_t)(sums.x >> 16);
#endif
}

/// Weights and sixteenths of the high halves of numbers times an error plus `more`, within bounds.
/// Weights are within 15,000, so that sums are numbers of 16 bits.
static inline __attribute__((always_inline, const)) itape_int16x8 itape_learn(
    itape_int16x8 weights, itape_int16x8 numbers, int16_t error, itape_int16x8 more,
    itape_int16x8 bounds) {
#if defined(__SSE2__)
  typedef int16_t operand __attribute__((vector_size(16)));
  itape_int16x8 errors = error;
  itape_int16x8 products =
      (itape_int16x8)__builtin_ia32_pmulhw128((operand)numbers, (operand)errors);
#else
  typedef int32_t int32x8 __attribute__((ext_vector_type(8)));
  itape_int16x8 products = __builtin_convertvector(
      (__builtin_convertvector(numbers, int32x8) * (int32_t)error) >> 16, itape_int16x8);
#endif
  weights += (products + more) >> 4;
  return __builtin_elementwise_max(__builtin_elementwise_min(weights, bounds), -bounds);
}
