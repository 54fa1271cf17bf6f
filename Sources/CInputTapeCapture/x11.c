// SPDX-License-Identifier: Apache-2.0
//
// Input events of an X11 display, and input sent to it.
//
// Buttons and keys are the raw events, which come whoever has grabbed the device; motion comes raw
// (device units) and cooked (pixels).
#include <stdlib.h>
#include <string.h>

#include "x11_library.h"

enum {
  generic_event = 35,
  property_notify = 28,
  property_change_mask = 1 << 22,
  xi_all_devices = 0,
  xi_all_masters = 1,
  xi_hierarchy_changed = 11,
  xi_motion = 6,
  xi_raw_key_press = 13,
  xi_raw_key_release = 14,
  xi_raw_button_press = 15,
  xi_raw_button_release = 16,
  xi_raw_motion = 17,
  xi_scroll_class = 3,
  xi_pointer_emulated = 1 << 16,
  scroll_limit = 64,
};

/// A valuator that scrolls.
typedef struct {
  int device;
  int number;
  int is_horizontal;
  double increment;
} scroll_valuator;

struct itape_x11 {
  x11_library x;
  x11_display *display;
  x11_id root;
  int opcode;
  int is_gone;
  x11_id active_window, wm_name, net_wm_name, wm_class, utf8_string;
  x11_id watched;
  int has_manager;
  scroll_valuator scroll[scroll_limit];
  int scroll_count;
  /// Scrolling that came together with motion in one event, given next.
  itape_x11_event pending;
};

static int ignore_error(x11_display *display, void *event) {
  // A window may go while it is asked for; the call that asked reports that it has no answer.
  (void)display, (void)event;
  return 0;
}

static int ignore_end(x11_display *display) {
  (void)display;
  return 0;
}

static void note_end(x11_display *display, void *x11) {
  (void)display;
  ((itape_x11 *)x11)->is_gone = 1;
}

static itape_x11_status open_display(const char *name, int sends, itape_x11 **result) {
  itape_x11 *x11 = calloc(1, sizeof *x11);
  if (!x11) return ITAPE_X11_NO_LIBRARY;
  itape_x11_status status = x11_load(&x11->x, sends);
  if (status == ITAPE_X11_FINE) {
    x11->display = x11->x.XOpenDisplay(name);
    if (!x11->display) status = ITAPE_X11_NO_DISPLAY;
  }
  if (status != ITAPE_X11_FINE) {
    free(x11);
    return status;
  }
  x11->root = x11->x.XDefaultRootWindow(x11->display);
  x11->x.XSetErrorHandler(ignore_error);
  if (x11->x.XSetIOErrorExitHandler) {
    x11->x.XSetIOErrorHandler(ignore_end);
    x11->x.XSetIOErrorExitHandler(x11->display, note_end, x11);
  }
  *result = x11;
  return ITAPE_X11_FINE;
}

void itape_x11_close(itape_x11 *x11) {
  if (!x11->is_gone) x11->x.XCloseDisplay(x11->display);
  free(x11);
}

int itape_x11_descriptor(const itape_x11 *x11) {
  return x11->x.XConnectionNumber(x11->display);
}

int itape_x11_is_gone(const itape_x11 *x11) { return x11->is_gone; }

void itape_x11_size(const itape_x11 *x11, int32_t *width, int32_t *height) {
  int screen = x11->x.XDefaultScreen(x11->display);
  *width = x11->x.XDisplayWidth(x11->display, screen);
  *height = x11->x.XDisplayHeight(x11->display, screen);
}

// MARK: - Receiving

static void find_scroll_valuators(itape_x11 *x11) {
  int count = 0;
  x11_device_info *devices = x11->x.XIQueryDevice(x11->display, xi_all_devices, &count);
  x11->scroll_count = 0;
  if (!devices) return;
  for (int d = 0; d < count; d++) {
    for (int c = 0; c < devices[d].class_count; c++) {
      const x11_scroll_class *class = devices[d].classes[c];
      if (class->type != xi_scroll_class || x11->scroll_count == scroll_limit) continue;
      if (class->increment == 0) continue;
      x11->scroll[x11->scroll_count++] = (scroll_valuator){
          .device = devices[d].device, .number = class->number,
          .is_horizontal = class->scroll_type == 2, .increment = class->increment};
    }
  }
  x11->x.XIFreeDeviceInfo(devices);
}

