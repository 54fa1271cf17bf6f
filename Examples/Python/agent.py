#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
#
# A capture agent in Python, with ctypes alone: appends columns, then reads columns back, and the
# events of some kinds and of a stretch of time.
#
#   python3 agent.py session.itape [path of libinputtape.so.0]
#
# A call through ctypes costs about a microsecond: events go in and out by the thousand here.
import array
import ctypes
import sys
import warnings
from ctypes import byref, c_int32, c_int64, c_size_t, c_uint8, c_uint16, c_uint32, c_uint64

MOTION = 1
REPLACE = 1
COMPLETE = 2
END = 1


class Sized(ctypes.Structure):
    """A struct of inputtape.h that begins with its size."""

    def __init__(self, **values):
        super().__init__(struct_size=ctypes.sizeof(self), **values)


class Options(Sized):
    _fields_ = [
        ("struct_size", c_size_t), ("flush_interval", c_int64), ("sync_interval", c_int64),
        ("flags", c_uint32), ("preset", c_uint32), ("compression", c_uint32),
        ("compression_level", c_int32), ("threads", c_uint32), ("events_per_block", c_uint32),
        ("recording_id", c_uint8 * 16), ("segment_bytes", c_uint64), ("segment_age", c_int64),
        ("notice", ctypes.c_void_p), ("notice_context", ctypes.c_void_p),
    ]


class Columns(Sized):
    _fields_ = [
        ("struct_size", c_size_t), ("count", c_uint64), ("times", ctypes.c_void_p),
        ("int32", ctypes.c_void_p), ("int64", ctypes.c_void_p), ("strings", ctypes.c_void_p),
        ("track", c_uint16), ("kind", c_uint8), ("int32_count", c_uint8),
        ("int64_count", c_uint8), ("string_count", c_uint8), ("reserved", c_uint8 * 2),
    ]


class Info(Sized):
    _fields_ = [
        ("struct_size", c_size_t), ("events", c_uint64), ("blocks", c_uint64),
        ("bytes", c_uint64), ("first_time", c_int64), ("last_time", c_int64),
        ("torn_bytes", c_uint64), ("losses", c_uint64), ("segment", c_uint64),
        ("segments", c_uint64), ("missing_segments", c_uint64), ("tracks", c_uint32),
        ("flags", c_uint32), ("recording_id", c_uint8 * 16),
    ]


class Section(Sized):
    _fields_ = [
        ("struct_size", c_size_t), ("events", c_uint64), ("track", c_uint16),
        ("reserved", c_uint16), ("kinds", c_uint32),
    ]


class Kind(Sized):
    _fields_ = [
        ("struct_size", c_size_t), ("events", c_uint64), ("kind", c_uint8),
        ("int32_count", c_uint8), ("int64_count", c_uint8), ("string_count", c_uint8),
        ("reserved", c_uint8 * 4),
    ]


class Filter(Sized):
    _fields_ = [
        ("struct_size", c_size_t), ("start", c_int64), ("end", c_int64),
        ("tracks", ctypes.c_void_p), ("track_count", c_size_t), ("kinds", c_uint64 * 4),
        ("classes", c_uint32), ("flags", c_uint32),
    ]


class Event(ctypes.Structure):
    """An event; of its fields those that are numbers of 32 bits, in the registry's order."""

    _fields_ = [
        ("time", c_int64), ("track", c_uint16), ("kind", c_uint8), ("reserved", c_uint8 * 5),
        ("values", c_int32 * 16),
    ]


class Error(Exception):
    """A call failed."""


class Library:
    """The shared library; each call checks its status."""

    def __init__(self, path):
        self.library = ctypes.CDLL(path)
        self.library.itape_status_string.restype = ctypes.c_char_p
        self.library.itape_error_text.restype = c_size_t
        self.library.itape_writer_close.restype = None
        self.library.itape_reader_close.restype = None
        self.library.itape_block_close.restype = None
        self.library.itape_cursor_close.restype = None

    def __getattr__(self, name):
        function = getattr(self.library, "itape_" + name)

        def call(*arguments):
            status = function(*arguments)
            if status is not None and (status < 0 or status >= 10):
                text = ctypes.create_string_buffer(256)
                self.library.itape_error_text(text, c_size_t(256))
                name = self.library.itape_status_string(status).decode()
                raise Error(f"{name}: {text.value.decode()}")
            return status

        return call


def address(values):
    return values.buffer_info()[0]


