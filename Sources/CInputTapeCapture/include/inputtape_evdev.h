// SPDX-License-Identifier: Apache-2.0
//
// Linux input devices: what their system calls say, in structures that Swift can import.
//
// On other systems every function fails with ENOTSUP.
#pragma once
#include <poll.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/// One event as the kernel's event devices give it: `struct input_event` on 64-bit systems.
typedef struct {
  int64_t seconds;
  int64_t microseconds;
  uint16_t type;
  uint16_t code;
  int32_t value;
} itape_input_event;

enum {
  ITAPE_EVDEV_KEY_BYTES = 96,
  ITAPE_EVDEV_AXES = 64,
};

/// What a device says of itself.
typedef struct {
  char name[256];
  uint16_t bus, vendor, product, version;
  uint8_t types[4];
  uint8_t keys[ITAPE_EVDEV_KEY_BYTES];
  uint8_t relative[2];
  uint8_t absolute[8];
  int32_t value[ITAPE_EVDEV_AXES];
  int32_t minimum[ITAPE_EVDEV_AXES];
  int32_t maximum[ITAPE_EVDEV_AXES];
  int32_t resolution[ITAPE_EVDEV_AXES];
} itape_evdev_info;

/// Asks a device what it is; 0, or the error number (ENOTTY where it is no event device).
int itape_evdev_describe(int descriptor, itape_evdev_info *info);

/// Whether a device can send events of a type and code.
int itape_evdev_can(const itape_evdev_info *info, int type, int code);

/// The name as bytes that end with 0.
const char *itape_evdev_name(const itape_evdev_info *info);

/// The resolution of an axis in units a millimetre or radian; 0 where unknown.
int itape_evdev_resolution(const itape_evdev_info *info, int axis);

/// Has a device's events timed by CLOCK_MONOTONIC; 0, or the error number.
int itape_evdev_use_monotonic(int descriptor);

/// Which keys and buttons are down, a bit each; 0, or the error number.
int itape_evdev_pressed(int descriptor, uint8_t *keys, size_t byte_count);

/// Where an axis stands; 0, or the error number.
int itape_evdev_axis(int descriptor, int axis, int32_t *value);

/// The values of a multi-touch axis by slot: `values[0]` is the axis, then `count` slots follow.
int itape_evdev_slots(int descriptor, int axis, int32_t *values, size_t count);

/// Reads into `buffer` from `offset` on; as read(2), but tries again after EINTR.
ssize_t itape_read_at(int descriptor, void *buffer, size_t offset, size_t count);

/// Waits until a descriptor is ready or the time is over; as poll(2), but in nanoseconds.
int itape_poll(struct pollfd *polls, size_t count, int64_t nanoseconds);

/// A virtual device that can send what its arguments say; a descriptor, or minus the error number.
///
/// The device has all keys, mouse buttons, relative axes and wheels.
int itape_uinput_open(const char *name);

/// Sends one event through a virtual device; 0, or the error number.
int itape_uinput_send(int descriptor, int type, int code, int value);
