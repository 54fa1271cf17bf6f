// SPDX-License-Identifier: Apache-2.0
//
// What becomes of streams of tokens before they are coded: lots, twins, and a look for repeats.
#pragma once
#include "inputtape_platform.h"

/// Writes a bit for each of at least one event that is not of the usual kind, and a word more or
/// two; and how many of all events but the first are in each of four lots: those that have a bit if
/// bit 0 of the lot is 1, and the event before them if bit 1 is.
void itape_mark_lots(
    const uint8_t *kinds, size_t count, uint8_t usual, uint64_t *marks, uint32_t *counts,
    itape_vectors vectors);

/// Copies the tokens of a lot to where they follow one another, and up to 64 bytes more.
void itape_split_lot(
    const uint8_t *tokens, size_t count, const uint64_t *marks, uint32_t lot, uint8_t *target,
    itape_vectors vectors);

/// The reverse: leaves the tokens of other lots as they are. Reads up to 64 bytes more.
void itape_join_lot(
    uint8_t *tokens, size_t count, const uint64_t *marks, uint32_t lot, const uint8_t *source,
    itape_vectors vectors);

/// Makes twins, a byte of every two tokens: the place of the first in the low half, that of the
/// second, or 0, in the high one. There is a place for each of 256 tokens, up to a limit; tokens at
/// the limit are put among the others, too, which have room for 64 more than there are tokens.
///
/// Returns how many others there are.
size_t itape_make_twins(
    const uint8_t *tokens, size_t count, const uint8_t *places, uint8_t limit, uint8_t *twins,
    uint8_t *others, itape_vectors vectors);

/// How many halves of twins are a limit; more than there are halves where one is above it.
size_t itape_count_others(
    const uint8_t *twins, size_t size, uint8_t limit, itape_vectors vectors);

/// Makes tokens of twins: of a half its name, of which there are sixteen, or for the limit the next
/// of the others; whether those are as many as were needed.
bool itape_take_twins(
    const uint8_t *twins, size_t count, const uint8_t *names, uint8_t limit, const uint8_t *others,
    size_t other_count, uint8_t *tokens, itape_vectors vectors);

/// How many of fewer than 2^16 bytes are part of repeats, less the price of each, of those that are
/// longer than that and five bytes, and that a quick search finds. Once it cannot be `enough` any
/// more, the search ends.
size_t itape_find_repeats(const uint8_t *bytes, size_t count, size_t price, size_t enough);

/// Adds places of three or six lanes by turns, which are below a limit, to their counts; those of
/// each lane to counts of its own on the way, which stand `distance` behind each other and are 0
/// before and after. The limit is a multiple of sixteen.
void itape_count_places_512(
    const uint16_t *places, size_t count, size_t lane_count, uint32_t *counts, size_t distance,
    size_t limit);

/// Counts the tokens of pairs, by turns in as many times 256 counts as `turns` (0 or 3) and one;
/// adds their extra bits, but those below the shift, to `total`. A number that has no class has
/// `width` bits.
void itape_count_pairs_512(
    const uint32_t *firsts, const uint32_t *seconds, size_t count, itape_pair_form form,
    unsigned width, uint32_t *counts, unsigned turns, ptrdiff_t *total);
