# SPDX-License-Identifier: Apache-2.0
#
# InputTape for Python: one file to put into a project, with ctypes over libinputtape.so.0 (for the
# calls see inputtape.h). Writing needs nothing else, reading columns needs numpy, tables pyarrow.
"""Recordings of human input, as columns.

    import inputtape

    with inputtape.open("session.itape") as recording:
        print(recording.event_count, recording.metadata, recording.tracks)
        motion = recording.columns("motion")             # {"time": int64 ns, "track", "x", "y"}
        keys = recording.columns("key", start=10**9, end=2 * 10**9, tracks=[1])
        table = recording.table("motion")                # pyarrow, with the recording's metadata
        held = recording.state(10**9)[1]["keys"]         # of track 1, at one second

Columns are in the order of time. Names are those of Specs/Registry.md, section 1; a number that the
source did not report is ABSENT in columns and null in tables. What is on the screen at a frame of
a video that the recording refers to, the last position before each frame:

    frames = recording.columns("frame")                  # "time", "presentationTime", "media"
    last = numpy.searchsorted(motion["time"], frames["time"], side="right") - 1
    x = motion["x"][last]                                # where last >= 0

or, with tables, frames.join_asof(motion, on="time", by=[], tolerance=-10**9).

A recording is one thread's at a time; different recordings are read on as many threads as there are
processors, as Python's lock is let go while the library works.
"""
import array
import ctypes
import json
import os
import sys
import warnings
from ctypes import (
    byref, c_int32, c_int64, c_size_t, c_uint8, c_uint16, c_uint32, c_uint64, c_void_p)

ABSENT = -(1 << 31)
UP, DOWN, REPEAT = 0, 1, 2
CLASSES = ["pointer", "keyboard", "text", "context", "touch", "pen", "gamepad", "custom"]

# The fields of each kind: i4 and i8 are numbers, i4? may be absent, s is text and b bytes.
KINDS = {
    "motion": (1, "x:i4 y:i4"),
    "rawMotion": (2, "dx:i4 dy:i4"),
    "button": (3, "button:i4 state:i4"),
    "scroll": (4, "dx:i4 dy:i4 phase:i4?"),
    "key": (5, "code:u4 state:i4"),
    "text": (6, "text:s"),
    "touch": (7, "contact:i4 phase:i4 x:i4 y:i4 pressure:i4?"),
    "pen": (8, "x:i4 y:i4 pressure:i4? tiltX:i4? tiltY:i4? phase:i4? buttons:i4?"),
    "axis": (9, "axis:i4 value:i4"),
    "focus": (10, "x:i4? y:i4? width:i4? height:i4? application:s title:s"),
    "frame": (11, "presentationTime:i8 media:s"),
    "marker": (12, "label:s"),
    "clock": (13, "unixTime:i8 uncertainty:i8"),
    "gap": (14, "cause:i4 isLowerBound:i4 count:i8 firstTime:i8 lastTime:i8"),
    "custom": (15, "type:i4 bytes:b"),
}


class Field:
    """A field of a kind: its name, and the type of its column."""

    def __init__(self, text):
        self.name, form = text.split(":")
        self.is_optional = form.endswith("?")
        self.form = form.rstrip("?")
        self.is_string = self.form in "sb"


FIELDS = {name: [Field(text) for text in kind[1].split()] for name, kind in KINDS.items()}


class Error(Exception):
    """A call failed: the recording's bytes are wrong, or the call is. Where the system refused,
    there is an OSError instead."""

    def __init__(self, status, text):
        super().__init__(text)
        self.status = status


# ---- The library ---------------------------------------------------------------------------------


class _Sized(ctypes.Structure):
    """A struct of inputtape.h that begins with its size."""

    def __init__(self, **values):
        super().__init__(struct_size=ctypes.sizeof(self), **values)


class _Options(_Sized):
    _fields_ = [
        ("struct_size", c_size_t), ("flush_interval", c_int64), ("sync_interval", c_int64),
        ("flags", c_uint32), ("preset", c_uint32), ("compression", c_uint32),
        ("compression_level", c_int32), ("threads", c_uint32), ("events_per_block", c_uint32),
        ("recording_id", c_uint8 * 16), ("segment_bytes", c_uint64), ("segment_age", c_int64),
        ("notice", c_void_p), ("notice_context", c_void_p),
    ]


