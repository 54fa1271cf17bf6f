# SPDX-License-Identifier: Apache-2.0
#
# Examples/Python/inputtape.py: what it writes it reads, by blocks and by cursors, as columns and,
# where pyarrow is, as tables.
#
#   python3 module.py FOLDER
import importlib.util
import os
import sys
import warnings

import inputtape
import numpy

folder = sys.argv[1]
path = os.path.join(folder, "all.itape")
checks = failures = 0
absent = inputtape.ABSENT
EVENTS = {
    "motion": [(1, -5), (2**31 - 1, absent)],
    "rawMotion": [(1, 2), (3, 4)],
    "button": [(1, 1), (1, 0)],
    "scroll": [(0, 120, absent), (0, -120, 1)],
    "key": [(30, 1), (2**32 - 1, 1)],
    "text": [("größer",), ("",)],
    "touch": [(7, 0, 1, 2, absent), (7, 1, 3, 4, 5)],
    "pen": [(1, 2, 3, 4, 5, 0, 1), (1, 2, absent, absent, absent, absent, absent)],
    "axis": [(0, -9), (1, 9)],
    "focus": [(1, 2, 3, 4, "editor", "a\0b"), (absent, absent, absent, absent, "desktop", "")],
    "frame": [(2**40, "screen.mp4"), (-1, "")],
    "marker": [("begin",), ("end",)],
    "clock": [(10**18, 5), (10**18 + 1, 6)],
    "gap": [(1, 0, 5, 1, 2), (3, 1, 1, 2, 3)],
    "custom": [(4, b"\0\xff"), (5, b"")],
}


def check(found, expected, what):
    global checks, failures
    checks += 1
    if found != expected:
        failures += 1
        print(f"{what}: {found!r}, not {expected!r}")


def refused(error, what, body):
    try:
        body()
        check(None, error, what)
    except error as caught:
        check(isinstance(caught, error), True, what)
        return caught


def rows(columns, kind):
    names = ["time", "track", *(field.name for field in inputtape.FIELDS[kind])]
    return list(zip(*(columns[name].tolist() for name in names)))


def write():
    about = {"purpose": "a test", "deleteAfter": "2999-12-31"}
    with inputtape.Writer(path, metadata=about) as writer:
        writer.set_track(3, "context", name="a window", coordinate_space="screen")
        for number, (kind, values) in enumerate(EVENTS.items()):
            writer.append(kind, 1000 * number, *values[0], track=3)
            columns = [list(column) for column in zip(*values)]
            writer.append_columns(kind, [1000 * number, 1000 * number + 1], *columns, track=number)
        writer.append_columns("motion", [], [], [])
        times = numpy.arange(50_000, 50_100)
        writer.append_columns("motion", times, times.astype("i4"), times.astype("i8"), track=40)


def read():
    with inputtape.open(path) as recording:
        check(recording.event_count, 3 * len(EVENTS) + 100, "events")
        check(recording.metadata, {"purpose": "a test", "deleteAfter": "2999-12-31"}, "metadata")
        tracks = {track["track"]: track for track in recording.tracks}
        check((tracks[3]["name"], tracks[3]["class"]), ("a window", "context"), "a track")
        check(recording.time_bounds, (0, 50_099), "bounds")
        check(recording.is_complete and len(recording.recording_id), 32, "completeness, ID")
        for number, (kind, values) in enumerate(EVENTS.items()):
            time = 1000 * number
            expected = sorted(
                [(time, 3, *values[0]), (time, number, *values[0]),
                 (time + 1, number, *values[1])], key=lambda row: row[0])
            if kind == "motion":
                expected += [(50_000 + n, 40, 50_000 + n, 50_000 + n) for n in range(100)]
            found = rows(recording.columns(kind), kind)
            check(sorted(found, key=str), sorted(expected, key=str), kind)
            check([row[0] for row in found], [row[0] for row in expected], kind + ", times")
            cut = rows(recording.columns(kind, start=-(2**63)), kind)
            check(sorted(cut, key=str), sorted(expected, key=str), kind + " by a cursor")
            check(
                rows(recording.columns(kind, start=time + 1, end=time + 2), kind),
                [(time + 1, number, *values[1])], kind + ", a stretch")
            check(
                rows(recording.columns(kind, tracks=[3], end=time + 2), kind)[:1],
                [(time, 3, *values[0])], kind + ", a track")
            check(rows(recording.columns(kind, tracks=[]), kind), [], kind + ", no track")
        state = recording.state(100_000)
        check(state[4]["keys"], [30, 2**32 - 1], "keys")
        check(state[3]["focus"], {"application": "editor", "title": "a\0b"}, "focus")
        check(state[6]["contacts"], {7: (3, 4)}, "contacts")
        check(state[8]["axes"], {0: -9, 1: 9}, "axes")
        check(state[40]["position"], (50_099, 50_099), "position")
        check(state[13]["isUncertain"], False, "certainty")