static void select_events(itape_x11 *x11) {
  unsigned char input[4] = {0}, hierarchy[4] = {0};
  static const int wanted[] = {xi_motion, xi_raw_key_press, xi_raw_key_release,
                               xi_raw_button_press, xi_raw_button_release, xi_raw_motion};
  for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
    input[wanted[i] / 8] |= (unsigned char)(1 << wanted[i] % 8);
  hierarchy[xi_hierarchy_changed / 8] |= 1 << xi_hierarchy_changed % 8;
  x11_event_mask masks[] = {{xi_all_masters, sizeof input, input},
                            {xi_all_devices, sizeof hierarchy, hierarchy}};
  x11->x.XISelectEvents(x11->display, x11->root, masks, 2);
  x11->x.XSelectInput(x11->display, x11->root, property_change_mask);
  x11->x.XSync(x11->display, 0);
}

itape_x11_status itape_x11_open(const char *name, itape_x11 **result) {
  itape_x11 *x11 = NULL;
  itape_x11_status status = open_display(name, 0, &x11);
  if (status != ITAPE_X11_FINE) return status;
  int event, error, major = 2, minor = 2;
  if (!x11->x.XQueryExtension(x11->display, "XInputExtension", &x11->opcode, &event, &error)
      || x11->x.XIQueryVersion(x11->display, &major, &minor) != 0) {
    itape_x11_close(x11);
    return ITAPE_X11_NO_XINPUT;
  }
  x11->active_window = x11->x.XInternAtom(x11->display, "_NET_ACTIVE_WINDOW", 0);
  x11->wm_name = x11->x.XInternAtom(x11->display, "WM_NAME", 0);
  x11->net_wm_name = x11->x.XInternAtom(x11->display, "_NET_WM_NAME", 0);
  x11->wm_class = x11->x.XInternAtom(x11->display, "WM_CLASS", 0);
  x11->utf8_string = x11->x.XInternAtom(x11->display, "UTF8_STRING", 0);
  find_scroll_valuators(x11);
  select_events(x11);
  *result = x11;
  return ITAPE_X11_FINE;
}

static const scroll_valuator *find_scroll(const itape_x11 *x11, int device, int number) {
  for (int i = 0; i < x11->scroll_count; i++)
    if (x11->scroll[i].device == device && x11->scroll[i].number == number)
      return &x11->scroll[i];
  return NULL;
}

/// Raw motion: valuators 0 and 1 are the device's axes, some others scroll.
static int take_motion(itape_x11 *x11, const x11_raw_event *raw, itape_x11_event *event) {
  itape_x11_event scroll = *event;
  int next = 0, moved = 0, scrolled = 0;
  for (int number = 0; number < raw->valuators.mask_length * 8; number++) {
    if (!(raw->valuators.mask[number / 8] >> number % 8 & 1)) continue;
    double value = raw->raw_values[next++];
    const scroll_valuator *valuator = find_scroll(x11, raw->source, number);
    if (valuator) {
      double steps = 120 * value / valuator->increment;
      if (valuator->is_horizontal) scroll.x += steps; else scroll.y -= steps;
      scrolled = 1;
    } else if (number < 2) {
      if (number == 0) event->x = value; else event->y = value;
      moved = 1;
    }
  }
  event->kind = ITAPE_X11_RAW_MOTION;
  scroll.kind = ITAPE_X11_SCROLL;
  if (moved && scrolled) x11->pending = scroll;
  if (!moved && scrolled) *event = scroll;
  return moved || scrolled;
}

/// Buttons 4 to 7 are the wheel: up, down, left, right. Only the press means a step.
static int take_button(const x11_raw_event *raw, itape_x11_event *event) {
  static const int dx[] = {0, 0, -120, 120}, dy[] = {120, -120, 0, 0};
  event->kind = ITAPE_X11_BUTTON;
  event->is_down = raw->evtype == xi_raw_button_press;
  if (raw->detail < 4 || raw->detail > 7) return 1;
  // The server makes these of scrolling that has come already.
  if (!event->is_down || raw->flags & xi_pointer_emulated) return 0;
  event->kind = ITAPE_X11_SCROLL;
  event->x = dx[raw->detail - 4];
  event->y = dy[raw->detail - 4];
  return 1;
}

