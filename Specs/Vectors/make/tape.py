# SPDX-License-Identifier: Apache-2.0
#
# Recordings taken apart and put together again, with checksums and index mended, for
# make_vectors.py.
"""A recording as a list of records whose every field can be set to what it should not be."""

import pathlib
import struct
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "Reference"))
from itape_reference import Recording, crc32c  # noqa: E402

DATA, METADATA, INDEX = 1, 2, 4


def varint(value):
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    return bytes(out) + bytes([value])


def zigzag(value):
    """A signed varint of a number modulo 2⁶⁴."""
    value = (value + 2**63) % 2**64 - 2**63
    return varint((value << 1 ^ value >> 63) & (1 << 64) - 1)


class Section:
    """One section and its entry in the directory."""

    def __init__(self, track, form, content, track_class, events, first, data):
        self.track, self.form, self.content = track, form, content
        self.track_class, self.events, self.first = track_class, events, first
        self.data = bytes(data)
        self.crc = self.stored = self.byte = self.later = None

    def shape(self, first):
        """Track and descriptor; `byte` is the second as it is."""
        byte = self.form | self.content << 2 | self.track_class << 4
        byte |= 8 if self.first != first or self.later is not None else 0
        return varint(self.track) + bytes([byte if self.byte is None else self.byte])

    @property
    def size(self):
        return len(self.data) if self.stored is None else self.stored

    def time(self, first, unit):
        """How much later than the block it begins, if it does."""
        if self.later is not None:
            return varint(self.later)
        return varint(((self.first - first) & (1 << 64) - 1) // unit) if self.first != first else b""

    def entry(self, first, unit):
        crc = crc32c(self.data) if self.crc is None else self.crc
        head = self.shape(first) + varint(self.size) + varint(self.events)
        return head + self.time(first, unit) + struct.pack("<I", crc)


class Rec:
    """One record; a field set to other than None stands as it is, all checksums agree."""

    def __init__(self, kind, flags=0, payload=b"", first=0, span=0, sections=None):
        self.type, self.flags, self.payload = kind, flags, payload
        self.first, self.span, self.sections = first, span, sections
        self.stored = self.raw = self.events = self.directory = self.sequence = None
        self.payload_crc = self.header_crc = self.sync = self.count = self.directory_bytes = None

    @property
    def unit(self):
        return 10**(self.flags >> 4)

    def body(self):
        """The directory, and all of the payload."""
        if self.sections is None:
            return b"", self.payload
        directory = self.directory_bytes
        if directory is None:
            directory = b"".join(s.entry(self.first, self.unit) for s in self.sections)
        return directory, directory + b"".join(s.data for s in self.sections)

    def lengths(self, directory, payload):
        """What stands behind sequence number and times, and how much of it the header checks."""
        is_data = self.sections is not None
        either = lambda value, default: default if value is None else value
        tail = varint(either(self.stored, len(payload)))
        if is_data:
            events = sum(s.events for s in self.sections if s.content == 0)
            tail += varint(either(self.events, events))
            tail += varint(either(self.directory, len(directory)))
        elif self.type == INDEX and self.flags & 24:
            tail += varint(either(self.raw, len(payload)))
        crc = either(self.payload_crc, crc32c(directory if is_data else payload))
        return tail + struct.pack("<I", crc & 0xFFFFFFFF)

    def bytes(self, tape, sequence):
        directory, payload = self.body()
        either = lambda value, default: default if value is None else value
        tail = bytes([self.type, self.flags]) + varint(either(self.sequence, sequence))
        count = None
        if self.sections is not None:
            count = either(self.count, len(self.sections))
            tail += varint(count) + zigzag(self.first // self.unit)
            tail += varint(self.span // self.unit)
        is_inline = count is not None and count <= 4
        if is_inline:
            tail, payload = tail + directory, payload[len(directory):]
        else:
            tail += self.lengths(directory, payload)
        crc = either(self.header_crc, crc32c(tail, tape.seed))
        return struct.pack("<II", either(self.sync, tape.sync), crc) + tail + payload


class Tape:
    """A recording in pieces. `index` may change the listing of the last INDEX record."""

    def __init__(self, data):
        recording = Recording(data, "scan")
        assert recording.status == "complete"
        self.header, self.seed, self.sync = data[:64], recording.seed, recording.sync
        self.records = [self.take(data, r) for r in recording.records if r.type != INDEX]
        self.has_index, self.index_edit, self.trailer_edit = True, None, None
        self.tells_same_events = False

    @staticmethod
    def take(data, record):
        payload = data[record.payload:record.end]
        if record.type != DATA:
            return Rec(record.type, record.flags, payload, record.first, record.span)
        sections = [
            Section(e.track, e.form, e.content, e.track_class, e.events, e.first,
                    data[e.at:e.at + e.stored]) for e in record.entries]
        return Rec(DATA, record.flags, first=record.first, span=record.span, sections=sections)

    def blocks(self):
        return [r for r in self.records if r.type == DATA]

    def bytes(self):
        out = self.header
        for sequence, record in enumerate(self.records):
            out += record.bytes(self, sequence)
        if not self.has_index:
            return out
        at = len(out)
        payload = b"\0" + varint(len(self.records)) + self.listing()
        index = Rec(INDEX, 1, payload)
        if self.index_edit:
            self.index_edit(index)
        out += index.bytes(self, len(self.records))
        trailer = struct.pack("<Q", at)
        trailer += struct.pack("<I", crc32c(trailer, self.seed)) + b"ITPX"
        return out + (self.trailer_edit(trailer) if self.trailer_edit else trailer)

    def listing(self):
        """The decade, and the records in runs of one shape (Format, 7)."""
        decade = min((r.flags >> 4 for r in self.blocks()), default=0)
        unit, last, known, out, at = 10**decade, 0, {}, bytes([decade]), 0
        shapes = [self.shape(record) for record in self.records]
        for place, record in enumerate(self.records):
            if place == at:
                while at < len(shapes) and shapes[at] == shapes[place]:
                    at += 1
                out += varint(at - place) + shapes[place]
            if record.sections is None:
                out += varint(len(record.payload))
                continue
            out += zigzag(record.first // unit - last) + varint(record.span // unit)
            last = (record.first + record.span) // unit
            for section in record.sections:
                key = (section.track, section.content)
                size, events = known.get(key, (0, 0))
                more = section.size - size
                is_other = section.events != events or self.tells_same_events
                out += varint((more << 1 ^ more >> 63) << 1 | is_other)
                out += zigzag(section.events - events) if is_other else b""
                out += section.time(record.first, record.unit)
                known[key] = section.size, section.events
        return out

    @staticmethod
    def shape(record):
        shape = bytes([record.type, record.flags])
        if record.sections is None:
            return shape
        parts = (section.shape(record.first) for section in record.sections)
        return shape + varint(len(record.sections)) + b"".join(parts)
