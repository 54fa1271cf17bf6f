# SPDX-License-Identifier: Apache-2.0
#
# Sections whose one modelled stream (Encodings, section 8) is broken in one way each.
"""sections(data) gives (name, bytes)."""

from tape import Section, Tape, varint
from itape_columns import Section as Stream
from itape_models import modelled

USED, FREQUENCIES = (0x20, 0x41, 0x89), (512, 256, 256)
TOKENS = (0x89, 0x20, 0x41)
TIMES = b"\0\x01\x02\x00\x05\x01\x00"  # From 0, unit 1, two differences of 1.
START = 1 << 31


def gamma(number):
    """Elias's code as fields: zeros, a one, what is below the highest bit."""
    zeros = number.bit_length() - 1
    return [(0, zeros), (1, 1), (number - (1 << zeros), zeros)]


def difference(d):
    return gamma(2 * d + 1 if d >= 0 else -2 * d)


def pack(fields, filling=0):
    value, count = 0, 0
    for number, size in fields:
        value |= number << count
        count += size
    if filling and count % 8:
        value |= 1 << (count | 7)
    return value.to_bytes((count + 7) // 8, "little")


ROWS = [(1 << 2 | 1 << 4 | 1 << 8, 16), (1 << 0, 16), (1 << 1, 16), (1 << 9, 16)]
CLASSES = [*difference(10), *difference(-1), *difference(0)]
DETAILS = [(0, 2), (0, 2)]
TABLES = pack([*ROWS, (1, 1), *CLASSES, *DETAILS])


def states():
    """All of so few tokens are the last lane's."""
    x = START
    for token in reversed(TOKENS):
        index = USED.index(token)
        f, start = FREQUENCIES[index], sum(FREQUENCIES[:index])
        x = (x // f << 10) + x % f + start
    return [START] * 2 + [x]


def words(*numbers):
    return b"".join(number.to_bytes(8, "little") for number in numbers)


def section(payload, count=3):
    """Not packed, one kind, motion: a pair whose tokens are modelled."""
    head = varint(len(payload) << 2 | 3)
    return b"\0\x01\x01" + b"\x02\0\0\x55" + head + payload + b"\x08\x51\x00" + TIMES


def payloads():
    good = words(*states())
    a, b, c = states()
    yield "empty", b""
    yield "form-5", b"\x05" + TABLES + good
    yield "form-alone", b"\x01"
    yield "48-contexts", b"\x01\x2f" + bytes(17) + TABLES + good
    yield "marks-missing", b"\x03\x77\x01"
    yield "tables-missing", b"\0"
    yield "tables-cut", b"\0" + TABLES[:6]
    yield "no-token-used", b"\0" + pack([(0, 16), (1, 1)]) + good
    yield "six-zeros", b"\0" + pack([*ROWS, (1, 1), (0, 6), (1, 1), (0, 6)]) + good
    yield "class-16", b"\0" + pack([*ROWS, (1, 1), *difference(16), *CLASSES[3:]]) + good
    yield "class-negative", b"\0" + pack([*ROWS, (1, 1), *difference(-1), *CLASSES[3:]]) + good
    yield "frequencies-of-all", b"\0" + pack(
        [*ROWS, (1, 1), *difference(10), *difference(0), *difference(0), *DETAILS]) + good
    yield "frequencies-beyond-all", b"\0" + pack(
        [*ROWS, (1, 1), *difference(11), *difference(0), *difference(0), *DETAILS]) + good
    yield "filling-not-zero", b"\0" + pack([*ROWS, (1, 1), *CLASSES, *DETAILS], 1) + good
    yield "states-missing", b"\0" + TABLES
    yield "states-cut", b"\0" + TABLES + good[:-1]
    yield "state-too-small", b"\0" + TABLES + words(a, b, START - 1)
    yield "state-too-great", b"\0" + TABLES + words(a, 1 << 63, c)
    yield "state-all-ones", b"\0" + TABLES + words(2**64 - 1, b, c)
    yield "state-not-the-start", b"\0" + TABLES + words(a, b, START + 1)
    yield "lanes-exchanged", b"\0" + TABLES + words(c, b, a)
    yield "word-missing", b"\0" + TABLES + words(a, b, START)
    yield "word-behind", b"\0" + TABLES + good + b"\0\0\0\x80"
    yield "byte-behind", b"\0" + TABLES + good + b"\0"


def twins():
    """Three tokens, of which the first two have names."""
    first, second, other = TOKENS
    names = bytes([4, 2, first, second])
    halves, others = varint(2 << 2) + b"\x10\x02", varint(1 << 2) + bytes([other])
    yield "good", names + halves + others
    yield "alone", b"\x04"
    yield "none-named", b"\x04\x00" + varint(2 << 2) + b"\0\0" + varint(3 << 2) + bytes(TOKENS)
    yield "sixteen-named", bytes([4, 16, first, second, *range(14)]) + halves + others
    yield "names-missing", names[:3]
    yield "half-above-names", names + varint(2 << 2) + b"\x10\x03" + others
    yield "half-behind-all", names + varint(2 << 2) + b"\x10\x12" + others
    yield "other-behind-all", names + varint(2 << 2) + b"\x10\x22" + varint(2 << 2) + bytes([other] * 2)
    yield "too-few", names + varint(1 << 2) + b"\x10" + others
    yield "too-many", names + varint(3 << 2) + b"\x10\x02\x00" + others
    yield "cut", names + halves[:2]
    yield "others-missing", names + halves
    yield "other-missing", names + halves + varint(0)
    yield "others-too-many", names + halves + varint(2 << 2) + bytes([other] * 2)
    yield "byte-behind", names + halves + others + b"\0"
    inner = bytes([4, 1, 0x10]) + varint(1 << 2) + b"\x10" + varint(1 << 2) + b"\x02"
    yield "in-twins", names + varint(len(inner) << 2 | 3) + inner + others


def sections(data):
    payload = b"\0" + TABLES + words(*states())
    assert modelled(payload, len(TOKENS)) == bytes(TOKENS)
    good = section(payload)
    pairs = list(twins())
    assert Stream(pairs[0][1], 1, 3).twins(pairs[0][1], 3) == bytes(TOKENS)
    cases = [(name, 1, section(payload)) for name, payload in payloads()]
    cases += [("in-plain", 0, good), ("in-deflate", 2, good)]
    cases += [(f"twins-{name}", 1, section(payload)) for name, payload in pairs[1:]]
    for name, form, contents in cases:
        tape = Tape(data)
        block = tape.blocks()[1]
        block.sections.append(Section(1_000, form, 0, 7, 3, block.first, contents))
        yield f"models-{name}", tape.bytes()
