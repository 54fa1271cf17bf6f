# SPDX-License-Identifier: Apache-2.0
#
# Whether the command and the reference say the same of sections by chance and of changed ones.
"""python3 compare_readers.py ITAPE [--seconds N] [--seed N] [--keep FOLDER] [RECORDING …]

Sections are made anew, or are those of recordings (the valid vectors, if none are given) with a
change. Many of them, each on a track of its own, become one recording. Prints on which the two
differ: one takes what the other refuses, or other events, or another error."""

import argparse
import collections
import json
import pathlib
import random
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "Specs/Reference"))
sys.path.insert(0, str(ROOT / "Specs/Vectors/make"))
from itape_bytes import Bad  # noqa: E402
import itape_columns  # noqa: E402
from itape_columns import Section  # noqa: E402
import itape_zstd  # noqa: E402
from itape_reference import DATA, Recording, line  # noqa: E402
from make_adaptive import Long, Small  # noqa: E402
from make_sections import ADAPTIVE, changed, made, zstandard  # noqa: E402
import tape  # noqa: E402

VALID = ROOT / "Specs/Vectors/v1/valid"
LARGEST, MOST_EVENTS = 6_000, 1_500
EARLIEST = -2**63


def sections(paths):
    """The sections of recordings that are small enough."""
    for path in paths:
        data = path.read_bytes()
        for record in Recording(data, "scan").records:
            for entry in record.entries if record.type == DATA else []:
                if 0 < entry.stored <= LARGEST and entry.events <= MOST_EVENTS:
                    yield (entry.form, entry.events, entry.first,
                           data[entry.at:entry.at + entry.stored])


def reference(form, count, first, data):
    """The events of a section, or the name of an error; None where the two may differ, or where the
    reference would take too long."""
    section = Small(data, count, first) if form == ADAPTIVE else Section(data, form, count)
    try:
        return section.decode()
    except Bad as error:
        return str(error)
    except (Undefined, Long):
        return None


class Undefined(Exception):
    """A frame with blocks that some libraries take (Encodings, 2)."""


def strict_frame(data, length):
    itape_zstd.blocks(data, length)
    try:
        return itape_zstd.decompress(data, length)
    except Bad:
        raise Undefined from None


def recording(base, cases):
    """One block for each section."""
    copy = tape.Tape(base)
    copy.records = [record for record in copy.records if record.type != DATA]
    for track, (form, count, first, data) in enumerate(cases):
        section = tape.Section(track, form, 0, 7, count, first, data)
        copy.records.append(tape.Rec(
            DATA, 0, first=EARLIEST, span=2**64 - 1, sections=[section]))
    return copy.bytes()


def command(itape, path, cases):
    """What the command says of each section: lines of text, or the name of an error."""
    done = subprocess.run([itape, "cat", path, "--mode", "salvage"], capture_output=True)
    if done.returncode not in (0, 1):
        raise SystemExit(f"cat ends with {done.returncode}: {done.stderr.decode()}")
    found = [[] for _ in cases]
    for text in done.stdout.decode().splitlines():
        start = text.index('"device":') + 9
        found[int(text[start:text.index(",", start)])].append(text)
    done = subprocess.run([itape, "verify", "--json", path], capture_output=True)
    problems = json.loads(done.stdout)["problems"]
    return found, problems


def differences(itape, folder, base, cases, with_errors):
    """(case, sentence) of those on which the two do not agree."""
    answers = [reference(*case) for case in cases]
    cases = [case for case, answer in zip(cases, answers) if answer is not None]
    answers = [answer for answer in answers if answer is not None]
    cases = [(form, count, events[0][0] if form != ADAPTIVE and events and isinstance(
        events, list) else first or 0, data)
        for (form, count, first, data), events in zip(cases, answers)]
    path = folder / "sections.itape"
    data = recording(base, cases)
    path.write_bytes(data)
    found, problems = command(itape, path, cases)
    errors, entries = {}, {}
    for record in Recording(data, "scan").records:
        for entry in record.entries:
            entries[entry.track] = entry
    for problem in problems:
        for track, entry in entries.items():
            if entry.at <= problem["position"] <= entry.at + entry.stored:
                errors[track] = problem["error"]
    for track, (case, answer) in enumerate(zip(cases, answers)):
        name = errors.get(track)
        if isinstance(answer, str):
            if found[track]:
                yield case, f"reference: {answer}; command: {len(found[track])} events"
            elif name != answer and with_errors:
                yield case, f"reference: {answer}; command: {name}"
            continue
        lines = [line(track, event) for event in answer]
        if lines != found[track]:
            place = next((i for i, (a, b) in enumerate(zip(lines, found[track])) if a != b), None)
            yield case, (f"reference: {len(lines)} events; command: {name or len(found[track])}"
                         + ("" if place is None else f", first other event {place}:"
                            f" {lines[place]} {found[track][place]}"))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("itape")
    parser.add_argument("recordings", nargs="*", type=pathlib.Path)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=pathlib.Path)
    parser.add_argument("--errors", action="store_true")
    arguments = parser.parse_intermixed_args()
    if zstandard is None:
        parser.error("needs Python's package zstandard")
    known = list(sections(arguments.recordings or sorted(VALID.glob("*.itape"))))
    if not known:
        parser.error(f"no section of up to {MOST_EVENTS} events in the recordings")
    base = (VALID / "one-event.itape").read_bytes()
    itape_columns.zstd_frame = strict_frame
    rng, end = random.Random(arguments.seed), time.monotonic() + arguments.seconds
    counts, kept = collections.Counter(), collections.Counter()
    with tempfile.TemporaryDirectory() as folder:
        while time.monotonic() < end:
            cases = [made(rng) if rng.random() < 0.6 else changed(rng, rng.choice(known))
                     for _ in range(200)]
            counts["sections"] += len(cases)
            for case, sentence in differences(
                    arguments.itape, pathlib.Path(folder), base, cases, arguments.errors):
                form, count, first, data = case
                counts["differing"] += 1
                kept[sentence[:70]] += 1
                if kept[sentence[:70]] <= 3:
                    print(f"{sentence}\n  form {form}, {count} events, first {first}: "
                          f"{data.hex()[:400]}")
                if arguments.keep:
                    name = f"{arguments.seed}-{counts['differing']}"
                    (arguments.keep / name).write_text(
                        f"{sentence}\n{form} {count} {first} {data.hex()}\n")
    print(", ".join(f"{number} {name}" for name, number in counts.items()), flush=True)
    return int(counts["differing"] > 0)


if __name__ == "__main__":
    sys.exit(main())
