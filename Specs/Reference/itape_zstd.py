# SPDX-License-Identifier: Apache-2.0
#
# Zstandard frames without magic (Specs/Encodings.md, section 2), by RFC 8878 to the letter: slow,
# and stricter than libraries, whose versions differ in which wrong blocks they notice.
"""`blocks(data, length)` checks what every reader must; `decompress` is the strict decoder."""

from itape_bytes import Bad, need

MAX_WINDOW, MAX_BLOCK = 4 << 20, 128 << 10
RAW, RLE, COMPRESSED = 0, 1, 2

LITERAL_LENGTHS = [(n, 0) for n in range(16)] + [
    (16, 1), (18, 1), (20, 1), (22, 1), (24, 2), (28, 2), (32, 3), (40, 3), (48, 4), (64, 6),
    (128, 7), (256, 8), (512, 9), (1024, 10), (2048, 11), (4096, 12), (8192, 13), (16384, 14),
    (32768, 15), (65536, 16)]
MATCH_LENGTHS = [(n + 3, 0) for n in range(32)] + [
    (35, 1), (37, 1), (39, 1), (41, 1), (43, 2), (47, 2), (51, 3), (59, 3), (67, 4), (83, 4),
    (99, 5), (131, 7), (259, 8), (515, 9), (1027, 10), (2051, 11), (4099, 12), (8195, 13),
    (16387, 14), (32771, 15), (65539, 16)]
OFFSETS = [(1 << code, code) for code in range(32)]
# What a number stands for, the longest table, and the counts of the predefined one.
PARTS = [
    (LITERAL_LENGTHS, 9, [4, 3] + [2] * 11 + [1] * 3 + [2] * 9 + [3, 2] + [1] * 5 + [-1] * 4),
    (OFFSETS, 8, [1] * 6 + [2] * 3 + [1] * 15 + [-1] * 5),
    (MATCH_LENGTHS, 9, [1, 4, 3] + [2] * 6 + [1] * 37 + [-1] * 7)]


def bad_unless(condition):
    need(condition, "decompression")


class Forward:
    """Bytes, and bits lowest first."""

    def __init__(self, data):
        self.data, self.at = data, 0

    def take(self, count):
        bad_unless(self.at + count <= len(self.data))
        self.at += count
        return self.data[self.at - count:self.at]

    def number(self, count):
        return int.from_bytes(self.take(count), "little")

    def rest(self):
        return self.take(len(self.data) - self.at)


class Backward:
    """Bits from the end; in front of the first stand zeros, if it is not to be exact."""

    def __init__(self, data):
        bad_unless(data and data[-1])
        self.data, self.left = data, len(data) * 8 - 9 + data[-1].bit_length()

    def peek(self, count):
        low = self.left - count
        if low < 0:
            return self.peek(self.left) << -low if self.left > 0 else 0
        part = int.from_bytes(self.data[low >> 3:(self.left + 7) >> 3], "little")
        return part >> (low & 7) & (1 << count) - 1

    def take(self, count):
        value = self.peek(count)
        self.left -= count
        return value


def frame_counts(source, longest, symbols):
    """Counts of symbols (RFC 8878, 4.1.1) and the logarithm of their sum."""
    bits, at = int.from_bytes(source.data[source.at:], "little"), 4
    log = (bits & 15) + 5
    bad_unless(log <= longest)
    left, counts = 1 << log, []
    while left > 0:
        width = (left + 1).bit_length()
        value, half = bits >> at & (1 << width) - 1, (1 << width - 1) - 1
        few = (1 << width) - 2 - left
        at += width
        if value & half < few:
            value, at = value & half, at - 1
        elif value > half:
            value -= few
        counts.append(value - 1)
        left -= abs(value - 1)
        while value == 1:
            repeat = bits >> at & 3
            counts += [0] * repeat
            at += 2
            if repeat < 3:
                break
        bad_unless(len(counts) <= symbols)
    bad_unless(left == 0)
    source.take(at + 7 >> 3)
    return counts, log


