// SPDX-License-Identifier: Apache-2.0
//
// The parts of Xlib's and XInput 2's binary interface that are used, and where to find them.
#pragma once
#include "inputtape_x11.h"

typedef struct x11_display x11_display;
typedef unsigned long x11_id;

typedef struct {
  int type;
  unsigned long serial;
  int send_event;
  x11_display *display;
  int extension;
  int evtype;
  unsigned cookie;
  void *data;
} x11_cookie;

typedef struct {
  int type;
  unsigned long serial;
  int send_event;
  x11_display *display;
  x11_id window;
  x11_id atom;
  unsigned long time;
  int state;
} x11_property_event;

typedef union {
  int type;
  x11_cookie cookie;
  x11_property_event property;
  long room[24];
} x11_event;

typedef struct {
  int mask_length;
  unsigned char *mask;
  double *values;
} x11_valuators;

typedef struct {
  int type;
  unsigned long serial;
  int send_event;
  x11_display *display;
  int extension;
  int evtype;
  unsigned long time;
  int device;
  int source;
  int detail;
  int flags;
  x11_valuators valuators;
  double *raw_values;
} x11_raw_event;

typedef struct {
  int type;
  unsigned long serial;
  int send_event;
  x11_display *display;
  int extension;
  int evtype;
  unsigned long time;
  int device;
  int source;
  int detail;
  x11_id root, event, child;
  double root_x, root_y, event_x, event_y;
} x11_device_event;

typedef struct {
  int device;
  int mask_length;
  unsigned char *mask;
} x11_event_mask;

typedef struct {
  int type;
  int source;
  int number;
  int scroll_type;
  double increment;
  int flags;
} x11_scroll_class;

typedef struct {
  int device;
  char *name;
  int use;
  int attachment;
  int enabled;
  int class_count;
  x11_scroll_class **classes;
} x11_device_info;

/// The functions, found at run time.
typedef struct {
  x11_display *(*XOpenDisplay)(const char *);
  int (*XCloseDisplay)(x11_display *);
  int (*XConnectionNumber)(x11_display *);
  x11_id (*XDefaultRootWindow)(x11_display *);
  int (*XDefaultScreen)(x11_display *);
  int (*XDisplayWidth)(x11_display *, int);
  int (*XDisplayHeight)(x11_display *, int);
  int (*XPending)(x11_display *);
  int (*XNextEvent)(x11_display *, x11_event *);
  int (*XGetEventData)(x11_display *, x11_cookie *);
  void (*XFreeEventData)(x11_display *, x11_cookie *);
  int (*XQueryExtension)(x11_display *, const char *, int *, int *, int *);
  int (*XSelectInput)(x11_display *, x11_id, long);
  x11_id (*XInternAtom)(x11_display *, const char *, int);
  int (*XGetWindowProperty)(x11_display *, x11_id, x11_id, long, long, int, x11_id, x11_id *,
                            int *, unsigned long *, unsigned long *, unsigned char **);
  int (*XGetInputFocus)(x11_display *, x11_id *, int *);
  int (*XQueryTree)(x11_display *, x11_id, x11_id *, x11_id *, x11_id **, unsigned *);
  int (*XGetGeometry)(x11_display *, x11_id, x11_id *, int *, int *, unsigned *, unsigned *,
                      unsigned *, unsigned *);
  int (*XTranslateCoordinates)(x11_display *, x11_id, x11_id, int, int, int *, int *, x11_id *);
  int (*XQueryPointer)(x11_display *, x11_id, x11_id *, x11_id *, int *, int *, int *, int *,
                       unsigned *);
  int (*XFree)(void *);
  int (*XFlush)(x11_display *);
  int (*XSync)(x11_display *, int);
  void *(*XSetErrorHandler)(int (*)(x11_display *, void *));
  void *(*XSetIOErrorHandler)(int (*)(x11_display *));
  /// Missing in libraries before 1.7: then the end of the display ends the process.
  void (*XSetIOErrorExitHandler)(x11_display *, void (*)(x11_display *, void *), void *);
  int (*XISelectEvents)(x11_display *, x11_id, x11_event_mask *, int);
  int (*XIQueryVersion)(x11_display *, int *, int *);
  x11_device_info *(*XIQueryDevice)(x11_display *, int, int *);
  void (*XIFreeDeviceInfo)(x11_device_info *);
  int (*XTestQueryExtension)(x11_display *, int *, int *, int *, int *);
  int (*XTestFakeMotionEvent)(x11_display *, int, int, int, unsigned long);
  int (*XTestFakeRelativeMotionEvent)(x11_display *, int, int, unsigned long);
  int (*XTestFakeButtonEvent)(x11_display *, unsigned, int, unsigned long);
  int (*XTestFakeKeyEvent)(x11_display *, unsigned, int, unsigned long);
} x11_library;

/// Finds the libraries and all functions; those of XTEST only where `sends`.
itape_x11_status x11_load(x11_library *library, int sends);
