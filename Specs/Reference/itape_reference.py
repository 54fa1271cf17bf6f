# SPDX-License-Identifier: Apache-2.0
#
# A second reader of recordings, written from Specs/ alone: container, index, scan, JSON lines.
"""Prints the events of a recording as JSON lines: python3 itape_reference.py FILE

--scan reads the records one after another, --index insists on the index; otherwise the index is
used where it is good. The verdict goes to standard error as one JSON object.
Exit codes are those of Specs/Errors.md.
"""

import base64
import heapq
import json
import re
import struct
import sys
import unicodedata

from itape_adaptive import AdaptiveSection
from itape_columns import Bad, Bytes, MAX_SECTION, Section, decompress, need, wrap
from itape_bytes import unzigzag

MAGIC = b"\x89ITAPE\r\n"
DATA, METADATA, INDEX = 1, 2, 4
FINAL, SEALED, KEYFRAME, IS_ZSTD, IS_DEFLATE, CONTINUED = 1, 2, 4, 8, 16, 32
ADAPTIVE = 3
CLASSES = ("pointer", "keyboard", "text", "context", "touch", "pen", "gamepad", "custom")
FLAGS = {INDEX: 1 | 2 | 8 | 16 | 32}
MAX_TEXT, MAX_FREE = 4_096, 65_536
MAX_EVENTS, MAX_STORED, MAX_SECTIONS = 65_536, 3 << 20, 2_048
# A block of so many sections has its directory in its header; bytes of the least record, and of the
# longest header.
INLINE, LEAST, MOST_HEAD = 4, 14, 230
CODES = {
    "truncated": 10, "truncatedRecord": 11, "headerChecksum": 20, "payloadChecksum": 21,
    "sectionChecksum": 22, "fileHeaderChecksum": 23, "notARecording": 30, "noRecord": 31,
    "malformed": 32, "decompression": 33, "reservedNotZero": 34, "sequence": 35, "index": 36,
    "unsupportedVersion": 40, "unsupportedEncoding": 41, "sealed": 42, "limitExceeded": 50}
TABLE = []
for _byte in range(256):
    for _ in range(8):
        _byte = _byte >> 1 ^ (0x82F63B78 if _byte & 1 else 0)
    TABLE.append(_byte)


def crc32c(data, start=0):
    value = start ^ 0xFFFFFFFF
    for byte in data:
        value = TABLE[(value ^ byte) & 255] ^ value >> 8
    return value ^ 0xFFFFFFFF


class FormatError(Exception):
    """An error code and the position of the first byte that is not acceptable."""

    def __init__(self, code, position):
        super().__init__(code, position)
        self.code, self.position = code, position


def require(condition, code, position):
    if not condition:
        raise FormatError(code, position)


