# SPDX-License-Identifier: Apache-2.0
#
# Writes the seeds of the fuzz targets, Fuzz/Corpus, out of the valid vectors and the samples.
"""python3 make_seeds.py ITAPE: the path of the command. The result is the same every time."""

import pathlib
import random
import shutil
import struct
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "Specs/Reference"))
sys.path.insert(0, str(ROOT / "Specs/Vectors/make"))
import broken_models  # noqa: E402
from broken_fields import index_payloads  # noqa: E402
from import_seeds import imports  # noqa: E402
from itape_bytes import Bytes  # noqa: E402
from itape_columns import Section  # noqa: E402
from itape_reference import Recording  # noqa: E402
from segments import split  # noqa: E402
from tape import Tape, varint  # noqa: E402

VALID = ROOT / "Specs/Vectors/v1/valid"
CORPUS = ROOT / "Fuzz/Corpus"
ID = "000102030405060708090a0b0c0d0e0f"
DATA, METADATA, INDEX = 1, 2, 4
LIMIT = 3_000
# As ProbeInput counts events by a byte: few, or one of these.
EVENTS, MANY = 248, [8_191, 8_192, 8_193, 8_194, 8_207, 8_260, 32_768, 32_779]
# A plain section of kinds 16 and 17, without columns.
TWO_KINDS = bytes([0, 2, 16, 0, 0, 0, 17, 0, 0, 0])


class Marked(Section):
    """A section that notes where its columns stand."""

    def __init__(self, data, form, count):
        super().__init__(data, form, count)
        self.marks, self.models, self.depth = [], [], 0

    def note(self, name, count, make):
        start, self.depth = self.source.at, self.depth + 1
        found = make()
        self.depth -= 1
        if self.depth == 0:
            self.marks.append((name, count, start, self.source.at))
        return found

    def integers(self, count, width, may_have_runs=True):
        return self.note(f"int{width}", count, lambda: super(Marked, self).integers(
            count, width, may_have_runs))

    def coordinates(self, count, touch):
        return self.note("touch" if touch else "motion", count, lambda: super(
            Marked, self).coordinates(count, touch))

    def stream(self, length):
        start = self.source.at
        found = super().stream(length)
        head = Bytes(self.source.data[start:self.source.at])
        if head.varint() & 3 == 3:
            self.models.append((length, head.take(head.left)))
        return found

    def held(self, count):
        return self.note("held", count, lambda: super(Marked, self).held(count))

    def strings(self, count):
        return self.note("string", count, lambda: super(Marked, self).strings(count))

    def times(self, count):
        return self.note("times", count, lambda: super(Marked, self).times(count))


def vectors():
    for path in sorted(VALID.glob("*.itape")):
        data = path.read_bytes()
        yield path.stem, data, Recording(data, "scan")


def sections():
    """(name, entry, bytes) of all sections of the valid vectors."""
    for name, data, recording in vectors():
        for record in recording.records:
            for number, entry in enumerate(record.entries if record.type == DATA else []):
                label = f"{name}-{record.sequence}-{number}"
                yield label, entry, data[entry.at:entry.at + entry.stored]


def columns(data, count):
    """Columns of a plain section: target, first byte, bytes."""
    section = Marked(data, 0, count)
    section.decode()
    places = {"int32": ("FuzzColumns", 0), "int64": ("FuzzColumns", 1),
              "string": ("FuzzColumns", 2), "motion": ("FuzzPairs", 0),
              "held": ("FuzzHeld", 0), "times": ("FuzzTimes", 0)}
    for name, number, start, end in section.marks:
        if name in places and 0 < number <= EVENTS:
            target, head = places[name]
            yield target, bytes([head, number - 1]) + data[start:end]


def long_seeds():
    """Columns and times in parts, whose tokens are all the same."""
    grid = bytes([0, 1, 1]) + varint(3 << 16) + bytes([3, 2, 0, *range(8), 0x55, 5, 0x10, 0])
    for name, target, count, data in [
        ("grid", "FuzzTimes", 8_193, grid), ("grid-long", "FuzzTimes", 32_779, grid),
        ("linear", "FuzzPairs", 8_207, bytes([2, 6, 2, 0x55, 5, 0x12, 0])),
        ("beat", "FuzzPairs", 32_779, bytes([3, 0x34, 64, 0x55, 5, 0x12, 0])),
        ("packed", "FuzzColumns", 8_260, bytes([0x81, 10, 5, 0x1B])),
        ("packed", "FuzzHeld", 8_192, bytes([0, 2, 10, 5, 0x1B, 0, 0, 0])),
    ]:
        yield target, f"long-{name}", bytes([0, EVENTS + MANY.index(count)]) + data


