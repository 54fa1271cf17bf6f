#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
#
# Mutation testing: changes that are wrong, one at a time, and whether the tests notice each.
"""Scripts/mutate.py build [--count N] [--seed N] [--group NAME ...]   makes and builds mutants
Scripts/mutate.py run [--only N,N]                                  runs the tests on each
Scripts/mutate.py report                                            counts, and who survived

All mutants are built at once: each place of a copy of the sources that was drawn says what it says
unless the variable ITAPE_MUTANT has its number. A place that does not compile so is given up. A
mutant is killed where a test fails, the process dies, or it takes several times as long as usual.
"""

import argparse
import collections
import json
import os
import pathlib
import random
import re
import shutil
import signal
import subprocess
import sys
import time

from mutation_points import places, rewrite

ROOT = pathlib.Path(__file__).resolve().parents[1]
HOME = ROOT / ".build/mutation"
TREE, SCRATCH = HOME / "tree", HOME / "scratch"
POINTS, RESULTS = HOME / "points.json", HOME / "results.jsonl"
MODULES = ["InputTapeCore", "InputTape"]
GROUPS = {
    "blocks": "Sources/InputTapeCore/Blocks", "container": "Sources/InputTapeCore/Container",
    "bytes": "Sources/InputTapeCore/Bytes", "columns": "Sources/InputTapeCore/Columns",
    "reading": "Sources/InputTape/Reading", "recovery": "Sources/InputTape/Recovery",
    "writing": "Sources/InputTape/Writing"}
# Tests, the quickest first; a mutant that one set kills is not tried on the next. What is here
# takes the place of `make test`: a mutant that survives it might be killed by the rest.
SETS = [
    r"VectorTests|HeaderLimitTests|InputTapeCoreTests\.SectionTests|ModelStreamTests"
    r"|InputTapeTests\.RoundTripTests|StateAndVerifyTests|AppendingTests|WriterFailureTests"
    "|FollowTests|SegmentVectorTests|LimitTableTests",
    "RecoveryTests|ReplayTests|DamageSweepTests|SectionDamageTests|EveryCallFailsTests",
    "RecordingDamageTests|StateModelTests|StorageSeamTests",
]
ERROR = re.compile(r"^(/\S+?\.swift):(\d+):\d+: error: (.*)$", re.M)


def copy_tree():
    shutil.rmtree(TREE, ignore_errors=True)
    for folder in ("Package.swift", "Sources", "Tests", "Specs", "Samples", "Fuzz", "Examples",
                   "Benchmarks/Thresholds"):
        source = ROOT / folder
        if source.is_dir():
            shutil.copytree(source, TREE / folder, ignore=shutil.ignore_patterns(".build*"))
        else:
            TREE.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, TREE / folder)
    manifest = TREE / "Package.swift"
    manifest.write_text(manifest.read_text().replace("  .treatAllWarnings(as: .error),\n", ""))
    for module in MODULES:
        shutil.copy(ROOT / "Scripts/mutation_support.swift.txt",
                    TREE / f"Sources/{module}/MutationSupport{module}.swift")


def draw(groups, count, seed):
    """So many places, as many of each file as its share is."""
    rng, found = random.Random(seed), []
    for group in groups:
        for path in sorted((ROOT / GROUPS[group]).rglob("*.swift")):
            place = dict(file=str(path.relative_to(ROOT)), group=group)
            found += [place | more for more in places(path.read_text())]
    files = collections.defaultdict(list)
    for place in found:
        files[place["file"]].append(place)
    drawn, share = [], min(1, count / max(len(found), 1))
    for name in sorted(files):
        part = max(1, round(len(files[name]) * share))
        drawn += rng.sample(files[name], min(part, len(files[name])))
    drawn.sort(key=lambda p: (p["file"], p["start"]))
    for number, place in enumerate(drawn, 1):
        place["number"] = number
    print(f"{len(found)} places in {len(files)} files, {len(drawn)} drawn", flush=True)
    return drawn


def write_sources(points):
    for name in sorted({p["file"] for p in points}):
        text = (ROOT / name).read_text()
        here = [p for p in points if p["file"] == name and not p.get("dropped")]
        (TREE / name).write_text(rewrite(text, here))


def swift(*arguments):
    command = ["swift", *arguments, "--package-path", str(TREE), "--scratch-path", str(SCRATCH)]
    done = subprocess.run(command, capture_output=True, text=True)
    return done.returncode, done.stdout + done.stderr


