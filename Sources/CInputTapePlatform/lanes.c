// SPDX-License-Identifier: Apache-2.0
//
// Modelled streams to tokens, and tokens to words (Specs/Encodings.md, section 8). A token waits
// for the one before it in its lane, some fifteen cycles, and meanwhile a processor works on other
// lanes: on as many as its registers hold. What keeps it from more is the number of operations.
//
// Invariant: no word is read that does not stand before the end, and a context is that of one or
// two tokens, all of which links know.
#include "inputtape_platform.h"
#include "wide_vectors.h"

#include <string.h>

enum { precision = 10, slots = 1 << precision, group = 3, most_lanes = 6, word_size = 4 };

/// Between groups, states are at least this, and below 2^63.
static const uint64_t least_state = UINT64_C(1) << 31;

INLINE uint32_t load_word(const uint8_t *bytes) {
  uint32_t word;
  memcpy(&word, bytes, sizeof word);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
  word = __builtin_bswap32(word);
#endif
  return word;
}

/// Takes a token from a state, in a context: the token of the state's lowest bits, then shares.
INLINE uint8_t take_token(uint64_t *state, const uint8_t *context) {
  const uint64_t slot = *state & (slots - 1);
  const uint8_t token = context[slot];
  const itape_lane_share *share = (const itape_lane_share *)(context + ITAPE_LANE_SHARES) + token;
  *state = share->frequency * (*state >> precision) + (slot - share->start);
  return token;
}

/// Without a branch: whether a word is needed is as good as random.
INLINE uint64_t refill(uint64_t state, const uint8_t **next) {
  const uint64_t filled = state << 32 | load_word(*next);
  const bool is_needed = state < least_state;
  *next += is_needed * (size_t)word_size;
  return __builtin_unpredictable(is_needed) ? filled : state;
}

/// The tokens of all lanes, each of so many.
typedef struct {
  const itape_lane_links *links;
  uint8_t *tokens;
  size_t each;
} lanes;

/// The context behind the first `index` tokens of a lane.
INLINE const uint8_t *context_behind(const lanes *all, const uint8_t *lane, size_t index) {
  if (index == 0) return all->links->first;
  const uint8_t *context = all->links->next[lane[index - 1]];
  return index == 1 ? context : context + all->links->later[lane[index - 2]];
}

/// Takes the first group of each lane, where there are words for all.
INLINE void take_first(const lanes *all, size_t count, uint64_t *states, const uint8_t **next) {
  for (size_t lane = 0; lane < count; lane++) {
    uint8_t *target = all->tokens + lane * all->each;
    for (size_t index = 0; index < group; index++) {
      target[index] = take_token(&states[lane], context_behind(all, target, index));
    }
    states[lane] = refill(states[lane], next);
  }
}

/// Takes groups while there is a word for each lane.
///
/// Returns how many tokens of each lane are taken.
INLINE size_t take_groups(
    const lanes *all, size_t count, bool is_short, uint64_t *states, size_t index,
    const uint8_t **next, const uint8_t *end) {
  const size_t each = all->each, room = count * word_size;
  if (index == 0 && each > 0 && (size_t)(end - *next) >= room) {
    take_first(all, count, states, next);
    index = group;
  }
  // Values of their own, so that they stay in registers.
  const itape_lane_links *links = all->links;
  const uint8_t *word = *next, *contexts[most_lanes];
  uint64_t own[most_lanes];
  for (size_t lane = 0; lane < count; lane++) {
    own[lane] = states[lane];
    contexts[lane] = context_behind(all, all->tokens + lane * each, index);
  }
  uint8_t *first = all->tokens + index, *last = all->tokens + each, *second = first + 3 * each;
  while (first < last && (size_t)(end - word) >= room) {
#pragma clang loop unroll(full)
    for (size_t row = 0; row < group; row++) {
#pragma clang loop unroll(full)
      for (size_t lane = 0; lane < count; lane++) {
        uint8_t *target = (lane < 3 ? first + lane * each : second + (lane - 3) * each) + row;
        const uint8_t token = take_token(&own[lane], contexts[lane]);
        *target = token;
        contexts[lane] = links->next[token];
        if (!is_short) contexts[lane] += links->later[target[-1]];
      }
    }
#pragma clang loop unroll(full)
    for (size_t lane = 0; lane < count; lane++) own[lane] = refill(own[lane], &word);
    first += group, second += group;
  }
  for (size_t lane = 0; lane < count; lane++) states[lane] = own[lane];
  *next = word;
  return (size_t)(first - all->tokens);
}

