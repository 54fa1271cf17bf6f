// SPDX-License-Identifier: Apache-2.0
//
// Records the input events of an X11 display as neutral JSONL on standard output.
//
// Every line is an event that the X server sent (XInput 2.2, all master devices, root window):
// device 0 is the pointer (absolute position in pixels of the root window), device 1 the keyboard
// (X11 key codes). `t` is the server's own time stamp, milliseconds, written as nanoseconds since
// the first event; with `-a` it is CLOCK_MONOTONIC on arrival, in nanoseconds, instead.
// Wheel steps reach X11 clients as presses of buttons 4 to 7; they are written as `scroll` of 120.
// Ends at SIGINT or SIGTERM, then writes everything in the order of time and device.
#include <X11/Xlib.h>
#include <X11/extensions/XInput2.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

typedef struct {
  int64_t time;
  int device;
  size_t sequence;
  char fields[64];
} recorded_event;

static recorded_event *events;
static size_t event_count, event_capacity;
static volatile sig_atomic_t stopped;

static void stop(int signal_number) {
  (void)signal_number;
  stopped = 1;
}

static int64_t monotonic_nanoseconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static recorded_event *add_event(int64_t time, int device) {
  if (event_count == event_capacity) {
    event_capacity = event_capacity ? 2 * event_capacity : 4096;
    events = realloc(events, event_capacity * sizeof *events);
    if (!events) {
      perror("record_x11");
      exit(74);
    }
  }
  recorded_event *event = &events[event_count];
  event->time = time;
  event->device = device;
  event->sequence = event_count++;
  return event;
}

// Buttons 4 to 7 are the wheel: up, down, left, right. Only the press means a step.
static void record_button(const XIDeviceEvent *e, int64_t time, const char *state) {
  static const int dx[] = {0, 0, -120, 120}, dy[] = {120, -120, 0, 0};
  if (e->detail >= 4 && e->detail <= 7) {
    if (strcmp(state, "down") != 0) return;
    recorded_event *event = add_event(time, 0);
    snprintf(event->fields, sizeof event->fields, "\"kind\":\"scroll\",\"dx\":%d,\"dy\":%d",
             dx[e->detail - 4], dy[e->detail - 4]);
    return;
  }
  recorded_event *event = add_event(time, 0);
  snprintf(event->fields, sizeof event->fields,
           "\"kind\":\"button\",\"button\":%d,\"state\":\"%s\"", e->detail, state);
}

static void record_key(const XIDeviceEvent *e, int64_t time, const char *state) {
  recorded_event *event = add_event(time, 1);
  snprintf(event->fields, sizeof event->fields, "\"kind\":\"key\",\"code\":%d,\"state\":\"%s\"",
           e->detail, state);
}

static void record_motion(const XIDeviceEvent *e, int64_t time) {
  recorded_event *event = add_event(time, 0);
  snprintf(event->fields, sizeof event->fields, "\"kind\":\"motion\",\"x\":%d,\"y\":%d",
           (int)e->root_x, (int)e->root_y);
}

static void record(const XIDeviceEvent *e, int use_arrival) {
  int64_t time = use_arrival ? monotonic_nanoseconds() : (int64_t)e->time * 1000000;
  switch (e->evtype) {
    case XI_Motion: record_motion(e, time); break;
    case XI_ButtonPress: record_button(e, time, "down"); break;
    case XI_ButtonRelease: record_button(e, time, "up"); break;
    case XI_KeyPress: record_key(e, time, e->flags & XIKeyRepeat ? "repeat" : "down"); break;
    case XI_KeyRelease: record_key(e, time, "up"); break;
  }
}

static int by_time_and_device(const void *left, const void *right) {
  const recorded_event *a = left, *b = right;
  if (a->time != b->time) return a->time < b->time ? -1 : 1;
  if (a->device != b->device) return a->device < b->device ? -1 : 1;
  return a->sequence < b->sequence ? -1 : 1;
}

static int write_events(void) {
  if (event_count) qsort(events, event_count, sizeof *events, by_time_and_device);
  for (size_t i = 0; i < event_count; i++)
    printf("{\"t\":%lld,\"device\":%d,%s}\n", (long long)(events[i].time - events[0].time),
           events[i].device, events[i].fields);
  fprintf(stderr, "record_x11: %zu events\n", event_count);
  return fflush(stdout) == 0 ? 0 : 74;
}

static void select_events(Display *display) {
  unsigned char bits[XIMaskLen(XI_LASTEVENT)] = {0};
  XISetMask(bits, XI_Motion);
  XISetMask(bits, XI_ButtonPress);
  XISetMask(bits, XI_ButtonRelease);
  XISetMask(bits, XI_KeyPress);
  XISetMask(bits, XI_KeyRelease);
  XIEventMask mask = {.deviceid = XIAllMasterDevices, .mask_len = sizeof bits, .mask = bits};
  XISelectEvents(display, DefaultRootWindow(display), &mask, 1);
  XSync(display, False);
}

static void read_pending(Display *display, int opcode, int use_arrival) {
  while (XPending(display)) {
    XEvent event;
    XNextEvent(display, &event);
    if (event.xcookie.type != GenericEvent || event.xcookie.extension != opcode) continue;
    if (!XGetEventData(display, &event.xcookie)) continue;
    record(event.xcookie.data, use_arrival);
    XFreeEventData(display, &event.xcookie);
  }
}

int main(int argument_count, char **arguments) {
  int use_arrival = argument_count > 1 && strcmp(arguments[1], "-a") == 0;
  Display *display = XOpenDisplay(NULL);
  int opcode, first_event, first_error, major = 2, minor = 2;
  if (!display || !XQueryExtension(display, "XInputExtension", &opcode, &first_event, &first_error)
      || XIQueryVersion(display, &major, &minor) != Success) {
    fprintf(stderr, "record_x11: no X11 display with XInput 2\n");
    return 74;
  }
  struct sigaction action = {.sa_handler = stop};
  sigaction(SIGINT, &action, NULL);
  sigaction(SIGTERM, &action, NULL);
  select_events(display);
  fprintf(stderr, "record_x11: recording\n");
  struct pollfd connection = {.fd = ConnectionNumber(display), .events = POLLIN};
  while (!stopped) {
    read_pending(display, opcode, use_arrival);
    poll(&connection, 1, 200);
  }
  read_pending(display, opcode, use_arrival);
  return write_events();
}
