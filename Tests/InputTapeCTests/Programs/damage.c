// SPDX-License-Identifier: Apache-2.0
//
// Every byte of a recording changed, and every prefix of it, read with every call: statuses, and
// nothing worse.
#include <inputtape.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char bytes[1 << 16];
static size_t byte_count;
static int failed;

static int32_t write_bytes(void *context, const void *source, size_t count) {
  (void)context;
  if (byte_count + count > sizeof bytes) return 28;
  memcpy(bytes + byte_count, source, count);
  byte_count += count;
  return 0;
}

static void record(void) {
  itape_sink sink = {.struct_size = sizeof sink};
  sink.write = write_bytes;
  itape_writer_options options = {.struct_size = sizeof options};
  options.events_per_block = 20;
  itape_writer *writer;
  if (itape_writer_open_sink(&sink, &options, &writer) != ITAPE_OK) exit(1);
  for (int index = 0; index < 50; index++) {
    itape_writer_motion(writer, 0, index, index * index, -index);
    if (index % 10 == 0) itape_writer_key(writer, 1, index, 30, index % 20 == 0);
    if (index % 25 == 0) itape_writer_text(writer, 2, index, "text", 4);
  }
  if (itape_writer_finish(writer, NULL) != ITAPE_OK) exit(1);
  itape_writer_close(writer);
}

static int is_status_of_bytes(itape_status status) { return status >= 10 && status < 60; }

static void read_columns(itape_reader *reader) {
  static int64_t times[ITAPE_EVENTS_LIMIT];
  itape_info info = {.struct_size = sizeof info};
  if (itape_reader_get_info(reader, &info) != ITAPE_OK) failed++;
  itape_block *block;
  if (itape_block_create(&block) != ITAPE_OK) failed++;
  for (uint64_t index = 0; index < info.blocks; index++) {
    itape_status status = itape_reader_load_block(reader, index, block);
    if (status != ITAPE_OK && status != ITAPE_LOSS && !is_status_of_bytes(status)) failed++;
    itape_section section = {.struct_size = sizeof section};
    for (size_t place = 0; itape_block_get_section(block, place, &section) == ITAPE_OK; place++)
      if (itape_block_copy_times(block, place, times, ITAPE_EVENTS_LIMIT) != ITAPE_OK) failed++;
  }
  itape_block_close(block);
}

// Reads what is there; fewer events than were written have a reason.
static void read_all(const char *start, size_t count) {
  itape_reader *reader;
  itape_status status = itape_reader_open_memory(start, count, 0, &reader);
  if (status != ITAPE_OK) {
    if (!is_status_of_bytes(status) || reader != NULL) failed++;
    return;
  }
  itape_cursor *cursor;
  if (itape_reader_open_cursor(reader, NULL, &cursor) != ITAPE_OK) failed++;
  itape_event event;
  int events = 0;
  while ((status = itape_cursor_next(cursor, &event, sizeof event)) == ITAPE_OK) events++;
  if (status != ITAPE_END && !is_status_of_bytes(status)) failed++;
  itape_cursor_close(cursor);
  itape_info info = {.struct_size = sizeof info};
  if (itape_reader_get_info(reader, &info) != ITAPE_OK) failed++;
  if (events > 57 || (events < 57 && (info.flags & ITAPE_INFO_COMPLETE))) failed++;
  read_columns(reader);
  itape_state *state;
  if (itape_reader_state_at(reader, 25, &state) == ITAPE_OK) itape_state_close(state);
  itape_verification verification = {.struct_size = sizeof verification};
  status = itape_reader_verify(reader, &verification, NULL, NULL);
  int is_whole = count == byte_count && memcmp(start, bytes, count) == 0;
  if ((status == ITAPE_OK) != is_whole) failed++;
  itape_reader_close(reader);
}

int main(void) {
  record();
  int mutants = 0;
  read_all(bytes, byte_count);
  for (size_t length = 0; length < byte_count; length++, mutants++) read_all(bytes, length);
  char *copy = malloc(byte_count);
  for (size_t index = 0; index < byte_count; index++, mutants++) {
    memcpy(copy, bytes, byte_count);
    copy[index] = (char)(copy[index] ^ (1 << (index % 8)));
    read_all(copy, byte_count);
  }
  free(copy);
  printf("%d mutants, %d failed\n", mutants, failed);
  return failed == 0 ? 0 : 1;
}
