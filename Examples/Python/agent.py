#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
#
# A capture agent in Python: appends columns and single events, then reads columns of one kind and
# of a stretch of time, and what was held at a moment. inputtape.py has what it uses.
#
#   python3 agent.py session.itape
import array
import sys

import inputtape


def record(path):
    """100,000 positions, a key that is pressed, and ten frames of a video."""
    about = {"purpose": "an example", "agent": "the Python example"}
    with inputtape.Writer(path, metadata=about, replace=True) as writer:
        writer.set_track(1, "keyboard", name="a keyboard", code_space="hid")
        count = 100_000
        times = array.array("q", range(0, count * 8_000_000, 8_000_000))
        x = array.array("i", (index % 1920 for index in range(count)))
        y = array.array("i", (index % 1080 for index in range(count)))
        writer.append_columns("motion", times, x, y)
        writer.append("key", 1_000_000_000, 0x7_0004, inputtape.DOWN, track=1)
        for frame in range(10):
            time = frame * 1_000_000_000 // 30
            writer.append("frame", time, time, "screen.mp4", track=2)


def show(path):
    with inputtape.open(path) as recording:
        print(f"{recording.event_count} events, purpose: {recording.metadata['purpose']}")
        motion = recording.columns("motion")
        print(f"{len(motion['time'])} motions, sum of x: {motion['x'].sum()}")
        second = recording.columns("motion", start=10**9, end=2 * 10**9)
        print(f"{len(second['time'])} of them in the second second")
        frames = recording.columns("frame")
        last = motion["time"].searchsorted(frames["time"], side="right") - 1
        print(f"x at each frame: {motion['x'][last].tolist()}")
        print(f"held at 2 s: {[hex(code) for code in recording.state(2 * 10**9)[1]['keys']]}")


def main():
    if len(sys.argv) != 2:
        print("usage: agent.py FILE", file=sys.stderr)
        return 64
    record(sys.argv[1])
    show(sys.argv[1])
    return 0


if __name__ == "__main__":
    sys.exit(main())
