# SPDX-License-Identifier: Apache-2.0
#
# Recordings in which one field of fixed width, or one varint, holds a number at an edge.
"""fields(data) gives (name, bytes): each field at 0, 1, the sign's edge and all ones."""

from broken import edited, header, long_block, setter
from tape import Tape, varint

# Name of the field, its bytes; of varints as many as its values have.
RECORD = [("sync", 4), ("header_crc", 4), ("type", 1), ("flags", 1), ("sequence", 4),
          ("count", 4), ("first", 8), ("span", 8)]
# Of blocks with many sections, and of other records.
LENGTHS = [("stored", 4), ("events", 4), ("directory", 2), ("payload_crc", 4)]
# Name, offset, bytes.
FILE = [("major", 8, 2), ("incompatible", 12, 4), ("crc", 60, 4)]
TOLERATED = [("minor", 10, 2), ("segment", 32, 8), ("predecessor-records", 40, 8),
             ("predecessor-hash", 48, 8), ("compatible", 56, 4)]
VARINTS = ["track", "stored", "events", "first"]
# A record of another type that may be passed over: there is nothing wrong with it.
SOUND = {("metadata", "type", "sign"), ("metadata", "type", "all-ones")}


def edges(width):
    """Names and values of a field of some bytes."""
    half = 1 << (8 * width - 1)
    return [("0", 0), ("1", 1), ("below-sign", half - 1), ("sign", half), ("all-ones", 2 * half - 1)]


def record_fields(data):
    places = {"data": lambda tape: tape.blocks()[1], "metadata": lambda tape: tape.records[0]}
    for field, width in RECORD:
        for edge, value in edges(width):
            if field == "first" and value >> 63:
                value -= 1 << 64
            name = f"{field.replace('_', '-')}-is-{edge}"
            for place, which in places.items():
                if place == "metadata" and field in ("count", "first", "span"):
                    continue
                if (place, field, edge) not in SOUND:
                    yield f"{place}-{name}", edited(data, setter(which, field, value))
            tape = Tape(data)
            tape.index_edit = lambda index, f=field, v=value: setattr(index, f, v)
            if field not in ("count", "first", "span"):
                yield f"index-{name}", tape.bytes()


def length_fields(data):
    for field, width in LENGTHS:
        for edge, value in edges(width):
            name = f"{field.replace('_', '-')}-is-{edge}"
            yield f"long-{name}", edited(data, setter(long_block, field, value))
            if field in ("events", "directory"):
                continue
            yield f"metadata-{name}", edited(
                data, setter(lambda tape: tape.records[0], field, value))
            tape = Tape(data)
            tape.index_edit = lambda index, f=field, v=value: setattr(index, f, v)
            yield f"index-{name}", tape.bytes()
    for edge, value in edges(4):
        tape = Tape(data)
        tape.index_edit = lambda index, v=value: (
            setattr(index, "flags", 9), setattr(index, "raw", v))
        yield f"index-raw-is-{edge}", tape.bytes()


def file_fields(data):
    for field, at, width in FILE:
        for edge, value in edges(width):
            yield f"header-{field}-is-{edge}", header(
                data, at, value.to_bytes(width, "little"), is_mended=field != "crc")


def tolerated(data):
    """Fields of the file header that a reader takes as they are, and their values."""
    for field, at, width in TOLERATED:
        for edge, value in (edges(width)[1], edges(width)[-1]):
            tape = Tape(data)
            tape.header = header(data, at, value.to_bytes(width, "little"))[:64]
            for record in tape.records:
                if record.type == 2:
                    record.payload = tape.header + record.payload[64:]
            yield f"header-{field}-is-{edge}", tape.bytes()


def directory_fields(data):
    for field in VARINTS:
        for edge, value in edges(8):
            if (field, value) == ("track", 1):
                continue  # Another track, and nothing wrong with it.
            tape = Tape(data)
            block = tape.blocks()[1]
            block.events = sum(s.events for s in block.sections if s.content == 0)
            setattr(block.sections[0], "later" if field == "first" else field, value)
            yield f"directory-{field}-is-{edge}", tape.bytes()
    for number in range(3, 16):  # 1 and 2 may hold what is not packed.
        tape = Tape(data)
        tape.blocks()[1].sections[0].byte = number
        yield f"directory-descriptor-{number}", tape.bytes()


def first_block(data):
    """What an index says of the first block: a name, an offset and what is changed there."""
    tape = Tape(data)
    shape = tape.shape(tape.blocks()[0])
    at = (b"\0" + varint(len(tape.records)) + tape.listing()).index(shape)
    yield "type-hides-a-block", at, 0xC9
    yield "flags-differ", at + 1, 4
    yield "decade-below-its-own", at + 1, 0xF0 & shape[1]
    yield "sections-differ", at + 2, 3
    yield "track-differs", at + 3, 4
    yield "descriptor-differs", at + 4, 1
    yield "class-differs", at + 4, 16
    for number, name in enumerate(("first-time", "span", "length", "events")):
        yield f"{name}-differs", at + len(shape) + number, 2


def index_payloads(data):
    def change(name, function):
        tape = Tape(data)
        tape.index_edit = lambda index: setattr(index, "payload", function(index.payload))
        return f"index-{name}", tape.bytes()

    for edge, value in edges(8)[1:]:
        yield change(f"previous-is-{edge}", lambda p, v=value: varint(v) + p[1:])
    for edge, value in edges(8):
        yield change(f"count-is-{edge}", lambda p, v=value: p[:1] + varint(v) + p[2:])
    yield change("empty", lambda p: b"")
    yield change("cut", lambda p: p[:-1])
    yield change("byte-behind", lambda p: p + b"\0")
    for edge, value in edges(1)[1:]:
        yield change(f"decade-is-{edge}", lambda p, v=value: p[:2] + bytes([v]) + p[3:])
    for edge, value in edges(8):
        yield change(f"run-is-{edge}", lambda p, v=value: p[:3] + varint(v) + p[4:])
    for name, offset, mask in first_block(data):
        yield change(name, lambda p, o=offset, m=mask: p[:o] + bytes([p[o] ^ m]) + p[o + 1:])
    tape = Tape(data)
    tape.tells_same_events = True
    yield "index-events-told-that-are-the-same", tape.bytes()
    tape = Tape(data)
    tape.index_edit = lambda index: setattr(index, "flags", 1 | 8)
    yield "index-zstd-in-name", tape.bytes()
    tape = Tape(data)
    tape.index_edit = lambda index: setattr(index, "flags", 1 | 16)
    yield "index-deflate-in-name", tape.bytes()


def fields(data):
    for make in (file_fields, record_fields, length_fields, directory_fields, index_payloads):
        yield from make(data)