class _Track(_Sized):
    _fields_ = [
        ("struct_size", c_size_t), ("track", c_uint16), ("track_class", c_uint8),
        ("subpixel_bits", c_uint8), ("resolution", c_int32), ("name", ctypes.c_char_p),
        ("device", ctypes.c_char_p), ("code_space", ctypes.c_char_p),
        ("coordinate_space", ctypes.c_char_p),
    ]


class _Columns(_Sized):
    _fields_ = [
        ("struct_size", c_size_t), ("count", c_uint64), ("times", c_void_p),
        ("int32", c_void_p), ("int64", c_void_p), ("strings", c_void_p),
        ("track", c_uint16), ("kind", c_uint8), ("int32_count", c_uint8),
        ("int64_count", c_uint8), ("string_count", c_uint8), ("reserved", c_uint8 * 2),
    ]


class _Info(_Sized):
    _fields_ = [
        ("struct_size", c_size_t), ("events", c_uint64), ("blocks", c_uint64),
        ("bytes", c_uint64), ("first_time", c_int64), ("last_time", c_int64),
        ("torn_bytes", c_uint64), ("losses", c_uint64), ("segment", c_uint64),
        ("segments", c_uint64), ("missing_segments", c_uint64), ("tracks", c_uint32),
        ("flags", c_uint32), ("recording_id", c_uint8 * 16),
    ]


class _Section(_Sized):
    _fields_ = [
        ("struct_size", c_size_t), ("events", c_uint64), ("track", c_uint16),
        ("reserved", c_uint16), ("kinds", c_uint32),
    ]


class _Kind(_Sized):
    _fields_ = [
        ("struct_size", c_size_t), ("events", c_uint64), ("kind", c_uint8),
        ("int32_count", c_uint8), ("int64_count", c_uint8), ("string_count", c_uint8),
        ("reserved", c_uint8 * 4),
    ]


class _Filter(_Sized):
    _fields_ = [
        ("struct_size", c_size_t), ("start", c_int64), ("end", c_int64),
        ("tracks", c_void_p), ("track_count", c_size_t), ("kinds", c_uint64 * 4),
        ("classes", c_uint32), ("flags", c_uint32),
    ]


class _String(ctypes.Structure):
    _fields_ = [("bytes", ctypes.c_char_p), ("byte_count", c_size_t)]


class _TrackState(_Sized):
    _fields_ = [
        ("struct_size", c_size_t), ("x", c_int32), ("y", c_int32), ("pen", c_int32 * 7),
        ("track", c_uint16), ("reserved", c_uint16), ("focus", c_int32 * 4),
        ("application", c_void_p), ("application_size", c_size_t), ("title", c_void_p),
        ("title_size", c_size_t), ("gap", c_int64 * 4), ("flags", c_uint32),
        ("keys", c_uint32), ("buttons", c_uint32), ("contacts", c_uint32), ("axes", c_uint32),
        ("reserved2", c_uint32),
    ]


class _Library:
    """The shared library; each call checks its status."""

    OK, END, LOSS, BUFFER, SYSTEM, INDEX = 0, 1, 3, -4, -5, 36

    def __init__(self, path=None):
        beside = os.path.join(os.path.dirname(os.path.abspath(__file__)), "libinputtape.so.0")
        path = path or os.environ.get("INPUTTAPE_LIBRARY") or (
            beside if os.path.exists(beside) else "libinputtape.so.0")
        try:
            self.library = ctypes.CDLL(path)
        except OSError as error:
            raise ImportError(
                f"{error}; `make install` in InputTape makes the library, which is looked for "
                "where INPUTTAPE_LIBRARY says, beside inputtape.py, and where the system does "
                "(LD_LIBRARY_PATH)") from None
        self.library.itape_status_string.restype = ctypes.c_char_p
        self.library.itape_error_text.restype = c_size_t
        for name in ["writer", "reader", "block", "cursor", "state"]:
            getattr(self.library, f"itape_{name}_close").restype = None
        if self.library.itape_abi_version() != 0:
            raise ImportError(f"{path} is of another version than inputtape.py")

    def call(self, name, *arguments, accepts=()):
        """Calls a function, whose status is one of those that are accepted or no error."""
        status = getattr(self.library, "itape_" + name)(*arguments)
        if status is None or 0 <= status < 10 or status in accepts:
            return status
        text = ctypes.create_string_buffer(4096)
        self.library.itape_error_text(text, c_size_t(len(text)))
        text = text.value.decode(errors="replace")
        if status == self.SYSTEM:
            raise OSError(self.library.itape_error_system_code(), text)
        name = self.library.itape_status_string(status).decode()
        raise Error(status, f"{name}: {text}" if text else name)


