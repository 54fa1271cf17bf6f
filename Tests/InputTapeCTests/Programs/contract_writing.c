// SPDX-License-Identifier: Apache-2.0
//
// The contract of writers: options, events at their edges, sinks that refuse.
#include "contract.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

char bytes[1 << 20];
size_t byte_count;
int refusal, released;
static int syncs, notices;

static int32_t write_bytes(void *context, const void *source, size_t count) {
  (void)context;
  if (refusal != 0) return refusal;
  if (byte_count + count > sizeof bytes) return ENOSPC;
  memcpy(bytes + byte_count, source, count);
  byte_count += count;
  return 0;
}
static int32_t sync_bytes(void *context) { (void)context; syncs++; return 0; }
void release(void *context) { (void)context; released++; }
static void notice(void *context, const itape_notice *notice) {
  (void)context;
  if (notice->struct_size == sizeof *notice && notice->kind > 0) notices++;
}

static void options(const char *path) {
  itape_writer *writer = (itape_writer *)path;
  itape_writer_options some = {.struct_size = sizeof some};
  IS(ARGUMENT, itape_writer_open(NULL, NULL, &writer));
  TRUE(writer == NULL);
  IS(ARGUMENT, itape_writer_open(path, NULL, NULL));
  IS(ARGUMENT, itape_writer_open("\xff\xfe", NULL, &writer));
  IS(SYSTEM, itape_writer_open("/no/such/folder/a.itape", NULL, &writer));
  IS(ENOENT, itape_error_system_code());
  size_t sizes[] = {0, 1, 8, sizeof some - 1, 4097, SIZE_MAX};
  for (size_t index = 0; index < sizeof sizes / sizeof sizes[0]; index++) {
    some.struct_size = sizes[index];
    IS(SIZE, itape_writer_open(path, &some, &writer));
  }
  some.struct_size = sizeof some;
  some.flags = 1u << 31;
  IS(ARGUMENT, itape_writer_open(path, &some, &writer));
  some.flags = 0;
  some.preset = 99;
  IS(ARGUMENT, itape_writer_open(path, &some, &writer));
  some.preset = 0;
  some.compression = 99;
  IS(ARGUMENT, itape_writer_open(path, &some, &writer));
  some.compression = ITAPE_COMPRESSION_ZSTD;
  some.compression_level = 20;
  IS(ARGUMENT, itape_writer_open(path, &some, &writer));
  some.compression_level = -1;
  IS(ARGUMENT, itape_writer_open(path, &some, &writer));
  some.compression_level = 0;
  some.threads = UINT32_MAX;
  IS(ARGUMENT, itape_writer_open(path, &some, &writer));
  some.threads = 0;
  some.events_per_block = ITAPE_EVENTS_LIMIT + 1;
  IS(ARGUMENT, itape_writer_open(path, &some, &writer));
  some.events_per_block = 0;
  some.flush_interval = -1;
  IS(ARGUMENT, itape_writer_open(path, &some, &writer));
  some.flush_interval = 0;
  some.segment_age = INT64_MIN;
  IS(ARGUMENT, itape_writer_open(path, &some, &writer));
  some.segment_age = INT64_MAX;
  some.segment_bytes = UINT64_MAX;
  some.flush_interval = some.sync_interval = INT64_MAX;
  IS(ITAPE_OK, itape_writer_open(path, &some, &writer));
  itape_writer_close(writer);
  IS(SYSTEM, itape_writer_open(path, &some, &writer)); // the file is there
  IS(EEXIST, itape_error_system_code());

  // A program that was compiled with a later header: bytes that are not known must be zero.
  struct { itape_writer_options known; char more[32]; } later;
  memset(&later, 0, sizeof later);
  later.known.struct_size = sizeof later;
  later.known.flags = ITAPE_WRITER_REPLACE;
  IS(ITAPE_OK, itape_writer_open(path, &later.known, &writer));
  itape_writer_close(writer);
  later.more[31] = 1;
  IS(SIZE, itape_writer_open(path, &later.known, &writer));
}

