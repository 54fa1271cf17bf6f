# SPDX-License-Identifier: Apache-2.0
#
# Recordings that are broken in one way each: every checksum agrees unless it is what is broken.
"""invalid(tapes) gives (name, bytes); `tapes` are the valid vectors by name."""

import struct

import itape_columns
from itape_reference import crc32c
from tape import Section, Tape, varint

OTHER = 0x5A


def header(data, at, value, is_mended=True):
    """The file header with other bytes at a place, its checksum mended."""
    head = bytearray(data[:64])
    head[at:at + len(value)] = value
    if is_mended:
        head[60:] = struct.pack("<I", crc32c(head[:60]))
    return bytes(head) + data[64:]


def headers(data):
    bare = data[:64]
    yield "header-cut-at-0", b""
    for cut in (1, 7, 8, 32, 63):
        yield f"header-cut-at-{cut}", data[:cut]
    yield "header-not-the-magic", b"\x89PNG\r\n\x1a\n" + bytes(56)
    yield "header-text", b'{"t":0,"device":0,"kind":"motion","x":1,"y":2}\n' * 4
    yield "header-zeros", bytes(4_096)
    yield "header-alone", bare
    yield "header-checksum-alone", bare[:60] + bytes(4)
    yield "header-checksum", header(data, 60, b"\0\0\0\0", False)
    yield "header-magic-destroyed", header(data, 0, b"\0\0\0\0\0\0\0\0", False)
    yield "header-zeroed", bytes(64) + data[64:]
    yield "header-major-version-0", header(data, 8, b"\0\0")
    yield "header-major-version-2", header(data, 8, b"\2\0")
    yield "header-incompatible-feature", header(data, 12, b"\1\0\0\0")
    yield "header-incompatible-feature-31", header(data, 12, b"\0\0\0\x80")
    yield "header-other-id", header(data, 16, bytes([OTHER]))


FIELDS = {
    "sync": ("sync", 0), "header-checksum": ("header_crc", 1), "type-0": ("type", 0),
    "type-9": ("type", 9), "type-127": ("type", 127), "unknown-flag": ("flags", 8),
    "unknown-flag-7": ("flags", 0xA4), "sequence-beyond-32-bits": ("sequence", 2**32),
    "sequence-all-ones": ("sequence", 2**64 - 1)}
# Of records that are not blocks.
OTHER_FIELDS = {
    "payload-checksum": ("payload_crc", 1), "stored-beyond-limit": ("stored", (3 << 20) + 8),
    "stored-all-ones": ("stored", 2**32 - 1), "stored-beyond-file": ("stored", 1 << 20)}


# Of blocks alone whose directory does not stand in their header.
LONG_FIELDS = [
    ("stored-beyond-limit", "stored", (3 << 20) + 8), ("stored-all-ones", "stored", 2**32 - 1),
    ("stored-beyond-file", "stored", 1 << 20), ("events-beyond-limit", "events", 65_537),
    ("events-all-ones", "events", 2**32 - 1), ("payload-checksum", "payload_crc", 1),
    ("directory-beyond-payload", "directory", 60_000), ("directory-too-short", "directory", 3),
    ("directory-zero", "directory", 0), ("directory-beyond-16-bits", "directory", 65_536),
    ("events-one-more", "events", 21), ("events-zero", "events", 0)]


def long_block(tape):
    """The second block with so many sections that its directory stands behind its header."""
    block = tape.blocks()[1]
    for track in range(900, 904):
        block.sections.append(Section(track, 0, 1, 7, 0, block.first, b""))
    return block


def many_sections(data):
    for name, field, value in LONG_FIELDS:
        yield f"long-{name}", edited(data, setter(long_block, field, value))

    def change(name, edit):
        tape = Tape(data)
        edit(long_block(tape))
        return f"long-directory-{name}", tape.bytes()

    def with_bytes(function):
        return lambda record: setattr(record, "directory_bytes", function(record.body()[0]))

    yield change("count-one-more", lambda r: setattr(r, "count", len(r.sections) + 1))
    yield change("count-one-less", lambda r: setattr(r, "count", len(r.sections) - 1))
    yield change("count-beyond-limit", lambda r: setattr(r, "count", 2_049))
    yield change("byte-behind", with_bytes(lambda d: d + b"\0"))
    yield change("cut", with_bytes(lambda d: d[:-1]))
    yield change("empty", with_bytes(lambda d: b""))
    yield change("descending", lambda r: r.sections.reverse())


def edited(tape_bytes, edit):
    tape = Tape(tape_bytes)
    edit(tape)
    return tape.bytes()