static __attribute__((noinline)) size_t take_three_short(
    const lanes *all, uint64_t *states, size_t index, const uint8_t **next, const uint8_t *end) {
  return take_groups(all, 3, true, states, index, next, end);
}

static __attribute__((noinline)) size_t take_three(
    const lanes *all, uint64_t *states, size_t index, const uint8_t **next, const uint8_t *end) {
  return take_groups(all, 3, false, states, index, next, end);
}

static __attribute__((noinline)) size_t take_six_short(
    const lanes *all, uint64_t *states, size_t index, const uint8_t **next, const uint8_t *end) {
  return take_groups(all, 6, true, states, index, next, end);
}

static __attribute__((noinline)) size_t take_six(
    const lanes *all, uint64_t *states, size_t index, const uint8_t **next, const uint8_t *end) {
  return take_groups(all, 6, false, states, index, next, end);
}

typedef size_t (*take_some)(
    const lanes *, uint64_t *, size_t, const uint8_t **, const uint8_t *);

/// Takes groups of which some find no words any more: the last words are put where zeros stand
/// behind them, so that nobody has to look.
///
/// Returns whether all of each lane are taken, and all words were there.
static bool take_last(
    take_some take, const lanes *all, size_t count, uint64_t *states, size_t index,
    const uint8_t **next, const uint8_t *end) {
  uint8_t words[2 * most_lanes * word_size] = {0};
  const size_t left = (size_t)(end - *next);
  memcpy(words, *next, left);
  const uint8_t *word = words;
  // Goes on until a word was taken that was not there.
  index = take(all, states, index, &word, words + left + count * word_size);
  const size_t taken = (size_t)(word - words);
  if (taken > left || index < all->each) return false;
  *next += taken;
  return true;
}

/// Takes what the last lane, the tokens from `lane` on, has behind the groups.
static bool take_rest(
    const lanes *all, uint8_t *lane, size_t count, uint64_t *state, const uint8_t **next,
    const uint8_t *end) {
  for (size_t index = all->each; index < count; index++) {
    lane[index] = take_token(state, context_behind(all, lane, index));
    if (*state >= least_state) continue;
    if (end - *next < word_size) return false;
    *state = refill(*state, next);
  }
  return true;
}

bool itape_take_lanes(
    const void *coded, size_t size, const itape_lane_links *links, bool is_short, size_t lane_count,
    uint8_t *tokens, size_t count) {
  const uint8_t *next = coded, *end = next + size;
  const size_t lane_total = lane_count == 3 ? 3 : most_lanes;
  if (size < lane_total * sizeof(uint64_t) || size % word_size != 0) return false;
  uint64_t states[most_lanes];
  for (size_t lane = 0; lane < lane_total; lane++) {
    states[lane] = load_eight(next);
    if (states[lane] < least_state || states[lane] >> 63 != 0) return false;
    next += sizeof(uint64_t);
  }
  const take_some takes[2][2] = {{take_three, take_three_short}, {take_six, take_six_short}};
  const take_some take = takes[lane_total == most_lanes][is_short];
  const lanes all = {links, tokens, count / (lane_total * group) * group};
  size_t index = take(&all, states, 0, &next, end);
  if (index < all.each
      && !take_last(take, &all, lane_total, states, index, &next, end)) return false;
  const size_t dealt = (lane_total - 1) * all.each;
  if (!take_rest(
          &all, tokens + dealt, count - dealt, &states[lane_total - 1], &next, end)) return false;
  for (size_t lane = 0; lane < lane_total; lane++) {
    if (states[lane] != least_state) return false;
  }
  return next == end;
}

// Tokens to words, from the last one on.

typedef struct {
  const itape_lane_symbol *symbols;
  const uint64_t *reciprocals;
} symbol_table;