class Record:
    """One record header whose checks have succeeded, and where it stands."""

    def __init__(self, file, at, fits=True):
        data, seed, sync = file.data, file.seed, file.sync
        require(at + 4 <= len(data), "truncated", len(data))
        require(data[at:at + 4] == struct.pack("<I", sync), "noRecord", at)
        self.at, self.entries = at, []
        self.directory = self.events = self.first = self.span = 0
        head = data[at:at + MOST_HEAD]
        end = header_end(head)
        if end is None:
            is_cut = len(head) < MOST_HEAD
            raise FormatError(*(("truncated", len(data)) if is_cut else ("headerChecksum", at + 4)))
        require(crc32c(head[8:end], seed) == int.from_bytes(head[4:8], "little"),
                "headerChecksum", at + 4)
        self.source = Bytes(head[8:end])
        self.type, self.flags = self.source.byte(), self.source.byte()
        self.check_flags()
        self.sequence = self.number(2**32 - 1)
        self.payload = at + end
        if has_directory(self.type, self.flags):
            self.read_block()
        else:
            self.stored = self.number(MAX_STORED)
            self.raw = self.stored
            if self.type == INDEX and self.flags & (IS_ZSTD | IS_DEFLATE):
                self.raw = self.number(MAX_SECTION)
            self.payload_crc = int.from_bytes(self.source.take(4), "little")
        self.end = self.payload + self.stored
        require(not fits or self.end <= len(data), "truncatedRecord", len(data))

    def check_flags(self):
        at, flags = self.at, self.flags
        require(1 <= self.type <= 8 or self.type >= 128, "unsupportedEncoding", at + 8)
        if self.type == DATA:
            known = flags & 8 == 0 and flags >> 4 <= (0 if flags & SEALED else 9)
        else:
            known = self.type >= 128 or not flags & ~FLAGS.get(self.type, FINAL | SEALED)
        require(known, "unsupportedEncoding", at + 9)

    def number(self, limit, code="limitExceeded", is_signed=False, unit=1):
        """The next varint, an error at its own place."""
        place = self.at + 8 + self.source.at
        try:
            value = (self.source.signed() if is_signed else self.source.varint()) * unit
        except Bad as error:
            raise FormatError(str(error), place) from None
        require(-2**63 <= value <= limit, code, place)
        return value

    def read_block(self):
        """A block's times and lengths; a long directory has a checksum of its own."""
        self.unit = 10**(self.flags >> 4)
        self.count = self.number(MAX_SECTIONS)
        self.first = self.number(2**63 - 1, "malformed", True, self.unit)
        self.span = self.number(2**63 - 1 - self.first, "malformed", False, self.unit)
        self.is_inline = self.count <= INLINE
        if self.is_inline:
            self.directory_at = self.at + 8 + self.source.at
            self.directory = self.payload - self.directory_at
            self.add_sections()
            return
        self.stored = self.number(MAX_STORED)
        self.events = self.number(MAX_EVENTS)
        place = self.at + 8 + self.source.at
        self.directory = self.number(65_535)
        require(self.directory <= self.stored, "malformed", place)
        self.payload_crc = int.from_bytes(self.source.take(4), "little")
        self.directory_at = self.payload
        self.payload, self.stored = self.payload + self.directory, self.stored - self.directory

    def add_sections(self):
        self.stored = 0
        for _ in range(self.count):
            place = self.at + 8 + self.source.at
            try:
                entry = Entry(self.source, self.first, self.unit)
            except Bad as error:
                raise FormatError(str(error), place) from None
            self.stored += entry.stored
            self.events += 0 if entry.content else entry.events
            require(self.stored + self.directory <= MAX_STORED and self.events <= MAX_EVENTS,
                    "limitExceeded", place)

    def check_payload(self, file):
        if has_directory(self.type, self.flags):
            if not self.is_inline:
                directory = file.data[self.directory_at:self.payload]
                require(crc32c(directory) == self.payload_crc, "payloadChecksum", self.directory_at)
        else:
            payload = file.data[self.payload:self.end]
            require(crc32c(payload) == self.payload_crc, "payloadChecksum", self.payload)


def has_directory(kind, flags):
    return kind == DATA and not flags & SEALED


def header_end(head):
    """Where the bytes end that the header's checksum covers, by their form alone."""
    source = Bytes(head)
    try:
        source.take(8)
        kind, flags = source.byte(), source.byte()
        pass_varint(source)
        count = 2 if kind == INDEX and flags & (IS_ZSTD | IS_DEFLATE) else 1
        if has_directory(kind, flags):
            sections = head[source.at] if source.left else 0
            for _ in range(3):
                pass_varint(source)
            if sections <= INLINE:
                for _ in range(sections):
                    pass_entry(source)
                return source.at
            count = 3
        for _ in range(count):
            pass_varint(source)
        source.take(4)
        return source.at
    except Bad:
        return None


def pass_varint(source):
    """Whatever its form: it has ten bytes at most."""
    for _ in range(10):
        if source.byte() < 128:
            return
    raise Bad("malformed")


def pass_entry(source):
    pass_varint(source)
    is_later = source.byte() & 8
    for _ in range(3 if is_later else 2):
        pass_varint(source)
    source.take(4)


class Shape:
    """Of a section what an index says once for many blocks."""

    def __init__(self, source):
        self.track = source.varint()
        need(self.track < 1024, "limitExceeded")
        byte = source.byte()
        self.form, self.content, self.track_class = byte & 3, byte >> 2 & 1, byte >> 4
        self.is_later, self.key = byte & 8, (self.track, 1 - self.content)

    def time(self, source, first, unit):
        if not self.is_later:
            return first
        later = source.varint() * unit
        need(0 < later < 1 << 64)
        return wrap(first + later, 64)


