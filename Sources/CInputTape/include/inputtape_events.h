// SPDX-License-Identifier: Apache-2.0
//
// Events and their fields, as the C interface of InputTape has them; inputtape.h includes this.
#ifndef INPUTTAPE_EVENTS_H
#define INPUTTAPE_EVENTS_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define ITAPE_TRACK_LIMIT 1024       // tracks of a recording are 0 to 1,023
#define ITAPE_EVENTS_LIMIT 65536     // events of a block
#define ITAPE_TEXT_LIMIT 65536       // bytes of a string of an event
#define ITAPE_STRING_LIMIT 4096      // bytes of a name or value of metadata
#define ITAPE_NOT_REPORTED INT32_MIN // a field that the source does not report

typedef uint8_t itape_kind;

// Kinds of events: Specs/Registry.md, section 1. Others are kept, with their columns, as they come.
enum {
  ITAPE_MOTION = 1, ITAPE_RAW_MOTION = 2, ITAPE_BUTTON = 3, ITAPE_SCROLL = 4, ITAPE_KEY = 5,
  ITAPE_TEXT = 6, ITAPE_TOUCH = 7, ITAPE_PEN = 8, ITAPE_AXIS = 9, ITAPE_FOCUS = 10,
  ITAPE_FRAME = 11, ITAPE_MARKER = 12, ITAPE_CLOCK = 13, ITAPE_GAP = 14, ITAPE_CUSTOM = 15
};
// States of buttons and keys.
enum { ITAPE_UP = 0, ITAPE_DOWN = 1, ITAPE_REPEAT = 2 };
// Phases of contacts, pens and scrolling.
enum {
  ITAPE_BEGAN = 0, ITAPE_MOVED = 1, ITAPE_ENDED = 2, ITAPE_CANCELLED = 3, ITAPE_MOMENTUM = 4,
  ITAPE_HOVERING = 5
};
// Why events are missing: Specs/Registry.md, section 3.4.
enum {
  ITAPE_GAP_UNKNOWN = 0, ITAPE_GAP_QUEUE_FULL = 1, ITAPE_GAP_KERNEL_DROPPED = 2,
  ITAPE_GAP_TAP_DISABLED = 3, ITAPE_GAP_DISK_FULL = 4, ITAPE_GAP_IO_ERROR = 5,
  ITAPE_GAP_SYNC_FAILED = 6, ITAPE_GAP_PAUSED = 7, ITAPE_GAP_SECURE_INPUT = 8,
  ITAPE_GAP_POLICY = 9, ITAPE_GAP_CLOCK_STEP = 10, ITAPE_GAP_LIMIT = 11
};
// Classes of tracks: Specs/Registry.md, section 2.
enum {
  ITAPE_CLASS_POINTER = 0, ITAPE_CLASS_KEYBOARD = 1, ITAPE_CLASS_TEXT = 2,
  ITAPE_CLASS_CONTEXT = 3, ITAPE_CLASS_TOUCH = 4, ITAPE_CLASS_PEN = 5, ITAPE_CLASS_GAMEPAD = 6,
  ITAPE_CLASS_CUSTOM = 7
};

// Bytes that do not end with 0; `bytes` may be NULL where there are none.
typedef struct itape_string {
  const char *bytes;
  size_t byte_count;
} itape_string;

typedef struct itape_position { int32_t x, y; } itape_position;
typedef struct itape_press { int32_t code, state; } itape_press; // of a button or a key
typedef struct itape_scroll { int32_t dx, dy, phase; } itape_scroll;
typedef struct itape_touch { int32_t contact, phase, x, y, pressure; } itape_touch;
typedef struct itape_pen {
  int32_t x, y, pressure, tilt_x, tilt_y, phase, buttons;
} itape_pen;
typedef struct itape_axis { int32_t axis, value; } itape_axis;
typedef struct itape_focus {
  int32_t x, y, width, height;
  itape_string application, title;
} itape_focus;
typedef struct itape_frame { int64_t presentation_time; itape_string media; } itape_frame;
typedef struct itape_clock { int64_t unix_time, uncertainty; } itape_clock;
typedef struct itape_gap {
  int32_t cause, is_lower_bound;
  int64_t count, first_time, last_time;
} itape_gap;
typedef struct itape_custom { int32_t type, reserved; itape_string bytes; } itape_custom;
typedef struct itape_unknown { // at most 16 fields of each type
  const int32_t *int32;
  const int64_t *int64;
  const itape_string *strings;
  uint8_t int32_count, int64_count, string_count, reserved[5];
} itape_unknown;

typedef union itape_fields { // by kind
  itape_position motion;     // and raw motion: dx, dy
  itape_press press;         // button, key
  itape_scroll scroll;
  itape_string text;         // and marker
  itape_touch touch;
  itape_pen pen;
  itape_axis axis;
  itape_focus focus;
  itape_frame frame;
  itape_clock clock;
  itape_gap gap;
  itape_custom custom;
  itape_unknown unknown;     // kinds 16 to 255
  uint64_t reserved[8];
} itape_fields;

typedef struct itape_event {
  int64_t time;
  uint16_t track;
  itape_kind kind;
  uint8_t reserved[5];
  itape_fields fields;
} itape_event;

#ifdef __cplusplus
}
#endif

#endif