def models(data, count):
    """Modelled streams of a section, cut to what the target takes: settings, tokens, bytes."""
    section = Marked(data, 1, count)
    section.decode()
    for length, stored in section.models:
        yield b"\0" + struct.pack(">H", length) + stored


def small_models():
    """One of three tokens, and what is wrong with others like it."""
    good = broken_models.TABLES + broken_models.words(*broken_models.states())
    yield "FuzzModels", "good", b"\0\0\x03\0" + good
    for name, stored in broken_models.payloads():
        yield "FuzzModels", name, b"\0\0\x03" + stored


def section_seeds():
    yield from small_models()
    yield from long_seeds()
    for name, entry, data in sections():
        if len(data) > LIMIT and not (entry.form == 1 and entry.events > 8_192):
            continue
        head = struct.pack(">H", entry.events & 0xFFFF)
        if entry.form == 3:
            if entry.events < 1_024:
                yield "FuzzAdaptive", name, b"\0" + head + data
        else:
            yield "FuzzSection", name, bytes([entry.form]) + head + data
        if entry.form == 1 and data[0] == 0:
            for number, seed in enumerate(models(data, entry.events)):
                yield "FuzzModels", f"{name}-{number}", seed
        if entry.form == 0 and data[0] == 0:
            for number, (target, seed) in enumerate(columns(data, entry.events)):
                yield target, f"{name}-{number}", seed
            if data.startswith(TWO_KINDS) and entry.events <= EVENTS:
                rest = data[len(TWO_KINDS):]
                yield "FuzzTimes", f"{name}-kinds", bytes([1, entry.events - 1]) + rest


def header_seeds():
    for name, data, recording in vectors():
        yield "FuzzHeaders", f"{name}-file", b"\1" + data[8:64]
        yield "FuzzHeaders", f"{name}-trailer", b"\5" + data[-16:]
        for record in recording.records[:3]:
            label = f"{name}-{record.sequence}"
            yield "FuzzHeaders", f"{label}-record", b"\0" + data[record.at:record.payload]
            payload = data[record.payload:record.end]
            if record.type == METADATA:
                yield "FuzzHeaders", f"{label}-metadata", b"\3" + payload[64:]
            if record.type == DATA:
                head = struct.pack(">I", record.stored + record.directory)[1:] + struct.pack(
                    ">HqBB", record.events & 0xFFFF, record.first, record.count & 255,
                    record.flags >> 4)
                yield "FuzzHeaders", f"{label}-directory", (
                    b"\2" + head + data[record.directory_at:record.payload])
        last = recording.records[-1]
        payload = data[last.payload:last.end]
        if last.type == INDEX and not last.flags & 24:
            yield "FuzzHeaders", f"{name}-index", (
                b"\4" + bytes([min(last.at >> 12 + 1, 255)]) + payload)


def index_seeds(data):
    """The index of a recording as it is, and what is wrong with others like it."""
    yield "FuzzIndex", "whole", b"\0" + index_payload(data)
    for name, broken in index_payloads(data):
        yield "FuzzIndex", name.removeprefix("index-"), b"\1" + index_payload(broken)
    for number in range(len(Tape(data).records)):
        for name, kind, flags in [("hidden", 0xC9, 0), ("sealed", 1, 2), ("keyframe", 1, 4)]:
            yield "FuzzIndex", f"{name}-{number}", b"\0" + listed(data, number, kind, flags)
    for cut in range(8, len(index_payload(data)), 9):
        yield "FuzzIndex", f"cut-{cut}", b"\0" + index_payload(data)[:cut]


def index_payload(data):
    """What stands in front of the trailer, in a record that may say wrong things of itself."""
    header = Bytes(data[struct.unpack("<Q", data[-16:-8])[0] + 9:-16])
    flags = header.take(1)[0]
    for _ in range(3 if flags & 24 else 2):
        header.varint()
    header.take(4)
    return header.take(header.left)


def listed(data, number, kind, flags):
    """The index where one record is listed as of another type."""
    tape = Tape(data)
    record = tape.records[number]
    directory, payload = record.body()
    if kind != DATA or flags & 2:
        record.sections, record.payload = None, payload
    record.type, record.flags = kind, record.flags & 15 | flags
    return b"\0" + varint(len(tape.records)) + tape.listing()


def run(command, *arguments):
    subprocess.run([command, *map(str, arguments)], check=True)