class Entry:
    """One section of a directory."""

    def __init__(self, source, first, unit):
        shape = Shape(source)
        self.track, self.form, self.content = shape.track, shape.form, shape.content
        self.track_class, self.key = shape.track_class, shape.key
        self.stored = source.varint()
        need(self.stored <= MAX_STORED, "limitExceeded")
        self.events = source.varint()
        need(self.events <= MAX_EVENTS, "limitExceeded")
        self.first = shape.time(source, first, unit)
        self.crc = int.from_bytes(source.take(4), "little")


def is_number(text, low, high):
    return re.fullmatch("[+-]?[0-9]+", text) is not None and low <= int(text) <= high


class Loss:
    def __init__(self, start, end, events, error):
        self.start, self.end, self.events, self.error = start, end, events, error

    def json(self):
        return {"from": self.start, "to": self.end, "events": self.events,
                "code": CODES[self.error.code], "error": self.error.code,
                "position": self.error.position}


class Rows:
    """The records that an INDEX payload lists, in runs of one shape (Format, 7)."""

    def __init__(self, source):
        self.source, self.left, self.decade = source, source.varint(), source.byte()
        self.run, self.shape, self.last, self.known, self.decades = 0, None, 0, {}, []
        self.kind = self.flags = None

    def next(self):
        """Goes on to the next record, which may begin a run."""
        if self.run == 0:
            self.run, before = self.source.varint(), self.shape
            start = self.source.at
            need(0 < self.run <= self.left)
            self.kind, self.flags = self.source.byte(), self.source.byte()
            self.sections = []
            if has_directory(self.kind, self.flags):
                count = self.source.varint()
                need(count <= MAX_SECTIONS, "limitExceeded")
                self.sections = [Shape(self.source) for _ in range(count)]
                need(self.decade <= self.flags >> 4)
                self.decades.append(self.flags >> 4)
            self.shape = self.source.data[start:self.source.at]
            need(self.shape != before)
        self.run, self.left = self.run - 1, self.left - 1

    def compare(self, record):
        """Compares a block and its directory with what stands here."""
        unit, source, at = 10**self.decade, self.source, record.at
        first = wrap(self.last + source.signed(), 64)
        require(first * unit == record.first, "index", at)
        require(source.varint() * unit == record.span, "index", at)
        self.last = (record.first + record.span) // unit
        require(len(self.sections) == len(record.entries), "index", at)
        for shape, entry in zip(self.sections, record.entries):
            number = source.varint()
            stored, events = self.known.get(shape.key, (0, 0))
            stored += unzigzag(number >> 1)
            if number & 1:
                more = source.signed()
                need(more != 0)
                events += more
            self.known[shape.key] = stored, events
            first = shape.time(source, record.first, record.unit)
            require((stored, events, first) == (entry.stored, entry.events, entry.first),
                    "index", at)
            names = ("track", "form", "content", "track_class")
            require(all(getattr(shape, n) == getattr(entry, n) for n in names), "index", at)


