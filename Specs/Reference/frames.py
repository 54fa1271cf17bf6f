# SPDX-License-Identifier: Apache-2.0
#
# The Zstandard frames of recordings by the strict decoder, where libraries may say something else.
"""python3 frames.py FOLDER: the name of each recording, and how many of its frames are refused.
python3 frames.py --changed N FOLDER: N changed frames of the recordings: the frame, the length of
its content, and the content, `wrong` where blocks are, `refused` where its form is (Encodings, 2)."""

import pathlib
import random
import sys

import itape_columns
import itape_zstd
from itape_bytes import Bad
from itape_reference import summary

LARGEST = 3_000
by_library = itape_columns.zstd_frame


def frames(folder):
    """Of each recording its name, and all frames that its readers meet."""
    for path in sorted(pathlib.Path(folder).glob("*.itape")):
        found = set()

        def note(frame, length):
            found.add((frame, length))
            return by_library(frame, length)

        itape_columns.zstd_frame = note
        for opening in ("scan", "automatic"):
            summary(path.read_bytes(), opening)
        yield path.name, found


def answer(frame, length):
    try:
        return itape_zstd.decompress(frame, length).hex()
    except Bad:
        pass
    try:
        itape_zstd.blocks(frame, length)
    except Bad:
        return "refused"
    return "wrong"


def changed(frame, rng):
    """Another byte or two, of which more are near the ends, where headers and codes begin."""
    frame = bytearray(frame)
    for _ in range(rng.choice((1, 1, 2))):
        near = rng.randrange(min(len(frame), 24))
        at = rng.choice((near, len(frame) - 1 - near, rng.randrange(len(frame))))
        frame[at] = rng.choice((frame[at] ^ 1 << rng.randrange(8), rng.randrange(256)))
    return bytes(frame)


def main():
    if sys.argv[1] != "--changed":
        for name, found in frames(sys.argv[1]):
            print(name, sum(answer(*frame) == "wrong" for frame in found), sep="\t")
        return
    rng = random.Random(1)
    known = sorted({frame for _, found in frames(sys.argv[3]) for frame in found})
    known = [frame for frame in known if 0 < frame[1] <= LARGEST]
    for _ in range(int(sys.argv[2])):
        frame, length = rng.choice(known)
        frame = changed(frame, rng)
        print(frame.hex(), length, answer(frame, length), sep="\t")


if __name__ == "__main__":
    main()