def fail():
    missing = refused(FileNotFoundError, "no file", lambda: inputtape.open(path + ".none"))
    check(".none" in str(missing), True, "its name")
    other = refused(inputtape.Error, "no recording", lambda: inputtape.open(__file__))
    check(other.status, 30, "a status")
    refused(FileExistsError, "a file that is there", lambda: inputtape.Writer(path))
    writer = inputtape.Writer(os.path.join(folder, "b.itape"))
    refused(ValueError, "a column too few", lambda: writer.append("motion", 1, 2))
    refused(ValueError, "columns of other lengths", lambda: writer.append_columns(
        "motion", [1, 2], [1, 2], [1]))
    refused(OverflowError, "a large number", lambda: writer.append("motion", 1, 2**31, 0))
    refused(inputtape.Error, "a track beyond", lambda: writer.append("motion", 1, 1, 1, track=1024))
    writer.finish()
    refused(inputtape.Error, "the end", lambda: writer.append("motion", 1, 1, 1))
    with open(path, "rb") as file:
        whole = file.read()
    torn = os.path.join(folder, "torn.itape")
    with open(torn, "wb") as file:
        file.write(whole[:-20])
    with warnings.catch_warnings(record=True) as caught, inputtape.open(torn) as recording:
        warnings.simplefilter("always")
        check(len(recording.columns("clock")["time"]), 3, "what is left")
        check("torn.itape is not whole" in str(caught[-1].message), True, "a warning")
        check(recording.is_complete, False, "completeness")
    refused(inputtape.Error, "a strict reader", lambda: inputtape.open(torn, strict=True))


def tables():
    import pyarrow.parquet
    with inputtape.open(path) as recording:
        found = recording.tables()
        check(list(found), list(EVENTS), "tables")
        for kind, table in found.items():
            columns = recording.columns(kind)
            for name in columns:
                expected = [None if value == absent and kind != "motion" else value
                            for value in columns[name].tolist()]
                check(table[name].to_pylist(), expected, f"{kind}, {name}")
    sys.argv = ["inputtape.py", path, os.path.join(folder, "pq")]
    check(inputtape.main(), 0, "main")
    file = os.path.join(folder, "pq", "motion.parquet")
    check(os.stat(file).st_mode & 0o077, 0, "who may read it")
    table = pyarrow.parquet.read_table(file)
    check(table.schema.metadata[b"purpose"], b"a test", "metadata in Parquet")
    check(table["x"].to_pylist()[-1], 50_099, "a value in Parquet")
    joined = found["frame"].select(["time", "media"]).join_asof(
        found["motion"].select(["time", "x"]), on="time", by=[], tolerance=-(10**9))
    check(len(joined) == 3 and set(joined["x"].to_pylist()), {2**31 - 1}, "a join")


write()
read()
fail()
if importlib.util.find_spec("pyarrow"):
    tables()
else:
    print("without pyarrow: no tables")
print(f"{checks} checks, {failures} failed")
sys.exit(1 if failures else 0)