class Recording:
    """A file, its records, what of it is lost, and its events."""

    def __init__(self, data, opening="automatic"):
        self.data, self.losses, self.torn = data, [], 0
        self.rebuilt = self.closed = self.used_index = False
        self.records, self.index_at = [], None
        self.read_header()
        if opening != "scan":
            try:
                self.records = self.read_index()
                self.used_index = self.closed = True
            except (Bad, FormatError):
                if opening == "index":
                    raise FormatError("index", max(len(data) - 16, 0)) from None
        if not self.used_index:
            self.scan()

    # MARK: The file header

    def read_header(self):
        head = self.data[:64]
        error = self.header_error(head, 0)
        if error and error.code != "unsupportedVersion":
            at = self.data.find(MAGIC, 1)
            while at >= 0:
                copy = self.data[at:at + 64]
                if self.header_error(copy, at) is None:
                    head, error, self.rebuilt = copy, None, True
                    break
                at = self.data.find(MAGIC, at + 1)
        if error:
            raise error
        self.id = head[16:32]
        self.segment = int.from_bytes(head[32:40], "little")
        self.seed = crc32c(self.id)
        self.sync = self.seed ^ 0x45504154

    @staticmethod
    def header_error(head, at):
        if head[:8] != MAGIC[:len(head[:8])]:
            return FormatError("notARecording", at)
        if len(head) < 64:
            return FormatError("truncated", at + len(head))
        if crc32c(head[:60]) != int.from_bytes(head[60:], "little"):
            return FormatError("fileHeaderChecksum", at + 60)
        if head[8:10] != b"\x01\x00":
            return FormatError("unsupportedVersion", at + 8)
        if head[12:16] != bytes(4):
            return FormatError("unsupportedVersion", at + 12)
        return None

    # MARK: Scan (Format, 10.1)

    def scan(self):
        at = 64
        self.expected, self.believed = 0, 64
        while at < len(self.data):
            try:
                record = Record(self, at)
            except FormatError as error:
                found = self.resynchronise(at + 1)
                if found is None:
                    self.torn = len(self.data) - at
                    return
                self.losses.append(Loss(at, found, None, error))
                at = found
                continue
            at = record.end
            if not self.is_in_order(record):
                count = record.events if record.type == DATA else 0
                error = FormatError("sequence", record.at + 10)
                self.losses.append(Loss(record.at, at, count, error))
                continue
            if record.sequence > self.expected and record.at == self.believed:
                error = FormatError("sequence", record.at + 10)
                self.losses.append(Loss(record.at, record.at, None, error))
            self.expected, self.believed = record.sequence + 1, at
            if self.accept(record) and record.flags & FINAL and record.type == INDEX:
                self.index_at = record.at
                self.check_trailer(at)
                return

    def is_plausible(self, record):
        """Its number is the next, or as much higher as records fit into the lost bytes."""
        room = (record.at - self.believed) // LEAST
        return self.expected <= record.sequence <= self.expected + room

    def is_in_order(self, record):
        if record.sequence < self.expected or self.is_plausible(record):
            return record.sequence >= self.expected
        try:
            return Record(self, record.end, fits=False).sequence == record.sequence + 1
        except FormatError:
            return True

    def check_trailer(self, at):
        """What is wrong with the 16 bytes behind the final record, or stands behind them."""
        end = len(self.data)
        self.closed = at + 16 <= end
        if not self.closed:
            self.torn = end - at
            return
        if self.data[at + 12:at + 16] != b"ITPX":
            self.losses.append(Loss(at, end, None, FormatError("index", at + 12)))
        elif not self.is_trailer(at) or self.index_at != int.from_bytes(
                self.data[at:at + 8], "little"):
            self.losses.append(Loss(at, end, None, FormatError("index", at + 8)))
        if at + 16 < end:
            self.losses.append(Loss(at + 16, end, None, FormatError("malformed", at + 16)))

    def is_trailer(self, at):
        tail = self.data[at:at + 16]
        return (len(tail) == 16 and tail[12:] == b"ITPX"
                and crc32c(tail[:8], self.seed) == int.from_bytes(tail[8:12], "little"))

    def resynchronise(self, at):
        sync = struct.pack("<I", self.sync)
        while True:
            at = self.data.find(sync, at)
            if at < 0:
                return None
            try:
                if self.is_plausible(Record(self, at)):
                    return at
            except FormatError:
                pass
            at += 1

    def accept(self, record):
        """Keeps a record if its payload is good; otherwise all of it is lost."""
        is_open = record.type == DATA and not record.flags & SEALED
        try:
            if is_open or record.type == METADATA:
                record.check_payload(self)
            if record.type == DATA:
                record.entries = self.directory(record) if is_open else []
            if record.type == METADATA:
                self.metadata(record)
        except FormatError as error:
            count = record.events if record.type == DATA else 0
            self.losses.append(Loss(record.at, record.end, count, error))
            return record.type != DATA
        self.records.append(record)
        return True

    def metadata(self, record):
        source, names, free = Bytes(self.data[record.payload:record.end]), [], 0
        try:
            copy = source.take(64)
            error = self.header_error(copy, record.payload)
            if error:
                raise error
            require(copy[16:32] == self.id, "malformed", record.payload + 16)
            count = source.varint()
            need(count <= source.left // 2, "limitExceeded")
            for _ in range(count):
                texts = []
                for _ in range(2):
                    length = source.varint()
                    need(length <= MAX_TEXT, "limitExceeded")
                    texts.append(source.take(length))
                    texts[-1].decode("utf-8")
                names.append(texts[0])
                free += 0 if self.is_track_pair(*texts) else len(texts[0]) + len(texts[1])
            need(source.left == 0)
            need(free <= MAX_FREE, "limitExceeded")
            need(all(a < b for a, b in zip(names, names[1:])))
        except (Bad, UnicodeDecodeError) as error:
            code = str(error) if isinstance(error, Bad) else "malformed"
            raise FormatError(code, record.payload) from None

    @staticmethod
    def is_track_pair(name, value):
        """Whether a pair is understood as a track's own."""
        parts = name.decode().split(".", 2)
        if len(parts) < 3 or parts[0] != "track" or not parts[1].isascii():
            return False
        if not parts[1].isdigit() or str(int(parts[1])) != parts[1] or int(parts[1]) > 1023:
            return False
        value, word = value.decode(), parts[2]
        if word == "class":
            return value in CLASSES or is_number(value, 0, 15)
        if word == "subpixelBits":
            return is_number(value, 0, 31)
        if word == "resolution":
            return is_number(value, -2**63, 2**63 - 1)
        return word in ("name", "device", "codeSpace", "coordinateSpace")

    def directory(self, record):
        source = Bytes(self.data[record.directory_at:record.payload])
        try:
            entries = [Entry(source, record.first, record.unit) for _ in range(record.count)]
            need(source.left == 0)
            need(all(a.key < b.key for a, b in zip(entries, entries[1:])))
            need(all(e.content or e.first >= record.first for e in entries))
            need(sum(e.stored for e in entries) == record.stored)
            need(sum(e.events for e in entries if e.content == 0) == record.events)
        except Bad as error:
            raise FormatError(str(error), record.directory_at) from None
        at = record.payload
        for entry in entries:
            entry.at, at = at, at + entry.stored
        return entries

    # MARK: Index (Format, 7)

    def read_index(self):
        size = len(self.data)
        require(size >= 64 + LEAST + 16 and self.is_trailer(size - 16), "index", size)
        at = int.from_bytes(self.data[size - 16:size - 8], "little")
        chain = []
        while at:
            require(64 <= at < size and (not chain or at < chain[0][0].at),
                    "index", at)
            record = Record(self, at)
            require(record.type == INDEX, "index", at)
            record.check_payload(self)
            source = Bytes(self.index_payload(record))
            previous = source.varint()
            chain.insert(0, (record, source))
            at = previous
        require(chain[-1][0].flags & FINAL and chain[-1][0].end == size - 16, "index", size)
        return self.indexed_records(chain)

    def index_payload(self, record):
        data = self.data[record.payload:record.end]
        if record.flags & IS_ZSTD:
            return decompress(data, record.raw, 1)
        if record.flags & IS_DEFLATE:
            return decompress(data, record.raw, 2)
        return data

    def indexed_records(self, chain):
        at, sequence, records = 64, 0, []
        for index, source in chain:
            rows = Rows(source)
            while rows.left:
                record = Record(self, at)
                rows.next()
                require((record.type, record.flags, record.sequence) ==
                        (rows.kind, rows.flags, sequence), "index", at)
                record.check_payload(self)
                if has_directory(record.type, record.flags):
                    record.entries = self.directory(record)
                    rows.compare(record)
                else:
                    require(source.varint() == record.stored, "index", at)
                    if record.type == INDEX and record.flags & (IS_ZSTD | IS_DEFLATE):
                        require(source.varint() == record.raw, "index", at)
                records.append(record)
                at, sequence = record.end, sequence + 1
            require(source.left == 0 and at == index.at, "index", at)
            require(rows.decade == (min(rows.decades) if rows.decades else 0), "index", at)
        records.append(chain[-1][0])
        return records

    # MARK: Events

    def section(self, entry):
        data = self.data[entry.at:entry.at + entry.stored]
        require(crc32c(data) == entry.crc, "sectionChecksum", entry.at)
        try:
            if entry.form == ADAPTIVE:
                found = AdaptiveSection(data, entry.events, entry.first).decode()
            else:
                found = Section(data, entry.form, entry.events).decode()
            need(not found or found[0][0] == entry.first)
            return found
        except Bad as error:
            raise FormatError(str(error), entry.at) from None

    def gather(self, tracks):
        """Adds the events of each track to a list of its own; None keeps a lost section's place."""
        for record in self.records:
            for entry in record.entries if record.type == DATA else []:
                if entry.content or entry.events == 0:
                    continue
                try:
                    events = self.section(entry)
                except FormatError as error:
                    self.losses.append(
                        Loss(entry.at, entry.at + entry.stored, entry.events, error))
                    events = [(entry.first, None)]
                tracks.setdefault(entry.track, []).extend(events)

    def events(self):
        """All events in the recording's order, as (track, event)."""
        tracks = {}
        self.gather(tracks)
        return merged(tracks)

    @property
    def status(self):
        if self.losses:
            return "damaged"
        if self.torn:
            return "torn"
        if self.rebuilt:
            return "headerRebuilt"
        return "complete" if self.closed and not self.is_continued else "notClosed"

    @property
    def is_continued(self):
        """Whether the last record says that another segment follows."""
        last = self.records[-1] if self.records else None
        return last is not None and last.type == INDEX and bool(last.flags & CONTINUED)

    def verdict(self):
        self.losses.sort(key=lambda loss: loss.start)
        return {"status": self.status, "closed": self.closed, "headerRebuilt": self.rebuilt,
                "tornByteCount": self.torn, "usedIndex": self.used_index,
                "losses": [loss.json() for loss in self.losses]}


def merged(tracks):
    """The events of all tracks in their order (Format, 10.3), as (track, event)."""
    heap = [(events[0][0], track, 0) for track, events in tracks.items() if events]
    heapq.heapify(heap)
    while heap:
        _, track, index = heap[0]
        if tracks[track][index][1] is not None:
            yield track, tracks[track][index]
        index += 1
        if index < len(tracks[track]):
            heapq.heapreplace(heap, (tracks[track][index][0], track, index))
        else:
            heapq.heappop(heap)


# MARK: JSON lines

STATES, KEYS = ["up", "down"], ["up", "down", "repeat"]
PHASES = ["began", "moved", "ended", "cancelled", "momentum", "hovering"]
CAUSES = ["unknown", "queueFull", "kernelDropped", "tapDisabled", "diskFull", "ioError",
          "syncFailed", "paused", "secureInput", "policy", "clockStep", "limit"]
# Fields in the order of the text: column ("i" Int32, "q" Int64, "s" string), name, words or form.
OPTIONAL, UNSIGNED, BASE64, FLAG = "optional", "unsigned", "base64", "flag"
FIELDS = {
    1: ("motion", "i0 x", "i1 y"),
    2: ("rawMotion", "i0 dx", "i1 dy"),
    3: ("button", "i0 button", ("i1 state", STATES)),
    4: ("scroll", "i0 dx", "i1 dy", ("i2 phase", PHASES, OPTIONAL)),
    5: ("key", ("i0 code", UNSIGNED), ("i1 state", KEYS)),
    6: ("text", "s0 text"),
    7: ("touch", "i0 contact", ("i1 phase", PHASES), "i2 x", "i3 y", ("i4 pressure", OPTIONAL)),
    8: ("pen", "i0 x", "i1 y", ("i2 pressure", OPTIONAL), ("i3 tiltX", OPTIONAL),
        ("i4 tiltY", OPTIONAL), ("i5 phase", PHASES, OPTIONAL), ("i6 buttons", OPTIONAL)),
    9: ("axis", "i0 axis", "i1 value"),
    10: ("focus", "s0 application", "s1 title", ("i0 x", OPTIONAL), ("i1 y", OPTIONAL),
         ("i2 width", OPTIONAL), ("i3 height", OPTIONAL)),
    11: ("frame", "q0 presentationTime", "s0 media"),
    12: ("marker", "s0 label"),
    13: ("clock", "q0 unixNanoseconds", "q1 uncertaintyNanoseconds"),
    14: ("gap", ("i0 cause", CAUSES), "q0 count", ("i1 isLowerBound", FLAG),
         "q1 firstTime", "q2 lastTime"),
    15: ("custom", "i0 type", ("s0 bytes", BASE64))}
ABSENT = -2**31


def line(track, event):
    """One event as a line of the neutral text form."""
    time, kind, narrow, wide, texts = event
    values = {"t": time, "device": track}
    if kind not in FIELDS:
        strings = [base64.b64encode(text).decode() for text in texts]
        lists = {"int32": list(narrow), "int64": list(wide), "strings": strings}
        values |= {"kind": str(kind)} | {name: column for name, column in lists.items() if column}
    else:
        name, *fields = FIELDS[kind]
        values["kind"] = name
        groups = {"i": narrow, "q": wide, "s": texts}
        for field in fields:
            field, *forms = (field,) if isinstance(field, str) else field
            place, word = field.split()
            put(values, word, groups[place[0]][int(place[1])], forms)
    text = json.dumps(values, ensure_ascii=False, separators=(",", ":"))
    return text if text.isprintable() else "".join(map(shown, text))


def shown(character):
    """A character, escaped where it could do something to a terminal."""
    if unicodedata.category(character) not in ("Cc", "Cf", "Zl", "Zp"):
        return character
    units = character.encode("utf-16-be")
    return "".join(f"\\u{units[at]:02x}{units[at + 1]:02x}" for at in range(0, len(units), 2))


def put(values, word, value, forms):
    if (OPTIONAL in forms and value == ABSENT) or (FLAG in forms and value == 0):
        return
    if UNSIGNED in forms:
        value &= 0xFFFFFFFF
    elif FLAG in forms:
        value = True if value == 1 else value
    elif BASE64 in forms:
        value = base64.b64encode(value).decode()
    elif isinstance(value, bytes):
        try:
            value = value.decode("utf-8")
        except UnicodeDecodeError:
            word, value = word + "Bytes", base64.b64encode(value).decode()
    elif forms and isinstance(forms[0], list) and 0 <= value < len(forms[0]):
        value = forms[0][value]
    values[word] = value


def read(data, opening="automatic"):
    """The lines of a recording, its verdict and the exit code."""
    try:
        recording = Recording(data, opening)
        lines = [line(*event) for event in recording.events()]
    except FormatError as error:
        return [], {"status": "unreadable", "code": CODES[error.code], "error": error.code,
                    "position": error.position}, 65
    return lines, recording.verdict(), 0 if recording.status == "complete" else 1


def fnv1a(lines):
    """A hash of lines, each with its line end."""
    value = 0xCBF29CE484222325
    for byte in "".join(text + "\n" for text in lines).encode():
        value = (value ^ byte) * 0x100000001B3 & (1 << 64) - 1
    return value


def summary(data, opening="automatic"):
    """Verdict, position, number of events and their hash of events."""
    lines, verdict, _ = read(data, opening)
    name, position = verdict["status"], len(data)
    if name == "unreadable":
        name, position = verdict["error"], verdict["position"]
    elif name == "damaged":
        name = verdict["losses"][0]["error"]
        position = verdict["losses"][0]["position"]
    elif name == "torn":
        position -= verdict["tornByteCount"]
    return f"{name}\t{CODES.get(name, 0)}\t{position}\t{len(lines)}\t{fnv1a(lines):016x}"


def main(arguments):
    names = [a for a in arguments if not a.startswith("--")]
    options = [a for a in arguments if a.startswith("--")]
    if len(names) != 1 or set(options) - {"--scan", "--index"} or len(options) > 1:
        print(__doc__, file=sys.stderr)
        return 64
    try:
        with open(names[0], "rb") as file:
            data = file.read()
    except OSError as error:
        print(error, file=sys.stderr)
        return 74
    lines, verdict, code = read(data, options[0][2:] if options else "automatic")
    sys.stdout.reconfigure(encoding="utf-8", newline="\n")
    for text in lines:
        print(text)
    print(json.dumps(verdict), file=sys.stderr)
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
