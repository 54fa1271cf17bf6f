# SPDX-License-Identifier: Apache-2.0
#
# Writes Specs/Vectors/v1 anew: recordings made by `itape convert`, and ones that are broken in
# one way each.
"""python3 make_vectors.py ITAPE: the path of the command. The result is the same every time."""

import pathlib
import random
import shutil
import subprocess
import sys
import tempfile

import streams
from tape import Rec, Tape

import broken
import broken_fields
import broken_models
import broken_segments
import broken_sections
import edges
from itape_reference import read, summary
import itape_segments

ROOT = pathlib.Path(__file__).resolve().parents[1] / "v1"
ID = "000102030405060708090a0b0c0d0e0f"


def convert(command, lines, options):
    with tempfile.TemporaryDirectory() as folder:
        text, tape = pathlib.Path(folder) / "in.jsonl", pathlib.Path(folder) / "out.itape"
        text.write_text("".join(line + "\n" for line in lines), encoding="utf-8")
        subprocess.run(
            [command, "convert", str(text), str(tape), "--recording-id", ID, *options], check=True)
        return tape.read_bytes()


def write_valid(command):
    folder = ROOT / "valid"
    tapes = {}
    for name, lines, options in streams.valid():
        tapes[name] = convert(command, lines, options)
        text = "".join(line + "\n" for line in streams.ordered(lines))
        (folder / f"{name}.itape").write_bytes(tapes[name])
        (folder / f"{name}.jsonl").write_text(text, encoding="utf-8")
    tape = Tape(tapes["all-kinds-none"])
    tape.records.insert(1, Rec(200, 0, b"of a later version"))
    tape.records.insert(3, Rec(255, 0xFE, b""))
    tape.records.insert(2, Rec(6, 0, b"reserved"))
    (folder / "unknown-records.itape").write_bytes(tape.bytes())
    shutil.copy(folder / "all-kinds-none.jsonl", folder / "unknown-records.jsonl")
    one = tapes["one-event"]
    for name, data in edges.recordings(one):
        lines, verdict, _ = read(data)
        assert verdict["status"] == "complete", verdict
        (folder / f"{name}.itape").write_bytes(data)
        (folder / f"{name}.jsonl").write_text("".join(line + "\n" for line in lines))
    for name, data in (*broken_fields.tolerated(one), *broken_sections.allowed(one)):
        (folder / f"{name}.itape").write_bytes(data)
        shutil.copy(folder / "one-event.jsonl", folder / f"{name}.jsonl")
    return tapes


def is_sound(command, path):
    return subprocess.run([command, "verify", path], capture_output=True).returncode == 0


def invalid(tapes):
    """(name, bytes) of all broken recordings, none like another or like a good one."""
    seen, base = set(tapes.values()), tapes["blocks-of-20"]
    for cases in (broken.invalid(tapes), broken_fields.fields(base),
                  broken_sections.sections(base), broken_models.sections(base),
                  broken_sections.adaptive_damage(tapes["mixed-compact"])):
        for name, data in cases:
            if data not in seen:
                seen.add(data)
                yield name, data


def write_invalid(command, tapes):
    folder, rows = ROOT / "invalid", []
    for name, data in invalid(tapes):
        path, row = folder / f"{name}.itape", summary(data, "scan")
        assert not path.exists(), name
        path.write_bytes(data)
        if row.startswith("complete") and is_sound(command, path):
            print("left out, for there is nothing wrong with it:", name)
            path.unlink()
        else:
            rows.append(f"{name}.itape\t{row}")
    rows.sort()
    head = "file\tverdict\tcode\tposition\tevents\thash\n"
    (folder / "EXPECT.tsv").write_text(head + "".join(row + "\n" for row in rows))


def write_segments(command):
    """Folders, each the files of one recording, and what is in them."""
    folder, rows = ROOT / "segments", []
    data = convert(command, streams.stateless(), ["--block-events", "8", "--compression", "none"])
    for name, files in broken_segments.folders(data):
        place = folder / name
        place.mkdir()
        for file, contents in files.items():
            (place / file).write_bytes(contents)
        rows.append(f"{name}\t{itape_segments.summary(place / 'rec.itape')}")
    head = "folder\tverdict\tmissing\tlosses\tevents\thash\n"
    (folder / "EXPECT.tsv").write_text(head + "".join(row + "\n" for row in sorted(rows)))


def main():
    random.seed(1)
    for name in ("valid", "invalid", "segments"):
        shutil.rmtree(ROOT / name, ignore_errors=True)
        (ROOT / name).mkdir(parents=True)
    tapes = write_valid(sys.argv[1])
    write_invalid(sys.argv[1], tapes)
    write_segments(sys.argv[1])


if __name__ == "__main__":
    main()
