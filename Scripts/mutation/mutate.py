#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
#
# Mutation testing: changes that are wrong, one at a time, and whether the tests notice each.
"""mutate.py build [--count N] [--seed N] [--group NAME ...] [--since COMMIT]   makes mutants
mutate.py run [--only N,N] [--tries N] [--cases NAMES]      looks what each changes
mutate.py fresh [--only N,N] [--cases NAMES]                those that live, from the start
mutate.py suites [--only N,N] [--seconds N]                 runs tests on those that live
mutate.py renew                                             builds again with tests that changed
mutate.py report                                            counts, and who survived

All mutants are built at once: each place of a copy of the sources that was drawn says what it says
unless its mutant lives in the process. A place that does not compile so is given up. What is run is
`itape-digests`: a mutant is killed where a digest differs from the one without it, where the
process dies, or where it takes many times as long. The same digests are compared by DigestTests in
`make test`. What lives then is looked at in processes of its own, as tables are made once, before a
mutant lives; and on the suites of suites.py, as far as the change matters there.
"""

import argparse
import collections
import hashlib
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys

import suites
from points import places, rewrite

SCRIPTS = pathlib.Path(__file__).resolve().parent
ROOT = SCRIPTS.parents[1]
HOME = ROOT / ".build/mutation"
TREE, SCRATCH = HOME / "tree", HOME / "scratch"
POINTS, RESULTS = HOME / "points.json", HOME / "results.jsonl"
REACHED = HOME / "reached.json"
MODULES = ["InputTapeCore", "InputTape"]
GROUPS = {
    "blocks": "Sources/InputTapeCore/Blocks", "container": "Sources/InputTapeCore/Container",
    "bytes": "Sources/InputTapeCore/Bytes", "columns": "Sources/InputTapeCore/Columns",
    "kernels": "Sources/InputTapeCore/Kernels", "state": "Sources/InputTapeCore/State",
    "events": "Sources/InputTapeCore/Events",
    "reading": "Sources/InputTape/Reading", "recovery": "Sources/InputTape/Recovery",
    "threads": "Sources/InputTape/Threads", "writing": "Sources/InputTape/Writing"}
RELEASE = ["-c", "release", "-Xswiftc", "-enable-testing"]
STRETCH = re.compile(r"^@@ -\S+ \+(\d+)(?:,(\d+))? @@", re.M)
ERROR = re.compile(r"^(/\S+?\.swift):(\d+):\d+: error: (.*)$", re.M)


def copy_tree(names=("Package.swift", "Sources", "Tests", "Specs", "Samples", "Fuzz", "Examples",
                     "Benchmarks/Thresholds")):
    for folder in names:
        source = ROOT / folder
        shutil.rmtree(TREE / folder, ignore_errors=True)
        if source.is_dir():
            shutil.copytree(source, TREE / folder, ignore=shutil.ignore_patterns(".build*"))
        else:
            TREE.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, TREE / folder)
    process = TREE / "Tests/InputTapeDigestProcess"
    (process / "DigestProcess.swift").unlink()
    shutil.copy(SCRIPTS / "process.swift.txt", process / "MutationProcess.swift")
    for name, place in {"mutation.h": "CMutation/include/mutation.h",
                        "mutation.c": "CMutation/mutation.c",
                        "support.swift": "MutationSupport/MutationSupport.swift"}.items():
        (TREE / "Sources" / place).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(SCRIPTS / f"{name}.txt", TREE / "Sources" / place)


def change_manifest():
    manifest = TREE / "Package.swift"
    text = manifest.read_text().replace("  .treatAllWarnings(as: .error),\n", "")
    text = text.replace('.target(name: "CInputTapePlatform"),',
                        '.target(name: "CInputTapePlatform"),\n    .target(name: "CMutation"),\n'
                        '    .target(name: "MutationSupport", dependencies: ["CMutation"]),')
    text = text.replace('"CInputTapePlatform"]', '"CInputTapePlatform", "MutationSupport"]')
    text = text.replace('dependencies: ["InputTapeDigests"]',
                        'dependencies: ["InputTapeDigests", "CMutation"]')
    manifest.write_text(text)


def lines_since(commit, name):
    """The numbers of a file's lines that are not as they were in that commit."""
    difference = subprocess.run(["git", "diff", "-U0", commit, "--", name], cwd=ROOT, check=True,
                                capture_output=True, text=True).stdout
    stretches = [(int(first), int(count or 1)) for first, count in STRETCH.findall(difference)]
    return {line for first, count in stretches for line in range(first, first + count)}


