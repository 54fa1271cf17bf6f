# SPDX-License-Identifier: Apache-2.0
#
# Sections that no encoder writes and every reader reads: numbers at the edges of their ranges.
"""recordings(data) gives (name, bytes); `data` is a recording of one event."""

import itape_columns
from tape import Section, Tape, varint, zigzag

FIRST = 1_000_000
# Not packed; one kind, 16, without columns.
KIND = bytes([0, 1, 16, 0, 0, 0])


def recording(data, sections, form=0):
    """The recording with these sections, pairs of contents and a count of events, one a track."""
    tape = Tape(data)
    block, times = tape.blocks()[0], []
    block.sections = []
    for track, (contents, count) in enumerate(sections):
        events = itape_columns.Section(contents, form, count).decode()
        times += [event[0] for event in events]
        block.sections.append(Section(track, form, 0, 7, len(events), FIRST, contents))
    block.first, block.span = min(times), max(times) - min(times)
    return tape.bytes()


def grid(steps, period, gain, limit, low, start):
    """The times of a grid whose numbers are all of class 15, in 64 bits."""
    numbers = b"".join(
        number.to_bytes(8, "little") for k, r in steps
        for number in (k, 2 * r if r >= 0 else -2 * r - 1))
    return (zigzag(FIRST) + varint(1) + b"\1" + varint(period) + bytes([gain, limit, low])
            + zigzag(start) + b"\x11\x05\xff" + varint(len(numbers) << 2) + numbers)


def grid_steps(limit):
    """Residuals at the bound and beyond it, rows of them on one side, and long pauses."""
    bound, pause = 1 << limit, 1 << 44
    residuals = [
        0, 3, bound, -bound, bound - 1, bound + 1, 0, -bound - 1, 1, pause, 0, -pause, 0, pause - 1,
        5, *[bound + 1] * 8, 0, *[-bound - 1] * 8, 0, *[bound + 1] * 7, -bound - 1, bound, 2,
        *[-bound - 1] * 7, 0, -bound - 1, -bound, 7]
    return [(index % 4, r) for index, r in enumerate(residuals)]


def grids():
    for limit in (0, 30, 31, 43):
        for low, gain in ((0, 0), (40, 3), (40, 16)):
            steps = grid_steps(limit)
            start = gain << limit
            yield KIND + grid(steps, (5 << 16) + 12_345, gain, limit, low, start), len(steps) + 1


def grid_parts():
    """As few steps as are eight parts, each of which begins elsewhere."""
    count, starts = 8_192, [0, 63, -64, 1 << 40, -1 << 62, (1 << 63) - 1, -1 << 63, 5]
    # Rows of misses that end within a part, at its end and behind it.
    tokens = (b"\x10" * 3 + b"\x13" * 7 + b"\x12") * count
    yield KIND + zigzag(FIRST) + b"\x01\x01" + varint(5 << 16 | 77) + bytes([3, 0, 0]) + b"".join(
        map(zigzag, starts)) + b"\x44" + varint(count << 2) + tokens[:count] + b"\0", count + 1


def scheme_0(numbers):
    """Numbers as tokens of scheme 0, in form plain."""
    tokens = bytes(n if n < 2 else n.bit_length() for n in numbers)
    bits, count = 0, 0
    for n in numbers:
        if n > 1:
            bits |= (n ^ 1 << n.bit_length() - 1) << count
            count += n.bit_length() - 1
    size = count + 7 >> 3
    return (b"\0" + varint(len(tokens) << 2) + tokens + varint(size << 2)
            + bits.to_bytes(size, "little"))


def clock(unit, parts, rest, counts, offsets=None, shifts=None):
    """The times of a clock by their steps in zigzag; `offsets` are pairs of others and offset."""
    steps = [(b - a + 2**63) % 2**64 - 2**63 for a, b in zip([0, *counts], counts)]
    numbers = [2 * n if n >= 0 else -2 * n - 1 for n in steps]
    head = zigzag(FIRST) + varint(unit) + bytes(
        [4 * (parts > 1) + 8 * (offsets is not None) + 32 * (shifts is not None)])
    if parts > 1:
        head += varint(parts) + varint(rest)
    for some in (offsets, shifts):
        if some is not None:
            head += varint(len(some)) + b"".join(map(scheme_0, zip(*some) if some else ((), ())))
    return head + scheme_0(numbers)


def clocks():
    """Units that are fractions, and counts whose products pass 2⁶³."""
    counts = [1, 2, 3, -1, -2, -3, 0, 1 << 40, -1 << 40, (1 << 63) - 1, -1 << 63, 1 << 62, 5]
    for unit, parts, rest in (
            (125, 3, 0), (125, 3, 1), (125, 3, 2), (1, 2, 1), (2**64 - 1, 2, 0), (2**63, 3, 2),
            (1, 1 << 20, (1 << 20) - 1), (50_000_000, 715_909, 715_908),
            (2**62 + 12_345, 1 << 20, 0), (7, (1 << 20) - 1, 99)):
        yield KIND + clock(unit, parts, rest, counts), len(counts) + 1


def offsets():
    """Events beside the unit: none, the first, the last, all, and offsets of any size."""
    counts = [1, 3, 2, 7, 7]
    lists = ([], [(0, 5)], [(5, 5)], [(0, 999), (4, 1)], [(0, n) for n in range(6)],
             [(2, 2**64 - 1), (0, 2**63)], [(0, 2**63), (1, 2**64 - 1), (0, 0)])
    for listed in lists:
        for unit, parts, rest in ((1_000, 1, 0), (125, 3, 2)):
            yield KIND + clock(unit, parts, rest, counts, listed), len(counts) + 1


