# SPDX-License-Identifier: Apache-2.0
#
# Modelled streams by chance (Specs/Encodings.md, section 8).
"""`modelled(rng, data)` gives a stream, whatever the rule and the tables."""

from itape_bytes import Bytes
from itape_models import HALVES, LEAST, NONE, RANKS, TOTAL, Rule
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
    used = sorted({*data, *(rng.randrange(256) for _ in range(rng.choice((0, 0, 1, 30))))})
    contexts = height * width
    bits, frequencies = tables(rng, used, contexts, width)
    out += bits.bytes()
    return encoded(out, data, frequencies)


def tables(rng, used, contexts, width):
    """Fields, and the frequencies of each context; each token has one."""
    rows = sorted({t >> 4 for t in used})
    bits = Bits()
    bits.put(sum(1 << row for row in rows), 16)
    for row in rows:
        bits.put(sum(1 << (t & 15) for t in used if t >> 4 == row), 16)
    all_classes, found = [], []
    for index in range(contexts):
        model = None
        if index % width:
            model = all_classes[index - 1]
        elif index >= width:
            model = all_classes[index - width]
        if not used:
            bits.put(0, 1)
            found.append({0: (TOTAL, 0)})
            all_classes.append([])
            continue
        bits.put(1, 1)
        weights = [rng.choice((1, 1, 2, 3, 8, 200)) for _ in used]
        classes = classes_of(weights)
        last = 0
        for place, c in enumerate(classes):
            d = c - (model[place] if model else last)
            last = c
            code = 2 * d + 1 if d >= 0 else -2 * d
            zeros = code.bit_length() - 1
            bits.put(0, zeros)
            bits.put(1, 1)
            bits.put(code - (1 << zeros), zeros)
        rest, own, start = classes.index(max(classes)), [], 0
        for place, c in enumerate(classes):
            n = min(c - 1, 2)
            detail = rng.getrandbits(n) if n > 0 and place != rest else 0
            if place != rest and n > 0:
                bits.put(detail, n)
            own.append((1 << n | detail) << c - 1 - n if place != rest else 0)
        own[rest] = TOTAL - sum(own)
        table = {}
        for t, f in zip(used, own):
            table[t] = f, start
            start += f
        found.append(table)
        all_classes.append(classes)
    return bits, found


def classes_of(weights):
    """Classes of at least 1 whose frequencies are below the total whatever their details."""
    room = TOTAL - 1
    classes = [1] * len(weights)
    room -= len(weights)
    for place in sorted(range(len(weights)), key=lambda i: -weights[i]):
        wanted = min(weights[place].bit_length(), 8)
        while wanted > 1 and (1 << wanted) - 1 > room:
            wanted -= 1
        if wanted > 1:
            room -= (1 << wanted) - 2
            classes[place] = wanted
    return classes


def encoded(head, data, frequencies):
    context, each = Rule(Bytes(head)).context, len(data) // 12 * 3
    turns, lanes = [], [[] for _ in range(4)]
    for group in range(each // 3):
        for lane in range(4):
            start = lane * each + 3 * group
            turns.append((lane, list(range(start, start + 3))))
    turns += [(3, [place]) for place in range(4 * each, len(data))]
    first = {lane * each for lane in range(4)}
    states, words = [LEAST] * 4, []
    for lane, places in reversed(turns):
        x, steps = states[lane], []
        for place in places:
            begin = max(f for f in first if f <= place)
            t = data[place - 1] if place > begin else None
            u = data[place - 2] if place > begin + 1 else None
            steps.append(frequencies[context(t, u)][data[place]])
        y = put(x, steps)
        if y >= 1 << 63:
            words.append(x & 0xFFFFFFFF)
            y = put(x >> 32, steps)
        states[lane] = y
    out = bytearray(head)
    for state in states:
        out += state.to_bytes(8, "little")
    for word in reversed(words):
        out += word.to_bytes(4, "little")
    return bytes(out)


def put(x, steps):
    for f, start in reversed(steps):
        x = (x // f << 10) + x % f + start
    return x
