// SPDX-License-Identifier: Apache-2.0
//
// A capture agent in C: records a pointer and a keyboard, then reads the recording back.
//
//   cc agent.c $(pkg-config --cflags --libs inputtape) -o agent && ./agent session.itape
#include <inputtape.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { POINTER = 0, KEYBOARD = 1 };

// Ends the program with what went wrong. A real agent would note it and go on recording.
static void check(itape_status status, const char *what) {
  if (status == ITAPE_OK) return;
  char text[256];
  itape_error_text(text, sizeof text);
  fprintf(stderr, "%s: %s (%s)\n", what, itape_status_string(status), text);
  exit(1);
}

// Called by the writer's own thread when something is wrong with the file, and when it is right
// again. It must not use the writer.
static void tell(void *context, const itape_notice *notice) {
  FILE *log = context;
  fprintf(
    log, "notice %" PRId32 ": %" PRIu64 " events, %s\n", notice->kind, notice->events,
    itape_status_string(notice->error));
}

static itape_writer *begin(const char *path) {
  itape_writer_options options = {.struct_size = sizeof options};
  options.flush_interval = 1000000000; // kill -9 costs a second at most
  options.flags = ITAPE_WRITER_REPLACE | ITAPE_WRITER_DROP; // the callback never waits
  options.notice = tell;
  options.notice_context = stderr;
  itape_writer *writer;
  check(itape_writer_open(path, &options, &writer), path);

  itape_track pointer = {.struct_size = sizeof pointer};
  pointer.track = POINTER;
  pointer.track_class = ITAPE_CLASS_POINTER;
  pointer.name = "mouse";
  pointer.coordinate_space = "screen";
  check(itape_writer_set_track(writer, &pointer), "set_track");
  itape_track keyboard = {.struct_size = sizeof keyboard};
  keyboard.track = KEYBOARD;
  keyboard.track_class = ITAPE_CLASS_KEYBOARD;
  keyboard.code_space = "evdev";
  check(itape_writer_set_track(writer, &keyboard), "set_track");
  check(itape_writer_set_metadata(writer, "agent", "the C example"), "set_metadata");
  return writer;
}

// What a device's callback would do: one call an event, no allocation, no lock, no waiting.
static void record(itape_writer *writer, int64_t count) {
  for (int64_t index = 0; index < count; index++) {
    int64_t time = index * 1000000; // 1 kHz
    itape_writer_motion(
      writer, POINTER, time, 400 + (int32_t)(index % 300), 300 + (int32_t)(index % 200));
    if (index % 500 == 100) itape_writer_key(writer, KEYBOARD, time, 30, ITAPE_DOWN);
    if (index % 500 == 200) itape_writer_key(writer, KEYBOARD, time, 30, ITAPE_UP);
  }
  const char *label = "the end";
  itape_writer_marker(writer, POINTER, count * 1000000, label, strlen(label));
}

static void show_events(itape_reader *reader) {
  itape_cursor *cursor;
  check(itape_reader_open_cursor(reader, NULL, &cursor), "open_cursor");
  itape_event events[256];
  size_t count;
  uint64_t kinds[256] = {0};
  while (itape_cursor_read(cursor, events, 256, sizeof events[0], &count) == ITAPE_OK) {
    for (size_t index = 0; index < count; index++) kinds[events[index].kind]++;
  }
  itape_cursor_close(cursor);
  printf(
    "motions: %" PRIu64 ", keys: %" PRIu64 ", markers: %" PRIu64 "\n", kinds[ITAPE_MOTION],
    kinds[ITAPE_KEY], kinds[ITAPE_MARKER]);
}

// The fastest way to all events: whole columns into memory of ours.
static void add_columns(itape_reader *reader, uint64_t blocks) {
  itape_block *block;
  check(itape_block_create(&block), "block_create");
  int64_t sum = 0;
  for (uint64_t index = 0; index < blocks; index++) {
    check(itape_reader_load_block(reader, index, block), "load_block");
    itape_section section = {.struct_size = sizeof section};
    for (size_t place = 0; itape_block_get_section(block, place, &section) == ITAPE_OK; place++) {
      if (section.track != POINTER) continue;
      itape_kind_columns kind = {.struct_size = sizeof kind};
      check(itape_block_get_kind(block, place, 0, &kind), "get_kind");
      if (kind.kind != ITAPE_MOTION) continue;
      int32_t *x = malloc(kind.events * sizeof *x);
      check(itape_block_copy_int32(block, place, 0, 0, x, kind.events), "copy_int32");
      for (uint64_t event = 0; event < kind.events; event++) sum += x[event];
      free(x);
    }
  }
  itape_block_close(block);
  printf("sum of x: %" PRId64 "\n", sum);
}

static void show_state(itape_reader *reader, int64_t time) {
  itape_state *state;
  check(itape_reader_state_at(reader, time, &state), "state_at");
  itape_track_state track = {.struct_size = sizeof track};
  for (size_t index = 0; itape_state_get_track(state, index, &track) == ITAPE_OK; index++) {
    printf("track %d at %" PRId64 " ms:", track.track, time / 1000000);
    if (track.flags & ITAPE_STATE_POSITION) {
      printf(" position %" PRId32 ",%" PRId32, track.position.x, track.position.y);
    }
    itape_held keys[256];
    check(itape_state_copy_keys(state, index, keys, 256), "copy_keys");
    for (uint32_t key = 0; key < track.keys; key++) printf(" key %" PRId32, keys[key].code);
    printf("\n");
  }
  itape_state_close(state);
}

int main(int count, char **arguments) {
  if (count < 2) {
    fprintf(stderr, "usage: agent FILE [EVENTS]\n");
    return 64;
  }
  if (itape_abi_version() != ITAPE_ABI_VERSION) {
    fprintf(stderr, "the library has another ABI than the header\n");
    return 1;
  }
  itape_writer *writer = begin(arguments[1]);
  record(writer, count > 2 ? atoll(arguments[2]) : 10000);
  itape_writer_statistics statistics = {.struct_size = sizeof statistics};
  check(itape_writer_finish(writer, &statistics), "finish");
  itape_writer_close(writer);
  printf(
    "%" PRIu64 " events in %" PRIu64 " bytes, %" PRIu64 " dropped\n", statistics.written_events,
    statistics.bytes, statistics.dropped_events);

  itape_reader *reader;
  check(itape_reader_open(arguments[1], 0, &reader), arguments[1]);
  itape_info info = {.struct_size = sizeof info};
  check(itape_reader_get_info(reader, &info), "get_info");
  show_events(reader);
  add_columns(reader, info.blocks);
  show_state(reader, 150000000);
  itape_verification verification = {.struct_size = sizeof verification};
  check(itape_reader_verify(reader, &verification, NULL, NULL), "verify");
  printf("verified %" PRIu64 " events\n", verification.events);
  itape_reader_close(reader);
  return 0;
}