def record(itape, path):
    """Appends 100,000 positions as three columns."""
    writer = ctypes.c_void_p()
    options = Options(flags=REPLACE)
    itape.writer_open(path.encode(), byref(options), byref(writer))
    try:
        itape.writer_set_metadata(writer, b"agent", b"the Python example")
        count = 100_000
        times = array.array("q", range(0, count * 8_000_000, 8_000_000))
        x = array.array("i", (index % 1920 for index in range(count)))
        y = array.array("i", (index % 1080 for index in range(count)))
        pointers = (ctypes.c_void_p * 2)(address(x), address(y))
        columns = Columns(
            count=count, times=address(times), int32=ctypes.addressof(pointers), kind=MOTION,
            int32_count=2)
        itape.writer_append_columns(writer, byref(columns))
        itape.writer_finish(writer, None)
    finally:
        itape.writer_close(writer)


def columns_of(itape, path):
    """Gives (track, kind, times, list of int32 columns) of each section's kinds.

    Columns are arrays of ctypes: numpy.frombuffer(values[0], "<i4") takes one as it is.
    """
    reader, block = ctypes.c_void_p(), ctypes.c_void_p()
    itape.reader_open(path.encode(), c_uint32(0), byref(reader))
    try:
        itape.block_create(byref(block))
        info = Info()
        itape.reader_get_info(reader, byref(info))
        for index in range(info.blocks):
            itape.reader_load_block(reader, c_uint64(index), block)
            yield from sections_of(itape, block)
        warn_of_losses(itape, reader, path)
    finally:
        itape.block_close(block)
        itape.reader_close(reader)


def events_of(itape, path, kinds=(), start=None, end=None):
    """Gives the events of some kinds, or of all, from a time on and before another, in their order.

    They come as an array that is used again, and how many of it are events; numpy has columns of it:

        dtype = [("time", "<i8"), ("track", "<u2"), ("kind", "u1"), ("", "u1", 5),
                 ("values", "<i4", 16)]
        x = numpy.frombuffer(events, dtype)["values"][:count, 0]
    """
    chosen = Filter(start=start or 0, end=end or 0)
    chosen.flags = (0 if start is None else 1) | (0 if end is None else 2)
    for kind in kinds:
        chosen.kinds[kind // 64] |= 1 << kind % 64
    reader, cursor, count = ctypes.c_void_p(), ctypes.c_void_p(), c_size_t()
    events = (Event * 4096)()
    itape.reader_open(path.encode(), c_uint32(0), byref(reader))
    try:
        itape.reader_open_cursor(reader, byref(chosen), byref(cursor))
        size = c_size_t(ctypes.sizeof(Event))
        while itape.cursor_read(cursor, events, c_size_t(len(events)), size, byref(count)) != END:
            yield events, count.value
        warn_of_losses(itape, reader, path)
    finally:
        itape.cursor_close(cursor)
        itape.reader_close(reader)


def warn_of_losses(itape, reader, path):
    """What is damaged is left out, and is no error."""
    info = Info()
    itape.reader_get_info(reader, byref(info))
    if not info.flags & COMPLETE:
        warnings.warn(f"{path} is not whole: it was not closed, or {info.losses} parts are lost")


def sections_of(itape, block):
    place = 0
    while True:
        section, kind = Section(), Kind()
        try:
            itape.block_get_section(block, c_size_t(place), byref(section))
        except Error:
            return
        times, kinds = (c_int64 * section.events)(), (c_uint8 * section.events)()
        itape.block_copy_times(block, c_size_t(place), times, c_size_t(section.events))
        itape.block_copy_kinds(block, c_size_t(place), kinds, c_size_t(section.events))
        for number in range(section.kinds):
            itape.block_get_kind(block, c_size_t(place), c_size_t(number), byref(kind))
            values = []
            for column in range(kind.int32_count):
                buffer = (c_int32 * kind.events)()
                itape.block_copy_int32(
                    block, c_size_t(place), c_size_t(number), c_size_t(column), buffer,
                    c_size_t(kind.events))
                values.append(buffer)
            yield section.track, kind.kind, times_of(kind, times, kinds), values
        place += 1


def times_of(kind, times, kinds):
    """The times of one kind's events out of those of its section, which may have others."""
    if kind.events == len(times):
        return times
    own = [time for time, other in zip(times, kinds) if other == kind.kind]
    return (c_int64 * len(own))(*own)


def main():
    if len(sys.argv) not in (2, 3):
        print("usage: agent.py FILE [LIBRARY]", file=sys.stderr)
        return 64
    itape = Library(sys.argv[2] if len(sys.argv) == 3 else "libinputtape.so.0")
    record(itape, sys.argv[1])
    events = total = 0
    for _, kind, times, values in columns_of(itape, sys.argv[1]):
        if kind == MOTION:
            events += len(times)
            total += sum(values[0])
    print(f"{events} motions, sum of x: {total}")
    second = events_of(itape, sys.argv[1], [MOTION], start=10**9, end=2 * 10**9)
    print(f"{sum(count for _, count in second)} of them in the second second")
    return 0


if __name__ == "__main__":
    sys.exit(main())
