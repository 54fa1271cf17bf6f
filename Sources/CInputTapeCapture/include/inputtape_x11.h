// SPDX-License-Identifier: Apache-2.0
//
// An X11 display through libraries that are looked for at run time: no header and no library of X
// is needed to build or to start a program that has this in it.
#pragma once
#include <stddef.h>
#include <stdint.h>

/// A connection to a display.
typedef struct itape_x11 itape_x11;

/// Why a display could not be opened.
typedef enum {
  ITAPE_X11_FINE = 0,
  ITAPE_X11_NO_LIBRARY = 1,
  ITAPE_X11_NO_DISPLAY = 2,
  ITAPE_X11_NO_XINPUT = 3,
  ITAPE_X11_NO_XTEST = 4,
} itape_x11_status;

/// What an event of the display is.
typedef enum {
  ITAPE_X11_MOTION = 1,
  ITAPE_X11_RAW_MOTION = 2,
  ITAPE_X11_BUTTON = 3,
  ITAPE_X11_SCROLL = 4,
  ITAPE_X11_KEY = 5,
  ITAPE_X11_FOCUS = 6,
} itape_x11_kind;

/// One event, flat.
typedef struct {
  int32_t kind;
  /// The server's clock: milliseconds that wrap after 2 to the power of 32.
  uint32_t milliseconds;
  /// The device that sent it.
  int32_t device;
  /// The button or the key code.
  int32_t detail;
  /// Whether it was pressed.
  int32_t is_down;
  /// Positions in pixels, differences in device units, scrolling in 1/120 of a detent.
  double x, y;
} itape_x11_event;

/// The window that has the focus; texts end with 0 and are cut where they are longer.
typedef struct {
  char application[256];
  char title[1024];
  int32_t x, y, width, height;
} itape_x11_window;

/// Opens a display and asks for its input events; `name` may be NULL for the environment's.
itape_x11_status itape_x11_open(const char *name, itape_x11 **result);

/// Opens a display to send input events to it.
itape_x11_status itape_x11_open_sender(const char *name, itape_x11 **result);

void itape_x11_close(itape_x11 *x11);

/// The descriptor to wait on.
int itape_x11_descriptor(const itape_x11 *x11);

/// Whether the display has gone away.
int itape_x11_is_gone(const itape_x11 *x11);

/// Takes the next event that has arrived; 0 where there is none.
int itape_x11_next(itape_x11 *x11, itape_x11_event *event);

/// Whether `itape_x11_next` might give an event now.
int itape_x11_has_pending(itape_x11 *x11);

/// Asks where the pointer is.
int itape_x11_pointer(itape_x11 *x11, int32_t *x, int32_t *y);

/// Asks for the window that has the focus; 0 where there is none.
int itape_x11_focused(itape_x11 *x11, itape_x11_window *window);

const char *itape_x11_application(const itape_x11_window *window);
const char *itape_x11_title(const itape_x11_window *window);

/// Whether a window manager says which window is active, so that nobody needs to ask again.
int itape_x11_has_manager(const itape_x11 *x11);

/// The display's size in pixels.
void itape_x11_size(const itape_x11 *x11, int32_t *width, int32_t *height);

/// Sends input; each takes effect with `itape_x11_flush` at the latest.
void itape_x11_send_motion(itape_x11 *x11, int32_t x, int32_t y);
void itape_x11_send_relative(itape_x11 *x11, int32_t dx, int32_t dy);
void itape_x11_send_button(itape_x11 *x11, uint32_t button, int is_down);
void itape_x11_send_key(itape_x11 *x11, uint32_t code, int is_down);
void itape_x11_flush(itape_x11 *x11);
/// Waits until the display has seen everything.
void itape_x11_sync(itape_x11 *x11);
