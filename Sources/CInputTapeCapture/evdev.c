// SPDX-License-Identifier: Apache-2.0
//
// The system calls of Linux input devices, whose request numbers are macros.
#define _GNU_SOURCE
#include "inputtape_evdev.h"

#include <errno.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

ssize_t itape_read_at(int descriptor, void *buffer, size_t offset, size_t count) {
  ssize_t got;
  do {
    got = read(descriptor, (char *)buffer + offset, count);
  } while (got < 0 && errno == EINTR);
  return got;
}

int itape_poll(struct pollfd *polls, size_t count, int64_t nanoseconds) {
#ifdef __linux__
  struct timespec time = {nanoseconds / 1000000000, nanoseconds % 1000000000};
  return ppoll(polls, (nfds_t)count, &time, NULL);
#else
  int64_t milliseconds = (nanoseconds + 999999) / 1000000;
  return poll(polls, (nfds_t)count, milliseconds > 60000 ? 60000 : (int)milliseconds);
#endif
}

int itape_evdev_can(const itape_evdev_info *info, int type, int code) {
  const uint8_t *bits;
  size_t count;
  switch (type) {
    case 1: bits = info->keys, count = sizeof info->keys; break;
    case 2: bits = info->relative, count = sizeof info->relative; break;
    case 3: bits = info->absolute, count = sizeof info->absolute; break;
    default: return 0;
  }
  if (code < 0 || (size_t)code >= 8 * count) return 0;
  return bits[code / 8] >> (code % 8) & 1;
}

const char *itape_evdev_name(const itape_evdev_info *info) { return info->name; }

int itape_evdev_resolution(const itape_evdev_info *info, int axis) {
  return axis >= 0 && axis < ITAPE_EVDEV_AXES ? info->resolution[axis] : 0;
}

#ifdef __linux__
#include <fcntl.h>
#include <linux/input.h>
#include <linux/uinput.h>
#include <sys/ioctl.h>

_Static_assert(sizeof(itape_input_event) == 24, "as the kernel of a 64-bit system has it");

static void describe_axes(int descriptor, itape_evdev_info *info) {
  for (int axis = 0; axis < ITAPE_EVDEV_AXES; axis++) {
    struct input_absinfo range;
    if (!itape_evdev_can(info, EV_ABS, axis)) continue;
    if (ioctl(descriptor, EVIOCGABS(axis), &range) < 0) continue;
    info->value[axis] = range.value;
    info->minimum[axis] = range.minimum;
    info->maximum[axis] = range.maximum;
    info->resolution[axis] = range.resolution;
  }
}

int itape_evdev_describe(int descriptor, itape_evdev_info *info) {
  struct input_id id;
  memset(info, 0, sizeof *info);
  if (ioctl(descriptor, EVIOCGID, &id) < 0) return errno;
  info->bus = id.bustype;
  info->vendor = id.vendor;
  info->product = id.product;
  info->version = id.version;
  if (ioctl(descriptor, EVIOCGNAME(sizeof info->name - 1), info->name) < 0) info->name[0] = 0;
  if (ioctl(descriptor, EVIOCGBIT(0, sizeof info->types), info->types) < 0) return errno;
  if (ioctl(descriptor, EVIOCGBIT(EV_KEY, sizeof info->keys), info->keys) < 0) return errno;
  if (ioctl(descriptor, EVIOCGBIT(EV_REL, sizeof info->relative), info->relative) < 0)
    return errno;
  if (ioctl(descriptor, EVIOCGBIT(EV_ABS, sizeof info->absolute), info->absolute) < 0)
    return errno;
  describe_axes(descriptor, info);
  return 0;
}

int itape_evdev_use_monotonic(int descriptor) {
  int clock = CLOCK_MONOTONIC;
  return ioctl(descriptor, EVIOCSCLOCKID, &clock) < 0 ? errno : 0;
}

int itape_evdev_pressed(int descriptor, uint8_t *keys, size_t byte_count) {
  return ioctl(descriptor, EVIOCGKEY(byte_count), keys) < 0 ? errno : 0;
}

int itape_evdev_axis(int descriptor, int axis, int32_t *value) {
  struct input_absinfo range;
  if (ioctl(descriptor, EVIOCGABS(axis), &range) < 0) return errno;
  *value = range.value;
  return 0;
}

int itape_evdev_slots(int descriptor, int axis, int32_t *values, size_t count) {
  values[0] = axis;
  return ioctl(descriptor, EVIOCGMTSLOTS((count + 1) * sizeof *values), values) < 0 ? errno : 0;
}

static int enable(int descriptor) {
  static const int relative[] = {REL_X, REL_Y, REL_WHEEL, REL_HWHEEL, 0x0b, 0x0c};
  if (ioctl(descriptor, UI_SET_EVBIT, EV_KEY) < 0) return errno;
  if (ioctl(descriptor, UI_SET_EVBIT, EV_REL) < 0) return errno;
  for (int code = 1; code < 0x100; code++) ioctl(descriptor, UI_SET_KEYBIT, code);
  for (int code = BTN_LEFT; code <= BTN_TASK; code++) ioctl(descriptor, UI_SET_KEYBIT, code);
  for (size_t index = 0; index < sizeof relative / sizeof *relative; index++)
    ioctl(descriptor, UI_SET_RELBIT, relative[index]);
  return 0;
}

int itape_uinput_open(const char *name) {
  int descriptor = open("/dev/uinput", O_WRONLY | O_NONBLOCK | O_CLOEXEC);
  if (descriptor < 0) return -errno;
  struct uinput_setup setup;
  memset(&setup, 0, sizeof setup);
  setup.id.bustype = BUS_VIRTUAL;
  strncpy(setup.name, name, sizeof setup.name - 1);
  int code = enable(descriptor);
  if (!code && ioctl(descriptor, UI_DEV_SETUP, &setup) < 0) code = errno;
  if (!code && ioctl(descriptor, UI_DEV_CREATE) < 0) code = errno;
  if (!code) return descriptor;
  close(descriptor);
  return -code;
}

int itape_uinput_send(int descriptor, int type, int code, int value) {
  struct input_event event;
  memset(&event, 0, sizeof event);
  event.type = (uint16_t)type;
  event.code = (uint16_t)code;
  event.value = value;
  return write(descriptor, &event, sizeof event) == sizeof event ? 0 : errno;
}

#else

int itape_evdev_describe(int descriptor, itape_evdev_info *info) { return ENOTSUP; }
int itape_evdev_use_monotonic(int descriptor) { return ENOTSUP; }
int itape_evdev_pressed(int descriptor, uint8_t *keys, size_t byte_count) { return ENOTSUP; }
int itape_evdev_axis(int descriptor, int axis, int32_t *value) { return ENOTSUP; }
int itape_evdev_slots(int descriptor, int axis, int32_t *values, size_t count) { return ENOTSUP; }
int itape_uinput_open(const char *name) { return -ENOTSUP; }
int itape_uinput_send(int descriptor, int type, int code, int value) { return ENOTSUP; }

#endif
