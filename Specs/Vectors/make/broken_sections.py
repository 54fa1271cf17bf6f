# SPDX-License-Identifier: Apache-2.0
#
# Sections whose compressed frames, or whose adaptive headers, are broken in one way each.
"""sections(data) gives (name, bytes)."""

import zlib

import zstandard

from itape_adaptive import AdaptiveSection
from itape_bytes import Bad
from tape import Section, Tape, varint

# Two motions: one kind, motion, a pair, times from 0 with unit 1 and steps of 1.
CONTENTS = b"\x01\x01" + b"\x02\0\0\x55\x08\x89\x20\x08\x51\x00" + b"\x00\x01\x02\x00\x05\x01\x00"


def deflate(data, level=9):
    stream = zlib.compressobj(level, zlib.DEFLATED, -15)
    return stream.compress(data) + stream.flush()


def zstd(data, **options):
    options = {"write_content_size": 1, "write_checksum": 0, "write_dict_id": 0} | options
    parameters = zstandard.ZstdCompressionParameters.from_level(
        3, format=zstandard.FORMAT_ZSTD1_MAGICLESS, **options)
    return zstandard.ZstdCompressor(compression_params=parameters).compress(data)


def window(descriptor, length=len(CONTENTS)):
    """A frame's header with this window and a content size of four bytes."""
    return bytes([0x80, descriptor]) + length.to_bytes(4, "little")


def raw_block(data, last=1):
    return (len(data) << 3 | last).to_bytes(3, "little") + data


def repeats(count, byte=b"\0", last=1):
    return (count << 3 | 2 | last).to_bytes(3, "little") + byte


def packed(frame, length=len(CONTENTS)):
    return b"\x01" + varint(length) + frame


def frames():
    """(name, form, section) of packed sections."""
    good = zstd(CONTENTS)
    yield "zstd-frame-cut", 1, packed(good[:-1])
    yield "zstd-frame-empty", 1, packed(b"")
    yield "zstd-frame-byte-behind", 1, packed(good + b"\0")
    yield "zstd-frame-twice", 1, packed(good + good, 2 * len(CONTENTS))
    yield "zstd-frame-with-magic", 1, packed(b"\x28\xb5\x2f\xfd" + good)
    yield "zstd-frame-skippable", 1, packed(b"\x50\x2a\x4d\x18\x04\0\0\0abcd")
    yield "zstd-frame-with-checksum", 1, packed(zstd(CONTENTS, write_checksum=1))
    yield "zstd-frame-without-size", 1, packed(zstd(CONTENTS, write_content_size=0))
    yield "zstd-frame-with-dictionary", 1, packed(bytes([good[0] | 1]) + b"\x07" + good[1:])
    yield "zstd-frame-reserved-bit", 1, packed(bytes([good[0] | 8]) + good[1:])
    yield "zstd-frame-unused-bit", 1, packed(bytes([good[0] | 16]) + good[1:])
    yield "zstd-frame-with-dictionary-0", 1, packed(bytes([good[0] | 1]) + b"\0" + good[1:])
    raw = raw_block(CONTENTS)
    yield "zstd-window-beyond-limit", 1, packed(window(0x61) + raw)
    yield "zstd-window-of-256-mib", 1, packed(window(0x90) + raw)
    yield "zstd-window-largest", 1, packed(window(0xFF) + raw)
    yield "zstd-block-of-type-3", 1, packed(window(0) + b"\x07" + raw[1:])
    yield "zstd-block-compressed-of-2-bytes", 1, packed(window(0) + b"\x14\0\0\0\0" + raw)
    yield "zstd-block-none-is-last", 1, packed(window(0) + raw_block(CONTENTS, last=0))
    yield "zstd-block-beyond-window", 1, packed(window(0, 1_025) + raw_block(bytes(1_025)), 1_025)
    yield "zstd-block-repeats-within-limit", 1, packed(
        window(0x50, 1 << 17) + repeats(1 << 17), 1 << 17)
    yield "zstd-block-repeats-beyond-limit", 1, packed(
        window(0x50, (1 << 17) + 1) + repeats((1 << 17) + 1), (1 << 17) + 1)
    # What is wrong stands further from the beginning than the section has bytes.
    far = b"\x01\x06\0" + varint(2 * 500) + varint(1_000 << 2) + bytes(1_000) + b"\0\0"
    yield "zstd-times-unit-0", 1, packed(zstd(far), len(far))
    yield "deflate-times-unit-0", 2, packed(deflate(far), len(far))
    yield "zstd-length-too-small", 1, packed(good, len(CONTENTS) - 1)
    yield "zstd-length-too-great", 1, packed(good, len(CONTENTS) + 1)
    yield "zstd-length-0", 1, packed(good, 0)
    yield "zstd-length-all-ones", 1, packed(good, 2**64 - 1)
    yield "zstd-bomb-of-zeros", 1, packed(zstd(bytes(4 << 20)), 4 << 20)
    yield "zstd-bomb-beyond-limit", 1, packed(zstd(bytes((4 << 20) + 1)), (4 << 20) + 1)
    yield "zstd-bomb-that-says-less", 1, packed(zstd(bytes(1 << 20)), 64)
    good = deflate(CONTENTS)
    yield "deflate-frame-cut", 2, packed(good[:-1])
    yield "deflate-frame-empty", 2, packed(b"")
    yield "deflate-frame-byte-behind", 2, packed(good + b"\0")
    yield "deflate-frame-twice", 2, packed(good + good, 2 * len(CONTENTS))
    yield "deflate-frame-with-header", 2, packed(zlib.compress(CONTENTS))
    yield "deflate-block-type-3", 2, packed(b"\x07" + good[1:])
    yield "deflate-length-too-small", 2, packed(good, len(CONTENTS) - 1)
    yield "deflate-length-too-great", 2, packed(good, len(CONTENTS) + 1)
    yield "deflate-stored-length-differs", 2, packed(
        b"\x01" + bytes([len(CONTENTS), 0, 0, 0]) + CONTENTS)
    yield "deflate-bomb-of-zeros", 2, packed(deflate(bytes(4 << 20)), 4 << 20)
    yield "deflate-bomb-that-says-less", 2, packed(deflate(bytes(1 << 20)), 64)


