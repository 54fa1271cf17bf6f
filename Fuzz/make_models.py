# SPDX-License-Identifier: Apache-2.0
#
# Modelled streams by chance (Specs/Encodings.md, section 8).
"""`modelled(rng, data)` gives a stream, whatever the rule and the tables."""

from itape_bytes import Bytes
import itape_models
from itape_models import HALVES, LEAST, LONG, NONE, RANKS, TOTAL, Rule
from make_numbers import Bits


def modelled(rng, data):
    """Tokens by a rule and tables of which some are bad for them."""
    form = rng.randrange(4)
    height = width = 1
    out = bytearray([form])
    if form != NONE:
        height, width = rng.choice(((1, 1), (1, 2), (2, 1), (3, 4), (16, 2), (2, 16), (8, 4)))
        count = max(height, width) - 1 if form == RANKS else height + width - 2
        most = 16 if form == HALVES else 256
        marks = bytes(rng.choice((*data[:8], rng.randrange(most))) for _ in range(count))
        out += bytes([height - 1 | width - 1 << 4]) + marks
    lanes = 3 if len(data) < LONG else 6
    each = len(data) // (3 * lanes) * 3
    rule, begins = Rule(Bytes(out)), [lane * each for lane in range(lanes)]
    contexts = [context(rule, data, place, begins) for place in range(len(data))]
    needed = [set() for _ in range(height * width)]
    for token, number in zip(data, contexts):
        needed[number].add(token)
    used = sorted({*data, *(rng.randrange(256) for _ in range(rng.choice((0, 0, 1, 30))))})
    bits, tables = tables_of(rng, used, needed, width)
    slots = [tables[number][token] for token, number in zip(data, contexts)]
    stream = bytes(out + bits.bytes() + coded(slots, lanes, each))
    # Two readers that refuse what was meant to be good would agree, too.
    assert itape_models.modelled(stream, len(data)) == data
    return stream


def turns_of(count, lanes, each):
    """(lane, places) in the order in which a decoder takes them."""
    turns = [(lane, range(lane * each + at, lane * each + at + 3))
             for at in range(0, each, 3) for lane in range(lanes)]
    return turns + [(lanes - 1, [place]) for place in range(lanes * each, count)]


def context(rule, data, place, begins):
    begin = max(start for start in begins if start <= place)
    before = data[max(begin, place - 2):place]
    return rule.context(before[-1] if before else None, before[-2] if len(before) > 1 else None)


def tables_of(rng, used, needed, width):
    """Fields, and for each context the frequency and the start of each token that it has."""
    rows, bits = sorted({token >> 4 for token in used}), Bits()
    bits.put(sum(1 << row for row in rows), 16)
    for row in rows:
        bits.put(sum(1 << (token & 15) for token in used if token >> 4 == row), 16)
    all_classes, found = [], []
    for index, tokens in enumerate(needed):
        model = None
        if index % width:
            model = all_classes[index - 1]
        elif index >= width:
            model = all_classes[index - width]
        if not used or tokens <= {0} and rng.random() < 0.5:
            bits.put(0, 1)
            found.append({0: (TOTAL, 0)})
            all_classes.append(model or [0] * len(used))
            continue
        bits.put(1, 1)
        classes = classes_of(rng, [token in tokens for token in used])
        last = 0
        for place, number in enumerate(classes):
            difference = number - (model[place] if model else last)
            last = number
            code = 2 * difference + 1 if difference >= 0 else -2 * difference
            zeros = code.bit_length() - 1
            for field in ((0, zeros), (1, 1), (code - (1 << zeros), zeros)):
                bits.put(*field)
        found.append(dict(zip(used, frequencies(rng, classes, bits))))
        all_classes.append(classes)
    return bits, found


def classes_of(rng, needed):
    """Classes that give all tokens that are needed a frequency, whatever the details."""
    classes, room = [int(is_needed) for is_needed in needed], TOTAL - 1 - sum(needed)
    for place in range(len(classes)):
        wanted = rng.choice((0, 0, 1, 2, 3, 4, 8))
        more = (1 << wanted) - 1 - classes[place]
        if wanted > classes[place] and more <= room:
            classes[place], room = wanted, room - more
    rest = classes.index(max(classes))
    if rng.random() < 0.3:
        # What is left has no class of its own.
        classes[rest] = rng.randint(classes[rest], 15)
    return classes


def frequencies(rng, classes, bits):
    """(frequency, start) of each token; details are appended to the bits."""
    rest, own = classes.index(max(classes)), []
    for place, number in enumerate(classes):
        count = min(number - 1, 2)
        if place == rest or count < 0:
            own.append(0)
            continue
        detail = rng.getrandbits(count) if count else 0
        bits.put(detail, count)
        own.append((1 << count | detail) << number - 1 - count)
    own[rest] = TOTAL - sum(own)
    return [(number, sum(own[:place])) for place, number in enumerate(own)]


def coded(slots, lanes, each):
    """States and words; from the last token to the first."""
    states, words = [LEAST] * lanes, []
    for lane, places in reversed(turns_of(len(slots), lanes, each)):
        steps = [slots[place] for place in reversed(places)]
        state = put(states[lane], steps)
        if state >= 1 << 63:
            words.append(states[lane] & 0xFFFFFFFF)
            state = put(states[lane] >> 32, steps)
        states[lane] = state
    out = b"".join(state.to_bytes(8, "little") for state in states)
    return out + b"".join(word.to_bytes(4, "little") for word in reversed(words))


def put(state, steps):
    for frequency, start in steps:
        state = (state // frequency << 10) + state % frequency + start
    return state