def made_seeds(command, folder):
    """Seeds that need the command: an index over the probe's own recording, and CSV."""
    lines = "".join(
        f'{{"t":{i * 1000},"device":0,"kind":"motion","x":{i},"y":-1}}\n' for i in range(10))
    lines += "".join(
        f'{{"t":{i * 1000},"device":{i % 6},"kind":"axis","axis":0,"value":{i}}}\n'
        for i in range(10, 22))
    (folder / "base.jsonl").write_text(lines)
    run(command, "convert", folder / "base.jsonl", folder / "base.itape", "--recording-id", ID,
        "--block-events", "8", "--compression", "none")
    data = (folder / "base.itape").read_bytes()
    lines = "".join(f'{{"t":{i * 1000},"device":{i & 1},"kind":"rawMotion","dx":{i},"dy":-1}}\n'
                    for i in range(12))
    (folder / "base.jsonl").write_text(lines)
    run(command, "convert", folder / "base.jsonl", folder / "stateless.itape", "--recording-id",
        ID, "--block-events", "4", "--compression", "none")
    yield from segmented((folder / "stateless.itape").read_bytes())
    yield from index_seeds(data)
    for sample in [ROOT / "Samples/all-kinds.jsonl", VALID / "texts-none.jsonl",
                   VALID / "unknown-kinds-none.jsonl"]:
        run(command, "convert", sample, folder / "out.csv")
        text = (folder / "out.csv").read_bytes()
        (folder / "out.csv").unlink()
        yield "FuzzCSV", sample.stem, b"\xff" + text[:LIMIT].rpartition(b"\r\n")[0] + b"\r\n"


def other_seeds():
    rng = random.Random(7)
    for name, target in [("noise", "FuzzBatch"), ("noise", "FuzzWriter")]:
        for number in range(24):
            yield target, f"{name}-{number}", bytes(
                rng.randrange(rng.choice([16, 256])) for _ in range(8 << number % 4))
    for path in [ROOT / "Samples/all-kinds.jsonl", *sorted(VALID.glob("*.jsonl"))]:
        text = path.read_bytes()[:LIMIT].rpartition(b"\n")[0]
        if text and path.stem.split("-")[-1] not in ("fast", "balanced", "compact", "deflate"):
            yield "FuzzJSONL", path.stem, b"\xff" + text + b"\n"
    for number, text in enumerate(["plain", "\x1b[31mred\x07", "\u202eevil\u2066", "\x9b2J\x7f",
                                   "=1+1", "größer 日本語 🖱️", "a\\u{1b}", "\u2028\u00ad"]):
        yield "FuzzTerminal", str(number), text.encode()
    for name, data, recording in vectors():
        if len(data) <= LIMIT:
            yield "FuzzReader", name, data
            if name.endswith("-none") or name == "blocks-of-20":
                yield from damaged(name, data, recording)


SEPARATOR = b"\n--segment--\n"


def damaged(name, data, recording):
    """Recordings for recovery: whole, cut, with a byte that is not as it was."""
    yield "FuzzRecover", name, data
    place = recording.records[len(recording.records) // 2].payload + 5
    yield "FuzzRecover", f"{name}-cut", data[:place]
    yield "FuzzRecover", f"{name}-damaged", data[:place] + b"\xaa" + data[place + 1:]


def segmented(data):
    """A recording in segments: whole, without one, without the end of one."""
    files = [segment.bytes() for segment in split(data, [1, 1, 1])]
    yield "FuzzRecover", "segments", SEPARATOR.join(files)
    yield "FuzzRecover", "segments-without-the-second", SEPARATOR.join([files[0], b"", files[2]])
    yield "FuzzRecover", "segments-without-the-first", SEPARATOR.join([b"", *files[1:]])
    yield "FuzzRecover", "segments-without-an-end", SEPARATOR.join([files[0][:-80], *files[1:]])


def main():
    for folder in CORPUS.glob("Fuzz*"):
        shutil.rmtree(folder)
    seen, count = set(), {}
    with tempfile.TemporaryDirectory() as folder:
        for make in (section_seeds(), header_seeds(), other_seeds(), imports(),
                     made_seeds(sys.argv[1], pathlib.Path(folder))):
            for target, name, data in make:
                shape = (target, data)
                if shape in seen or count.get(target, 0) >= 120:
                    continue
                seen.add(shape)
                count[target] = count.get(target, 0) + 1
                (CORPUS / target).mkdir(parents=True, exist_ok=True)
                (CORPUS / target / name).write_bytes(data)
    for target in sorted(count):
        print(f"{target}: {count[target]} seeds")


if __name__ == "__main__":
    main()