def allowed(data):
    """Frames that nobody writes and everybody reads: (name, bytes) of the same recording."""
    contents = Tape(data).blocks()[0].sections[0].data[1:]
    size, blocks = len(contents), raw_block(contents)
    single = bytes([0xA0]) + size.to_bytes(4, "little")
    ones = b"".join(raw_block(contents[i:i + 1], last=0) for i in range(size - 1))
    forms = {
        "window-of-4-mib": window(0x60, size) + blocks,
        "size-of-8-bytes": bytes([0xE0]) + size.to_bytes(8, "little") + blocks,
        "blocks-of-one-byte": single + ones + raw_block(contents[-1:]),
        "blocks-of-one-repeat": single + b"".join(
            repeats(1, contents[i:i + 1], i == size - 1) for i in range(size)),
        "last-block-empty": single + raw_block(contents, last=0) + raw_block(b""),
    }
    for name, frame in forms.items():
        tape = Tape(data)
        section = tape.blocks()[0].sections[0]
        section.form, section.data = 1, packed(frame, size)
        yield f"zstd-frame-{name}", tape.bytes()


def code_tables():
    """(name, section) of two presses of keys by a table of codes."""
    def presses(table, first=0, second=1):
        tokens = bytes([1, 8, first, second, 0])
        return b"\0\x01\x05" + b"\0\x02" + table + tokens + bytes(3) + CONTENTS[-7:]

    def table(count, *differences):
        return varint(15 + count) + b"".join(map(varint, differences))

    yield "place-not-there", presses(table(2, 0x7_0004, 3), second=2)
    yield "of-257-codes", presses(table(257, 5, *[1] * 256))
    yield "count-beyond-64-bits", presses(b"\xff" * 10)
    yield "code-twice", presses(table(2, 0x7_0004, 0))
    yield "first-beyond-32-bits", presses(table(2, 2**32, 1))
    yield "last-beyond-32-bits", presses(table(2, 2**32 - 1, 1))
    yield "cut", presses(table(2, 0x7_0004, 3))[:8]