def shifts():
    """Clocks that are set anew: never, at the second event, at the last, at all, by any number."""
    counts = [1, 3, 2, 7, 7]
    lists = ([], [(1, 5)], [(5, 5)], [(1, 999), (2, 1)], [(1, 4), *((0, n) for n in range(4))],
             [(2, 2**64 - 1), (0, 2**63)], [(1, 2**63), (1, 2**64 - 1), (0, 0)])
    for listed in lists:
        for unit, parts, rest in ((1_000, 1, 0), (125, 3, 2), (2**64 - 1, 1 << 20, 99)):
            yield KIND + clock(unit, parts, rest, counts, None, listed), len(counts) + 1
            yield KIND + clock(unit, parts, rest, counts, [(1, 7), (0, 2)], listed), len(counts) + 1


def lots():
    """Steps in lots, by which of two kinds events are of: the first, the last, each by turns."""
    for count, others in ((2, [1]), (2, [0]), (65, [0, 64]), (66, range(1, 65, 2)),
                          (129, [63, 64, 127, 128]), (200, range(20, 119))):
        others = list(others)
        gaps = [b - a - 1 for a, b in zip([-1, *others], others)]
        kinds = (bytes([0, 2, 16, 0, 0, 0, 17, 0, 0, 0, 0]) + varint(len(others)) + scheme_0(gaps)
                 + scheme_0([1] * len(others)))
        marks = [int(index in others) for index in range(count)]
        places = [own + 2 * before for before, own in zip(marks, marks[1:])]
        steps = [1 + index % 2 for index in range(count - 1)]
        tokens = [bytes(step for step, place in zip(steps, places) if place == lot)
                  for lot in range(4)]
        streams = b"".join(varint(len(lot) << 2) + lot for lot in tokens)
        head = zigzag(FIRST) + varint(1_000)
        yield kinds + head + b"\x10\x02" + streams + b"\0", count
        yield kinds + head + b"\x1a" + varint(0) + scheme_0([]) * 2 + b"\x02" + streams + b"\0", count
        grid = varint(65_536) + bytes([3, 1, 0, 0, 0x44])
        yield kinds + head + b"\x11" + grid + streams + b"\0", count


def packed():
    """Steps of times, zigzag or not, four in a token; those of tokens that are not full, too."""
    for count in (1, 2, 3, 4, 5, 7, 8, 9, 17, 64, 257):
        steps = [(index * index + index // 3) % 4 for index in range(count)]
        tokens = bytes(sum(step << 2 * place for place, step in enumerate(steps[at:at + 4]))
                       for at in range(0, count, 4))
        for form in (0, 2):
            head = zigzag(FIRST) + varint(1_000) + bytes([form])
            yield KIND + head + b"\x0a" + varint(len(tokens) << 2) + tokens, count + 1


def raw(stream):
    return varint(len(stream) << 2) + stream


def join(halves):
    """Twins, the last of which may have one half."""
    return bytes(a + 16 * b for a, b in zip(halves[::2], [*halves[1::2], 0]))


def twins():
    """Steps two by two in a byte: each count of named tokens, none of them, all of them."""
    steps = [index * index % 23 + (index % 5 == 0) * index % 90 for index in range(193)]
    for count in (1, 2, 3, 63, 64, 65, 66, 127, 128, 129, 193):
        tokens = [step % 127 for step in steps[:count]]
        for size in (1, 2, 7, 15):
            order = sorted(set(tokens), key=lambda token: (-tokens.count(token), token))
            # Named twice, and what does not come.
            named = (order + [order[0], 200, *range(130, 145)])[:size]
            places = [named.index(token) if token in named else size for token in tokens]
            others = bytes(token for token, place in zip(tokens, places) if place == size)
            streams = raw(join(places)) + raw(others)
            if count > 1 and len(set(join(places))) == 1:
                streams = b"\x05" + join(places)[:1] + raw(others)
            stream = bytes([4, size, *named]) + streams
            head = zigzag(FIRST) + varint(1_000) + b"\2\x06"
            yield KIND + head + varint(len(stream) << 2 | 3) + stream + b"\0", count + 1


def lattices():
    """Motions of numbers at the edges of 32 bits, on lattices small and large."""
    found = ((1, []), (2, [0]), (2, [1]), (5, [0, 1, 2, 4]), (7, [3, 6]), (65_536, [65_535]),
             (65_536, range(256)), (257, range(1, 257)), (10, [0, 1, 2, 4, 5, 6, 8, 9]))
    numbers = [0, 1, -1, 2, -2, 255, 256, -256, -257, 2**31 - 1, -2**31, 2**30, -2**30 - 1]
    words = b"".join((2 * n if n >= 0 else -2 * n - 1).to_bytes(4, "little") * 2 for n in numbers)
    for x, y in zip(found, found[1:] + found[:1]):
        pair = bytes([4, 0, 0])
        for period, residues in (x, y):
            pair += varint(period)
            if period > 1:
                pair += varint(len(residues))
                pair += b"".join(varint(b - a - 1) for a, b in zip([-1, *residues], residues))
        pair += b"\x55\x05\xff" + varint(len(words) << 2) + words
        contents = b"\0\x01\x01" + pair + zigzag(FIRST) + b"\x01\x02\x00\x05\x01\x00"
        yield contents, len(numbers)


def recordings(data):
    yield "lattice-bounds", recording(data, lattices())
    yield "grid-bounds", recording(data, grids())
    yield "grid-parts", recording(data, grid_parts())
    yield "offset-bounds", recording(data, offsets())
    yield "shift-bounds", recording(data, shifts())
    yield "lot-bounds", recording(data, lots())
    yield "clock-bounds", recording(data, clocks())
    yield "packed-bounds", recording(data, packed())
    yield "twin-bounds", recording(data, twins(), form=1)