static void write_events(itape_writer *writer) {
  itape_track track = {.struct_size = sizeof track};
  track.track = ITAPE_TRACK_LIMIT;
  IS(ARGUMENT, itape_writer_set_track(writer, &track));
  track.track = ITAPE_TRACK_LIMIT - 1;
  track.track_class = 16;
  IS(ARGUMENT, itape_writer_set_track(writer, &track));
  track.track_class = ITAPE_CLASS_PEN;
  track.subpixel_bits = 32;
  IS(ARGUMENT, itape_writer_set_track(writer, &track));
  track.subpixel_bits = 4;
  track.name = "\xc3\x28";
  IS(ARGUMENT, itape_writer_set_track(writer, &track));
  track.name = "Stift";
  IS(ITAPE_OK, itape_writer_set_track(writer, &track));
  static char long_text[70000];
  memset(long_text, 'a', sizeof long_text - 1);
  IS(ARGUMENT, itape_writer_set_metadata(writer, "long", long_text));
  IS(ARGUMENT, itape_writer_set_metadata(writer, NULL, "b"));
  IS(ARGUMENT, itape_writer_set_metadata(writer, "track.0", "b"));
  IS(ITAPE_OK, itape_writer_set_metadata(writer, "purpose", "test"));
  IS(ITAPE_OK, itape_writer_set_metadata(writer, "gone", "test"));
  IS(ITAPE_OK, itape_writer_set_metadata(writer, "gone", NULL));

  IS(ARGUMENT, itape_writer_motion(writer, ITAPE_TRACK_LIMIT, 0, 0, 0));
  IS(ARGUMENT, itape_writer_motion(writer, UINT16_MAX, 0, 0, 0));
  IS(ARGUMENT, itape_writer_touch(writer, 0, 0, NULL));
  IS(ARGUMENT, itape_writer_pen(writer, 0, 0, NULL));
  IS(ARGUMENT, itape_writer_focus(writer, 0, 0, NULL));
  IS(ARGUMENT, itape_writer_frame(writer, 0, 0, NULL));
  IS(ARGUMENT, itape_writer_gap(writer, 0, 0, NULL));
  IS(ARGUMENT, itape_writer_text(writer, 0, 0, NULL, 1));
  IS(ARGUMENT, itape_writer_text(writer, 0, 0, long_text, ITAPE_TEXT_LIMIT + 1));
  IS(ARGUMENT, itape_writer_append(writer, NULL, 1, sizeof(itape_event)));
  IS(ITAPE_OK, itape_writer_append(writer, NULL, 0, sizeof(itape_event)));

  IS(ITAPE_OK, itape_writer_motion(writer, 0, INT64_MIN, INT32_MIN, INT32_MAX));
  IS(ITAPE_OK, itape_writer_motion(writer, 0, INT64_MAX, INT32_MAX, INT32_MIN));
  IS(ITAPE_OK, itape_writer_motion(writer, 0, 5, 1, 2));
  IS(ITAPE_OK, itape_writer_button(writer, 0, 6, -7, 12345));
  IS(ITAPE_OK, itape_writer_key(writer, 1, 6, UINT32_MAX, ITAPE_DOWN));
  IS(ITAPE_OK, itape_writer_scroll(writer, 0, 7, 0, 120, -9));
  IS(ITAPE_OK, itape_writer_axis(writer, 3, 7, 1, 2));
  itape_touch touch = {1, ITAPE_BEGAN, 10, 20, ITAPE_NOT_REPORTED};
  IS(ITAPE_OK, itape_writer_touch(writer, 2, 8, &touch));
  itape_pen pen = {1, 2, 3, 4, 5, ITAPE_HOVERING, 0};
  IS(ITAPE_OK, itape_writer_pen(writer, 1023, 9, &pen));
  IS(ITAPE_OK, itape_writer_text(writer, 4, 9, NULL, 0));
  IS(ITAPE_OK, itape_writer_text(writer, 4, 9, long_text, ITAPE_TEXT_LIMIT));
  itape_focus focus = {0, 0, 800, 600, {"app", 3}, {NULL, 0}};
  IS(ITAPE_OK, itape_writer_focus(writer, 5, 10, &focus));
  itape_frame frame = {123, {"screen.mp4", 10}};
  IS(ITAPE_OK, itape_writer_frame(writer, 5, 10, &frame));
  IS(ITAPE_OK, itape_writer_marker(writer, 5, 10, "\xff", 1));
  IS(ITAPE_OK, itape_writer_clock(writer, 5, 10, INT64_MAX, -1));
  IS(ITAPE_OK, itape_writer_custom(writer, 6, 10, -1, "\0\1", 2));
  itape_gap gap = {ITAPE_GAP_PAUSED, 77, INT64_MAX, INT64_MIN, INT64_MAX};
  IS(ITAPE_OK, itape_writer_gap(writer, 1, 11, &gap));
}