class RawBits:
    """Raw bits of the range coder (Adaptive, section 2), for headers that nobody writes."""

    def __init__(self):
        self.low, self.range, self.shifts = 0, 2**64 - 1, 0

    def put(self, value, count):
        """A lot of up to 16 bits."""
        self.range >>= count
        self.low += value * self.range
        if self.range < 1 << 32:
            self.low, self.range, self.shifts = self.low << 32, self.range << 32, self.shifts + 1

    def end(self):
        """Bytes behind which any may follow."""
        return (self.low + self.range // 2).to_bytes(4 * self.shifts + 8, "big")


def is_refused(data):
    """Whether the header of an adaptive section of two events is wrong."""
    section = AdaptiveSection(data, 2, 0)
    section.coder = section.make_coder()
    try:
        section.header()
    except Bad:
        return True
    return False


def adaptive():
    """(name, section) of adaptive sections; the good header is of motions, unit 1."""
    def head(kinds=((1, 1), (1, 4)), unit=((0, 4),), period=0):
        bits = RawBits()
        for value, count in (*kinds, (0, 1), *unit, (0, 1), (0, 1), (period, 5)):
            bits.put(value, count)
        return bits.end()

    # A unit of 1, 2 parts, rest 0, and what is wrong with each.
    one, two, none, fraction = (1, 6), ((2, 6), (0, 1)), (0, 6), ((0, 2), (1, 1))
    any_fraction = (*fraction, (9, 4))
    # One offset or shift, of the last event; bits go from the highest.
    offsets, shifts = ((1, 1), (0, 2), (0, 4)), ((0, 1), (1, 1), (0, 1), (0, 4))
    units = {"0": ((0, 3), (15, 4), none), "0-of-parts": (*any_fraction, none, *two, none),
             "of-1-part": (*any_fraction, one, one, none),
             "of-no-parts": (*any_fraction, one, none, none),
             "rest-of-a-part": (*fraction, (0, 4), (2, 6), (1, 1)),
             "of-too-many-parts": (*any_fraction, one, (21, 6), (1, 10), (0, 10), none),
             "offsets-beyond-events": (*offsets, (2, 6), (1, 1)),
             "offset-behind-the-last": (*offsets, one, (2, 6), (0, 1), one),
             "shifts-beyond-events": (*shifts, (2, 6), (1, 1)),
             "shift-of-the-first": (*shifts, one, none, none),
             "shift-behind-the-last": (*shifts, one, (2, 6), (0, 1), one)}
    for good in ((*any_fraction, one, *two, none), ((0, 3), (15, 4), one),
                 (*offsets, one, one, one), (*shifts, one, one, one)):
        assert not is_refused(head(unit=((15, 4), (0, 6), *good)))
    assert not is_refused(head())
    yield "header-alone", head()
    yield "zeros", bytes(64)
    yield "ones", b"\xff" * 64
    for name, section in {
            **{f"unit-{name}": head(unit=((15, 4), (0, 6), *fields)) for name, fields in units.items()},
            "period-19": head(period=19),
            "period-31": head(period=31),
            "kinds-descending": head(kinds=((0, 1), (1, 8), (5, 4), (1, 4))),
            "kind-twice": head(kinds=((0, 1), (1, 8), (1, 4), (1, 4))),
            "layout-beyond-limit": head(
                kinds=((1, 1), (0, 4), (200, 8), (17, 5), (0, 5), (0, 5))),
            "kind-0": head(kinds=((1, 1), (0, 4), (0, 8), (1, 5), (0, 5), (0, 5)))}.items():
        assert is_refused(section), name
        yield name, section


def sections(data):
    cases = [(f"frames-{name}", form, section) for name, form, section in frames()]
    cases += [(f"code-table-{name}", 0, section) for name, section in code_tables()]
    cases += [(f"adaptive-{name}", 3, section) for name, section in adaptive()]
    for name, form, section in cases:
        tape = Tape(data)
        block = tape.blocks()[1]
        block.sections.append(Section(1_000, form, 0, 7, 2, block.first, section))
        yield name, tape.bytes()


def adaptive_damage(data):
    """The first adaptive section of a recording, cut, prolonged and changed."""
    found = [s for block in Tape(data).blocks() for s in block.sections if s.form == 3]
    if not found:
        return

    def refused(candidates):
        """The first that holds no events: most bytes do hold some."""
        for candidate in candidates:
            try:
                AdaptiveSection(candidate, found[0].events, found[0].first).decode()
            except Bad:
                return candidate
        raise AssertionError("all hold events")

    def change(name, edit):
        tape = Tape(data)
        section = next(s for block in tape.blocks() for s in block.sections if s.form == 3)
        section.data = edit(section.data)
        return f"adaptive-section-{name}", tape.bytes()

    yield change("cut-short", lambda b: refused(b[:-n] for n in range(1, 64)))
    yield change("cut-in-half", lambda b: b[:len(b) // 2])
    yield change("byte-behind", lambda b: b + b"\0")
    yield change("bytes-behind", lambda b: b + b"\xff" * 9)
    yield change("last-byte", lambda b: refused(
        b[:-1] + bytes([b[-1] ^ n]) for n in range(1, 256)))
    yield change("first-byte", lambda b: bytes([b[0] ^ 0x10]) + b[1:])
    yield change("middle-byte", lambda b: b[:len(b) // 2] + bytes([b[len(b) // 2] ^ 4])
                 + b[len(b) // 2 + 1:])