INLINE uint64_t high_product(uint64_t a, uint64_t b) {
#if defined(__SIZEOF_INT128__)
  return (uint64_t)((unsigned __int128)a * b >> 64);
#else
  const uint64_t low = (a & UINT32_MAX) * (b & UINT32_MAX);
  const uint64_t first = (a >> 32) * (b & UINT32_MAX) + (low >> 32);
  const uint64_t second = (a & UINT32_MAX) * (b >> 32) + (first & UINT32_MAX);
  return (a >> 32) * (b >> 32) + (first >> 32) + (second >> 32);
#endif
}

/// Keeps a number in a register, where a compiler would merge what makes it with what follows.
#if defined(__SIZEOF_INT128__)
#define SEPARATE(number) __asm__("" : "+r"(number))
#else
#define SEPARATE(number)
#endif

/// Puts a token in front of what a lane has.
///
/// A place is not multiplied by the size of entries, which is part of an address; and Zen 4 takes
/// two cycles for a product with what such an address leads to, but one where that is loaded first.
INLINE uint64_t push(uint64_t state, symbol_table table, size_t place) {
  SEPARATE(place);
  const itape_lane_symbol *symbol = &table.symbols[place];
  uint64_t reciprocal = table.reciprocals[place];
  SEPARATE(reciprocal);
  const uint64_t quotient = high_product(reciprocal, state) >> symbol->shift;
  state += symbol->bias;
  state += quotient * symbol->complement;
  SEPARATE(state);
  return state;
}

/// Takes a word from a state that is not below a limit. Without a branch, as `refill`.
INLINE uint64_t flush(uint64_t state, uint64_t limit, uint8_t **next) {
  uint32_t word = (uint32_t)state;
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
  word = __builtin_bswap32(word);
#endif
  memcpy(*next - word_size, &word, sizeof word);
  const bool is_full = state >= limit;
  *next -= is_full * (size_t)word_size;
  return __builtin_unpredictable(is_full) ? state >> 32 : state;
}

/// What the frequencies of a lane's next group make of the largest state.
INLINE uint64_t share_of(const itape_lane_symbol *symbols, const uint16_t *places, size_t stride) {
  uint64_t share = UINT64_C(1) << (63 - group * precision);
  for (size_t row = 0; row < group; row++) share *= symbols[places[row * stride]].frequency;
  return share;
}

/// Puts the groups of all lanes in front of what they have.
INLINE uint8_t *put_groups(
    const uint16_t *places, size_t dealt, size_t count, symbol_table table, uint64_t *states,
    uint8_t *next) {
  uint64_t own[most_lanes];
  for (size_t lane = 0; lane < count; lane++) own[lane] = states[lane];
  for (const uint16_t *some = places + dealt; some > places;) {
    some -= count * group;
#pragma clang loop unroll(full)
    for (size_t lane = count; lane-- > 0;) {
      own[lane] = flush(own[lane], share_of(table.symbols, some + lane, count), &next);
    }
    // By turns, so that a processor has all chains at hand.
#pragma clang loop unroll(full)
    for (size_t place = count * group; place-- > 0;) {
      own[place % count] = push(own[place % count], table, some[place]);
    }
  }
  for (size_t lane = 0; lane < count; lane++) states[lane] = own[lane];
  return next;
}

void *itape_put_lanes(
    const uint16_t *places, size_t count, const itape_lane_symbol *symbols,
    const uint64_t *reciprocals, size_t lane_count, uint64_t *states, void *words) {
  const symbol_table table = {symbols, reciprocals};
  const size_t lane_total = lane_count == 3 ? 3 : most_lanes;
  for (size_t lane = 0; lane < lane_total; lane++) states[lane] = least_state;
  const size_t dealt = count / (lane_total * group) * (lane_total * group);
  uint8_t *next = words;
  uint64_t last = least_state;
  for (size_t index = count; index-- > dealt;) {
    const uint64_t share = symbols[places[index]].frequency;
    last = push(flush(last, share << (63 - precision), &next), table, places[index]);
  }
  states[lane_total - 1] = last;
  return lane_total == 3 ? put_groups(places, dealt, 3, table, states, next)
                         : put_groups(places, dealt, 6, table, states, next);
}