def state_table(counts, log):
    """For each state its symbol, how many bits the next one needs, and what is added to them."""
    size, table, place = 1 << log, [0] * (1 << log), 0
    high = size
    for symbol, count in enumerate(counts):
        if count < 0:
            high -= 1
            table[high] = symbol
    for symbol, count in enumerate(counts):
        for _ in range(max(count, 0)):
            table[place] = symbol
            place = place + (size >> 1) + (size >> 3) + 3 & size - 1
            while place >= high:
                place = place + (size >> 1) + (size >> 3) + 3 & size - 1
    bad_unless(place == 0)
    following, states = [abs(count) for count in counts], []
    for symbol in table:
        number = following[symbol]
        following[symbol] += 1
        bits = log + 1 - number.bit_length()
        states.append((symbol, bits, (number << bits) - size))
    return states


def coded_weights(data):
    """Weights by two states that take turns, until the bits end."""
    source = Forward(data)
    counts, log = frame_counts(source, 6, 256)
    table, bits = state_table(counts, log), Backward(source.rest())
    states = [bits.take(log), bits.take(log)]
    bad_unless(bits.left >= 0)
    weights = []
    while True:
        turn = len(weights) & 1
        symbol, count, base = table[states[turn]]
        weights.append(symbol)
        bad_unless(len(weights) < 255)
        states[turn] = base + bits.take(count)
        if bits.left < 0:
            return weights + [table[states[1 - turn]][0]]


def literal_tree(source):
    """For each value of the longest code's bits the symbol and its own bits (4.2.1)."""
    head = source.number(1)
    if head < 128:
        weights = coded_weights(source.take(head))
    else:
        pairs = source.take(head - 126 >> 1)
        weights = [part for byte in pairs for part in (byte >> 4, byte & 15)][:head - 127]
    total = sum(1 << weight >> 1 for weight in weights)
    bad_unless(total)
    longest = total.bit_length()
    left = (1 << longest) - total
    bad_unless(left & left - 1 == 0 and longest <= 11)
    weights.append(left.bit_length())
    bad_unless(weights.count(1) >= 2 and max(weights) <= longest)
    tree = []
    for weight in range(1, longest + 1):
        for symbol, own in enumerate(weights):
            if own == weight:
                tree += [(symbol, longest + 1 - weight)] * (1 << weight - 1)
    return longest, tree


def literal_stream(data, count, tree):
    longest, codes = tree
    bits, found = Backward(data), bytearray()
    for _ in range(count):
        symbol, width = codes[bits.peek(longest)]
        bits.left -= width
        bad_unless(bits.left >= 0)
        found.append(symbol)
    bad_unless(bits.left == 0)
    return found


