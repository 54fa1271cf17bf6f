# SPDX-License-Identifier: Apache-2.0
#
# Sections by chance, for compare_readers.py: as the format allows them, far beyond what an encoder
# writes, with one field that is wrong, or with changed bytes.
"""`made(rng)` and `changed(rng, section)` give sections: (form, events, first time, bytes)."""

import itertools
import random
import zlib

from itape_bytes import wrap
from itape_columns import DETAIL, HELD, LAYOUTS, PACKED, PAIRS, SPLIT, TOUCH
from make_adaptive import adaptive, mended
from make_models import modelled
from make_numbers import M64, Bits, number, numbers, zigzag
from tape import varint

try:
    import zstandard
except ImportError:
    zstandard = None

PLAIN, ZSTD, DEFLATE, ADAPTIVE = range(4)
COUNTS = [1, 2, 3, 9, 40, 41, 64, 65, 100, 257, 300]
# For pairs in quarters, grids in parts and larger tables, seldom: they take seconds.
LONG, LONG_ADAPTIVE = [8_191, 8_192, 8_193, 8_207, 32_779], [1_024, 1_025, 1_025, 8_193]


class Maker:
    """Writes a section of form plain, Zstandard or DEFLATE; `wrong` is the number of a field that
    is not what it should be."""

    def __init__(self, rng, form, wrong=None):
        self.rng, self.form, self.wrong = rng, form, wrong
        self.fields, self.out = 0, bytearray()
        # For each event whether it is of another kind than the main one, and whether steps go to
        # lots by that.
        self.others, self.has_lots = [], False

    def section(self, count):
        """All but the first byte, of so many events."""
        kinds = self.kinds(count)
        which = [0] * count
        if len(kinds) > 1:
            which = list(range(len(kinds))) + [
                self.rng.choice((0, self.rng.randrange(len(kinds))))
                for _ in range(count - len(kinds))]
            self.rng.shuffle(which)
            self.which(which, len(kinds))
        for place, (kind, layout) in enumerate(kinds):
            self.columns(kind, layout, which.count(place))
        self.times(count)
        return bytes(self.out)

    # What may be wrong.

    def value(self, value, most):
        self.fields += 1
        if self.fields - 1 != self.wrong:
            return value
        chance = random.Random(self.wrong)
        near = [value + 1, value - 1, value ^ 1 << chance.randrange(8), value ^ 128, most, 0,
                most // 2, 1 << chance.randrange(most.bit_length()), chance.randrange(20)]
        return chance.choice(near) & most

    def byte(self, value):
        self.out.append(self.value(value, 255))

    def varint(self, value):
        self.out += varint(self.value(value & M64, M64))

    def signed(self, value):
        self.varint(zigzag(value, 64))

    # Encodings, 2.

    def stream(self, data):
        has_frames = self.form == DEFLATE or self.form == ZSTD and zstandard is not None
        storages = ["raw"] + ["constant"] * (len(set(data)) == 1) + ["frame"] * has_frames
        storages += ["models"] * (self.form == ZSTD)
        storage = self.rng.choice(storages)
        if storage == "raw":
            self.varint(len(data) << 2)
            self.out += data
        elif storage == "constant":
            self.varint(1 << 2 | 1)
            self.out.append(data[0])
        else:
            stored = modelled(self.rng, data) if storage == "models" else frame(data, self.form)
            self.varint(len(stored) << 2 | (3 if storage == "models" else 2))
            self.out += stored

    def tokens(self, tokens):
        """One stream, or that of each lot."""
        if not self.has_lots:
            return self.stream(tokens)
        lots = [bytearray() for _ in range(4)]
        for before, own, token in zip(self.others, self.others[1:], tokens):
            lots[own + 2 * before].append(token)
        for lot in lots:
            self.stream(lot)

    def bits(self, bits):
        data = bits.bytes()
        self.varint(len(data) << 2)
        self.out += data

    # Encodings, 3.

    def kinds(self, count):
        number_of = min(self.rng.choice((1, 1, 1, 2, 3, 6)), count)
        if count in LONG:
            number_of = 1
        chosen = self.rng.choice((range(1, 16), (1, 2, 3, 4, 5, 7, 8), (16, 99, 200, 255)))
        kinds = sorted(self.rng.sample(chosen, min(number_of, len(chosen))))
        self.varint(len(kinds))
        found = []
        for kind in kinds:
            self.byte(kind)
            layout = LAYOUTS.get(kind)
            if layout is None:
                layout = tuple(self.rng.choice((0, 1, 1, 2)) for _ in range(3))
                for part in layout:
                    self.varint(part)
            found.append((kind, layout))
        return found

    def which(self, which, kinds):
        main = self.rng.choice((0, max(range(kinds), key=which.count), kinds - 1))
        gaps, places, gap = [], [], 0
        for place in which:
            if place == main:
                gap += 1
                continue
            gaps.append(gap)
            places.append(place)
            gap = 0
        self.others = [int(place != main) for place in which]
        self.byte(main)
        self.varint(len(gaps))
        self.numbers(gaps)
        self.numbers(places)

    def columns(self, kind, layout, count):
        index, touch = 0, None
        if kind in HELD:
            self.held(count)
            index = 2
        while index < layout[0]:
            if PAIRS.get(kind) == index:
                self.coordinates(count, kind == TOUCH)
                index += 2
                continue
            if kind == TOUCH and index < 2:
                self.integers([self.rng.choice((0, 1, 1, 1, 2, 33, -1)) for _ in range(count)], 32)
            else:
                self.integers(self.column(count, 32), 32)
            index += 1
        for _ in range(layout[1]):
            self.integers(self.column(count, 64), 64)
        for _ in range(layout[2]):
            lengths = [self.rng.choice((0, 0, 1, 2, 9)) for _ in range(count)]
            self.integers(lengths, 32)
            self.stream(bytes(self.rng.choice(b"abc\0\xff") for _ in range(sum(lengths))))

    def column(self, count, width):
        """Values of any shape."""
        values = [wrap(n, width) for n in numbers(self.rng, count, width)]
        shape = self.rng.randrange(4)
        if shape == 0:
            values = [wrap(sum(values[:i + 1]), width) for i in range(count)]
        elif shape == 1:
            values = [values[i // 9 * 9] for i in range(count)]
        return values

    # Encodings, 4 and 5.

    def numbers(self, values):
        if not self.has_lots and max(values, default=0) <= 3 and self.rng.random() < 0.5:
            self.byte(PACKED)
            return self.packed(values)
        tokens, bits = bytearray(), Bits()
        fitting = [s for s in range(10) if all(token(v, s)[0] < 256 for v in values)]
        scheme = self.rng.choice(fitting)
        for value in values:
            found, rest, count = token(value, scheme)
            tokens.append(found)
            bits.put(rest, count)
        self.byte(scheme)
        self.tokens(tokens)
        self.bits(bits)

    def integers(self, values, width, may_have_runs=True):
        encodings = [1, 2, 3] + [0] * 3 * (len(set(values)) == 1) + [4] * may_have_runs
        encodings += [5] * 3 * all(0 <= value <= 3 for value in values)
        encoding, plain = self.rng.choice(encodings), self.rng.choice((0, 0, 128))
        self.byte(encoding | plain)
        if encoding == 0:
            self.signed(values[0])
        elif encoding == 4:
            runs = [list(group) for _, group in itertools.groupby(values)]
            self.varint(len(runs))
            self.integers([run[0] for run in runs], width, False)
            self.integers([len(run) for run in runs], 32, False)
        elif encoding == 5:
            self.packed(values)
        else:
            for _ in range(encoding - 1):
                values = [b - a for a, b in zip([0, *values], values)]
            self.numbers([v & (1 << width) - 1 if plain else zigzag(v, width) for v in values])

    def packed(self, values):
        fours = [values[at:at + 4] for at in range(0, len(values), 4)]
        self.stream(bytes(sum(v << 2 * i for i, v in enumerate(four)) for four in fours))

    # Encodings, 6.

    def pair(self, first, second, width, low=0):
        d1, d2 = self.rng.randint(1, 13), self.rng.randint(1, 13)
        open_class, tokens, bits = self.rng.choice((0, 0.1)), bytearray(), Bits()
        for a, b in zip(first, second):
            parts = [classed(a, d1, width, 0), classed(b, d2, width, low)]
            for place, (value, bound) in enumerate(((a, d1), (b, d2))):
                if self.rng.random() < open_class:
                    parts[place] = 15, [(value, width)]
            tokens.append(parts[0][0] << 4 | parts[1][0])
            for _, fields in parts:
                for field in fields:
                    bits.put(*field)
        self.byte(d1 | d2 << 4)
        self.tokens(tokens)
        self.bits(bits)

    def coordinates(self, count, touch):
        flags = 2 if touch else self.rng.randrange(4)
        flags |= self.rng.choice((0, 0, 4))
        self.byte(flags)
        if flags & 1:
            self.byte(self.rng.choice((3, 4, 4, self.rng.randrange(16)))
                      | self.rng.choice((0, 1, 3, 3, self.rng.randrange(16))) << 4)
            self.byte(self.rng.randint(1, 64))
        else:
            self.byte(self.rng.choice((0, 4, 6, 8, 127, 128, 255, self.rng.randrange(256))))
            self.byte(self.rng.choice((0, 0, 252, 127, 128, 255, self.rng.randrange(256))))
        for _ in range(2 if flags & 4 else 0):
            self.lattice()
        self.pair(numbers(self.rng, count, 32), numbers(self.rng, count, 32), 32)

    def lattice(self):
        period = self.rng.choice((1, 2, 3, 5, 10, 65_536, self.rng.randint(1, 1_000)))
        self.varint(period)
        if period > 1:
            most = min(period - 1, 256)
            count = self.rng.choice((1, most, self.rng.randint(1, most)))
            residues = sorted(self.rng.sample(range(period), count))
            self.varint(len(residues))
            for before, residue in zip([-1, *residues], residues):
                self.varint(residue - before - 1)

    def held(self, count):
        """Presses and releases as of fingers, or few codes, or anything."""
        rng = self.rng
        odd, rollover = rng.choice((0, 0, 0.02, 0.4)), rng.choice((0.1, 0.4, 0.6, 0.95))
        few, any_code = rng.choice((1, 5, 40, 700)), rng.choice((0, 0, 0.03, 0.5))
        states, presses, others, held = [], [], [], []
        for _ in range(count):
            code = number(rng, 32) if rng.random() < any_code else rng.randrange(few)
            is_press = not held or rng.random() < rollover
            states.append(rng.choice((0, 2, -1)) if rng.random() < odd else int(is_press))
            if states[-1] == 1:
                presses.append(code)
                if code not in held:
                    held = held[len(held) // 32:] + [code]
            elif held and rng.random() >= odd:
                place = rng.choice((0, 0, 0, rng.randrange(len(held))))
                others.append(place)
                if states[-1] == 0:
                    del held[place]
            else:
                others.append(32 + code)
        self.integers(states, 32)
        codes = sorted({*presses, *(number - 32 for number in others if number > 31)})
        if 0 < len(codes) <= 256 and rng.random() < 0.3:
            self.varint(15 + len(codes))
            for before, code in zip([0, *codes], codes):
                self.varint(code - before)
            presses = [codes.index(code) for code in presses]
            others = [n if n < 32 else 32 + codes.index(n - 32) for n in others]
        self.numbers(presses)
        self.numbers(others)

    # Encodings, 7.

    def times(self, count):
        rng = self.rng
        self.signed(number(rng, 64))
        self.varint(rng.choice((1, 1000, 125_000, 10**6, max(number(rng, 64), 1))))
        if count == 1:
            return
        form = rng.choice((0, 1, 1, 2))
        is_fraction, has_offsets, has_shifts = (rng.random() < 0.3 for _ in range(3))
        has_lots = rng.random() < (0.5 if self.others else 0.01)
        self.byte(form + 4 * is_fraction + 8 * has_offsets + 16 * has_lots + 32 * has_shifts)
        if is_fraction:
            parts = rng.choice((2, 3, 12, 715_909, 1 << 20, rng.randint(2, 1 << 20)))
            self.varint(parts)
            self.varint(rng.choice((0, parts - 1, rng.randrange(parts))))
        # Mostly the first event has no shift.
        for start in [0] * has_offsets + [int(rng.random() < 0.95)] * has_shifts:
            possible = range(start, count)
            some = rng.choice((0, 1, len(possible), rng.randint(0, len(possible))))
            places = sorted(rng.sample(possible, some))
            self.varint(len(places))
            self.numbers([b - a - 1 for a, b in zip([-1, *places], places)])
            self.numbers([number(rng, 64) for _ in places])
        self.has_lots = has_lots and len(self.others) > 0
        if form != 1:
            self.numbers(numbers(rng, count - 1, 64))
            return
        self.varint(max(number(rng, 63), 1))
        low = rng.choice((0, 0, 2, 28, 29, 40))
        self.byte(rng.choice((0, 3, 6, 16)))
        self.byte(rng.choice((0, 1, 4, 30, 31, 43)))
        self.byte(low)
        for _ in range(8 if count > 8_192 else 1):
            self.signed(rng.choice((0, rng.randint(-64, 64), number(rng, 64))))
        ticks, rests = numbers(rng, count - 1, 64), numbers(rng, count - 1, 64)
        if rng.random() < 0.3:
            ticks, rests = [rng.choice((1, 1, 2, 7)) for _ in ticks], [
                rng.choice((0, 1, 2, 3, 60)) for _ in ticks]
        self.pair(ticks, rests, 64, low)


def token(value, scheme):
    """Token, bits and their number (Encodings, 4)."""
    split, detail = SPLIT[scheme], DETAIL[scheme]
    if value < 1 << split:
        return value, 0, 0
    e = value.bit_length() - 1
    high = (value >> e - detail) - (1 << detail)
    return (1 << split) + (e - split << detail) + high, value & (1 << e - detail) - 1, e - detail


def classed(value, d, width, low):
    """Class and fields (Encodings, 6)."""
    high, below = value >> low, (value & (1 << low) - 1, low)
    if high < d:
        return high, [below]
    e = (high - d + 2).bit_length() - 2
    if d + e >= 15:
        return 15, [(value, width)]
    return d + e, [below, (high - d - (2 << e) + 2, e + 1)]


def frame(data, form):
    if form == DEFLATE:
        stream = zlib.compressobj(9, zlib.DEFLATED, -15)
        return stream.compress(bytes(data)) + stream.flush()
    parameters = zstandard.ZstdCompressionParameters.from_level(
        3, format=zstandard.FORMAT_ZSTD1_MAGICLESS, write_content_size=1, write_checksum=0)
    return zstandard.ZstdCompressor(compression_params=parameters).compress(bytes(data))


def made(rng):
    """A section by chance: (form, events, first time or None, bytes)."""
    form = rng.choice((PLAIN, PLAIN, ZSTD, DEFLATE, ADAPTIVE, ADAPTIVE))
    is_long = rng.random() < 0.004
    if form == ADAPTIVE:
        count = rng.choice(LONG_ADAPTIVE if is_long else COUNTS[:-2])
        return form, count, *adaptive(rng, count)
    count, seed = rng.choice(LONG if is_long else COUNTS), rng.getrandbits(32)
    maker = Maker(random.Random(seed), form)
    contents = maker.section(count)
    if rng.random() < 0.5:
        maker = Maker(random.Random(seed), form, rng.randrange(maker.fields))
        contents = maker.section(count)
    if form != PLAIN and rng.random() < 0.1:
        return form, count, None, b"\1" + varint(len(contents)) + frame(contents, form)
    return form, count, None, b"\0" + contents


def changed(rng, section):
    """Another section with some bytes that are not as they were."""
    form, count, first, data = section
    data = bytearray(data)
    for _ in range(rng.choice((1, 1, 1, 2, 5))):
        place = rng.randrange(len(data) + 1)
        kind = rng.randrange(8)
        if kind == 0:
            del data[place:]
        elif kind == 1:
            del data[place:place + rng.choice((1, 1, 4))]
        elif kind == 2:
            data[place:place] = bytes(rng.randrange(256) for _ in range(rng.choice((1, 1, 4))))
        elif place < len(data):
            data[place] = rng.choice((data[place] ^ 1 << rng.randrange(8), rng.randrange(256),
                                      data[place] + 1 & 255, data[place] - 1 & 255, 0, 255))
    if rng.random() < 0.02:
        count = max(count + rng.choice((-1, 1)), 0)
    return form, count, first, mended(data, count, first) if form == ADAPTIVE else bytes(data)
