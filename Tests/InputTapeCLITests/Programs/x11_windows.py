# SPDX-License-Identifier: Apache-2.0
#
# Windows of two applications on an X11 display, whose focus and titles change as they are told.
#
# Each line of standard input is a command; its answer is a line of standard output when the server
# has done it: `manage` (as a window manager, say which window is active), `focus NAME`,
# `title NAME TEXT`, `nobody`.

import ctypes
import sys

x = ctypes.CDLL("libX11.so.6")
window = ctypes.c_ulong
x.XOpenDisplay.restype = ctypes.c_void_p
for name, result in [("XDefaultRootWindow", window), ("XCreateSimpleWindow", window),
                     ("XInternAtom", window)]:
    getattr(x, name).restype = result
display = ctypes.c_void_p(x.XOpenDisplay(None))
root = window(x.XDefaultRootWindow(display))


class ClassHint(ctypes.Structure):
    _fields_ = [("name", ctypes.c_char_p), ("class_name", ctypes.c_char_p)]


def atom(name):
    return window(x.XInternAtom(display, name.encode(), 0))


def set_window(target, name, value):
    x.XChangeProperty(display, target, atom(name), window(33), 32, 0,
                      ctypes.byref(window(value)), 1)


def set_title(target, title):
    x.XStoreName(display, target, title.encode())
    data = title.encode()
    x.XChangeProperty(display, target, atom("_NET_WM_NAME"), atom("UTF8_STRING"), 8, 0, data,
                      len(data))


def create(name, place):
    made = window(x.XCreateSimpleWindow(display, root, place, place, 200, 100, 0, 0, 0))
    x.XSetClassHint(display, made, ctypes.byref(ClassHint(name.lower().encode(), name.encode())))
    set_title(made, name)
    x.XMapWindow(display, made)
    return made


windows = {name: create(name, place) for name, place in [("Editor", 10), ("Browser", 300)]}
x.XSync(display, 0)
is_managing = False
print("ready", flush=True)
for line in sys.stdin:
    words = line.rstrip("\n").split(" ", 2)
    if words[0] == "manage":
        is_managing = True
    elif words[0] == "focus":
        if is_managing:
            set_window(root, "_NET_ACTIVE_WINDOW", windows[words[1]].value)
        x.XSetInputFocus(display, windows[words[1]], 1, window(0))
    elif words[0] == "nobody":
        x.XSetInputFocus(display, window(1), 1, window(0))
    elif words[0] == "title":
        set_title(windows[words[1]], words[2])
    x.XSync(display, 0)
    print("done", flush=True)
