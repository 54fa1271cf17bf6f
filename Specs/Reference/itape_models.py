# SPDX-License-Identifier: Apache-2.0
#
# Modelled streams, decoded (Specs/Encodings.md, section 8). Slow and short: a check on the text.
"""Decodes streams of tokens by range asymmetric numeral systems with tables of their own."""

from itape_bytes import Bytes, need

NONE, HALVES, RANKS, STEPS = 0, 1, 2, 3
TOTAL_BITS = 10
TOTAL, LEAST = 1 << TOTAL_BITS, 1 << 31
LONG = 4_096  # Tokens of a stream with six lanes.


class Rule:
    """Which context a token has, by the one before it, t, and the one before that, u."""

    def __init__(self, source):
        self.form, self.height, self.width = source.byte(), 1, 1
        need(self.form <= STEPS, "unsupportedEncoding")
        if self.form == NONE:
            return
        size = source.byte()
        self.height, self.width = (size & 15) + 1, (size >> 4) + 1
        need(self.height * self.width <= 32)
        if self.form == RANKS:
            self.high = self.low = source.take(max(self.height, self.width) - 1)
        else:
            self.high, self.low = source.take(self.height - 1), source.take(self.width - 1)

    def context(self, t, u):
        if self.form == NONE or t is None:
            return 0
        if self.form == HALVES:
            return place(t >> 4, self.high) * self.width + place(t & 15, self.low)
        if self.form == RANKS:
            first = min(rank(t, self.high), self.height - 1)
            second = 0 if u is None else min(rank(u, self.low), self.width - 1)
        else:
            first = place(t, self.high)
            second = 0 if u is None else place(u, self.low)
        return first * self.width + second


def place(value, marks):
    return sum(mark <= value for mark in marks)


def rank(token, marks):
    return marks.index(token) if token in marks else len(marks)


class LooseBits:
    """Fields of bits, lowest first, whose end is known only when all are read."""

    def __init__(self, source):
        self.source, self.value, self.count = source, 0, 0

    def take(self, count):
        while self.count < count:
            self.value |= self.source.byte() << self.count
            self.count += 8
        value = self.value & ((1 << count) - 1)
        self.value >>= count
        self.count -= count
        return value

    def end(self):
        need(self.value == 0)

    def difference(self):
        zeros = 0
        while not self.take(1):
            zeros += 1
            need(zeros <= 5)
        gamma = (1 << zeros) + self.take(zeros)
        return gamma >> 1 if gamma & 1 else -(gamma >> 1)


def tables(source, rule):
    """For each context a list of 1,024 entries: (token, frequency, start)."""
    bits = LooseBits(source)
    rows = bits.take(16)
    used = []
    for row in range(16):
        tokens = bits.take(16) if rows >> row & 1 else 0
        used += [16 * row + i for i in range(16) if tokens >> i & 1]
    all_classes, found = [], []
    for index in range(rule.height * rule.width):
        model = None
        if index % rule.width:
            model = all_classes[index - 1]
        elif index >= rule.width:
            model = all_classes[index - rule.width]
        if not bits.take(1):
            all_classes.append(model or [0] * len(used))
            found.append([(0, TOTAL, 0)] * TOTAL)
            continue
        need(used)
        classes = []
        for i in range(len(used)):
            guess = model[i] if model else classes[-1] if classes else 0
            classes.append(guess + bits.difference())
            need(0 <= classes[-1] <= 15)
        all_classes.append(classes)
        found.append(slots(used, frequencies(classes, bits)))
    bits.end()
    return found


def frequencies(classes, bits):
    rest = classes.index(max(classes))
    numbers = []
    for i, c in enumerate(classes):
        number = 0
        if c > 0 and i != rest:
            n = min(c - 1, 2)
            number = ((1 << n) + bits.take(n)) << (c - 1 - n)
        numbers.append(number)
    need(sum(numbers) < TOTAL)
    numbers[rest] = TOTAL - sum(numbers)
    return numbers


def slots(used, numbers):
    table = []
    for token, frequency in zip(used, numbers):
        table += [(token, frequency, len(table))] * frequency
    return table


def modelled(data, length):
    """The stream of `length` tokens that all of `data` stands for."""
    source = Bytes(data, end="malformed")
    rule = Rule(source)
    contexts = tables(source, rule)
    count = 3 if length < LONG else 6
    states = [int.from_bytes(source.take(8), "little") for _ in range(count)]
    need(all(LEAST <= state < 1 << 63 for state in states))
    each = length // (3 * count) * 3
    lanes = [[] for _ in range(count)]

    def take(lane, count):
        x, tokens = states[lane], lanes[lane]
        for _ in range(count):
            t = tokens[-1] if tokens else None
            u = tokens[-2] if len(tokens) > 1 else None
            slot = x % TOTAL
            token, frequency, start = contexts[rule.context(t, u)][slot]
            x = frequency * (x >> TOTAL_BITS) + slot - start
            tokens.append(token)
        if x < LEAST:
            x = x << 32 | int.from_bytes(source.take(4), "little")
        states[lane] = x

    for _ in range(each // 3):
        for lane in range(count):
            take(lane, 3)
    for _ in range(length - count * each):
        take(count - 1, 1)
    need(states == [LEAST] * count and source.left == 0)
    return bytes(sum(lanes, []))
