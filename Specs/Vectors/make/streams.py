# SPDX-License-Identifier: Apache-2.0
#
# The events of the valid vectors, as JSON lines, and the options with which they are recorded.
"""valid() gives (name, lines, options); ordered() is the order of Format, 10.3."""

import heapq
import json
import pathlib
import random

SAMPLES = pathlib.Path(__file__).resolve().parents[3] / "Samples"
LOW, HIGH = -2**31, 2**31 - 1
FORMS = {
    "none": ["--compression", "none"],
    "zstd-fast": ["--preset", "fast"],
    "zstd-balanced": ["--preset", "balanced"],
    "compact": ["--preset", "compact"],
    "deflate": ["--compression", "deflate"]}


def line(time, device, kind, **fields):
    event = {"t": time, "device": device, "kind": kind} | fields
    return json.dumps(event, ensure_ascii=False, separators=(",", ":"))


def ordered(lines):
    """The lines in the recording's order: the least (time, track) of the tracks' next events."""
    tracks = {}
    for text in lines:
        event = json.loads(text)
        tracks.setdefault(event["device"], []).append((event["t"], text))
    heap = [(events[0][0], track, 0) for track, events in tracks.items()]
    heapq.heapify(heap)
    found = []
    while heap:
        _, track, index = heapq.heappop(heap)
        found.append(tracks[track][index][1])
        if index + 1 < len(tracks[track]):
            heapq.heappush(heap, (tracks[track][index + 1][0], track, index + 1))
    return found


def motions(count, device=0, period=1_000_000, jitter=0, seed=1):
    rng, x, y, dx, dy, found = random.Random(seed), 500, 400, 0, 0, []
    for index in range(count):
        dx = max(-20, min(20, dx + rng.randint(-2, 2)))
        dy = max(-20, min(20, dy + rng.randint(-2, 2)))
        x, y = x + dx, y + dy
        time = index * period + (rng.randint(-jitter, jitter) if jitter else 0)
        found.append(line(time, device, "motion", x=x, y=y))
    return found