static int take_input(itape_x11 *x11, const x11_cookie *cookie, itape_x11_event *event) {
  const x11_raw_event *raw = cookie->data;
  const x11_device_event *cooked = cookie->data;
  memset(event, 0, sizeof *event);
  event->milliseconds = (uint32_t)raw->time;
  event->device = raw->source;
  event->detail = raw->detail;
  switch (cookie->evtype) {
    case xi_motion:
      event->kind = ITAPE_X11_MOTION;
      event->x = cooked->root_x;
      event->y = cooked->root_y;
      return 1;
    case xi_raw_motion: return take_motion(x11, raw, event);
    case xi_raw_button_press:
    case xi_raw_button_release: return take_button(raw, event);
    case xi_raw_key_press:
    case xi_raw_key_release:
      event->kind = ITAPE_X11_KEY;
      event->is_down = cookie->evtype == xi_raw_key_press;
      return 1;
    case xi_hierarchy_changed: find_scroll_valuators(x11);
  }
  return 0;
}

static int take_property(itape_x11 *x11, const x11_property_event *property,
                         itape_x11_event *event) {
  int isActive = property->window == x11->root && property->atom == x11->active_window;
  int isTitle = property->window == x11->watched
                && (property->atom == x11->wm_name || property->atom == x11->net_wm_name);
  if (!isActive && !isTitle) return 0;
  memset(event, 0, sizeof *event);
  event->kind = ITAPE_X11_FOCUS;
  event->milliseconds = (uint32_t)property->time;
  return 1;
}

int itape_x11_next(itape_x11 *x11, itape_x11_event *event) {
  if (x11->pending.kind) {
    *event = x11->pending;
    x11->pending.kind = 0;
    return 1;
  }
  while (!x11->is_gone && x11->x.XPending(x11->display) > 0) {
    x11_event next;
    x11->x.XNextEvent(x11->display, &next);
    if (x11->is_gone) break;
    if (next.type == property_notify) {
      if (take_property(x11, &next.property, event)) return 1;
    } else if (next.type == generic_event && next.cookie.extension == x11->opcode
               && x11->x.XGetEventData(x11->display, &next.cookie)) {
      int taken = take_input(x11, &next.cookie, event);
      x11->x.XFreeEventData(x11->display, &next.cookie);
      if (taken) return 1;
    }
  }
  return 0;
}

int itape_x11_has_pending(itape_x11 *x11) {
  return x11->pending.kind || (!x11->is_gone && x11->x.XPending(x11->display) > 0);
}

int itape_x11_pointer(itape_x11 *x11, int32_t *x, int32_t *y) {
  x11_id root, child;
  int rootX, rootY, windowX, windowY;
  unsigned mask;
  if (x11->is_gone
      || !x11->x.XQueryPointer(x11->display, x11->root, &root, &child, &rootX, &rootY, &windowX,
                               &windowY, &mask))
    return 0;
  *x = rootX;
  *y = rootY;
  return 1;
}

// MARK: - Focus

/// A property's bytes, which the caller frees; NULL where there is none.
static unsigned char *property(itape_x11 *x11, x11_id window, x11_id name, unsigned long *count) {
  x11_id type;
  int format;
  unsigned long left;
  unsigned char *bytes = NULL;
  int status = x11->x.XGetWindowProperty(x11->display, window, name, 0, 256, 0, 0, &type, &format,
                                         count, &left, &bytes);
  if (status == 0 && bytes && *count > 0) return bytes;
  if (bytes) x11->x.XFree(bytes);
  return NULL;
}

static void copy_text(itape_x11 *x11, x11_id window, x11_id name, int part, char *text,
                      size_t limit) {
  unsigned long count = 0;
  char *bytes = (char *)property(x11, window, name, &count);
  if (!bytes) return;
  size_t start = 0;
  for (; part > 0; part--) {
    size_t next = start;
    while (next < count && bytes[next]) next++;
    if (next + 1 >= count) break;
    start = next + 1;
  }
  size_t length = 0;
  while (start + length < count && bytes[start + length] && length + 1 < limit) length++;
  memcpy(text, bytes + start, length);
  text[length] = 0;
  x11->x.XFree(bytes);
}

