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
        self.data, self.crc, self.stored = bytes(data), None, None

    def entry(self, first, has_crc=True):
        crc = crc32c(self.data) if self.crc is None else self.crc
        stored = len(self.data) if self.stored is None else self.stored
        head = varint(self.track) + bytes([self.form | self.content << 2 | self.track_class << 4])
        head += varint(stored) + varint(self.events)
        head += varint((self.first - first) & (1 << 64) - 1)
        return head + (struct.pack("<I", crc) if has_crc else b"")


class Rec:
    """One record; a field set to other than None stands as it is, all checksums agree."""

    def __init__(self, kind, flags=0, payload=b"", first=0, span=0, sections=None):
        self.type, self.flags, self.payload = kind, flags, payload
        self.first, self.span, self.sections = first, span, sections
        self.stored = self.raw = self.events = self.directory = self.sequence = None
        self.payload_crc = self.header_crc = self.sync = self.count = self.directory_bytes = None
        self.padding = None

    def body(self):
        """The directory, and all of the payload."""
        if self.sections is None:
            return b"", self.payload
        directory = self.directory_bytes
        if directory is None:
            count = len(self.sections) if self.count is None else self.count
            directory = varint(count) + b"".join(s.entry(self.first) for s in self.sections)
        return directory, directory + b"".join(s.data for s in self.sections)

    def bytes(self, tape, sequence):
        directory, payload = self.body()
        is_data = self.sections is not None
        either = lambda value, default: default if value is None else value
        events = sum(s.events for s in self.sections if s.content == 0) if is_data else 0
        tail = struct.pack(
            "<BBHIIIIIqQ", self.type, self.flags, either(self.directory, len(directory)),
            either(self.sequence, sequence), either(self.stored, len(payload)),
            either(self.raw, 0 if is_data else len(payload)), either(self.events, events),
            either(self.payload_crc, crc32c(directory if is_data else payload)),
            self.first, self.span)
        crc = either(self.header_crc, crc32c(tail, tape.seed))
        head = struct.pack("<II", either(self.sync, tape.sync), crc)
        padding = either(self.padding, bytes(-len(payload) % 8))
        return head + tail + payload + padding


class Tape:
    """A recording in pieces. `index` may change the listing of the last INDEX record."""

    def __init__(self, data):
        recording = Recording(data, "scan")
        assert recording.status == "complete"
        self.header, self.seed, self.sync = data[:64], recording.seed, recording.sync
        self.records = [self.take(data, r) for r in recording.records if r.type != INDEX]
        self.has_index, self.index_edit, self.trailer_edit = True, None, None

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
        out, last, listing = self.header, 0, b""
        for sequence, record in enumerate(self.records):
            directory, payload = record.body()
            listing += bytes([record.type, record.flags])
            if record.sections is None:
                listing += varint(len(payload))
            else:
                listing += varint(len(directory)) + zigzag(record.first - last)
                listing += varint(record.span) + varint(len(record.sections))
                listing += b"".join(s.entry(record.first, False) for s in record.sections)
                last = record.first + record.span
            out += record.bytes(self, sequence)
        if not self.has_index:
            return out
        at = len(out)
        payload = bytes(8) + varint(len(self.records)) + listing
        index = Rec(INDEX, 1, payload)
        if self.index_edit:
            self.index_edit(index)
        out += index.bytes(self, len(self.records))
        trailer = struct.pack("<Q", at)
        trailer += struct.pack("<I", crc32c(trailer, self.seed)) + b"ITPX"
        return out + (self.trailer_edit(trailer) if self.trailer_edit else trailer)
