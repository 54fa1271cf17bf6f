# SPDX-License-Identifier: Apache-2.0
#
# Recordings of several files, whole and broken, for make_vectors.py.
"""folders(data) gives (name, {file: bytes}); `data` is a recording of five blocks without state."""

import copy

from itape_reference import DATA, Recording
from segments import UNKNOWN, split

COUNTS = [2, 2, 1]


def named(files):
    return {name(number): data for number, data in enumerate(files) if data is not None}


def name(number):
    return f"rec.{number:04}.itape" if number else "rec.itape"


def whole(data):
    parts = split(data, COUNTS)
    yield "three", named(part.bytes() for part in parts)
    yield "one", named(part.bytes() for part in split(data, [5]))
    yield "five", named(part.bytes() for part in split(data, [1] * 5))
    yield "without-blocks-in-the-second", named(part.bytes() for part in split(data, [3, 0, 2]))
    yield "without-blocks-in-the-last", named(part.bytes() for part in split(data, [5, 0]))
    files = named(part.bytes() for part in parts)
    yield "beside-other-files", files | {
        "rec.1.itape": files["rec.0001.itape"], "rec.0001.itape.new": b"", "rec.02.itape": b"x",
        "rec.0000.itape": files["rec.itape"], "other.itape": files["rec.itape"]}


def replaced(data):
    """A segment whose sync failed: the next one has its last blocks again."""
    parts = split(data, COUNTS)
    again = copy.deepcopy(parts)
    again[1].records[1:1] = copy.deepcopy(again[0].blocks()[1:])
    again[1].counts, again[2].counts = 2, 4
    for part in again[1:]:
        part.set_header()
    files = [part.bytes() for part in again]
    end = len(again[0].header) + sum(
        len(record.bytes(again[0], at)) for at, record in enumerate(again[0].records[:3]))
    yield "second-repeats-a-block", named([files[0][:end], *files[1:]])
    yield "second-repeats-a-torn-block", named([files[0][:end - 20], *files[1:]])
    yield "second-repeats-a-closed-one", named(files)
    lacks = len(again[0].header) + len(again[0].records[0].bytes(again[0], 0)) + 30
    yield "second-repeats-too-little", named([files[0][:lacks], *files[1:]])
    all_again = split(data, [2, 3])
    all_again[1].records[1:1] = copy.deepcopy(all_again[0].blocks())
    all_again[1].counts = 0
    all_again[1].set_header()
    yield "first-is-not-needed", named([None, all_again[1].bytes()])
    yield "first-is-repeated-whole", named(part.bytes() for part in all_again)
    yield "first-is-empty-and-not-needed", named([b"", all_again[1].bytes()])


def missing(files):
    first, second, third = files
    yield "first-missing", named([None, second, third])
    yield "second-missing", named([first, None, third])
    yield "last-missing", named([first, second])
    yield "last-two-missing", named([first])
    yield "first-two-missing", named([None, None, third])
    yield "first-empty", named([b"", second, third])
    yield "second-empty", named([first, b"", third])
    yield "last-empty", named([first, second, b""])
    yield "second-cut-in-its-header", named([first, second[:40], third])


def mistaken(data, parts, files):
    first, second, third = files
    yield "second-is-the-first-again", named([first, first, third])
    yield "second-is-the-third-again", named([first, third, third])
    yield "second-and-third-swapped", named([first, third, second])
    yield "first-and-second-swapped", named([second, first, third])
    yield "fourth-is-the-third-again", named([first, second, third, third])
    other = copy.deepcopy(parts)
    for part in other:
        part.set_header(bytes(range(16, 32)))
    yield "second-of-another-recording", named([first, other[1].bytes(), third])
    yield "first-of-another-recording", named([other[0].bytes(), second, third])
    yield "last-of-another-recording", named([first, second, other[2].bytes()])
    later = copy.deepcopy(parts)
    later[2].number = 9
    later[2].set_header()
    yield "third-is-the-tenth", named([first, second, later[2].bytes()])
    yield "tenth-behind-the-second", named([first, second]) | {name(9): later[2].bytes()}
    for number, which in enumerate(("first", "second")):
        ended = copy.deepcopy(parts)
        ended[number].is_continued = False
        yield f"{which}-does-not-go-on", named(part.bytes() for part in ended)
    ended = copy.deepcopy(parts)
    ended[2].is_continued = True
    yield "last-goes-on", named(part.bytes() for part in ended)
    for count, what in [(0, "none"), (1, "one"), (3, "all"), (9, "too-many"), (UNKNOWN, "unknown")]:
        counted = copy.deepcopy(parts)
        counted[1].counts = count
        counted[1].set_header()
        yield f"second-counts-{what}", named(part.bytes() for part in counted)
    first, *others = (part.bytes() for part in counted)
    yield "second-counts-unknown-of-one-cut-by-one", named([first[:-1], *others])
    yield "second-counts-unknown-of-one-cut-in-half", named([first[:len(first) // 2], *others])


def damaged(files):
    for number, which in enumerate(("first", "second", "last")):
        def change(data):
            return named([data if at == number else file for at, file in enumerate(files)])

        data = files[number]
        yield f"{which}-cut-in-a-block", change(data[:len(data) // 2])
        yield f"{which}-without-a-trailer", change(data[:-16])
        yield f"{which}-cut-by-one", change(data[:-1])
        yield f"{which}-header-destroyed", change(bytes(64) + data[64:])
        blocks = [r for r in Recording(data, "scan").records if r.type == DATA]
        at = blocks[-1].end - 12
        yield f"{which}-damaged", change(data[:at] + b"\xa5" * 9 + data[at + 9:])
        yield f"{which}-metadata-damaged", change(data[:120] + b"\xa5" + data[121:])
        yield f"{which}-bytes-behind", change(data + bytes(24))


def folders(data):
    parts = split(data, COUNTS)
    files = [part.bytes() for part in parts]
    for cases in (whole(data), replaced(data), missing(files), mistaken(data, parts, files),
                  damaged(files)):
        yield from cases