_loaded = None


def library(path=None):
    """Loads the shared library, once; `path` says from where."""
    global _loaded
    if _loaded is None:
        _loaded = _Library(path)
    return _loaded


# ---- Writing -------------------------------------------------------------------------------------


class Writer:
    """Writes a recording; with `with` it is finished at the end, and left as it is by an error.

    A recording that must survive the end of its process has a `flush_interval` in nanoseconds. A
    call costs about a microsecond: who has many events appends them as columns.
    """

    def __init__(self, path, metadata=(), replace=False, flush_interval=0, preset="balanced"):
        self._library = library()
        self._handle = c_void_p()
        options = _Options(
            flags=1 if replace else 0, flush_interval=flush_interval,
            preset=["balanced", "fast", "compact"].index(preset))
        self._library.call(
            "writer_open", os.fsencode(path), byref(options), byref(self._handle))
        for name, value in dict(metadata).items():
            self.set_metadata(name, value)

    def set_metadata(self, name, value):
        """Says something of the recording, as its `purpose`, or when to `deleteAfter`."""
        self._library.call("writer_set_metadata", self._handle, name.encode(), value.encode())

    def set_track(
        self, track, track_class, name="", device="", code_space="", coordinate_space="",
        subpixel_bits=0, resolution=0,
    ):
        """Describes a track, of a class that CLASSES names."""
        self._library.call("writer_set_track", self._handle, byref(_Track(
            track=track, track_class=CLASSES.index(track_class), subpixel_bits=subpixel_bits,
            resolution=resolution, name=name.encode(), device=device.encode(),
            code_space=code_space.encode(), coordinate_space=coordinate_space.encode())))

    def append(self, kind, time, *values, track=0):
        """Appends one event, as in append("motion", 16_000_000, 129, 337)."""
        self.append_columns(kind, [time], *([value] for value in values), track=track)

    def append_columns(self, kind, times, *columns, track=0):
        """Appends events of one kind: their times, and a column for each field.

        Arrays of the right type (array.array "q", "i" and "I", or numpy's int64, int32 and uint32)
        are taken as they are, other sequences are copied first.
        """
        fields = FIELDS[kind]
        if len(columns) != len(fields) or any(len(column) != len(times) for column in columns):
            raise ValueError(f"{kind} has, as long as the times, {[f.name for f in fields]}")
        if len(times) == 0:
            return
        kept = [_numbers(times, "q")]
        groups = {"i4": [], "i8": [], "s": []}
        for field, column in zip(fields, columns):
            if field.is_string:
                texts = [text.encode() if isinstance(text, str) else text for text in column]
                kept.append((_String * len(texts))(*(_String(text, len(text)) for text in texts)))
                kept.append(texts)
                groups["s"].append(ctypes.addressof(kept[-2]))
            else:
                code = {"i4": "i", "u4": "I", "i8": "q"}[field.form]
                kept.append(_numbers(column, code))
                groups["i8" if code == "q" else "i4"].append(_address(kept[-1]))
        pointers = [(c_void_p * 8)(*group) for group in groups.values()]
        int32, int64, strings = map(ctypes.addressof, pointers)
        self._library.call("writer_append_columns", self._handle, byref(_Columns(
            count=len(times), times=_address(kept[0]), int32=int32, int64=int64, strings=strings,
            track=track, kind=KINDS[kind][0], int32_count=len(groups["i4"]),
            int64_count=len(groups["i8"]), string_count=len(groups["s"]))))

    def flush(self):
        """Hands all events so far to the system."""
        self._library.call("writer_flush", self._handle)

    def sync(self):
        """Makes all events so far survive a loss of power."""
        self._library.call("writer_sync", self._handle)

    def finish(self):
        """Ends the recording."""
        try:
            self._library.call("writer_finish", self._handle, None)
        finally:
            self.close()

    def close(self):
        """Lets the writer go; what was not finished reads to its last flushed block."""
        self._library.call("writer_close", self._handle)
        self._handle = c_void_p()

    def __enter__(self):
        return self

    def __exit__(self, error, *_):
        if self._handle:
            self.close() if error else self.finish()

    def __del__(self):
        if getattr(self, "_handle", None):
            self.close()