def draw(groups, count, seed, since):
    """So many places, as many of each file as its share is; where `since` names a commit, of those
    that were written after it. A place is drawn by what stands there, so that a change of the
    sources elsewhere draws no other."""
    files = {}
    for group in groups:
        for path in sorted((ROOT / GROUPS[group]).rglob("*.swift")):
            name, seen = str(path.relative_to(ROOT)), collections.Counter()
            files[name] = places(path.read_text())
            for place in files[name]:
                place |= dict(file=name, group=group)
                what = f"{seed} {name} {place['what']} {place['text']}"
                seen[what] += 1
                what += f" {seen[what]}"
                place["rank"] = hashlib.sha256(what.encode()).hexdigest()
            if since:
                written = lines_since(since, name)
                files[name] = [place for place in files[name] if place["line"] in written]
    files = {name: found for name, found in files.items() if found}
    drawn, share = [], min(1, count / max(sum(map(len, files.values())), 1))
    for found in files.values():
        part = max(1, round(len(found) * share))
        drawn += sorted(found, key=lambda place: place["rank"])[:part]
    drawn.sort(key=lambda p: (p["file"], p["start"]))
    for number, place in enumerate(drawn, 1):
        place["number"] = number
    count = sum(map(len, files.values()))
    print(f"{count} places in {len(files)} files, {len(drawn)} drawn", flush=True)
    return drawn


def write_sources(points):
    for name in sorted({p["file"] for p in points}):
        text = (ROOT / name).read_text()
        here = [p for p in points if p["file"] == name and not p.get("dropped")]
        (TREE / name).write_text(imported(rewrite(text, here)))


def imported(text):
    """The text with an import in front of its first line that is no comment."""
    lines = text.split("\n")
    first = next(n for n, line in enumerate(lines) if line and not line.startswith("//"))
    lines[first] = "import MutationSupport; " + lines[first]
    return "\n".join(lines)


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
    points = draw(arguments.group or list(GROUPS), arguments.count, arguments.seed,
                  arguments.since)
    shutil.rmtree(TREE, ignore_errors=True)
    copy_tree()
    change_manifest()
    drop_what_does_not_compile(points)
    status, output = swift("build", *RELEASE, "--product", "itape-digests")
    if status:
        sys.exit(output[-4000:])
    POINTS.write_text(json.dumps(points, indent=0))
    RESULTS.unlink(missing_ok=True)
    REACHED.unlink(missing_ok=True)
    print(f"{sum(not p.get('dropped') for p in points)} mutants built")


def renew(_):
    """The same mutants, with the tests as they are now."""
    copy_tree(("Tests", "Specs"))
    status, output = swift("build", *RELEASE, "--product", "itape-digests")
    if status:
        sys.exit(output[-4000:])
    REACHED.unlink(missing_ok=True)


def results():
    """The last result of each mutant, or what killed it."""
    found = {}
    for line in RESULTS.read_text().splitlines() if RESULTS.exists() else []:
        result = json.loads(line)
        if not found.get(result["number"], {}).get("result"):
            found[result["number"]] = result
    return found


def run(arguments):
    """Mutants that are dead are not run again; the others are, as cases may have been added."""
    points = {p["number"]: p for p in json.loads(POINTS.read_text()) if not p.get("dropped")}
    dead = {number for number, result in results().items() if result["result"]}
    chosen = map(int, arguments.only.split(",")) if arguments.only else sorted(points.keys() - dead)
    environment = dict(os.environ, SWIFT_BACKTRACE="enable=no", ITAPE_CASES=arguments.cases)
    process = subprocess.Popen(
        [SCRATCH / "release/itape-digests", str(max(points)), str(arguments.tries),
         *map(str, chosen)],
        cwd=TREE, env=environment, stdout=subprocess.PIPE, text=True)
    with RESULTS.open("a") as file:
        for line in process.stdout:
            file.write(line)
            file.flush()
            result = json.loads(line)
            show(points[result["number"]], result)
    sys.exit(process.wait())


def attempt_alive(arguments, attempt):
    """Results of another look at what is alive after `run`; each keeps its case where there is
    none."""
    points = {p["number"]: p for p in json.loads(POINTS.read_text()) if not p.get("dropped")}
    before = results()
    alive = [number for number in sorted(points) if not before.get(number, {}).get("result")]
    chosen = list(map(int, arguments.only.split(","))) if arguments.only else alive
    with RESULTS.open("a") as file:
        for number in chosen:
            result = attempt(number)
            result["case"] = result["case"] or before.get(number, {}).get("case", "")
            file.write(json.dumps(result) + "\n")
            file.flush()
            show(points[number], result)