static x11_id active_window(itape_x11 *x11) {
  unsigned long count = 0;
  x11_id window = 0;
  int revert;
  unsigned char *bytes = property(x11, x11->root, x11->active_window, &count);
  x11->has_manager = bytes != NULL;
  if (bytes) {
    memcpy(&window, bytes, sizeof window);
    x11->x.XFree(bytes);
    return window;
  }
  x11->x.XGetInputFocus(x11->display, &window, &revert);
  // 0 is nobody, 1 the root window and whatever is below the pointer.
  return window > 1 && window != x11->root ? window : 0;
}

/// The window itself or the nearest above it that says which application it belongs to.
static x11_id named_window(itape_x11 *x11, x11_id window) {
  for (int depth = 0; depth < 16 && window && window != x11->root; depth++) {
    unsigned long count = 0;
    unsigned char *bytes = property(x11, window, x11->wm_class, &count);
    if (bytes) {
      x11->x.XFree(bytes);
      return window;
    }
    x11_id root, parent = 0, *children = NULL;
    unsigned childCount;
    if (!x11->x.XQueryTree(x11->display, window, &root, &parent, &children, &childCount)) break;
    if (children) x11->x.XFree(children);
    window = parent;
  }
  return 0;
}

int itape_x11_focused(itape_x11 *x11, itape_x11_window *result) {
  memset(result, 0, sizeof *result);
  if (x11->is_gone) return 0;
  x11_id active = active_window(x11);
  x11_id window = named_window(x11, active);
  if (!window) window = active;
  if (window && window != x11->watched) {
    x11->x.XSelectInput(x11->display, window, property_change_mask);
    x11->watched = window;
  }
  if (!window) return 0;
  copy_text(x11, window, x11->wm_class, 1, result->application, sizeof result->application);
  copy_text(x11, window, x11->net_wm_name, 0, result->title, sizeof result->title);
  if (!result->title[0])
    copy_text(x11, window, x11->wm_name, 0, result->title, sizeof result->title);
  x11_id root, child;
  int x, y;
  unsigned width, height, border, depth;
  if (x11->x.XGetGeometry(x11->display, window, &root, &x, &y, &width, &height, &border, &depth)
      && x11->x.XTranslateCoordinates(x11->display, window, x11->root, 0, 0, &x, &y, &child)) {
    result->x = x;
    result->y = y;
    result->width = (int32_t)width;
    result->height = (int32_t)height;
  }
  return 1;
}

const char *itape_x11_application(const itape_x11_window *window) { return window->application; }
const char *itape_x11_title(const itape_x11_window *window) { return window->title; }
int itape_x11_has_manager(const itape_x11 *x11) { return x11->has_manager; }

// MARK: - Sending

itape_x11_status itape_x11_open_sender(const char *name, itape_x11 **result) {
  itape_x11 *x11 = NULL;
  itape_x11_status status = open_display(name, 1, &x11);
  if (status != ITAPE_X11_FINE) return status;
  int event, error, major, minor;
  if (!x11->x.XTestQueryExtension(x11->display, &event, &error, &major, &minor)) {
    itape_x11_close(x11);
    return ITAPE_X11_NO_XTEST;
  }
  *result = x11;
  return ITAPE_X11_FINE;
}

void itape_x11_send_motion(itape_x11 *x11, int32_t x, int32_t y) {
  x11->x.XTestFakeMotionEvent(x11->display, -1, x, y, 0);
}

void itape_x11_send_relative(itape_x11 *x11, int32_t dx, int32_t dy) {
  x11->x.XTestFakeRelativeMotionEvent(x11->display, dx, dy, 0);
}

void itape_x11_send_button(itape_x11 *x11, uint32_t button, int is_down) {
  x11->x.XTestFakeButtonEvent(x11->display, button, is_down, 0);
}

void itape_x11_send_key(itape_x11 *x11, uint32_t code, int is_down) {
  x11->x.XTestFakeKeyEvent(x11->display, code, is_down, 0);
}

void itape_x11_flush(itape_x11 *x11) { x11->x.XFlush(x11->display); }

void itape_x11_sync(itape_x11 *x11) { x11->x.XSync(x11->display, 0); }