static void write_arrays(itape_writer *writer) {
  itape_event events[2];
  memset(events, 0, sizeof events);
  IS(ARGUMENT, itape_writer_append(writer, events, 1, sizeof events[0])); // kind 0
  IS(SIZE, itape_writer_append(writer, events, 1, sizeof events[0] - 1));
  events[0].kind = ITAPE_MOTION;
  events[1].kind = 200; // of a later version
  events[1].time = 12;
  events[1].fields.unknown.int32_count = 17;
  IS(ARGUMENT, itape_writer_append(writer, events, 2, sizeof events[0]));
  int32_t numbers[2] = {7, 8};
  itape_string string = {"later", 5};
  events[1].fields.unknown = (itape_unknown){.int32 = numbers, .strings = &string};
  events[1].fields.unknown.int32_count = 2;
  events[1].fields.unknown.string_count = 1;
  IS(ITAPE_OK, itape_writer_append(writer, events, 2, sizeof events[0]));

  int64_t times[3] = {20, 21, 22};
  int32_t x[3] = {1, 2, 3}, y[3] = {4, 5, 6};
  const int32_t *int32[2] = {x, y};
  itape_columns columns = {.struct_size = sizeof columns};
  columns.kind = ITAPE_MOTION;
  columns.count = 3;
  columns.int32 = int32;
  columns.int32_count = 2;
  IS(ARGUMENT, itape_writer_append_columns(writer, &columns)); // times
  columns.times = times;
  columns.int32_count = 3;
  IS(ARGUMENT, itape_writer_append_columns(writer, &columns));
  columns.int32_count = 2;
  columns.count = UINT64_MAX;
  IS(ARGUMENT, itape_writer_append_columns(writer, &columns));
  columns.count = 3;
  int32[1] = NULL;
  IS(ARGUMENT, itape_writer_append_columns(writer, &columns));
  int32[1] = y;
  columns.track = ITAPE_TRACK_LIMIT;
  IS(ARGUMENT, itape_writer_append_columns(writer, &columns));
  columns.track = 0;
  IS(ITAPE_OK, itape_writer_append_columns(writer, &columns));
  columns.count = 0;
  IS(ITAPE_OK, itape_writer_append_columns(writer, &columns));
}

static void sinks(void) {
  itape_writer *writer = NULL;
  itape_sink sink = {.struct_size = sizeof sink};
  IS(ARGUMENT, itape_writer_open_sink(NULL, NULL, &writer));
  sink.release = release;
  IS(ARGUMENT, itape_writer_open_sink(&sink, NULL, &writer));
  IS(1, released);
  sink.write = write_bytes;
  sink.sync = sync_bytes;
  IS(ARGUMENT, itape_writer_open_sink(&sink, NULL, NULL));
  IS(2, released);
  itape_writer_options some = {.struct_size = sizeof some};
  some.notice = notice;
  IS(ITAPE_OK, itape_writer_open_sink(&sink, &some, &writer));
  write_events(writer);
  write_arrays(writer);
  IS(ITAPE_OK, itape_writer_flush(writer));
  IS(ITAPE_OK, itape_writer_sync(writer));
  TRUE(syncs > 0);

  refusal = ENOSPC;
  IS(ITAPE_OK, itape_writer_motion(writer, 0, 30, 0, 0));
  IS(SYSTEM, itape_writer_flush(writer));
  IS(ENOSPC, itape_error_system_code());
  TRUE(notices > 0);
  refusal = 0;
  IS(ITAPE_OK, itape_writer_motion(writer, 0, 31, 0, 0));
  itape_writer_statistics statistics = {.struct_size = sizeof statistics};
  IS(ITAPE_OK, itape_writer_get_statistics(writer, &statistics));
  TRUE(statistics.lost_events == 1 && statistics.written_events == 22);
  statistics.struct_size = 3;
  IS(SIZE, itape_writer_get_statistics(writer, &statistics));
  statistics.struct_size = sizeof statistics;
  IS(ITAPE_OK, itape_writer_finish(writer, &statistics));
  IS(STATE, itape_writer_finish(writer, NULL));
  IS(STATE, itape_writer_motion(writer, 0, 0, 0, 0));
  IS(STATE, itape_writer_text(writer, 0, 0, "a", 1));
  IS(STATE, itape_writer_flush(writer));
  IS(STATE, itape_writer_set_metadata(writer, "a", "b"));
  IS(ITAPE_OK, itape_writer_get_statistics(writer, &statistics));
  itape_writer_close(writer);
  IS(3, released);
}

void write_contract(const char *folder) {
  char path[4096];
  snprintf(path, sizeof path, "%s/options.itape", folder);
  options(path);
  sinks();
}
