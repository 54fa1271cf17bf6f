# SPDX-License-Identifier: Apache-2.0
#
# Sections of form adaptive, decoded (Specs/Adaptive.md). Slow and short: a check on the text.
"""Decodes adaptive sections into lists of events, as itape_columns.Section does."""

from bisect import bisect_left

from itape_columns import LAYOUTS, MAX_SECTION, MAX_STRING, need, placed, wrap

MOTION, RAW_MOTION, BUTTON, KEY, TOUCH, PEN = 1, 2, 3, 5, 7, 8
M32, M64 = (1 << 32) - 1, (1 << 64) - 1
# Fields (section 3).
KIND, TIE, TICK_COUNT, TICK_REST, DIFFERENCE, KEY_DIFFERENCE = range(6)
CONTACT, PHASE, SCALAR, FLAGS, TEXT, WIDE = 18, 19, 20, 21, 22, 23
UNITS = [1, 10**6, 10**3, 100, 10**4, 10**5, 10**7, 10**9, 8 * 10**6, 16 * 10**6, 4 * 10**6, 10,
         125_000, 2 * 10**6, 15_625_000]
FRACTIONS = [(125, 3), (625, 12), (1_000, 13), (500, 13), (500, 27), (200_000_000, 715_909),
             (50_000_000, 715_909), (1_953_125, 8_192), (15_625, 64)]
PERIODS = [62500000, 125000000, 250000000, 500000000, 1000000000, 2000000000, 3750000000,
           4000000000, 5000000000, 6944444444, 7500000000, 8000000000, 10000000000, 11111111111,
           12500000000, 15600000000, 15625000000, 16666666667]
CURVE = [22, 36, 60, 98, 162, 267, 439, 720, 1179, 1921, 3108, 4971, 7812, 11955, 17625, 24743,
         32768, 40793, 47911, 53581, 57724, 60565, 62428, 63615, 64357, 64816, 65097, 65269, 65374,
         65438, 65476, 65500, 65514]
SQUASH = [(CURVE[d >> 7] * (128 - (d & 127)) + CURVE[(d >> 7) + 1] * (d & 127) + 64) >> 7
          for d in range(4_096)]


def successors(n):
    """What follows the states of n bits: two lists by level + 128, after a 0 and after a 1."""
    levels = [SQUASH[16 * level] for level in range(256)]
    rate, found = 655_360 // (10 * n + 14), ([], [])
    for level, p in enumerate(levels):
        for bit, target in enumerate((p - (p * rate >> 16), p + ((65_535 - p) * rate >> 16))):
            above = min(bisect_left(levels, target), 255)
            best = min((max(above - 1, 0), above), key=lambda i: abs(levels[i] - target))
            if best == level:
                best = min(level + 1, 255) if bit else max(level - 1, 0)
            found[bit].append((min(n + 1, 15), best - 128))
    return found


SUCCESSORS = [successors(n) for n in range(16)]


# Section 1.

def clamp(x, limit, low=None):
    return max(-limit if low is None else low, min(limit, x))


def size(x):
    return abs(x).bit_length()


def half(x):
    s = size(x)
    return s if s < 2 else 2 * s - 2 + (abs(x) >> (s - 2) & 1)


def signed_size(x):
    return 2 * size(x) + (x < 0)


def signed_half(x):
    return 2 * half(x) + (x < 0)


def small(x, limit):
    return clamp(x, limit) & 0xFF


def u16(x):
    return x & 0xFFFF


def divide(x, y):
    return abs(x) // y * (1 if x >= 0 else -1)


def scramble(w):
    h = (w & M64) * 0x9E3779B97F4A7C15 & M64
    h ^= h >> 32
    return h * 0xD6E8FEB86659FD93 & M64


def word(*fields):
    """Fields of a context word, each a value and a shift."""
    found = 0
    for value, shift in zip(fields[::2], fields[1::2]):
        found |= value << shift
    return scramble(found)


def part(h, n):
    return (h + n * 0xA0761D6478BD642F) * 0xE7037ED1A0B428DB & M64