def run_fresh(arguments):
    """Each from its start on the quick cases: tables and limits are made once, then kept."""
    program, wanted = SCRATCH / "release/itape-digests", HOME / "digests.tsv"
    if not wanted.exists() or wanted.stat().st_mtime < program.stat().st_mtime:
        with (HOME / "digests.new").open("w") as file:
            subprocess.run([program, "digests"], cwd=TREE, stdout=file, check=True)
        (HOME / "digests.new").rename(wanted)

    def attempt(number):
        environment = dict(os.environ, SWIFT_BACKTRACE="enable=no", ITAPE_MUTANT=str(number),
                           ITAPE_CASES=arguments.cases)
        try:
            done = subprocess.run(
                [program, "fresh", wanted, str(arguments.milliseconds)], cwd=TREE,
                env=environment, capture_output=True, text=True, timeout=900)
        except subprocess.TimeoutExpired:
            return dict(number=number, result=suites.TOO_LONG, case="from the start")
        killed = {0: 0, 1: 1}.get(done.returncode, 1000 - done.returncode)
        return dict(number=number, result=killed, case=done.stdout.strip())

    attempt_alive(arguments, attempt)


def run_suites(arguments):
    """A mutant that no suite reaches keeps the result it had."""
    status, output = swift("build", *RELEASE, "--build-tests")
    if status:
        sys.exit(output[-4000:])
    bundle = SCRATCH / "release/InputTapePackageTests.xctest"
    found = suites.reached(bundle, REACHED)
    attempt_alive(
        arguments, lambda number: suites.attempt(bundle, number, found, arguments.seconds))


def show(point, result):
    print(f"{outcome(result)} {point['number']} {point['file']}:{point['line']} "
          f"{point['what']} ({result['case']})", flush=True)


def outcome(result):
    if result["result"] == 0:
        return "SURVIVED" if result["case"] else "NOT REACHED"
    names = {1: "another digest", 2: "a suite", 1014: "too long", 1026: "too long"}
    return f"killed, {names.get(result['result'], 'ended')}:"


def report(_):
    points = {p["number"]: p for p in json.loads(POINTS.read_text())}
    counts, killed = collections.Counter(), collections.Counter()
    kinds = collections.Counter()
    for number, result in sorted(results().items()):
        point = points[number]
        counts[point["group"]] += 1
        kinds[outcome(result)] += 1
        if result["result"]:
            killed[point["group"]] += 1
        else:
            print(f"{outcome(result)} {number} {point['file']}:{point['line']}: {point['what']}: "
                  f"{point['text']}")
    for group in sorted(counts):
        share = 100 * killed[group] / counts[group]
        print(f"| {group} | {counts[group]} | {killed[group]} | {share:.1f} % |")
    count, dead = sum(counts.values()), sum(killed.values())
    print(f"| all | {count} | {dead} | {100 * dead / max(count, 1):.1f} % |")
    print(dict(kinds))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    commands = parser.add_subparsers(required=True)
    made = commands.add_parser("build")
    made.add_argument("--count", type=int, default=1000)
    made.add_argument("--seed", type=int, default=1)
    made.add_argument("--group", nargs="*", choices=list(GROUPS))
    made.add_argument("--since", help="a commit: lines that were written after it alone")
    made.set_defaults(function=build)
    ran = commands.add_parser("run")
    ran.add_argument("--only", help="numbers of mutants")
    ran.add_argument("--tries", type=int, default=2_000, help="cases that a mutant is tried on")
    ran.add_argument("--cases", default="", help="beginnings of names, of cases that are new")
    ran.set_defaults(function=run)
    fresh = commands.add_parser("fresh")
    fresh.add_argument("--only", help="numbers of mutants")
    fresh.add_argument("--cases", default="", help="beginnings of names")
    fresh.add_argument("--milliseconds", type=float, default=12, help="what a case may take")
    fresh.set_defaults(function=run_fresh)
    tested = commands.add_parser("suites")
    tested.add_argument("--only", help="numbers of mutants")
    tested.add_argument("--seconds", type=float, default=30, help="what a suite may take")
    tested.set_defaults(function=run_suites)
    commands.add_parser("renew").set_defaults(function=renew)
    commands.add_parser("report").set_defaults(function=report)
    arguments = parser.parse_args()
    arguments.function(arguments)


if __name__ == "__main__":
    main()