def setter(which, field, value):
    return lambda tape: setattr(which(tape), field, value)


def records(data):
    places = {"data": lambda t: t.blocks()[1], "metadata": lambda t: t.records[0]}
    for place, which in places.items():
        for name, (field, value) in FIELDS.items():
            yield f"{place}-{name}", edited(data, setter(which, field, value))
    for name, (field, value) in OTHER_FIELDS.items():
        yield f"metadata-{name}", edited(data, setter(places["metadata"], field, value))
    second = places["data"]
    for name, field, value in [
            ("sequence-again", "sequence", 1), ("sequence-zero", "sequence", 0),
            ("span-beyond-time", "span", 2**63), ("span-all-ones", "span", 2**64 - 1)]:
        yield f"data-{name}", edited(data, setter(second, field, value))


def directories(data):
    def change(name, edit):
        tape = Tape(data)
        edit(tape.blocks()[1])
        return f"directory-{name}", tape.bytes()

    def with_bytes(function):
        return lambda record: setattr(record, "directory_bytes", function(record.body()[0]))

    def section(field, value):
        return lambda record: setattr(record.sections[0], field, value)

    yield change("count-zero", lambda r: setattr(r, "count", 0))
    yield change("count-one-more", lambda r: setattr(r, "count", len(r.sections) + 1))
    yield change("count-beyond-limit", lambda r: setattr(r, "count", 2_049))
    yield change("byte-behind", with_bytes(lambda d: d + b"\0"))
    yield change("cut", with_bytes(lambda d: d[:-1]))
    yield change("empty", with_bytes(lambda d: b""))
    yield change("varint-too-long", with_bytes(lambda d: b"\xff" * 10 + d))
    yield change("varint-not-shortest", with_bytes(lambda d: bytes([d[0] | 128, 0]) + d[1:]))
    yield change("varint-beyond-64-bits", with_bytes(lambda d: b"\xff" * 9 + b"\x02" + d))
    yield change("track-beyond-limit", section("track", 1_024))
    yield change("time-of-0", section("later", 0))
    yield change("time-beyond-64-bits", section("later", 2**64 - 1))
    yield change("stored-one-more", lambda r: setattr(
        r.sections[0], "stored", len(r.sections[0].data) + 1))
    yield change("stored-beyond-limit", section("stored", (3 << 20) + 1))
    yield change("stored-all-ones", section("stored", 2**64 - 1))
    yield change("events-beyond-limit", section("events", 65_537))
    yield change("descending", lambda r: r.sections.reverse())
    yield change("twice", lambda r: setattr(r.sections[1], "track", r.sections[0].track))


