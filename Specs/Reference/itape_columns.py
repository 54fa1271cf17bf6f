# SPDX-License-Identifier: Apache-2.0
#
# Sections as columns of tokens, decoded (Specs/Encodings.md). Slow and short: a check on the text.
"""Decodes sections of forms plain, Zstandard and DEFLATE into lists of events."""

import zlib

try:
    import zstandard
except ImportError:
    zstandard = None

import itape_zstd
from itape_bytes import Bad, Bits, Bytes, need, unzigzag, wrap
from itape_models import modelled

PLAIN, ZSTD, DEFLATE = 0, 1, 2
MAX_SECTION = 4 << 20
MAX_STRING = 65_536
# Int32, Int64 and string columns of each registered kind (Specs/Registry.md, section 1).
LAYOUTS = {
    1: (2, 0, 0), 2: (2, 0, 0), 3: (2, 0, 0), 4: (3, 0, 0), 5: (2, 0, 0), 6: (0, 0, 1),
    7: (5, 0, 0), 8: (7, 0, 0), 9: (2, 0, 0), 10: (4, 0, 2), 11: (0, 1, 1), 12: (0, 0, 1),
    13: (0, 2, 0), 14: (2, 3, 0), 15: (1, 0, 1)}
PAIRS = {1: 0, 2: 0, 4: 0, 7: 2, 8: 0}
TOUCH = 7
BEAT, POSITION, LATTICES = 1, 2, 4
# What movements of a beat's window count, by w.
WINDOWS = {3: [1] * 8, 4: [4, 4, 2] + [1] * 6}
# What deviations of a beat count, by t.
WEIGHTS = {0: [1], 1: [1, 1], 3: [3, 2, 2, 1]}
HELD = 3, 5
SPLIT = [1, 3, 4, 4, 5, 6, 7, 7, 6, 8]
DETAIL = [0, 1, 1, 2, 3, 3, 1, 3, 4, 0]
PACKED = 10
TWINS = b"\x04"  # How a stream begins whose tokens stand two by two.


def decompress(data, length, form):
    """One frame that holds exactly `length` bytes and has nothing behind it."""
    need(length <= MAX_SECTION, "limitExceeded")
    if form == ZSTD:
        return zstd_frame(data, length)
    need(form == DEFLATE)
    stream = zlib.decompressobj(-15)
    try:
        out = stream.decompress(data, length + 1)
    except zlib.error:
        raise Bad("decompression") from None
    need(len(out) == length and stream.eof and not stream.unused_data, "decompression")
    return out


def zstd_frame(data, length):
    """By the package `zstandard` where it is installed, as it is much faster."""
    itape_zstd.blocks(data, length)
    if zstandard is None:
        return itape_zstd.decompress(data, length)
    try:
        out = zstandard.ZstdDecompressor().decompress(b"\x28\xb5\x2f\xfd" + data)
    except zstandard.ZstdError:
        raise Bad("decompression") from None
    need(len(out) == length, "decompression")
    return out