def _numbers(values, code):
    """Values as memory of the type that a code of `array` names."""
    if isinstance(values, array.array) or hasattr(values, "ctypes"):
        view = memoryview(values)
        if view.format in (code, {"q": "l"}.get(code)) and view.c_contiguous and view.ndim == 1:
            return values
    return array.array(code, values)


def _address(values):
    """Where an array's memory is."""
    if isinstance(values, array.array):
        return values.buffer_info()[0]
    return values.ctypes.data


# ---- Reading -------------------------------------------------------------------------------------


def open(path, scan=False, strict=False):
    """Opens a recording: a file, or the folder that holds it alone.

    With `scan` the index is left alone, as it must be where it is wrong (an Error says so); with
    `strict` whatever is not whole is an error, and is not left out with a warning.
    """
    return Recording(path, scan, strict)


class Recording:
    """A recording that is read; with `with` it is closed at the end."""

    def __init__(self, path, scan=False, strict=False):
        self._library = library()
        self._path = os.fspath(path)
        self._handle = c_void_p()
        self._library.call(
            "reader_open", os.fsencode(path), c_uint32(scan | strict << 1), byref(self._handle))

    def close(self):
        """Lets the recording go; columns stay."""
        self._library.call("reader_close", self._handle)
        self._handle = c_void_p()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def __del__(self):
        if getattr(self, "_handle", None):
            self.close()

    def _info(self):
        info = _Info()
        self._library.call("reader_get_info", self._handle, byref(info))
        return info

    @property
    def event_count(self):
        return self._info().events

    @property
    def time_bounds(self):
        """The first and the last time, in nanoseconds; None where there are no events."""
        info = self._info()
        return (info.first_time, info.last_time) if info.flags & 16 else None

    @property
    def is_complete(self):
        """The recording was closed, and nothing is missing of what has been read so far."""
        return bool(self._info().flags & 2)

    @property
    def recording_id(self):
        return bytes(self._info().recording_id).hex()

    @property
    def metadata(self):
        """What the recording says of itself: names and values."""
        values = {}
        while (name := self._text("reader_get_metadata_name", c_size_t(len(values)))) is not None:
            values[name] = self._text("reader_get_metadata", name.encode())
        return values

    def _text(self, call, key):
        text, count = ctypes.create_string_buffer(4100), c_size_t()
        status = self._library.call(
            call, self._handle, key, text, c_size_t(len(text)), byref(count))
        return None if status == _Library.END else text.value.decode(errors="replace")

    @property
    def tracks(self):
        """The tracks, as dictionaries."""
        tracks, track, events = [], _Track(), c_uint64()
        for index in range(self._info().tracks):
            self._library.call(
                "reader_get_track", self._handle, c_size_t(index), byref(track), byref(events),
                None)
            number = track.track_class
            texts = ["name", "device", "code_space", "coordinate_space"]
            tracks.append({
                "track": track.track, "events": events.value,
                "class": CLASSES[number] if number < len(CLASSES) else number,
                "subpixel_bits": track.subpixel_bits, "resolution": track.resolution,
                **{name: (getattr(track, name) or b"").decode(errors="replace") for name in texts},
            })
        return tracks

    # ---- Columns

    def columns(self, kind, start=None, end=None, tracks=None):
        """The events of a kind as numpy arrays: `time`, `track`, and each of the kind's fields.

        Events come in the order of time, from `start` on and before `end` (nanoseconds). Columns of
        text and bytes are arrays of objects.
        """
        import numpy
        if start is None and end is None and tracks is None:
            parts = [part for _, part in self._blocks({KINDS[kind][0]: kind})]
        else:
            parts = list(self._events(kind, start, end, tracks))
        self._warn()
        return _joined(numpy, kind, parts)

    def tables(self):
        """The tables of all kinds that there are, by the kind's name."""
        import numpy
        parts = {}
        for kind, part in self._blocks({number: kind for kind, (number, _) in KINDS.items()}):
            parts.setdefault(kind, []).append(part)
        self._warn()
        return {
            kind: self._table(kind, _joined(numpy, kind, some)) for kind, some in parts.items()}

    def table(self, kind, start=None, end=None, tracks=None):
        """As `columns`, a pyarrow table: what the recording says of itself is in its metadata,
        which goes with it into files of Parquet and Arrow."""
        return self._table(kind, self.columns(kind, start, end, tracks))

    def _table(self, kind, columns):
        import pyarrow
        types = {
            "i4": pyarrow.int32(), "u4": pyarrow.uint32(), "i8": pyarrow.int64(),
            "s": pyarrow.string(), "b": pyarrow.binary(),
        }
        arrays = {name: pyarrow.array(columns[name]) for name in ["time", "track"]}
        for field in FIELDS[kind]:
            values = columns[field.name]
            mask = values == ABSENT if field.is_optional else None
            arrays[field.name] = pyarrow.array(values, types[field.form], mask=mask)
        about = {
            **self.metadata, "inputtape.recordingID": self.recording_id,
            "inputtape.tracks": json.dumps(self.tracks, ensure_ascii=False)}
        return pyarrow.table(arrays).replace_schema_metadata(about)

    def _blocks(self, kinds):
        """The columns of each section, kind by kind, of the kinds whose numbers are given."""
        import numpy
        call, block = self._library.call, c_void_p()
        section, part = _Section(), _Kind()
        call("block_create", byref(block))
        try:
            for index in range(self._info().blocks):
                call("reader_load_block", self._handle, c_uint64(index), block)
                place = 0
                while call(
                    "block_get_section", block, c_size_t(place), byref(section), accepts=[-6]) == 0:
                    for number in range(section.kinds):
                        where = (block, c_size_t(place), c_size_t(number))
                        call("block_get_kind", *where, byref(part))
                        if part.kind in kinds:
                            kind = kinds[part.kind]
                            yield kind, self._part(numpy, kind, where, section, part)
                    place += 1
        finally:
            call("block_close", block)

    def _part(self, numpy, kind, where, section, part):
        def copied(call, dtype, count, *place):
            values = numpy.empty(count, dtype)
            self._library.call(
                call, *place, values.ctypes.data_as(c_void_p), c_size_t(count))
            return values

        times = copied("block_copy_times", "i8", section.events, *where[:2])
        if part.events < section.events:
            own = copied("block_copy_kinds", "u1", section.events, *where[:2]) == part.kind
            times = times[own]
        columns = {
            "time": times, "track": numpy.full(part.events, section.track, "u2")}
        places = {4: 0, 8: 0, 0: 0}
        for field in FIELDS[kind]:
            size = 0 if field.is_string else int(field.form[1])
            place = (*where, c_size_t(places[size]))
            places[size] += 1
            if field.is_string:
                columns[field.name] = self._strings(numpy, field, place, part.events)
            else:
                call = "block_copy_int32" if size == 4 else "block_copy_int64"
                columns[field.name] = copied(call, field.form, part.events, *place)
        return columns

    def _strings(self, numpy, field, place, count):
        ends, byte_count = (c_int32 * count)(), c_size_t()
        call = ("block_copy_strings", *place, ends, c_size_t(count))
        self._library.call(*call, None, c_size_t(0), byref(byte_count), accepts=[_Library.BUFFER])
        data = ctypes.create_string_buffer(max(byte_count.value, 1))
        self._library.call(*call, data, byte_count, byref(byte_count))
        raw, start, values = data.raw, 0, numpy.empty(count, object)
        for index, end in enumerate(ends):
            values[index] = _text_of(field, raw[start:end])
            start = end
        return values

    def _events(self, kind, start, end, tracks):
        """The columns of events that a cursor finds, some thousand at a time."""
        import numpy
        number, fields = KINDS[kind][0], FIELDS[kind]
        chosen = _Filter(start=start or 0, end=end or 0)
        chosen.flags = (0 if start is None else 1) | (0 if end is None else 2)
        chosen.kinds[number // 64] = 1 << number % 64
        if tracks is not None:
            if not list(tracks):
                return
            numbers = array.array("H", tracks)
            chosen.tracks, chosen.track_count = _address(numbers), len(numbers)
        layout = numpy.dtype(
            [(f.name, [("at", "u8"), ("size", "u8")] if f.is_string else f.form) for f in fields],
            align=True)
        events = numpy.zeros(8192, numpy.dtype({
            "names": ["time", "track", "fields"], "formats": ["i8", "u2", layout],
            "offsets": [0, 8, 16], "itemsize": 80}))
        cursor, count = c_void_p(), c_size_t()
        self._library.call("reader_open_cursor", self._handle, byref(chosen), byref(cursor))
        try:
            while self._library.call(
                "cursor_read", cursor, events.ctypes.data_as(c_void_p),
                c_size_t(len(events)), c_size_t(80), byref(count)) != _Library.END:
                some = events[:count.value]
                columns = {"time": some["time"].copy(), "track": some["track"].copy()}
                for field in fields:
                    values = some["fields"][field.name]
                    columns[field.name] = values.copy() if not field.is_string else numpy.array(
                        [_text_of(field, ctypes.string_at(int(at), int(size)) if size else b"")
                         for at, size in values] + [None], object)[:-1]
                yield columns
        finally:
            self._library.call("cursor_close", cursor)

    def _warn(self):
        """What is damaged is left out, and is no error."""
        info = self._info()
        if not info.flags & 2:
            warnings.warn(
                f"{self._path} is not whole: it was not closed, or {info.losses} parts are lost",
                stacklevel=3)

    # ---- State

    def state(self, time):
        """What is held and pointed at after all events that are not later than `time`.

        Of each track by its number: `keys` and `buttons` that are down, `contacts` by their number,
        `axes` and their values, `position`, `focus` where there is one, and whether something of it
        `isUncertain`, as events may be missing.
        """
        state, info, tracks, index = c_void_p(), _TrackState(), {}, 0
        call = self._library.call
        call("reader_state_at", self._handle, c_int64(time), byref(state))
        try:
            while call("state_get_track", state, c_size_t(index), byref(info)) != _Library.END:
                def held(name, count, width):
                    rows = ((c_int32 * width) * max(count, 1))()
                    call(f"state_copy_{name}", state, c_size_t(index), rows, c_size_t(count))
                    return [list(row) for row in rows[:count]]

                keys, buttons = held("keys", info.keys, 2), held("buttons", info.buttons, 2)
                contacts, axes = held("contacts", info.contacts, 5), held("axes", info.axes, 3)
                focus = {
                    name: ctypes.string_at(at, size).decode(errors="replace") if size else ""
                    for name, at, size in [
                        ("application", info.application, info.application_size),
                        ("title", info.title, info.title_size)]}
                tracks[info.track] = {
                    "keys": [code & 0xFFFFFFFF for code, _ in keys],
                    "buttons": [button for button, _ in buttons],
                    "contacts": {contact: (x, y) for contact, x, y, _, _ in contacts},
                    "axes": {axis: value for axis, value, _ in axes},
                    "position": (info.x, info.y) if info.flags & 1 else None,
                    "focus": focus if info.flags & 4 else None,
                    "isUncertain": bool(info.flags & (16 | 32 | 64)) or any(
                        row[-1] for row in keys + buttons + contacts + axes),
                }
                index += 1
        finally:
            call("state_close", state)
        return tracks


def _text_of(field, data):
    return data.decode(errors="replace") if field.form == "s" else data


def _joined(numpy, kind, parts):
    """Columns one behind the other, in the order of time."""
    names = ["time", "track", *(field.name for field in FIELDS[kind])]
    forms = ["i8", "u2", *("O" if f.is_string else f.form for f in FIELDS[kind])]
    columns = {
        name: numpy.concatenate([numpy.empty(0, form), *(part[name] for part in parts)])
        for name, form in zip(names, forms)}
    times = columns["time"]
    if (times[1:] < times[:-1]).any():
        order = numpy.argsort(times, kind="stable")
        columns = {name: values[order] for name, values in columns.items()}
    return columns


# ---- Parquet -------------------------------------------------------------------------------------


def main():
    if len(sys.argv) != 3:
        print(
            "usage: python3 inputtape.py RECORDING FOLDER\n"
            "  writes a table of Parquet for each kind of event, as FOLDER/motion.parquet",
            file=sys.stderr)
        return 64
    import pyarrow.parquet
    try:
        with open(sys.argv[1]) as recording:
            tables = recording.tables()
        os.umask(0o077)  # As recordings are, for their owner alone.
        os.makedirs(sys.argv[2], exist_ok=True)
        for kind, table in tables.items():
            path = os.path.join(sys.argv[2], kind + ".parquet")
            pyarrow.parquet.write_table(table, path, compression="zstd")
            print(f"{path}: {table.num_rows} rows")
    except (Error, OSError) as error:
        print(f"inputtape: {error}", file=sys.stderr)
        return 74 if isinstance(error, OSError) else 65
    return 0


if __name__ == "__main__":
    sys.exit(main())
