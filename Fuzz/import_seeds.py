# SPDX-License-Identifier: Apache-2.0
#
# Seeds of the importers' fuzz targets: what libinput, evemu and OWAMcap's exports look like, and
# events of input devices.
"""imports() gives (target, name, bytes)."""

import struct

EVEMU = """# EVEMU 1.3
N: {name}
I: 0003 046d c52b 0111
P: 00 00 00 00 00 00 00 00
B: 00 07 00 00 00 00 00 00 00
{bits}
"""
LIBINPUT = """version: 1
ndevices: 1
devices:
- node: /dev/input/event4
  evdev:
    # Name: Some device
    name: "Some device"
    id: [3, 1133, 49970, 273]
    codes:
      0: [0, 1, 4] # EV_SYN
{codes}
    properties: []
  udev:
    properties:
    - ID_INPUT=1
  events:
"""
# What a device can send, its axes, and its reports: lists of (type, code, value).
SYN = (0, 0, 0)
DEVICES = {
    "mouse": ([(1, 0x110), (1, 0x111), (2, 0), (2, 1), (2, 8)], [], [
        [(2, 0, 5), (2, 1, -3)], [(1, 0x110, 1)], [(1, 0x110, 0)], [(2, 8, -1)]]),
    "fine-wheel": ([(1, 0x110), (2, 0), (2, 8), (2, 11), (2, 6), (2, 12)], [], [
        [(2, 8, 1), (2, 11, 120)], [(2, 11, 30)], [(2, 6, -1), (2, 12, -120)]]),
    "keyboard": ([(1, 30), (1, 31), (4, 4)], [], [
        [(4, 4, 30), (1, 30, 1)], [(1, 30, 2)], [(1, 30, 0)]]),
    "touch": ([(1, 330), (3, 0), (3, 1), (3, 47), (3, 53), (3, 54), (3, 57), (3, 58)],
              [(0, 20)], [
        [(3, 47, 0), (3, 57, 9), (3, 53, 70), (3, 54, 80), (3, 58, 12), (1, 330, 1)],
        [(3, 47, 1), (3, 57, 10), (3, 53, 300), (3, 54, 90)],
        [(0, 3, 0)], [(3, 47, 0), (3, 53, 75)],
        [(3, 57, -1), (3, 47, 1), (3, 57, -1), (1, 330, 0)]]),
    "one-finger": ([(1, 330), (3, 0), (3, 1), (3, 24)], [(0, 20)], [
        [(1, 330, 1), (3, 0, 5), (3, 1, 6), (3, 24, 50)], [(3, 0, 7)], [(1, 330, 0)]]),
    "pen": ([(1, 320), (1, 330), (1, 331), (3, 0), (3, 1), (3, 24), (3, 26), (3, 27)],
            [(0, 100), (26, 57)], [
        [(1, 320, 1), (3, 0, 500), (3, 1, 600), (3, 26, 20)],
        [(1, 330, 1), (3, 24, 900), (3, 27, -30)], [(1, 331, 1)], [(1, 330, 0)], [(1, 320, 0)]]),
    "gamepad": ([(1, 0x130), (3, 0), (3, 1), (3, 2), (3, 16)], [], [
        [(3, 0, 1_000), (3, 1, -1_000)], [(1, 0x130, 1)], [(3, 16, -1)], [(1, 0x130, 0)]]),
}


def evemu(name):
    can, axes, reports = DEVICES[name]
    bits = []
    for kind in sorted({kind for kind, _ in can}):
        number = sum(1 << code for other, code in can if other == kind)
        data = number.to_bytes(-(-number.bit_length() // 64) * 8, "little")
        for at in range(0, len(data), 8):
            bits.append(f"B: {kind:02x} " + data[at:at + 8].hex(" "))
    bits += [f"A: {axis:02x} 0 4095 0 0 {resolution}" for axis, resolution in axes]
    text = EVEMU.format(name=name, bits="\n".join(bits))
    for number, report in enumerate(reports):
        for kind, code, value in report + [SYN]:
            text += f"E: {number}.{number * 137:06d} {kind:04x} {code:04x} {value:04d}\n"
    return text


def libinput(name):
    can, axes, reports = DEVICES[name]
    codes = [f"      {kind}: {[code for other, code in can if other == kind]}"
             for kind in sorted({kind for kind, _ in can})]
    if axes:
        codes += ["    absinfo:"] + [f"      {axis}: [0, 4095, 0, 0, {resolution}]"
                                     for axis, resolution in axes]
    text = LIBINPUT.format(codes="\n".join(codes))
    for number, report in enumerate(reports):
        text += "  - evdev:\n"
        for kind, code, value in report + [SYN]:
            text += f"    - [{number:3}, {number * 137:6}, {kind:3}, {code:3}, {value:7}]\n"
    return text


def small(value):
    """A number as the probes take it: one byte, or a head and four bytes."""
    if -64 <= value < 64 and (value * 2 & 255) < 0xE0:
        return bytes([value & 0x7F])
    return bytes([0xE3 | (8 if value < 0 else 0)]) + struct.pack(">i", value)


def evdev(name, kind):
    """Events as the probe takes them."""
    found = bytes([kind])
    for report in DEVICES[name][2]:
        for type_, code, value in report + [SYN]:
            place = code - 0x110 & 0x7F if type_ == 1 else code
            found += bytes([type_, place]) + small(value)
    return found


OWAMCAP = [
    ("window", 1, '{"title":"A – B","rect":[10,20,110,220],"hWnd":7}'),
    ("keyboard/state", 1, '{"buttons":[]}'),
    ("mouse", 2, '{"event_type":"move","x":5,"y":6}'),
    ("mouse", 3, '{"event_type":"click","x":5,"y":6,"button":"right","pressed":true}'),
    ("mouse", 3, '{"event_type":"scroll","x":5,"y":6,"dx":0,"dy":-1}'),
    ("keyboard", 4, '{"event_type":"press","vk":84}'),
    ("keyboard", 4, '{"event_type":"press","vk":84}'),
    ("keyboard", 5, '{"event_type":"release","vk":84}'),
    ("screen", 6, '{"utc_ns":1,"shape":[1,2],"media_ref":{"uri":"a.mkv","pts_ns":20000000}}'),
    ("mouse/raw", 7, '{"last_x":3,"last_y":-4,"us_flags":0,"button_flags":1025,'
                     '"button_data":65416}'),
    ("mouse/raw", 7, '{"last_x":3,"last_y":-4,"us_flags":1,"button_flags":2050}'),
]


def owamcap(name, time):
    lines = (f'{{"topic":"{topic}","{name}":{time(second)},"data":{fields}}}\n'
             for topic, second, fields in OWAMCAP)
    return "".join(lines)


def imports():
    for number, name in enumerate(DEVICES):
        yield "FuzzEvemu", name, b"\xff" + evemu(name).encode()
        yield "FuzzLibinput", name, b"\xff" + libinput(name).encode()
        for kind in (0, number % 6, 0x82):
            yield "FuzzEvdev", f"{name}-{kind}", evdev(name, kind)
    several = libinput("mouse") + libinput("touch")[LIBINPUT.index("- node"):]
    yield "FuzzLibinput", "two-devices", b"\x06" + several.encode()
    yield "FuzzOWAMcap", "seconds", b"\xff" + owamcap(
        "log_time", lambda second: f"{second}.129876000").encode()
    yield "FuzzOWAMcap", "nanoseconds", b"\x10" + owamcap(
        "timestamp", lambda second: second * 10**9).encode()
