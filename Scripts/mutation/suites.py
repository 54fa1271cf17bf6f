# SPDX-License-Identifier: Apache-2.0
#
# Suites of `make test` on the mutants that the digests let live: for mutate.py.
"""Which mutants a suite reaches is found first, with none alive; each is then run in a process."""

import json
import os
import pathlib
import subprocess
import tempfile
import time

# What takes seconds, optimised; the others are long, or are about other parts.
SUITES = [
    "LogarithmTests", "ModelStreamTests", "AdaptiveSectionTests", "SectionTests", "ChoiceTests",
    "AdaptiveConstantTests", "ClockGridTests", "MovementTests", "PairLoopTests", "RowBufferTests",
    "KindStretchTests", "TrackStateTests", "ChecksumTests", "LossTests", "MetadataCheckTests",
    "SectionDamageTests", "HeaderLimitTests", "LimitTableTests", "MetadataNameTests",
    "ErrorTextTests", "RoundTripTests", "StateAndVerifyTests", "StateModelTests",
    "DamagedStateTests", "MergeOrderTests", "FilteredReadingTests", "OverlappingBlockTests",
    "IndexAgainstScanTests", "WindowedSourceTests", "BlockBudgetTests", "RecordingDamageTests",
    "DifferentialTests", "RecoveryTests", "FollowTests", "FollowDamageTests", "MissingSegmentTests",
    "LookalikeNamesTests", "ManyFilesTests", "StorageSeamTests", "BeginningTests",
    "UndescribedTrackTests", "ManyRecordsTests", "WriterLimitTests", "WriterFailureTests",
    "AppendingTests", "BlockedSinkTests", "EveryCallFailsTests", "CrashStateTests",
    "SimulationTests", "ReplayTests"]
KILLED_BY_SUITE = 2
TOO_LONG = 1026


def start(bundle, suite, mutant, seconds, **more):
    environment = dict(os.environ, SWIFT_BACKTRACE="enable=no", ITAPE_MUTANT=str(mutant), **more)
    try:
        done = subprocess.run(
            [bundle, "--testing-library", "swift-testing", "--filter", rf"\.{suite}/"],
            env=environment, capture_output=True, timeout=seconds)
        return done.returncode, done.stdout.decode(errors="replace")
    except subprocess.TimeoutExpired:
        return None, ""


def reached(bundle, known):
    """The suites that pass, with their seconds and the numbers of the mutants that matter there."""
    found = json.loads(known.read_text()) if known.exists() else {}
    for suite in SUITES:
        if suite in found:
            continue
        with tempfile.TemporaryDirectory() as folder:
            places, began = pathlib.Path(folder) / "places", time.monotonic()
            status, text = start(bundle, suite, -1, 900, ITAPE_MUTANT_PLACES=str(places))
            seconds = time.monotonic() - began
            data = places.read_bytes() if places.exists() else b""
        numbers = sorted({at & 0xFFFF for at, value in enumerate(data) if value})
        if status != 0 or not numbers:
            print(f"{suite}: passed over, as it fails without a mutant\n{text[-1000:]}", flush=True)
            numbers = []
        found[suite] = dict(seconds=seconds, numbers=numbers)
        known.write_text(json.dumps(found))
        print(f"{suite}: {seconds:.1f} s, {len(numbers)} mutants matter", flush=True)
    return found


def attempt(bundle, number, found, limit):
    """The result for one mutant: quick suites first, none that takes more than `limit` seconds."""
    tried = 0
    for suite, known in sorted(found.items(), key=lambda item: item[1]["seconds"]):
        if number not in known["numbers"] or known["seconds"] > limit:
            continue
        tried += 1
        status, _ = start(bundle, suite, number, 20 * known["seconds"] + 60)
        if status != 0:
            result = TOO_LONG if status is None else KILLED_BY_SUITE
            return dict(number=number, result=result, case=suite)
    return dict(number=number, result=0, case=f"{tried} suites" if tried else "")