class Coder:
    """The range decoder and the statistics (sections 2 to 4)."""

    def __init__(self, data, count):
        self.data, self.shifts = data, 0
        self.range = M64
        self.value = self.window()
        self.lines = 1 << (11 if count <= 1_024 else 13 if count <= 8_192 else 14)
        # Counts and levels, of entries that were used.
        self.direct, self.hashed = {}, {}
        # Weights and ages, of sets that were used.
        self.weights, self.ages = {}, {}
        self.is_long = count > 1_024

    # Section 2.

    def window(self):
        """The eight bytes behind those shifted out."""
        at = 4 * self.shifts
        return int.from_bytes(self.data[at:at + 8].ljust(8, b"\0"), "big")

    def shift(self):
        if self.range < 1 << 32:
            self.range <<= 32
            self.shifts += 1
            self.value = (self.value << 32 | self.window() & M32) & M64
            need(4 * self.shifts <= len(self.data), "truncated")

    def bit(self, p):
        width = (self.range >> 16) * p
        found = self.value < width
        if found:
            self.range = width
        else:
            self.value -= width
            self.range -= width
        self.shift()
        return int(found)

    def raw(self, count):
        found = 0
        while count > 0:
            lot = min(count, 16)
            self.range >>= lot
            bits = min(self.value // self.range, (1 << lot) - 1)
            self.value -= bits * self.range
            found, count = found << lot | bits, count - lot
            self.shift()
        return found

    def end(self):
        """Checks that the section ends where its events do."""
        window = self.window()
        low = window - self.value & M64
        for n in range(9):
            unit = 1 << (64 - 8 * n)
            end = (low + unit - 1) // unit * unit
            if end < low + self.range:
                break
        have = len(self.data) - 4 * self.shifts
        need(n <= have, "truncated")
        need(n == have and end & M64 == window)

    # Section 3.

    def mixed(self, direct, hashed, s):
        """A decision of the entries of a direct line and of others."""
        entries = [(self.direct, direct)] + [(self.hashed, entry) for entry in hashed]
        logits = [256 * table.get(at, (0, 0))[1] for table, at in entries]
        logits += [0] * (5 - len(logits)) + [5_120]
        weights, age = self.weights.setdefault(s, [900] * 5 + [0]), self.ages.get(s, 0)
        d = clamp(sum(w * x for w, x in zip(weights, logits)) >> 16, 2_047, -2_048)
        p = SQUASH[d + 2_048]
        bit = self.bit(p)
        error = ((bit << 16) - p >> 1) * (40_960 // (160 + age)) >> 8
        for i, x in enumerate(logits):
            weights[i] = clamp(weights[i] + ((x * error >> 16) + 8 >> 4), 12_600)
        self.ages[s] = min(age + 1, 2_399)
        for table, at in entries:
            n, level = table.get(at, (0, 0))
            table[at] = SUCCESSORS[n][bit][level + 128]
        return bit

    def line(self, h):
        return (h >> 37) % self.lines * 32

    @staticmethod
    def direct_line(field, n, upper=False):
        """Where node 0 would be."""
        return (64 * field + n) * 16 - (16 if upper else 0)

    def five(self, lines, node, s):
        return self.mixed(lines[0] + node, [line + node for line in lines[1]], s)

    def two(self, field, n, context, node, s):
        direct = self.direct_line(field, n)
        return self.mixed(direct + node, [self.line(context) + node], 256 + s)

    # Section 4.

    @staticmethod
    def fourth(field, contexts):
        return contexts + [word(131, 0, field, 8)]

    def sets(self, field, situation):
        """The first of a field's sets of weights in a situation."""
        return 8 * (field - (field in (7, 9, 11))) + 512 * situation * self.is_long

    def number(self, field, level, expected, contexts, signed, m, situation):
        lines, s = [self.line(h) for h in contexts], self.sets(field, situation)
        count = self.size((self.direct_line(field, level), lines), expected, s)
        if count == 0:
            return 0
        upper = (self.direct_line(field, 32, upper=True), lines)
        near = count <= 4 and m <= 3
        first = 15 + 2 ** (count - 1) if near else min(count + 22, 31)
        if m > 3:
            first = 16 + min(count, 15)
        negative = (signed or count == 1) and self.five(upper, first, s + 4)
        bits = self.near if near else self.far
        found = bits(field, count, min(m, count - 1), contexts[0], upper, first, s)
        rest = count - 1 - min(m, count - 1)
        found = found << rest | self.raw(rest)
        return wrap(-found if negative else found, 64)

    def near(self, field, count, m, a, upper, first, s):
        node = 1
        for index in range(m):
            if index < 2:
                bit = self.five(upper, first + node, s + 5 + index)
            else:
                bit = self.two(field, 48 + node, part(a, count + 256 * node), 1, s + 7)
            node = 2 * node + bit
        return node

    def far(self, field, count, m, a, upper, first, s):
        found, node = 1, 1
        line, context = 32 + min(count, 15), part(a, count)
        for index in range(m):
            if node >= 16:
                line, context, node = 48 + (node & 15), part(a, count + 256 * node), 1
            bit = self.two(field, line, context, node, s + (5 if index == 0 else 6))
            node, found = 2 * node + bit, 2 * found + bit
        return found

    def size(self, lines, expected, s):
        n = expected
        if self.five(lines, 8, s):
            n += 1
            while n < 64 and self.five(lines, 8 + min(n - expected, 7), s + 1):
                n += 1
            return n
        while n > 0:
            if self.five(lines, 8 + max(n - 1 - expected, -8), s + (2 if n == expected else 3)):
                return n
            n -= 1
        return 0

    def symbol(self, field, level, guess, contexts, situation=0):
        lines = [self.line(h) for h in self.fourth(field, contexts)]
        s = self.sets(field, situation)
        if self.five((self.direct_line(field, level & 31), lines), 0, s):
            return guess
        upper, node = (self.direct_line(field, 32 + (level & 31), upper=True), lines), 1
        for _ in range(4):
            node = 2 * node + self.five(upper, 16 + node, s + 1)
        return wrap(self.raw(32), 32) if node == 31 else node - 16

    def choice(self, field, level, contexts, situation=0):
        lines = [self.line(h) for h in self.fourth(field, contexts)]
        return self.five((self.direct_line(field, level), lines), 0, self.sets(field, situation))

    def byte(self, field, contexts):
        contexts = self.fourth(field, contexts)
        high = self.nibble(self.direct_line(field, 0), contexts, 0, 8 * field)
        odd = high & 1
        direct = self.direct_line(field, 1 + high, upper=odd)
        parts = [part(h, 1 + (high >> 1)) for h in contexts]
        return high << 4 | self.nibble(direct, parts, 16 * odd, 8 * field + 4)

    def nibble(self, direct, contexts, first, s):
        lines, node = [self.line(h) for h in contexts], 1
        for index in range(4):
            node = 2 * node + self.five((direct, lines), first + node, s + index)
        return node - 16

    def flag(self, n):
        return self.two(FLAGS, n, 0, 0, 8 * FLAGS)


class Axis:
    """One coordinate's history (section 7)."""

    def __init__(self):
        self.position, self.is_placed = 0, False
        self.v1 = self.v2 = 0
        self.e0 = self.e1 = self.e2 = 64
        self.quick, self.rest = 32, 0
        self.changes, self.weights = [0] * 24, [-36_000, -14_000, 4_000] + [0] * 22
        self.learnt = 0

    def predict(self, adapting, other_change, last):
        choice, v, e, a, a16 = 0, 0, self.e0, 0, 0
        if self.e1 < e:
            choice, v, e = 1, last, self.e1
        if adapting:
            total = other_change * self.weights[24] + sum(
                c * w for c, w in zip(self.changes, self.weights))
            a16 = (self.v1 << 4) + (total >> 12)
            a = clamp(a16 + 8 >> 4, 1 << 30)
            if self.e2 <= e:
                choice, v, e = 2, a, self.e2
        return choice, v, e, a, a16

    def turn(self):
        """What contexts see of the axis is turned by this."""
        return -1 if self.v1 < 0 or self.v1 == 0 and self.v2 < 0 else 1

    def learn(self, velocity, rest, a, last):
        def scaled(x):
            return min(abs(x) * 16, 1 << 22)
        self.e0 += scaled(velocity) - self.e0 >> 4
        self.e1 += scaled(velocity - last) - self.e1 >> 4
        self.e2 += scaled(velocity - a) - self.e2 >> 4
        self.quick += scaled(rest) - self.quick >> 1

    def adapt(self, velocity, a16, other_change):
        error = clamp((velocity << 4) - a16, 1 << 18)
        energy = 64 + other_change**2 + sum(c * c for c in self.changes)
        haste = 2 if self.learnt < 32 else 1 if self.learnt < 256 else 0
        self.learnt += 1
        g = clamp(divide(error << 20 + haste, energy), 1 << 16)
        for i, c in enumerate(self.changes + [other_change]):
            self.weights[i] = wrap(self.weights[i] + (g * c >> 12), 32)
        change = clamp(velocity - self.v1, 8_191)
        self.changes = [change] + self.changes[:23]
        return change


class Column:
    """One column's history (section 10)."""

    def __init__(self):
        self.last = self.change = 0
        self.e0, self.e1 = 16, 64

    def decode(self, coder, field, width, number, situation):
        """Decodes a value; `situation`: that of a level."""
        steady = self.e0 <= self.e1
        e = self.e0 if steady else self.e1
        level = min(31, half(e))
        contexts = [
            word(111, 0, number, 8, steady, 24, level, 32),
            word(112, 0, number, 8, steady, 24, u16(clamp(self.change, 32_767)), 32),
            word(113, 0, number, 8, steady, 24, u16(self.last), 32),
            word(114, 0, number, 8, steady, 24)]
        rest = coder.number(
            field, level, min(40, size(e + 8 >> 4)), contexts, True, 4, situation(level))
        value = wrap(self.last + (0 if steady else self.change) + rest, width)
        found = wrap(value - self.last, width)
        self.e0 += self.scaled(found, self.e0) - self.e0 >> 3
        self.e1 += self.scaled(wrap(found - self.change, width), self.e1) - self.e1 >> 3
        self.change, self.last = found, value
        return value

    @staticmethod
    def scaled(x, e):
        return min(min(abs(x), 1 << 44) * 16, 4 * e + 1_024)


class AdaptiveSection:
    """The bytes of one adaptive section, on their way to events."""

    def __init__(self, data, count, first):
        self.data, self.count, self.first = data, count, first
        self.budget = MAX_SECTION
        self.axes, self.columns = {}, {}
        # Values and counts (section 7).
        self.factors = [[256, 0] for _ in range(4_096)]
        self.history = self.previous = self.speed = 0
        # Time (section 6).
        self.now = self.ties = self.d1 = self.d2 = self.odd = 0
        self.average = 64
        self.step = self.t0 = self.t1 = 0
        self.phase = self.locked = self.misses = self.r1 = self.r2 = 0
        self.c = [1, 1, 1]
        self.K, self.Q = 8, 32
        # Keys and buttons (section 8): code and time of what is held.
        self.held = {KEY: [], BUTTON: []}
        self.states, self.codes, self.last_press = [0, 0, 0], [0, 0, 0], 0
        self.pages = [None, None]
        # Touch (section 9).
        self.following, self.phases = {}, {}
        self.c1 = self.c2 = self.first_contact = self.touch_history = 0
        self.ph1 = 1

    def make_coder(self):
        return Coder(self.data, self.count)

    def decode(self):
        """The section's events: a list of (time, kind, Int32s, Int64s, strings)."""
        if self.count == 0:
            need(not self.data)
            return []
        self.coder = self.make_coder()
        self.header()
        events = [self.event(index) for index in range(self.count)]
        need({event[1] for event in events} == {kind for kind, _ in self.kinds})
        self.coder.end()
        return events

    # Section 11.

    def header(self):
        raw = self.coder.raw
        self.kinds = []
        for _ in range(1 if raw(1) else raw(8) + 1):
            kind = raw(4) or raw(8)
            need(kind > (self.kinds[-1][0] if self.kinds else 0))
            layout = LAYOUTS.get(kind) or (raw(5), raw(5), raw(5))
            need(max(layout) <= 16, "limitExceeded")
            self.kinds.append((kind, layout))
        self.adapting = raw(1)
        self.unit, self.parts, self.rest = self.whole_unit(), 1, 0
        self.offsets, self.shifts = {}, {}
        if self.unit == 0:
            has_offsets, has_shifts = raw(1), raw(1)
            if raw(1):
                number = raw(4)
                self.unit, self.parts = (
                    FRACTIONS[number] if number < 9 else (self.short(), self.short()))
                self.rest = self.short()
                need(2 <= self.parts <= 1 << 20 and self.rest < self.parts)
            else:
                self.unit = self.whole_unit()
            need(self.unit > 0)
            if has_offsets:
                self.offsets = self.some_offsets()
            if has_shifts:
                self.shifts = self.some_offsets()
                need(0 not in self.shifts)
        self.monotone, self.has_ties = raw(1), raw(1)
        period = raw(5)
        need(period <= len(PERIODS))
        self.period = 0
        if period and self.unit < 1 << 40:
            scaled = PERIODS[period - 1] * 256 // 1_000 * self.parts
            self.period = (scaled + self.unit // 2) // self.unit
        self.numbers, number = [], 0
        for _, layout in self.kinds:
            self.numbers.append(number)
            number += sum(layout)

    def some_offsets(self):
        """The offsets or shifts of some events, by their places."""
        some = self.short()
        need(some <= self.count, "limitExceeded")
        pairs = [(self.short(), self.short()) for _ in range(some)]
        need(sum(gap for gap, _ in pairs) + some <= self.count)
        return placed(*zip(*pairs)) if pairs else {}

    def whole_unit(self):
        number = self.coder.raw(4)
        return UNITS[number] if number < 15 else self.short()

    def short(self):
        count = self.coder.raw(6)
        if count < 2:
            return count
        return self.coder.raw(64) if count == 63 else 1 << count - 1 | self.coder.raw(count - 1)

    # Section 5.

    def event(self, index):
        number = 0
        if len(self.kinds) > 1:
            number = self.kind_number()
            need(0 <= number < len(self.kinds))
        change = int(number != self.previous)
        kind, layout = self.kinds[number]
        self.budget -= 4 * (layout[0] + layout[2]) + 8 * layout[1]
        need(self.budget >= 0, "limitExceeded")
        self.index, start = index, self.numbers[number]
        if kind in (MOTION, PEN):
            self.time(change)
            axes, context = ((0, 1), 0) if kind == MOTION else ((4, 5), 2)
            narrow = self.point(axes, (6, 7), context, True)
        elif kind == RAW_MOTION:
            self.time(change)
            narrow = self.point((2, 3), (8, 9), 0, False)
        elif kind in (KEY, BUTTON):
            narrow = self.key(kind)
        elif kind == TOUCH:
            self.time(0)
            narrow = self.touch()
        else:
            self.time(1 if change else 2)
            narrow = []
        for index in range(len(narrow), layout[0]):
            narrow.append(self.scalar(start + index, SCALAR, 32))
        start += layout[0]
        wide = [self.scalar(start + index, WIDE, 64) for index in range(layout[1])]
        start += layout[1]
        texts = [self.string(start + index) for index in range(layout[2])]
        self.history = (self.history << 8 | number) & M64
        self.previous = number
        self.rest += self.shifts.get(self.index, 0)
        nanoseconds = wrap(self.now * self.unit + self.rest, 64) // self.parts
        offset = self.offsets.get(self.index, 0) - self.offsets.get(0, 0)
        time = wrap(self.first + nanoseconds + offset, 64)
        return time, kind, tuple(narrow), tuple(wide), tuple(texts)

    def kind_number(self):
        held, pace = int(bool(self.held[BUTTON])), self.pace
        contexts = [
            word(1, 0, self.history & M32, 8, held, 40),
            word(2, 0, self.previous, 8, pace, 16, held, 32, self.speed, 40),
            word(3, 0, self.history & 0xFFFFFF, 8, pace, 40, held, 56)]
        return self.coder.symbol(
            KIND, 2 * self.previous + held, self.previous, contexts,
            self.t0 + 8 * (self.speed // 2))

    def situation(self, level):
        return self.t0 + 8 * min(level // 6, 3)

    # Section 6.

    @property
    def pace(self):
        return min(self.c[0], 7) if self.period else min(15, size(self.d1))

    def time(self, context, key=None):
        """Decodes the difference to the event before; `key`: group, code word, elapsed."""
        d = self.step = 0
        if self.index > 0 and not (self.has_ties and self.tie(context)):
            d = self.ticks(context) if self.period else self.difference(context, key)
        self.t0, self.t1 = self.step, self.t0
        self.ties = (self.ties << 1 | (d == 0)) & M64
        self.now = wrap(self.now + d, 64)
        return d

    def tie(self, context):
        contexts = [
            word(15, 0, context, 8, self.ties & 15, 16, self.pace, 24),
            word(16, 0, context, 8, self.ties & 0xFFF, 16),
            word(17, 0, context, 8, self.ties & 3, 16, self.touch_history, 24, self.speed, 56)]
        return self.coder.choice(
            TIE, 8 * (self.ties & 3) + context, contexts, self.t0 + 8 * (self.speed // 2))

    def difference(self, context, key):
        d1, d2, signed = self.d1, self.d2, not self.monotone
        if key:
            group, code, elapsed = key
            contexts = [
                word(21, 0, group, 8, min(31, half(elapsed)), 16, self.odd, 24),
                word(22, 0, group, 8, code, 16),
                word(23, 0, group, 8, min(9, size(d1)), 16, min(9, size(d2)), 24, self.odd, 32),
                word(24, 0, group, 8, min(31, half(elapsed)), 16)]
            d = self.coder.number(
                KEY_DIFFERENCE, 8 * group + self.odd, 7, contexts, signed, 6, group)
        else:
            expected = size(self.average >> 4)
            contexts = [
                word(11, 0, clamp(d1, 300) & 0xFFF, 8, clamp(d2, 300) & 0xFFF, 20, context, 32,
                     expected, 40),
                word(12, 0, size(d1), 8, size(d2), 16, context, 24, self.speed, 32, expected, 40),
                word(13, 0, (self.now & M64) % 125, 8, self.speed, 16, context, 24, expected, 40),
                word(14, 0, context, 8, expected, 16)]
            level = min(31, half(self.average))
            d = self.coder.number(
                DIFFERENCE, level, expected, contexts, signed, 6, self.situation(level))
        self.step = 0 if d == 0 else clamp(half(abs(d)) - half(self.average >> 4) + 4, 6, 1)
        self.average += (min(abs(d), 1 << 18) << 4) - self.average >> 3
        self.d1, self.d2 = d, d1
        self.odd = (2 * self.odd + (d % 8 != 0)) & 7
        return d

    def ticks(self, context):
        c = self.tick_count(context)
        target = wrap(self.phase + c * self.period, 64)
        predicted = 0 if c == 0 else target + 128 >> 8
        f, g, q = target + 128 >> 5 & 7, 0 if c == 0 else 1 if c == 1 else 2, min(31, half(self.Q))
        contexts = [
            word(41, 0, g, 8, q, 16, small(self.r1, 20), 24),
            word(42, 0, g, 8, q, 16, f, 24),
            word(43, 0, g, 8, context, 16, self.now & 7, 24, f >> 1, 32),
            word(44, 0, g, 8, signed_half(self.r1 + self.r2), 16)]
        level = min(31, q + (24 if c == 0 else 0))
        r = self.coder.number(
            TICK_REST, level, 0 if c == 0 else size(self.Q + 8 >> 4), contexts, True, 2,
            self.situation(level))
        self.K += (min(abs(1 - c if c < 1 else c - 1), 1 << 16) << 4) - self.K >> 3
        self.c = [clamp(c, 1 << 20, 0)] + self.c[:2]
        c1 = self.c[0]
        self.step = c1 if c1 <= 3 else 4 if c1 <= 5 else 5 if c1 <= 8 else 6
        if c == 0:
            self.phase = wrap(self.phase - (r << 8), 64)
        else:
            self.lock(r, target, predicted)
        return wrap(predicted + r, 64)

    def tick_count(self, context):
        c1, c2, c3 = (min(c, 15) for c in self.c)
        expected = size(self.K + 8 >> 4)
        contexts = [
            word(31, 0, c1, 8, c2, 12, context, 20, expected, 32),
            word(32, 0, c1, 8, context, 20, self.speed, 24, expected, 32),
            word(33, 0, c1, 8, c2, 12, c3, 16, min(self.speed, 3), 24, expected, 32),
            word(34, 0, context, 8, expected, 16)]
        level = min(31, half(self.K) + (16 if context else 0))
        return wrap(1 + self.coder.number(
            TICK_COUNT, level, expected, contexts, False, 3, self.situation(level)), 64)

    def lock(self, r, target, predicted):
        z, limit = min(abs(r), 1 << 24), self.Q * 3 // 16 * 2 + 4
        self.locked = min(self.locked + 1, 64)
        self.misses = self.misses + 1 if z > 2 * limit else 0
        if self.misses >= 3 or self.locked == 1:
            self.phase, self.misses, self.locked = 0, 0, 1
        else:
            gain = 0 if self.locked < 2 else min(size(self.locked) - 1, 4)
            self.phase = wrap(
                target + ((clamp(r, limit) << 8) >> gain) - ((predicted + r) << 8), 64)
        self.Q += (min(z, 4 * self.Q + 64) << 4) - self.Q >> 4
        self.r2, self.r1 = self.r1, clamp(r, 1 << 20)

    # Section 7.

    def point(self, axes, fields, context, is_position):
        other, found, speeds = (0, 0, 0, 0), [], 0
        first = self.axes.setdefault(axes[0], Axis())
        trend = self.ratio(first.v1, first.v2)
        for is_y in (0, 1):
            axis = self.axes.setdefault(axes[is_y], Axis())
            if is_position and not axis.is_placed:
                axis.position = self.place(axes[is_y], 128 * is_y, fields[is_y], context)
                axis.is_placed = True
                found.append(axis.position)
                continue
            factor = None
            if not self.adapting and fields[0] != 10 and size(axis.v1) > 1:
                steps = 28 * is_y + 4 * self.t0 + min(self.t1, 3)
                factor = self.factors[steps * 48 + 8 * min(size(axis.v1), 5) + trend]
            before = axis.v1
            other = self.velocity(axis, 128 * is_y, fields[is_y], context, other, factor)
            velocity = other[0]
            trend = self.ratio(velocity, before)
            axis.position = wrap((axis.position if is_position else 0) + velocity, 32)
            found.append(axis.position)
            speeds += abs(velocity)
        self.speed = min(7, size(speeds))
        return found

    def place(self, number, y, field, context):
        """The first position on an axis."""
        contexts = [
            word(59 | y, 0), word(60 | y, 0, context, 8), word(64, 0), word(65, 0, number, 8)]
        return wrap(self.coder.number(field, 31, 10, contexts, True, 2, 31), 32)

    @staticmethod
    def ratio(a, b):
        return 3 if b == 0 else clamp(divide(4 * a * (-1 if b < 0 else 1), abs(b)), 7, 1) - 1

    def velocity(self, axis, y, field, context, other, factor):
        last = wrap(axis.v1 * factor[0] + 128 >> 8, 32) if factor else axis.v1
        choice, v, e, a, a16 = axis.predict(self.adapting, other[1], last)
        expected = size(e * 11 // 16 + 8 >> 4)
        turn = axis.turn()
        seen = [wrap(turn * x, 32) for x in (v, a, axis.v1, axis.v2, axis.rest)]
        fraction = turn * a16 >> 2 & 3 if choice == 2 else 0
        contexts = self.motion_contexts(
            seen, y, half(axis.quick), context, other, choice, fraction, expected)
        level = min(30, half(e))
        number = self.coder.number(
            field, level, expected, contexts, True, 2, self.situation(level))
        seen_rest = wrap(number, 32)
        axis.rest = rest = wrap(turn * seen_rest, 32)
        velocity = wrap(v + rest, 32)
        axis.learn(velocity, rest, a, last)
        if factor and velocity != last:
            sign = 1 if (velocity > last) == (axis.v1 > 0) else -1
            value = factor[0] + sign * max(64 // (factor[1] + 2), 3)
            factor[:] = clamp(value, 1_024, -256), min(factor[1] + 1, 64)
        change = axis.adapt(velocity, a16, other[1]) if self.adapting else 0
        axis.v2, axis.v1 = axis.v1, velocity
        return velocity, change, wrap(turn * velocity, 32), seen_rest

    def motion_contexts(self, seen, y, quick, context, other, choice, fraction, expected):
        (v, a, v1, v2, rest), (_, _, ov, other_rest) = seen, other
        if self.adapting:
            return [
                word(51, 0, size(v), 8, 4 * choice + fraction, 16, expected, 24, context, 32),
                word(52, 0, small(v, 24), 8, choice, 16, expected, 24,
                     small(wrap(v1 - v, 32), 3), 32),
                word(53 | y, 0, small(wrap(a - v, 32), 6), 8, small(wrap(v1 - v, 32), 6), 16,
                     small(other_rest, 2), 24, small(ov, 3), 32, signed_half(v1 - v2), 40,
                     small(v1, 1), 48, 4 * expected + choice, 56),
                word(57, 0, choice, 16, expected, 24, context, 32, signed_size(other_rest), 40)]
        return [
            word(54, 0, signed_half(v), 8, choice, 16, expected, 24, context, 32, half(v1), 40),
            word(55, 0, min(24, quick), 8, choice, 16, expected, 24, context, 32,
                 min(7, size(other_rest)), 40, self.pace, 48, signed_size(ov), 56),
            word(56, 0, min(2, quick // 3), 8, choice, 16, expected, 24, context, 32,
                 size(v1), 40, signed_size(rest), 48),
            word(58, 0, small(v, 24), 8, choice, 16, expected, 24, context, 32,
                 self.history & 0xFFFF, 40, self.t0, 56, int(bool(self.held[BUTTON])), 60)]

    # Section 8.

    def key(self, kind):
        held, button = self.held[kind], int(kind == BUTTON)
        n = len(held)
        state = self.key_state(held, button)
        found = self.released(held, button, state) if state != 1 else None
        if found is not None:
            code, group, pair = held[found][0], 2 if n == 1 and state == 0 else 3, -1
            elapsed = self.since(held[found][1])
            if state == 0:
                del held[found]
        else:
            code, group, pair, elapsed = self.key_code(button), 3, -1, 0
        if state == 1:
            group, pair, elapsed = min(n, 1), self.codes[0], self.since(self.last_press)
            held[:] = [entry for entry in held if entry[0] != code]
            del held[:max(0, len(held) - 15)]
            held.append([code, 0])
            self.codes = [code] + self.codes[:2]
        self.time(3 + group, None if button else (group, u16(pair) << 16 | u16(code), elapsed))
        if state == 1:
            held[-1][1] = self.last_press = self.now
        return [code, state]

    def since(self, time):
        return max(0, wrap(self.now - time, 64))

    def age(self, entry):
        return min(15, size(self.since(entry[1])))

    def key_state(self, held, button):
        n, (s1, s2, s3) = min(len(held), 7), self.states
        oldest, age = (held[0][0], self.age(held[0])) if held else (0, 0)
        contexts = [
            word(61 | 128 * button, 0, n, 8, s1, 16, s2, 20, s3, 24),
            word(62, 0, n, 8, s1, 16, u16(oldest), 24, u16(self.codes[0]), 40),
            word(63, 0, n, 8, age, 16, self.odd, 24, s1, 32)]
        state = self.coder.symbol(15 if button else 12, 4 * n + s1, 0 if held else 1, contexts)
        self.states = [clamp(state, 2, 0), s1, s2]
        return state

    def released(self, held, button, state):
        """Which of the held codes it is, or None."""
        n = min(len(held), 7)
        for i, entry in enumerate(held):
            following = held[i + 1][0] if i + 1 < len(held) else -1
            contexts = [
                word(81, 0, i, 8, n, 16, u16(entry[0]), 24),
                word(82, 0, i, 8, n, 16, self.age(entry), 24),
                word(83, 0, i, 8, n, 16, u16(entry[0]), 24, u16(following), 40)]
            level = min(31, 4 * n + min(i, 3))
            if self.coder.choice(17 if button else 14, level, contexts):
                return i
        return None

    def key_code(self, button):
        field = 16 if button else 13
        page = self.key_page(field, button)
        byte = self.coder.byte(field, self.code_contexts(int(page != 0)))
        return wrap(page << 8 | byte, 32)

    def key_page(self, field, button):
        """The bits of a code above its byte."""
        page = self.pages[button]
        if page is None:
            is_byte, page = self.coder.flag(button), 0x700
        else:
            is_byte = self.coder.choice(field, 0, self.code_contexts(0))
        if is_byte:
            return 0
        if not self.coder.flag(2 + button):
            page = self.coder.raw(24)
        self.pages[button] = page
        return page

    def code_contexts(self, wide):
        p1, p2, p3 = (u16(p) for p in self.codes)
        return [word(71, 0, p1, 8, wide, 56), word(72, 0, p1, 8, p2, 24, wide, 56),
                word(73, 0, p1, 8, p2, 24, p3, 40, wide, 56)]

    # Section 9.

    def touch(self):
        new = 0 if self.ties & 1 else 128
        contact = self.contact(new)
        own = self.phases.get(contact & 31, 2)
        phase = self.touch_phase(new, contact, own)
        self.touch_history = (
            self.touch_history << 4 | (contact & 3) << 2 | phase & 3) & 0xFFFF
        self.c2, self.c1 = self.c1, contact
        self.ph1 = self.phases[contact & 31] = phase
        axis = 6 + 2 * (contact & 31)
        context = (phase & 3) + (4 if own == 0 else 0)
        x, y = self.point((axis, axis + 1), (10, 11), context, True)
        column = self.columns.setdefault(("pressure", contact & 31), Column())
        return [contact, phase, x, y, column.decode(
            self.coder, SCALAR, 32, 250, self.situation)]

    def contact(self, new):
        c1, c2 = self.c1 & 0xFF, self.c2 & 0xFF
        contexts = [
            word(91 | new, 0, c1, 8, c2, 16),
            word(92 | new, 0, c1, 8, self.ph1 & 0xFF, 16, self.pace, 24),
            word(93 | new, 0, self.touch_history, 8)]
        guess = self.first_contact if new else self.following.get(self.c1 & 31, 0)
        level = (8 if new else 0) + clamp(self.c1, 7, 0)
        contact = self.coder.symbol(CONTACT, level, guess, contexts)
        if new:
            self.first_contact = contact
        else:
            self.following[self.c1 & 31] = contact
        return contact

    def touch_phase(self, new, contact, own):
        mine, last = own & 0xFF, self.ph1 & 0xFF
        contexts = [
            word(101 | new, 0, mine, 8, last, 16),
            word(102, 0, contact & 0xFF, 8, self.c1 & 0xFF, 16, mine, 24),
            word(103, 0, mine, 8, last, 16, self.speed, 24, self.touch_history & 0xFFF, 32)]
        level = 4 * (own & 7) + (self.ph1 & 3)
        return self.coder.symbol(PHASE, level, 0 if own == 2 else 1, contexts)

    # Section 10.

    def scalar(self, number, field, width):
        column = self.columns.setdefault(number, Column())
        return column.decode(self.coder, field, width, number, self.situation)

    def string(self, number):
        length = self.scalar(number, SCALAR, 32)
        need(0 <= length <= MAX_STRING, "limitExceeded")
        self.budget -= length
        need(self.budget >= 0, "limitExceeded")
        b1 = b2 = 0
        prefix, found = number, bytearray()
        for _ in range(length):
            contexts = [word(121, 0, b1, 8), word(122, 0, b1, 8, b2, 16),
                        scramble(123 + 256 * prefix)]
            byte = self.coder.byte(TEXT, contexts)
            prefix = scramble(256 * prefix + byte)
            b1, b2 = byte, b1
            found.append(byte)
        return bytes(found)