class Section:
    """The bytes of one section, on their way to events."""

    def __init__(self, data, form, count):
        self.source, self.form, self.count = Bytes(data), form, count
        self.budget, self.are_twins = MAX_SECTION, False

    def decode(self):
        """The section's events: a list of (time, kind, Int32s, Int64s, strings)."""
        packed = self.source.byte()
        need(packed <= 1)
        if packed:
            need(self.form != PLAIN)
            length = self.source.varint()
            rest = self.source.take(self.source.left)
            self.source = Bytes(decompress(rest, length, self.form))
            self.form = PLAIN
        events = self.contents()
        need(self.source.left == 0)
        return events

    def stream(self, length):
        need(length <= self.budget, "limitExceeded")
        self.budget -= length
        head = self.source.varint()
        storage, data = head & 3, self.source.take(head >> 2)
        if storage == 0:
            need(len(data) == length)
            return data
        if storage == 1:
            need(len(data) == 1)
            return data * length
        if storage == 3:
            need(self.form == ZSTD, "unsupportedEncoding")
            return self.twins(data, length) if data[:1] == TWINS else modelled(data, length)
        need(self.form != PLAIN, "decompression")
        return decompress(data, length, self.form)

    def twins(self, data, length):
        """Tokens that stand two by two in the bytes of a stream of their own."""
        need(not self.are_twins, "unsupportedEncoding")
        inner = Section(data[1:], self.form, length)
        inner.are_twins, inner.source.end = True, "malformed"
        count = inner.source.byte()
        need(1 <= count <= 15)
        named = inner.source.take(count)
        halves = [half for twin in inner.stream((length + 1) // 2) for half in (twin & 15, twin >> 4)]
        need(all(half <= count for half in halves) and not any(halves[length:]))
        others = iter(inner.stream(halves.count(count)))
        need(inner.source.left == 0)
        return bytes(named[half] if half < count else next(others) for half in halves[:length])

    def raw_bits(self):
        head = self.source.varint()
        data = self.source.take(head >> 2)
        need(head & 3 == 0)
        return Bits(data)

    def contents(self):
        kinds = self.kind_list()
        if not kinds:
            need(self.count == 0)
            return []
        need(self.count > 0)
        self.others = None
        which = self.kinds_of_events(len(kinds)) if len(kinds) > 1 else [0] * self.count
        rows = []
        for index, (kind, layout) in enumerate(kinds):
            rows.append(iter(self.columns(kind, layout, which.count(index))))
        times = self.times(self.count)
        return [(time, kinds[i][0], *next(rows[i])) for time, i in zip(times, which)]

    def kinds_of_events(self, kinds):
        """For each event its kind's place in the list: the main kind's but for some others'."""
        main, others = self.source.byte(), self.source.varint()
        need(main < kinds)
        need(others <= self.count, "limitExceeded")
        gaps, places = self.numbers(others, 64), self.numbers(others, 64)
        need(sum(gaps) + others <= self.count)
        which = []
        for gap, place in zip(gaps, places):
            need(place < kinds and place != main)
            which += [main] * gap + [place]
        which += [main] * (self.count - len(which))
        need(len(set(which)) == kinds)
        self.others = [int(place != main) for place in which]
        return which

    def kind_list(self):
        count = self.source.varint()
        need(count <= self.count, "limitExceeded")
        kinds = []
        for _ in range(count):
            kind = self.source.byte()
            need(not kinds or kind > kinds[-1][0])
            need(kind > 0, "limitExceeded")
            layout = LAYOUTS.get(kind)
            if layout is None:
                layout = tuple(self.source.varint() for _ in range(3))
                need(max(layout) <= 16, "limitExceeded")
            kinds.append((kind, layout))
        return kinds

    def columns(self, kind, layout, count):
        """The rows of one kind: (Int32s, Int64s, strings) for each event."""
        narrow, index = [], 0
        if kind in HELD:
            narrow, index = self.held(count), 2
        while index < layout[0]:
            if PAIRS.get(kind) == index:
                narrow += self.coordinates(count, narrow if kind == TOUCH else None)
                index += 2
            else:
                narrow.append(self.integers(count, 32))
                index += 1
        wide = [self.integers(count, 64) for _ in range(layout[1])]
        texts = [self.strings(count) for _ in range(layout[2])]
        return [tuple(tuple(column[i] for column in group) for group in (narrow, wide, texts))
                for i in range(count)]

    def held(self, count):
        """Columns of codes and states."""
        states = self.integers(count, 32)
        presses = states.count(1)
        named = self.code_table()
        lots = iter(self.numbers(presses, 64)), iter(self.numbers(count - presses, 64))
        codes, held = [], []
        for state in states:
            number = next(lots[0 if state == 1 else 1])
            if state != 1 and number < 32:
                need(number < len(held))
                codes.append(held[number])
                if state == 0:
                    del held[number]
                continue
            number -= 0 if state == 1 else 32
            need(number < (len(named) or 1 << 32))
            codes.append(wrap(named[number] if named else number, 32))
            if state == 1 and codes[-1] not in held:
                del held[:len(held) // 32]
                held.append(codes[-1])
        return [codes, states]

    def code_table(self):
        """The codes that numbers stand for, or none."""
        codes, source = [], self.source
        if not source.left or source.data[source.at] < 16:
            return codes
        count = source.varint() - 15
        need(count <= 256, "limitExceeded")
        for _ in range(count):
            difference = source.varint()
            need(difference > 0 or not codes)
            codes.append(difference + (codes[-1] if codes else 0))
            need(codes[-1] < 1 << 32)
        return codes

    def strings(self, count):
        lengths = self.integers(count, 32)
        need(all(0 <= length <= MAX_STRING for length in lengths), "limitExceeded")
        data, at, texts = self.stream(sum(lengths)), 0, []
        for length in lengths:
            texts.append(data[at:at + length])
            at += length
        return texts

    def in_lots(self):
        """The tokens of all steps, each from the stream of its lot."""
        places = [own + 2 * before for before, own in zip(self.others, self.others[1:])]
        lots = [iter(self.stream(places.count(lot))) for lot in range(4)]
        return [next(lots[lot]) for lot in places]

    def numbers(self, count, width, has_lots=False):
        scheme = self.source.byte()
        if scheme == PACKED and not has_lots:
            return self.packed(count)
        need(scheme <= 9, "unsupportedEncoding")
        split, detail = SPLIT[scheme], DETAIL[scheme]
        tokens = self.in_lots() if has_lots else self.stream(count)
        bits, values = self.raw_bits(), []
        for token in tokens:
            if token < 1 << split:
                values.append(token)
                continue
            r = token - (1 << split)
            e = split + (r >> detail)
            need(e < width)
            h = (1 << detail) + (r & ((1 << detail) - 1))
            values.append((h << (e - detail)) + bits.take(e - detail))
        bits.end()
        return values

    def integers(self, count, width, may_have_runs=True):
        head = self.source.byte()
        encoding, is_plain = head & 127, head >> 7
        if encoding == 0:
            value = self.source.signed()
            need(-(1 << (width - 1)) <= value < 1 << (width - 1))
            return [value] * count
        if encoding == 4:
            need(may_have_runs)
            return self.runs(count, width)
        if encoding == 5:
            return self.packed(count)
        need(encoding <= 3, "unsupportedEncoding")
        column = self.numbers(count, width)
        if not is_plain:
            column = [unzigzag(value) for value in column]
        for _ in range(encoding - 1):
            total = 0
            for index, value in enumerate(column):
                total += value
                column[index] = total
        return [wrap(value, width) for value in column]

    def runs(self, count, width):
        number = self.source.varint()
        need(number > 0)
        need(number <= count, "limitExceeded")
        values = self.integers(number, width, may_have_runs=False)
        lengths = self.integers(number, 32, may_have_runs=False)
        need(all(length >= 1 for length in lengths) and sum(lengths) == count)
        return [value for value, length in zip(values, lengths) for _ in range(length)]

    def packed(self, count):
        tokens = self.stream((count + 3) // 4)
        values = [token >> shift & 3 for token in tokens for shift in (0, 2, 4, 6)]
        need(not any(values[count:]))
        return values[:count]

    def pair(self, count, width, low=0, has_lots=False):
        """Two columns of numbers; `low` bits of the second have no part in its class."""
        form = self.source.byte()
        d1, d2 = form & 15, form >> 4
        need(1 <= d1 <= 13 and 1 <= d2 <= 13, "unsupportedEncoding")
        tokens = self.in_lots() if has_lots else self.stream(count)
        bits = self.raw_bits()
        first, second = [], []
        for token in tokens:
            first.append(pair_number(token >> 4, d1, width, 0, bits))
            second.append(pair_number(token & 15, d2, width, low, bits))
        bits.end()
        return first, second

    def coordinates(self, count, touch):
        """Columns of x and y; `touch` has the columns of contacts and phases."""
        flags, one, two = self.source.take(3)
        need(flags <= 7, "unsupportedEncoding")
        guess = beat(one, two) if flags & BEAT else linear(one, two)
        lattices = [self.lattice(), self.lattice()] if flags & LATTICES else [None, None]
        need(not touch or flags & ~LATTICES == POSITION, "unsupportedEncoding")
        residuals = [[unzigzag(n) for n in column] for column in self.pair(count, 32)]
        if touch:
            contacts = [contact & 31 for contact in touch[0]]
            columns = [touches(column, guess, contacts, touch[1]) for column in residuals]
            return [expand(*pair) for pair in zip(columns, lattices)]
        size = count // 16 * 4 if count >= (32768 if flags & BEAT else 8192) else 0
        starts = [0, size, 2 * size, 3 * size, count] if size else [0, count]
        columns = []
        for column in residuals:
            done = []
            for start, end in zip(starts, starts[1:]):
                moves = movements(column[start:end], guess, bool(flags & BEAT))
                done += sums(moves) if flags & POSITION else moves
            columns.append(done)
        return [expand(*pair) for pair in zip(columns, lattices)]

    def lattice(self):
        """A period and the residues in use, or None."""
        period = self.source.varint()
        need(period <= 1 << 16, "limitExceeded")
        need(period > 0)
        if period == 1:
            return None
        count = self.source.varint()
        need(count <= min(period - 1, 256), "limitExceeded")
        need(count > 0)
        residues, next_one = [], 0
        for _ in range(count):
            residues.append(next_one + self.source.varint())
            need(residues[-1] < period)
            next_one = residues[-1] + 1
        return period, residues

    def times(self, count):
        first, unit = self.source.signed(), self.source.varint()
        need(unit > 0)
        if count == 1:
            return [first]
        form, parts, rest, offsets, shifts = self.source.byte(), 1, 0, {}, {}
        if form & 4:
            parts, rest = self.source.varint(), self.source.varint()
            need(2 <= parts <= 1 << 20 and rest < parts)
        if form & 8:
            offsets = self.offsets(count)
        if form & 32:
            shifts = self.offsets(count)
            need(0 not in shifts)
        has_lots = form & 16 > 0
        need(form & ~60 <= 2 and (self.others or not has_lots), "unsupportedEncoding")
        form &= 3
        if form == 1:
            steps = self.grid_steps(count - 1, has_lots)
        else:
            numbers = self.numbers(count - 1, 64, has_lots)
            steps = numbers if form else [unzigzag(number) for number in numbers]
        times, at = [], 0
        start = first - offsets.get(0, 0)
        for place, step in enumerate([0, *steps]):
            at = wrap(at + step, 64)
            rest += shifts.get(place, 0)
            time = start + wrap(at * unit + rest, 64) // parts
            times.append(wrap(time + offsets.get(place, 0), 64))
        return times

    def offsets(self, count):
        """The offsets or shifts of some events, by their places."""
        some = self.source.varint()
        need(some <= count, "limitExceeded")
        gaps, numbers = self.numbers(some, 64), self.numbers(some, 64)
        need(sum(gaps) + some <= count)
        return placed(gaps, numbers)

    def grid_steps(self, count, has_lots):
        period, gain = self.source.varint(), self.source.byte()
        limit, low = self.source.byte(), self.source.byte()
        need(0 < period < 1 << 63 and gain <= 16 and limit <= 43 and low <= 40)
        size = count // 64 * 8 if count >= 8192 else count
        starts = [self.source.signed() for _ in range(8 if count >= 8192 else 1)]
        ticks, rests = self.pair(count, 64, low, has_lots)
        rests = [unzigzag(n) for n in rests]
        phase, misses, steps, bound = 0, 0, [], 1 << limit
        for place, (k, r) in enumerate(zip(ticks, rests)):
            if place % size == 0 and place // size < len(starts):
                phase, misses = wrap(starts[place // size] << limit + 10, 64), 0
            q = wrap(phase + k * period, 64)
            step = wrap((wrap(q + (1 << 15), 64) >> 16) + r, 64)
            steps.append(step)
            correction = wrap(max(-bound, min(bound, r)) << 16, 64) >> gain
            phase = wrap(q - (step << 16) + correction, 64)
            if r > bound:
                misses = max(misses, 0) + 1
            elif r < -bound:
                misses = min(misses, 0) - 1
            else:
                misses = 0
            if abs(misses) == 8 or r >= 1 << 44:
                phase = misses = 0
        return steps


def placed(gaps, numbers):
    """Offsets by their places, of which `gaps` others stand in front of each."""
    found, place = {}, -1
    for gap, number in zip(gaps, numbers):
        place += gap + 1
        found[place] = unzigzag(number)
    return found


def pair_number(c, d, width, low, bits):
    """The number of one class of a pair."""
    if c == 15:
        return bits.take(width)
    rest = bits.take(low)
    if c >= d:
        e = c - d
        c = d + (2 << e) - 2 + bits.take(e + 1)
    return (c << low) + rest


def at(moves, index):
    return moves[index] if index >= 0 else 0


def signed_byte(value):
    return wrap(value, 8)


def linear(a, b):
    """What a movement is guessed to be from the two before: a sum and a shift."""
    a, b = signed_byte(a), signed_byte(b)

    def guess(moves):
        i = len(moves)
        return a * at(moves, i - 1) + b * at(moves, i - 2) + 4, 3
    return guess


def beat(sizes, lag):
    """What a movement is guessed to be from what came whole lags before."""
    w, t = sizes & 15, sizes >> 4
    need(w in WINDOWS and t in WEIGHTS and 1 <= lag <= 64)
    shift, deviations = w + t, []

    def before(moves, i):
        return sum(weight * at(moves, i - j) for j, weight in enumerate(WINDOWS[w], 1))

    def guess(moves):
        i = len(moves)
        if i == 0:
            deviations.clear()
        else:
            deviations.append((moves[-1] << w) - before(moves, i - 1))
        total = (1 << shift - 1) + (before(moves, i) << t)
        for j, weight in enumerate(WEIGHTS[t], 1):
            total += weight * at(deviations, i - lag * j)
        return total, shift
    return guess


def movements(residuals, guess, is_beat):
    """Guesses and what is left of them."""
    moves = []
    for residual in residuals:
        total, shift = guess(moves)
        total = wrap(total, 32)
        if is_beat and not total >> (shift - 1) & 1:
            residual = -residual
        moves.append(wrap((total >> shift) + residual, 32))
    return moves


def expand(numbers, lattice):
    """The coordinates that have these numbers."""
    if not lattice:
        return numbers
    period, residues = lattice
    return [wrap(number // len(residues) * period + residues[number % len(residues)], 32)
            for number in numbers]


def sums(moves):
    total, column = 0, []
    for move in moves:
        total = wrap(total + move, 32)
        column.append(total)
    return column


def touches(residuals, guess, contacts, phases):
    """One coordinate of touches: positions, each contact with a history of its own."""
    points, histories, column = [0] * 32, [[0, 0] for _ in range(32)], []
    for residual, contact, phase in zip(residuals, contacts, phases):
        moves = histories[contact] if phase else [0, 0]
        total, shift = guess(moves)
        move = wrap((wrap(total, 32) >> shift) + residual, 32)
        points[contact] = wrap(points[contact] + move, 32)
        histories[contact] = [moves[1], move] if phase else [0, 0]
        column.append(points[contact])
    return column