def drop_what_does_not_compile(points):
    for turn in range(30):
        write_sources(points)
        status, output = swift("build", "--target", "InputTape")
        errors = {(str(pathlib.Path(p).relative_to(TREE)), int(line))
                  for p, line, _ in ERROR.findall(output) if p.startswith(str(TREE))}
        dropped = 0
        for name, line in errors:
            here = [p for p in points if p["file"] == name and not p.get("dropped")]
            hit = [p for p in here if p["line"] <= line <= p["last"]]
            # What is not initialised is told at the end: by a statement above that may be left out.
            above = [p for p in here if p["kind"] == "statement" and line - 60 < p["line"] < line]
            for point in hit or above[-1:]:
                point["dropped"] = True
                dropped += 1
        print(f"turn {turn + 1}: {len(errors)} lines with errors, {dropped} places given up",
              flush=True)
        if status == 0:
            return
        if not dropped:
            sys.exit(output[-4000:])
    sys.exit("still does not compile")


def build(arguments):
    HOME.mkdir(parents=True, exist_ok=True)
    points = draw(arguments.group or list(GROUPS), arguments.count, arguments.seed)
    copy_tree()
    drop_what_does_not_compile(points)
    status, output = swift("build", "--build-tests", "-c", "release", "-Xswiftc", "-enable-testing")
    if status:
        sys.exit(output[-4000:])
    POINTS.write_text(json.dumps(points, indent=0))
    RESULTS.unlink(missing_ok=True)
    print(f"{sum(not p.get('dropped') for p in points)} mutants built")


def run_tests(names, number, limit):
    """None where all tests pass, otherwise how the mutant was killed; and the seconds."""
    binary = SCRATCH / "release/InputTapePackageTests.xctest"
    environment = dict(os.environ, ITAPE_MUTANT=str(number), SWIFT_BACKTRACE="enable=no")
    begun = time.monotonic()
    process = subprocess.Popen(
        [binary, "--testing-library", "swift-testing", "--filter", names],
        cwd=TREE, env=environment, start_new_session=True,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        status = process.wait(limit)
        how = None if status == 0 else "a test failed" if status == 1 else f"ended with {status}"
    except subprocess.TimeoutExpired:
        how = "took too long"
    finally:
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        process.wait()
    return how, time.monotonic() - begun


def run(arguments):
    points = [p for p in json.loads(POINTS.read_text()) if not p.get("dropped")]
    done = set()
    if RESULTS.exists():
        done = {json.loads(line)["number"] for line in RESULTS.read_text().splitlines()}
    limits = []
    for names in SETS:
        how, seconds = run_tests(names, 0, 900)
        print(f"without a mutant: {seconds:.1f} s, {how or 'passes'}: {names}", flush=True)
        if how:
            sys.exit("the tests fail without a mutant")
        limits.append(4 * seconds + 10)
    # In an order of their own, so that what has been run is a sample of all whenever it ends.
    random.Random(1).shuffle(points)
    only = {int(n) for n in arguments.only.split(",")} if arguments.only else None
    for point in points:
        if point["number"] in done or only and point["number"] not in only:
            continue
        how, total = None, 0
        for names, limit in zip(SETS, limits):
            how, seconds = run_tests(names, point["number"], limit)
            total += seconds
            if how:
                break
        with RESULTS.open("a") as file:
            file.write(json.dumps({"number": point["number"], "how": how, "set": names,
                                   "seconds": round(total, 1)}) + "\n")
        mark = "killed" if how else "SURVIVED"
        print(f"{mark} {point['number']} {point['file']}:{point['line']} {point['what']} "
              f"({how}, {total:.1f} s)", flush=True)


def report(_):
    points = {p["number"]: p for p in json.loads(POINTS.read_text())}
    results = [json.loads(line) for line in RESULTS.read_text().splitlines()]
    last = {r["number"]: r for r in results}
    groups = collections.Counter(), collections.Counter()
    for number, result in sorted(last.items()):
        point = points[number]
        groups[0][point["group"]] += 1
        groups[1][point["group"]] += 1 if result["how"] else 0
        if not result["how"]:
            print(f"{point['file']}:{point['line']}: {point['what']}: {point['text']}")
    for group, count in groups[0].items():
        killed = groups[1][group]
        print(f"| {group} | {count} | {killed} | {100 * killed / count:.1f} % |")
    count, killed = sum(groups[0].values()), sum(groups[1].values())
    print(f"| all | {count} | {killed} | {100 * killed / max(count, 1):.1f} % |")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    commands = parser.add_subparsers(required=True)
    made = commands.add_parser("build")
    made.add_argument("--count", type=int, default=600)
    made.add_argument("--seed", type=int, default=1)
    made.add_argument("--group", nargs="*", choices=list(GROUPS))
    made.set_defaults(function=build)
    ran = commands.add_parser("run")
    ran.add_argument("--only")
    ran.set_defaults(function=run)
    commands.add_parser("report").set_defaults(function=report)
    arguments = parser.parse_args()
    arguments.function(arguments)


if __name__ == "__main__":
    main()
