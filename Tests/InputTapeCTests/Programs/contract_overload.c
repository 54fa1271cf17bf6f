// SPDX-License-Identifier: Apache-2.0
//
// A sink that stands still while events come in every way that there is: what is dropped is said at
// once, counted, and a gap in the recording.
#define _DEFAULT_SOURCE // usleep
#include "contract.h"

#include <stdatomic.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

enum { PIECE = 50000 };

static atomic_int is_blocked, is_waiting;
static unsigned char stored[1 << 22];
static size_t stored_count;

static int32_t write_slowly(void *context, const void *source, size_t count) {
  (void)context;
  while (is_blocked) {
    is_waiting = 1;
    usleep(1000);
  }
  if (stored_count + count > sizeof stored) return 28;
  memcpy(stored + stored_count, source, count);
  stored_count += count;
  return 0;
}

static int64_t times[PIECE];
static int32_t x[PIECE], y[PIECE];

static itape_status append_columns(itape_writer *writer, int64_t start, uint64_t count) {
  for (int index = 0; index < PIECE; index++) {
    times[index] = start + index;
    x[index] = index & 1023;
  }
  const int32_t *int32[2] = {x, y};
  itape_columns columns = {.struct_size = sizeof columns};
  columns.kind = ITAPE_MOTION;
  columns.track = 1;
  columns.count = count;
  columns.times = times;
  columns.int32 = int32;
  columns.int32_count = 2;
  return itape_writer_append_columns(writer, &columns);
}

// What the recording holds: events that are no gaps, and what gaps count.
static void count_events(uint64_t *events, uint64_t *missing) {
  itape_reader *reader = NULL;
  itape_cursor *cursor = NULL;
  IS(ITAPE_OK, itape_reader_open_memory(stored, stored_count, 0, &reader));
  IS(ITAPE_OK, itape_reader_open_cursor(reader, NULL, &cursor));
  itape_event event;
  while (itape_cursor_next(cursor, &event, sizeof event) == ITAPE_OK) {
    if (event.kind != ITAPE_GAP) {
      *events += 1;
      continue;
    }
    TRUE(event.fields.gap.cause == ITAPE_GAP_QUEUE_FULL);
    *missing += (uint64_t)event.fields.gap.count;
  }
  itape_cursor_close(cursor);
  itape_reader_close(reader);
}

void overload_contract(void) {
  itape_writer *writer = NULL;
  itape_sink sink = {.struct_size = sizeof sink, .write = write_slowly};
  itape_writer_options some = {.struct_size = sizeof some};
  some.flags = ITAPE_WRITER_DROP;
  some.flush_interval = 1000000;
  IS(ITAPE_OK, itape_writer_open_sink(&sink, &some, &writer));
  is_blocked = 1;
  IS(ITAPE_OK, itape_writer_motion(writer, 1, 0, 0, 0));
  while (!is_waiting) usleep(1000);

  // The writer's thread waits for the sink: columns find room for a while, and then none.
  uint64_t offered = 1, dropped = 0;
  for (int piece = 0; piece < 10; piece++) {
    itape_status status = append_columns(writer, 1 + piece * PIECE, PIECE);
    TRUE(status == ITAPE_OK || (status == ITAPE_DROPPED && piece > 0));
    offered += PIECE;
    if (status == ITAPE_DROPPED) dropped += PIECE;
  }
  TRUE(dropped > 0 && dropped < 10 * PIECE);
  // None of a call's events are dropped where it gives ITAPE_OK.
  IS(ITAPE_OK, append_columns(writer, 0, 0));

  // The same for single events, and for arrays of them.
  uint64_t single = 0;
  for (int index = 0; index < 200000; index++) {
    itape_status status = itape_writer_motion(writer, 2, index, index & 63, 0);
    if (status == ITAPE_DROPPED) single++;
  }
  TRUE(single > 0 && single < 200000);
  itape_event events[2];
  memset(events, 0, sizeof events);
  events[0].kind = events[1].kind = ITAPE_MOTION;
  IS(ITAPE_DROPPED, itape_writer_append(writer, events, 2, sizeof events[0]));
  offered += 200002;
  dropped += single + 2;

  is_blocked = 0;
  itape_writer_statistics statistics = {.struct_size = sizeof statistics};
  IS(ITAPE_OK, itape_writer_finish(writer, &statistics));
  itape_writer_close(writer);
  TRUE(statistics.dropped_events == dropped);
  uint64_t found = 0, missing = 0;
  count_events(&found, &missing);
  TRUE(missing == dropped && found + missing == offered);
}