class Frame:
    """What the blocks of a frame leave to the next one."""

    def __init__(self, window):
        self.window, self.tree, self.tables = window, None, [None] * 3
        self.largest, self.repeated, self.out = min(window, MAX_BLOCK), [1, 4, 8], bytearray()

    def literals(self, source):
        head = source.number(1)
        kind, form = head & 3, head >> 2 & 3
        if kind < 2:
            source.at -= 1
            width = (1, 2, 1, 3)[form]
            count = source.number(width) >> (3, 4, 3, 4)[form]
            bad_unless(count <= self.largest)
            return source.take(count) if kind == 0 else source.take(1) * count
        source.at -= 1
        width, bits = (3, 3, 4, 5)[form], (10, 10, 14, 18)[form]
        sizes = source.number(width) >> 4
        count, size = sizes & (1 << bits) - 1, sizes >> bits
        bad_unless(0 < count <= self.largest and (form == 0 or count >= 6))
        part = Forward(source.take(size))
        if kind == 2:
            self.tree = literal_tree(part)
        bad_unless(self.tree)
        if form == 0:
            return literal_stream(part.rest(), count, self.tree)
        sizes = [part.number(2) for _ in range(3)]
        streams = [part.take(size) for size in sizes] + [part.rest()]
        quarter = count + 3 >> 2
        counts = [quarter] * 3 + [count - 3 * quarter]
        return b"".join(
            literal_stream(data, count, self.tree) for data, count in zip(streams, counts))

    def table(self, place, mode, source):
        values, longest, standard = PARTS[place]
        if mode == 0:
            return state_table(standard, 5 if place == 1 else 6)
        if mode == 1:
            symbol = source.number(1)
            bad_unless(symbol < len(values))
            return [(symbol, 0, 0)]
        if mode == 2:
            return state_table(*frame_counts(source, longest, len(values)))
        bad_unless(self.tables[place])
        return self.tables[place]

    def sequences(self, source):
        """(literals, offset, match length) of each sequence."""
        count = source.number(1)
        if count == 255:
            count = source.number(2) + 0x7F00
        elif count > 127:
            count = (count - 128 << 8) + source.number(1)
            bad_unless(count)
        if not count:
            bad_unless(not source.rest())
            return
        modes = source.number(1)
        bad_unless(modes & 3 == 0)
        for place in range(3):
            self.tables[place] = self.table(place, modes >> 6 - 2 * place & 3, source)
        bits = Backward(source.rest())
        logs = [len(table).bit_length() - 1 for table in self.tables]
        states = [bits.take(log) for log in logs]
        for number in range(count):
            found = [table[state] for table, state in zip(self.tables, states)]
            values = [0] * 3
            for place in (1, 2, 0):
                base, width = PARTS[place][0][found[place][0]]
                values[place] = base + bits.take(width)
            if number < count - 1:
                for place in (0, 2, 1):
                    states[place] = found[place][2] + bits.take(found[place][1])
            bad_unless(bits.left >= 0)
            yield values[0], self.offset(values[1], values[0]), values[2]
        bad_unless(bits.left == 0)

    def offset(self, value, literals):
        """The distance that a number means, of which the last three are known (3.1.1.5)."""
        last = self.repeated
        if value > 3:
            distance, kept = value - 3, last[:2]
        else:
            place = value - 1 + (literals == 0)
            distance = last[place] if place < 3 else last[0] - 1
            kept = [old for index, old in enumerate(last) if index != place][:2]
        bad_unless(distance > 0)
        self.repeated = [distance] + kept
        return distance

    def block(self, data):
        source, start, used = Forward(data), len(self.out), 0
        literals = self.literals(source)
        for count, distance, length in self.sequences(source):
            bad_unless(used + count <= len(literals))
            self.out += literals[used:used + count]
            used += count
            bad_unless(distance <= min(self.window, len(self.out)))
            bad_unless(len(self.out) - start + length <= self.largest)
            for _ in range(length):
                self.out.append(self.out[-distance])
        self.out += literals[used:]
        bad_unless(len(self.out) - start <= self.largest)


def blocks(data, length):
    """The frame's window, and its blocks as (type, size, bytes): all that no library is asked."""
    source = Forward(data)
    descriptor = source.number(1)
    bad_unless(descriptor & 0x1F == 0)
    size_flag, single = descriptor >> 6, descriptor >> 5 & 1
    bad_unless(size_flag or single)
    window = length
    if not single:
        byte = source.number(1)
        window = (8 + (byte & 7)) << 7 + (byte >> 3)
    bad_unless(window <= MAX_WINDOW)
    declared = source.number(1 << size_flag) + (256 if size_flag == 1 else 0)
    bad_unless(declared == length)
    found, last = [], 0
    while not last:
        head = source.number(3)
        last, kind, size = head & 1, head >> 1 & 3, head >> 3
        bad_unless(kind <= COMPRESSED and size <= min(window, MAX_BLOCK))
        bad_unless(kind != COMPRESSED or size >= 3)
        found.append((kind, size, source.take(1 if kind == RLE else size)))
    bad_unless(source.at == len(data))
    return window, found


def decompress(data, length):
    """Exactly `length` bytes, or `Bad`."""
    window, found = blocks(data, length)
    frame = Frame(window)
    for kind, size, content in found:
        if kind == COMPRESSED:
            frame.block(content)
        else:
            frame.out += content * size if kind == RLE else content
        bad_unless(len(frame.out) <= length)
    bad_unless(len(frame.out) == length)
    return bytes(frame.out)
