# SPDX-License-Identifier: Apache-2.0
#
# Adaptive sections by chance (Specs/Adaptive.md).
"""`adaptive(rng, count)` gives first time and bytes; `mended(…)` bytes whose end is right."""

from itape_adaptive import TEXT, AdaptiveSection, Coder
from itape_bytes import Bad, wrap
from make_numbers import number

LARGEST = 4_096


class Long(Exception):
    """More bytes of text than a slow reader should take: a few bytes can hold megabytes."""


class Brief(Coder):
    """A decoder of sections without much text."""

    text_count = 0

    def byte(self, field, contexts):
        self.text_count += field == TEXT
        if self.text_count > LARGEST:
            raise Long
        return super().byte(field, contexts)


class Writer(Brief):
    """The range coder the other way round: decisions by chance, and the bytes that say so."""

    def __init__(self, rng, count, header):
        super().__init__(b"", count)
        self.rng, self.header, self.low = rng, list(header), 0
        # How often a decision is not as it is expected, and how often it is a 1 then.
        self.noise, self.ones = rng.choice((0, 0.02, 0.2, 0.7)), rng.choice((0.1, 0.5, 0.9))

    def window(self):
        return 0

    def bit(self, p):
        found = self.rng.randrange(65_536) < p
        if self.rng.random() < self.noise:
            found = self.rng.random() < self.ones
        width = (self.range >> 16) * p
        if found:
            self.range = width
        else:
            self.low += width
            self.range -= width
        self.shift()
        return int(found)

    def shift(self):
        if self.range < 1 << 32:
            self.range <<= 32
            self.low <<= 32
            self.shifts += 1

    def raw(self, count):
        value = self.header.pop(0) if self.header else self.rng.getrandbits(count)
        rest = count
        while rest > 0:
            lot = min(rest, 16)
            rest -= lot
            self.range >>= lot
            self.low += (value >> rest & (1 << lot) - 1) * self.range
            self.shift()
        return value & (1 << count) - 1

    def end(self):
        """The bytes."""
        self.data = ending(self.low, self.range, self.shifts)


def ending(low, width, shifts):
    for n in range(9):
        unit = 1 << 64 - 8 * n
        value = (low + unit - 1) // unit * unit
        if value < low + width:
            return value.to_bytes(4 * shifts + 8, "big")[:4 * shifts + n]
    raise AssertionError("eight bytes are enough")


def header(rng, kinds, count):
    """The raw numbers of the header of a section of so many events (Adaptive, 11)."""
    yield int(len(kinds) == 1)
    if len(kinds) > 1:
        yield len(kinds) - 1
    for kind in kinds:
        if kind < 16:
            yield kind
        else:
            yield from (0, kind, *(rng.choice((0, 1, 1, 2)) for _ in range(3)))
    yield rng.randrange(2)
    if rng.random() < 0.6:
        yield from whole_unit(rng)
    else:
        has_offsets, has_shifts, is_fraction = (rng.randrange(2) for _ in range(3))
        yield from (15, 0, has_offsets, has_shifts, is_fraction)
        yield from fraction(rng) if is_fraction else whole_unit(rng)
        # Mostly the first event has no shift.
        starts = [0] * has_offsets + [int(rng.random() < 0.95)] * has_shifts
        for start in starts:
            possible = range(min(start, count), count)
            places = sorted(rng.sample(possible, rng.randint(0, min(len(possible), 9))))
            yield from short_number(len(places))
            for before, place in zip([-1, *places], places):
                yield from short_number(place - before - 1)
                yield from short(rng, rng.choice((0, 1, 3, 20, 41, 62, 63)))
    yield from (rng.randrange(2), rng.randrange(2))
    yield rng.choice((0, rng.randrange(19)))


def short(rng, size):
    """The raw numbers of a short number."""
    yield size
    if size > 1:
        yield rng.getrandbits(64 if size == 63 else size - 1)


def short_number(number):
    """The raw numbers of one that is below 2⁶²."""
    yield number.bit_length()
    if number > 1:
        yield number ^ 1 << number.bit_length() - 1


def whole_unit(rng):
    """The raw numbers of a unit that is not 0."""
    unit = rng.randrange(16)
    yield unit
    if unit == 15:
        yield from short(rng, rng.choice((1, 2, 5, 40, 41, 42, 62, 63)))


def fraction(rng):
    """The raw numbers of a unit that is a fraction, its rest of fewer bits than the parts have."""
    known = rng.randrange(16)
    yield known
    if known > 8:
        yield from short(rng, rng.choice((1, 2, 20, 40, 41, 62, 63)))
        size = rng.randint(2, 20)
        yield from short(rng, size)
    else:
        size = (2, 4, 4, 4, 5, 20, 20, 14, 7)[known]
    yield from short(rng, rng.randrange(size))


class Small(AdaptiveSection):
    """A section that is given up where its texts are long."""

    def make_coder(self):
        return Brief(self.data, self.count)


class Made(AdaptiveSection):
    """A section whose decisions are made by chance."""

    def __init__(self, rng, count, kinds):
        super().__init__(b"", count, wrap(number(rng, 64), 64))
        self.writer = Writer(rng, count, header(rng, kinds, count))

    def make_coder(self):
        return self.writer


def adaptive(rng, count):
    """First time and bytes; some are refused, as those of a kind without events."""
    count_of = min(rng.choice((1, 1, 1, 2, 3)), count)
    chosen = rng.choice((range(1, 16), (1, 2, 3, 5, 7, 8), (6, 10, 16, 99, 255)))
    section = Made(rng, count, sorted(rng.sample(chosen, count_of)))
    try:
        section.decode()
    except (Bad, Long):
        section.writer.end()
    return section.first, section.writer.data


class Mending(Small):
    """A section whose end is not looked at, but put right."""

    def make_coder(self):
        coder = super().make_coder()
        coder.end = lambda: None
        return coder


def mended(data, count, first):
    """The bytes that hold the same decisions, and end where they do (Adaptive, 2)."""
    section = Mending(bytes(data), count, first)
    try:
        section.decode()
    except (Bad, Long):
        return bytes(data)
    if count == 0:
        return b""
    coder = section.coder
    size = 4 * coder.shifts + 8
    known = int.from_bytes(data[:size].ljust(size, b"\0"), "big")
    return ending(known - coder.value, coder.range, coder.shifts)