def sections(data):
    """Damage within one section of plain form: the others of its block are readable."""
    def change(name, edit):
        tape = Tape(data)
        edit(next(s for s in tape.blocks()[1].sections if s.track == 0 and s.content == 0))
        return f"section-{name}", tape.bytes()

    def contents(function):
        return lambda s: setattr(s, "data", bytes(function(bytearray(s.data))))

    def put(at, value):
        def edit(b):
            b[at] = value
            return b
        return contents(edit)

    yield change("checksum", lambda s: setattr(s, "crc", 1))
    yield change("empty", contents(lambda b: b""))
    yield change("cut-by-one", contents(lambda b: b[:-1]))
    yield change("cut-in-half", contents(lambda b: b[:len(b) // 2]))
    yield change("byte-behind", contents(lambda b: b + b"\0"))
    yield change("packed-2", put(0, 2))
    yield change("packed-in-plain", put(0, 1))
    yield change("no-kinds", put(1, 0))
    yield change("kind-0", put(2, 0))
    yield change("kinds-descending", lambda s: setattr(
        s, "data", s.data[:2] + bytes([200]) + s.data[3:]))
    yield change("kinds-256", contents(lambda b: b[:1] + b"\x80\x02" + b[2:]))
    yield change("form-zstd-of-plain", lambda s: setattr(
        s, "data", b"\1\x10" + s.data[1:]) or setattr(s, "form", 1))
    yield change("form-deflate-of-plain", lambda s: setattr(
        s, "data", b"\1\x10" + s.data[1:]) or setattr(s, "form", 2))
    yield change("length-beyond-limit", lambda s: setattr(
        s, "data", b"\1\x81\x80\x80\x02" + s.data[1:]) or setattr(s, "form", 1))


MOTION = bytes([0, 1, 1])  # Not packed, one kind, motion.


def kind_cases():
    """(name, the main kind and the count of others with their gaps, the others' kinds)."""
    one = b"\0\x04\x00\0"  # Numbers of scheme 0: a raw stream of a 0, no bits.
    yield "without-events", b"\0\0\0\0\0", b"\0\0\0"
    yield "main-beyond-list", b"\x02\x01" + one, b"\0\x04\x01\0"
    yield "others-beyond-events", b"\0\x04" + one, b"\0\x04\x01\0"
    yield "gap-beyond-events", b"\0\x01\x05\x04\x03\0", b"\0\x04\x01\0"
    yield "other-is-the-main", b"\0\x01" + one, one
    yield "other-beyond-list", b"\0\x01" + one, b"\x02\x04\x02\0"
    yield "no-main", b"\0\x03\x00\x05\0\0", b"\x00\x05\x01\0"


def columns_of(section):
    """The events of a section of three."""
    return itape_columns.Section(section, itape_columns.PLAIN, 3).decode()


def column_cases():
    """Sections of one axis event or three motions whose columns break Encodings."""
    head = b"\x02\0\0\x55"  # Linear, positions, d = 5 both.
    pair = head + b"\x0c\x89\x20\x41\x08\x51\x00"
    times = b"\0\x01\x02\x00\x05\x01\x00"  # From 0, unit 1, two differences of 1.
    grid = b"\0\x55\x05\0\x00"  # Start, form, a stream of two tokens 0, no bits.
    touch = b"\0\x01\x07\0\0\0\x02"  # Three events of one contact that moves.
    for good in (pair + times, b"\x03\x33\x40" + pair[3:] + times,
                 pair + b"\0\x01\x01\x01\x10\x2b\0" + grid):
        assert columns_of(MOTION + good)
    assert columns_of(touch + pair + b"\0\0" + times)
    even, most = b"\x02\x01\0", b"\x05\x04\0\0\0\x01"
    latticed = MOTION + b"\x06\0\0", pair[3:] + times
    assert columns_of(latticed[0] + even + most + latticed[1])
    assert columns_of(touch + b"\x06\0\0" + even + b"\x01" + pair[3:] + b"\0\0" + times)
    yield "pair-flags-8", MOTION + b"\x08" + pair[1:] + times
    for name, lattice in {
            "period-0": b"\0", "period-beyond-limit": b"\x81\x80\x04\x01\0",
            "of-no-residues": b"\x05\0", "of-all-residues": b"\x03\x03\0\0\0",
            "of-257-residues": b"\x81\x04\x81\x02" + bytes(257),
            "residue-of-a-period": b"\x05\x01\x05", "residues-beyond": b"\x05\x02\x04\0",
            "residue-beyond-64-bits": b"\x05\x01" + b"\xff" * 9 + b"\x01",
            "cut": b"\x05\x02\x04"}.items():
        yield f"lattice-{name}", latticed[0] + b"\x01" + lattice + latticed[1] * (name != "cut")
    yield "lattice-missing", latticed[0] + even + latticed[1]
    yield "pair-window-2", MOTION + b"\x03\x02\x01" + pair[3:] + times
    yield "pair-window-5", MOTION + b"\x03\x05\x01" + pair[3:] + times
    yield "pair-terms-2", MOTION + b"\x03\x23\x01" + pair[3:] + times
    yield "pair-terms-4", MOTION + b"\x03\x43\x01" + pair[3:] + times
    yield "pair-lag-0", MOTION + b"\x03\x03\x00" + pair[3:] + times
    yield "pair-lag-65", MOTION + b"\x03\x03\x41" + pair[3:] + times
    yield "pair-form-0", MOTION + head[:3] + b"\x50" + pair[4:] + times
    yield "pair-form-14", MOTION + head[:3] + b"\xe5" + pair[4:] + times
    yield "touch-of-movements", touch + b"\0" + pair[1:] + b"\0\0" + times
    yield "touch-of-a-beat", touch + b"\x03\x03\x01" + pair[3:] + b"\0\0" + times
    yield "pair-bits-too-few", MOTION + pair[:8] + b"\x04\x51" + times
    yield "pair-bits-too-many", MOTION + pair[:8] + b"\x0c\x51\0\0" + times
    yield "pair-filling-not-zero", MOTION + pair[:8] + b"\x08\x51\x80" + times
    yield "pair-bits-compressed", MOTION + pair[:8] + b"\x0a\x51\0" + times
    yield "stream-storage-2-in-plain", MOTION + head + b"\x0e" + pair[5:] + times
    yield "stream-too-short", MOTION + head + b"\x08\x89\x20" + pair[8:] + times
    yield "stream-constant-of-two", MOTION + head + b"\x09\x89\x20" + pair[8:] + times
    yield "stream-beyond-section", MOTION + head + b"\xfc\xff\xff\x0f" + pair[5:] + times
    yield "times-unit-0", MOTION + pair + b"\0\0\x02\x00\x05\x01\x00"
    yield "times-form-3", MOTION + pair + b"\0\x01\x03\x00\x05\x01\x00"
    for name, clock in {
            "parts-0": b"\x7d\x06\0\0", "parts-1": b"\x7d\x06\x01\0",
            "parts-beyond-limit": b"\x7d\x06\x81\x80\x40\0", "rest-of-a-part": b"\x7d\x06\x03\x03",
            "form-7": b"\x7d\x07\x03\0", "form-64": b"\1\x40",
            "lots-of-one-kind": b"\1\x12",
            "offsets-beyond-events": b"\1\x0a\x04\0\x11\0\0\0\x11\0\0",
            "offset-behind-the-last": b"\1\x0a\x01\0\x05\x03\0\0\x05\0\0",
            "shifts-beyond-events": b"\1\x22\x04\0\x11\0\0\0\x11\0\0",
            "shift-behind-the-last": b"\1\x22\x01\0\x05\x03\0\0\x05\0\0",
            "shift-of-the-first": b"\1\x22\x01\0\x05\0\0\0\x05\0\0",
            "shifts-not-there": b"\1\x2a\0\0\0\0\0\0\0",
            "offsets-overlong-gap": b"\1\x0a\x01\0\x05\x40\x20" + b"\xff" * 8
                                    + b"\0\x05\0\0"}.items():
        yield f"times-{name}", MOTION + pair + b"\0" + clock + b"\x00\x05\x01\x00"
    two = b"\0\x02\x10\0\0\0\x11\0\0\0\0\x01\0\x04\x01\0\0\x04\x01\0\0\x01"
    lots = b"\x02\0\x04\x01\x04\x01\0\0"
    assert columns_of(two + b"\x12" + lots)
    yield "times-form-19", two + b"\x13" + lots
    yield "times-lot-too-long", two + b"\x12" + b"\x02\x04\x02\x04\x01\x04\x01\0\0"
    yield "times-lot-too-short", two + b"\x12" + b"\x02\0\x04\x01\0\0\0"
    yield "times-lot-missing", two + b"\x12" + lots[:-2]
    yield "times-lots-packed", two + b"\x12\x0a\x04\x01"
    yield "times-scheme-11", MOTION + pair + b"\0\x01\x02\x0b\x05\x01\x00"
    assert columns_of(MOTION + pair + b"\0\x01\x02\x0a\x04\x0e")
    yield "times-packed-filling-not-zero", MOTION + pair + b"\0\x01\x02\x0a\x04\x10"
    yield "times-packed-too-long", MOTION + pair + b"\0\x01\x02\x0a\x08\x0e\0"
    yield "times-packed-missing", MOTION + pair + b"\0\x01\x02\x0a"
    yield "times-missing", MOTION + pair
    yield "grid-period-0", MOTION + pair + b"\0\x01\x01\x00\0\0\0" + grid
    yield "grid-gain-17", MOTION + pair + b"\0\x01\x01\x01\x11\0\0" + grid
    yield "grid-limit-44", MOTION + pair + b"\0\x01\x01\x01\0\x2c\0" + grid
    yield "grid-shift-41", MOTION + pair + b"\0\x01\x01\x01\0\0\x29" + grid
    yield "grid-form-0", MOTION + pair + b"\0\x01\x01\x01\0\0\0\0\x05" + grid[2:]
    long = b"\xff" * 9 + b"\x02"
    yield "grid-start-beyond-64-bits", MOTION + pair + b"\0\x01\x01\x01\0\0\0" + long + grid[1:]
    yield "grid-start-missing", MOTION + pair + b"\0\x01\x01\x01\0\0\0"
    for name, gaps, others in kind_cases():
        yield f"kinds-{name}", b"\0\x02\x01\x09" + gaps + others + pair + b"\0\0\0\0" + times
    axis, value = b"\0\x01\x09\0\0", b"\0\x02"
    assert columns_of(axis[:3] + b"\x05\x04\x39" + value + times)
    yield "column-encoding-9", axis[:3] + b"\x09\0" + value + times
    yield "constant-beyond-32-bits", axis[:3] + b"\0\x80\x80\x80\x80\x20" + value + times
    yield "runs-zero", axis[:3] + b"\x04\0\0\0\0\x02" + value + times
    yield "runs-too-many", axis[:3] + b"\x04\x04\0\0\0\x02" + value + times
    yield "runs-too-short", axis[:3] + b"\x04\x01\0\0\0\x04" + value + times
    yield "runs-of-runs", axis[:3] + b"\x04\x01\x04\x01\0\0\0\x02\0\x06" + value + times
    yield "packed-filling-not-zero", axis[:3] + b"\x05\x04\x40" + value + times
    yield "packed-too-long", axis[:3] + b"\x05\x08\0\0" + value + times
    yield "packed-missing", axis[:3] + b"\x05"
    yield "token-beyond-32-bits", axis[:3] + b"\x81\x00\x05\xff\0" + value + times
    yield "string-length-negative", b"\0\x01\x06\0\x01\x00" + times
    yield "string-length-beyond-limit", b"\0\x01\x06\0\x82\x80\x08\x00" + times
    yield "layout-beyond-limit", b"\0\x01\x10\x11\0\0" + b"\0\0" * 17 + times


def columns(data):
    for name, contents in column_cases():
        tape = Tape(data)
        block = tape.blocks()[1]
        block.sections.append(Section(1_000, 0, 0, 7, 3, block.first, contents))
        yield f"columns-{name}", tape.bytes()


def metadata(data):
    base = Tape(data).records[0].payload

    def change(name, payload):
        tape = Tape(data)
        tape.records[0].payload = payload
        return f"metadata-{name}", tape.bytes()

    def pairs(*texts):
        count = varint(len(texts) // 2)
        return base[:64] + count + b"".join(varint(len(t)) + t for t in texts)

    yield change("empty", b"")
    yield change("header-cut", base[:63])
    yield change("cut", base[:-1])
    yield change("byte-behind", base + b"\0")
    yield change("names-descending", pairs(b"b", b"1", b"a", b"2"))
    yield change("name-twice", pairs(b"a", b"1", b"a", b"2"))
    yield change("name-not-utf8", pairs(b"\xff\xfe", b"1"))
    yield change("value-not-utf8", pairs(b"a", b"\xc0\x80"))
    # Digits that are none here: ordinary pairs, and more of them than there may be.
    names = sorted(b"track.%d.resolution" % number for number in range(17))
    yield change("resolution-of-other-digits", pairs(
        *(text for name in names for text in (name, "\u0663".encode() * 2_000))))
    yield change("value-beyond-limit", pairs(b"a", b"x" * 4_097))
    yield change("count-all-ones", base[:64] + b"\xff" * 9 + b"\x01")
    yield change("copy-of-another-header", header(data, 16, bytes([OTHER]))[:64] + base[64:])


def ends(data):
    tape = Tape(data)
    tape.has_index = False
    yield "end-not-closed", tape.bytes()
    tape.records.pop()
    yield "end-killed", tape.bytes()
    yield "end-no-records", data[:64]
    size = len(data)
    for cut in (1, 8, 15, 16, 17, 24, 60, 120, 300, size - 70, size - 100, size - 113):
        yield f"end-cut-by-{cut}", data[:size - cut]
    yield "end-bytes-behind", data + b"\0" * 8
    yield "end-junk-behind", data + b"junk, 13 long"
    yield "end-twice", data + data
    stray = tape.blocks()[-1].bytes(tape, len(Tape(data).records) + 1)
    yield "end-record-behind-the-final", data[:-16] + stray + data[-16:]
    yield "end-record-behind-the-trailer", data + stray
    yield "end-zeros-in-the-middle", data[:200] + bytes(size - 400) + data[size - 200:]


def indexes(data):
    def change(name, edit=None, trailer=None):
        tape = Tape(data)
        tape.index_edit, tape.trailer_edit = edit, trailer
        return f"index-{name}", tape.bytes()

    def payload(function):
        return lambda record: setattr(record, "payload", function(record.payload))

    yield change("trailer-checksum", trailer=lambda t: t[:8] + b"\0\0\0\0" + t[12:])
    yield change("trailer-magic", trailer=lambda t: t[:12] + b"ITPY")
    yield change("trailer-missing", trailer=lambda t: b"")
    yield change("trailer-cut", trailer=lambda t: t[:7])
    yield change("payload-checksum", lambda r: setattr(r, "payload_crc", 1))
    yield change("header-checksum", lambda r: setattr(r, "header_crc", 1))
    yield change("both-compressions", lambda r: setattr(r, "flags", 1 | 8 | 16))
    yield change("not-final", lambda r: setattr(r, "flags", 0))
    yield change("says-another-segment-follows", lambda r: setattr(r, "flags", 1 | 32))


def invalid(tapes):
    data = tapes["blocks-of-20"]
    for make in (headers, records, many_sections, directories, sections, columns, metadata, ends,
                 indexes):
        yield from make(data)