def reports(count, noise=0, device=0):
    """A mouse that reports faster than its sensor looks: every third report has more. With noise
    it moves more steadily."""
    rng, speed, found = random.Random(5), 0, []
    for index in range(count):
        step = rng.randint(-1, 1)
        speed = max(0, min(30, speed + (step if not noise or index % 6 == 0 else 0)))
        dx = speed + (8 if index % 3 == 0 else 0) + (noise and rng.randint(-noise, noise))
        found.append(line(index * 125_000 + rng.randint(0, 3) * 1_000, device, "rawMotion", dx=dx,
                          dy=-(dx // 2)))
    return found


def slow(count, device=0):
    """A mouse that hardly moves: few tokens, and now and then another."""
    rng, found = random.Random(11), []
    for index in range(count):
        dx, dy = (rng.choice((0, 0, 0, 1, 1, -1, 2)) for _ in "xy")
        if rng.random() < 0.03:
            dx = rng.randint(-90, 90)
        found.append(line(index * 8_000_000, device, "rawMotion", dx=dx, dy=dy // 2))
    return found


def ticks(count, unit, parts, rest, device=0):
    """A mouse of 1 kHz on a clock whose tick is a fraction of nanoseconds; times are rounded down."""
    rng, found = random.Random(6), []
    for index in range(count):
        tick = (index * 1_000_000 + rng.randint(0, 9_000)) * parts // unit
        time = (tick * unit + rest) // parts
        found.append(line(time, device, "rawMotion", dx=index % 7 - 3, dy=rng.randint(-2, 2)))
    return found


def seconds(count, device=0):
    """A keyboard whose times are seconds since 1970 as Python has them, and two marks of others."""
    rng, first, time, found = random.Random(7), 1_764_253_000.123, 1_764_253_000.123, []
    for index in range(count):
        found.append(line(int((time - first) * 1e9), device, "key", code=4 + index // 2 % 20,
                          state="up" if index & 1 else "down"))
        if index % 100 == 70:
            found.append(line(int((time - first) * 1e9) + 99, device, "marker", label="here"))
        time += rng.uniform(0.02, 0.2)
    return found


def marked(count, device=0):
    """A mouse of whole milliseconds, and marks of nanoseconds on its track: the first event is one."""
    found = []
    for index, text in enumerate(motions(count, device)):
        if index % 150 == 0:
            found.append(line(index * 1_000_000 + 7 * index + 123_457 - 10**6, device, "marker",
                              label="here"))
        found.append(text)
    return found


def joined(count, device=0):
    """Recordings one after another: each has milliseconds of its own nanosecond."""
    return [line(index * 8_000_000 + index // 170 * 1_234_567, device, "motion",
                 x=index * 7 % 997, y=index // 3 % 613) for index in range(count)]


def visits(count, device=0):
    """A page's events: movements, scrolls in bursts, and clicks, at the times of a page's clock."""
    rng, time, found = random.Random(8), 0, []
    while len(found) < count:
        for _ in range(rng.randint(3, 20)):
            time += rng.choice((16, 17, 17, 33))
            found.append(line(time * 1_000_000, device, "motion", x=time % 997, y=time % 613))
        for _ in range(rng.randint(0, 8)):
            time += rng.randint(0, 4)
            found.append(line(time * 1_000_000, device, "scroll", dx=0, dy=-rng.randint(1, 3)))
        for state in ("down", "up"):
            time += rng.randint(40, 200)
            found.append(line(time * 1_000_000, device, "button", button=1, state=state))
    return found[:count]


def clicks(count, device=0):
    """A mouse of 1 kHz that clicks: most events are on its grid."""
    found = motions(count, device, jitter=40_000)
    for index in range(0, count, 24):
        found.insert(index + index // 24 + 1, line(index * 1_000_000 + 70_000, device, "button",
                                                   button=1, state="up" if index & 32 else "down"))
    return found


def keys(count, device=1):
    rng, time, found = random.Random(2), 0, []
    for _ in range(count // 2):
        code = rng.randint(4, 40)
        time += rng.randint(80, 250) * 1_000_000
        found.append(line(time, device, "key", code=code, state="down"))
        if rng.random() < 0.1:
            found.append(line(time + 30_000_000, device, "key", code=code, state="repeat"))
        time += rng.randint(40, 90) * 1_000_000
        found.append(line(time, device, "key", code=code, state="up"))
    return found


def touches(count, device=4):
    rng, found = random.Random(3), []
    at = {contact: [100 * contact, 50] for contact in range(3)}
    for index in range(count):
        for contact in at:
            at[contact][0] += rng.randint(0, 6)
            at[contact][1] -= rng.randint(0, 3)
            phase = "began" if index == 0 else "ended" if index == count - 1 else "moved"
            x, y = at[contact]
            found.append(
                line(index * 8_333_333, device, "touch", contact=contact, phase=phase, x=x, y=y))
    return found


def pens(count, device=5):
    rng, x, y, found = random.Random(4), 5_000, 7_000, []
    for index in range(count):
        x, y = x + rng.randint(0, 40), y - rng.randint(0, 30)
        found.append(line(index * 5_000_000, device, "pen", x=x, y=y,
                          pressure=rng.randint(300, 340), tiltX=-12, tiltY=30, phase="moved",
                          buttons=1))
    return found


def mixed():
    found = motions(150) + keys(40) + touches(20) + pens(30)
    for index in range(12):
        state = "up" if index & 1 else "down"
        found.append(line(index * 13_000_000, 0, "button", button=1, state=state))
        found.append(line(index * 11_000_000, 0, "scroll", dx=0, dy=-120))
        found.append(line(index * 9_000_000, 6, "axis", axis=index % 3, value=index * 1_000))
    return ordered(found)


def extremes():
    values = [LOW + 1, HIGH, 0, -1, HIGH, LOW + 1, 1, LOW + 1]
    found = []
    for index, value in enumerate(values):
        time = [-2**62, -2**61, -1, 0, 1, 2**40, 2**61, 2**62 - 1][index]
        other = values[-1 - index]
        found.append(line(time, 0, "motion", x=value, y=other))
        found.append(line(time, 1, "key", code=value & 0xFFFFFFFF, state="down"))
        found.append(line(time, 2, "rawMotion", dx=other, dy=value))
        found.append(line(time, 1023, "axis", axis=value, value=other))
        wide = [-2**63, 2**63 - 1, 0, -1][index % 4]
        found.append(line(time, 3, "clock", unixNanoseconds=wide, uncertaintyNanoseconds=-wide
                          if wide != -2**63 else 2**63 - 1))
    return ordered(found)


def distant_keys():
    """Keys that are held over more time than a number of 64 bits with a sign can say."""
    late, found = 2**63 - 1, []
    for index in range(24):
        time = (late - 9 * index if index & 1 else 9 * index - late) if index else 0
        found.append(line(time, 0, "key", code=4 + index // 2 % 5,
                          state="up" if index % 6 > 3 else "down"))
    return found


def back():
    times = [5, 3, 3, 9, 9, 1, 7, 7, 6, 20, 4, 20]
    return [line(t * 1_000, i % 2, "motion", x=i, y=-i) for i, t in enumerate(times * 3)]


def ties():
    return [line(i // 6 * 1_000, i % 3, "rawMotion", dx=i, dy=i % 2) for i in range(60)]


def stateless():
    """Forty events after which nothing is held: segments of them need no keyframes."""
    found = [line(i * 1_000, i % 2, "rawMotion", dx=i, dy=-i) for i in range(32)]
    found += [line(i * 4_000 + 500, 2, "marker", label=f"m{i}") for i in range(8)]
    return ordered(found)


def texts():
    words = ["", "a", "größer", "日本語", "🖱️", "\n\t\"\\", "x" * 300, "a", "a"]
    found = []
    for index, word in enumerate(words * 2):
        found.append(line(index * 1_000_000, 2, "text", text=word))
        found.append(line(index * 1_000_000, 3, "focus", application=word, title="t" + word))
        found.append(line(index * 1_000_000, 3, "marker", label=word))
    return ordered(found)


def unknown_kinds():
    found = []
    for index in range(40):
        found.append(line(index, 7, "16", int32=[index]))
        found.append(line(index, 7, "255", int64=[index - 2**40], strings=["AAE="]))
        found.append(line(index, 7, "99"))
        found.append(line(index, 8, "200", int32=[LOW] * 16, int64=[2**63 - 1] * 3, strings=[""]))
    return ordered(found)


def constant():
    return [line(0, 0, "motion", x=7, y=7) for _ in range(50)]


def runs():
    return [line(i * 1_000_000, 6, "axis", axis=i // 40, value=i // 25 * 10**6)
            for i in range(200)]


def gaps():
    causes = ["unknown", "queueFull", "kernelDropped", "tapDisabled", "diskFull", "ioError",
              "syncFailed", "paused", "secureInput", "policy", "clockStep"]
    return [line(i * 10**9, i % 4, "gap", cause=cause, count=i, firstTime=i, lastTime=i * 10**9)
            for i, cause in enumerate(causes)]


def valid():
    kinds = ordered((SAMPLES / "all-kinds.jsonl").read_text(encoding="utf-8").splitlines())
    found = []
    for form, options in FORMS.items():
        found.append((f"all-kinds-{form}", kinds, options))
        found.append((f"mixed-{form}", mixed(), options))
        found.append((f"extremes-{form}", extremes(), options))
    for name, make in {"steps-back": back, "ties": ties, "texts": texts, "gaps": gaps,
                       "unknown-kinds": unknown_kinds, "constant": constant,
                       "runs": runs}.items():
        found.append((f"{name}-none", make(), FORMS["none"]))
        found.append((f"{name}-balanced", make(), FORMS["zstd-balanced"]))
    small = FORMS["none"] + ["--block-events", "20"]
    found += [
        ("empty", [], []),
        ("one-event", [line(-1, 1023, "motion", x=LOW + 1, y=HIGH)], []),
        ("one-event-a-block", back()[:12], FORMS["none"] + ["--block-events", "1"]),
        ("blocks-of-20", mixed(), small),
        ("blocks-of-20-balanced", mixed(), ["--block-events", "20"]),
        ("grid-8khz", motions(1_600, period=125_000, jitter=4_000), FORMS["zstd-fast"]),
        ("grid-8khz-none", motions(1_600, period=125_000, jitter=4_000), FORMS["none"]),
        ("grid-8khz-balanced", motions(400, period=125_000, jitter=4_000), []),
        ("beat-8khz-none", reports(1_300), FORMS["none"]),
        ("beat-noisy-none", reports(1_300, noise=3), FORMS["none"]),
        ("ticks-24mhz-none", ticks(700, 125, 3, 1), FORMS["none"]),
        ("ticks-24mhz-zstd-fast", ticks(1_600, 125, 3, 2), FORMS["zstd-fast"]),
        ("ticks-24mhz-compact", ticks(400, 125, 3, 0), FORMS["compact"]),
        ("ticks-19mhz-compact", ticks(400, 625, 12, 11), FORMS["compact"]),
        ("ticks-14mhz-none", ticks(300, 50_000_000, 715_909, 700_001), FORMS["none"]),
        ("seconds-none", seconds(300), FORMS["none"]),
        ("seconds-compact", seconds(300), FORMS["compact"]),
        ("offsets-none", marked(1_700), FORMS["none"]),
        ("offsets-zstd-fast", marked(1_700), FORMS["zstd-fast"]),
        ("offsets-compact", marked(700), FORMS["compact"]),
        ("shifts-none", joined(1_700), FORMS["none"]),
        ("shifts-zstd-fast", joined(1_700), FORMS["zstd-fast"]),
        ("shifts-compact", joined(700), FORMS["compact"]),
        ("lots-none", visits(1_600), FORMS["none"]),
        ("lots-balanced", visits(8_200), FORMS["zstd-balanced"]),
        ("lots-on-a-grid-none", clicks(1_600), FORMS["none"]),
        ("quarters-balanced", motions(8_207, jitter=40_000), FORMS["zstd-balanced"]),
        ("twins-balanced", slow(8_195), FORMS["zstd-balanced"]),
        ("keys-zstd-fast", keys(1_600), FORMS["zstd-fast"]),
        ("wide-codes-none", wide_keys(400), FORMS["none"]),
        ("wide-codes-zstd-fast", wide_keys(1_600), FORMS["zstd-fast"]),
        ("wide-codes-compact", wide_keys(400), FORMS["compact"]),
        ("touch-deflate", touches(600), FORMS["deflate"]),
        ("touch-deflate-fast", touches(600), FORMS["deflate"] + ["--preset", "fast"]),
        ("keyframes", motions(4_300), FORMS["zstd-fast"] + ["--block-events", "700"]),
        ("distant-keys-compact", distant_keys(), FORMS["compact"]),
        ("held-over-blocks", held(), FORMS["none"] + ["--block-events", "4096"]),
    ]
    return found


def wide_keys(count):
    """Keys of HID's pages of keyboards and of media, and a few of evdev."""
    found = []
    for index, text in enumerate(keys(count)):
        event = json.loads(text)
        code = event["code"]
        event["code"] = (0xC_0000 if code > 36 else 0x110 if code < 7 else 0x7_0000) + code
        found.append(json.dumps(event, separators=(",", ":")))
    return found


def held():
    """A button and a key that stay down over a state keyframe."""
    found = [line(0, 0, "button", button=1, state="down"), line(0, 1, "key", code=7, state="down")]
    found += [line(i * 1_000_000, 0, "motion", x=i // 100, y=0) for i in range(1, 4_200)]
    found += [line(4_200 * 1_000_000, 1, "key", code=7, state="up")]
    return found
