// SPDX-License-Identifier: Apache-2.0
//
// The contract of readers: filters, cursors, blocks, states, sources that refuse or lie.
#include "contract.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int32_t size_of(void *context, uint64_t *count) {
  (void)context;
  *count = byte_count;
  return refusal;
}
// Gives a few bytes at a time, as a socket would.
static int32_t read_some(
  void *context, uint64_t position, void *buffer, size_t count, size_t *read_count) {
  (void)context;
  if (refusal != 0) return refusal;
  size_t left = position < byte_count ? byte_count - (size_t)position : 0;
  *read_count = count < 7 ? count : 7;
  if (*read_count > left) *read_count = left;
  memcpy(buffer, bytes + position, *read_count);
  return 0;
}
// Claims more than there was room for.
static int32_t read_lies(
  void *context, uint64_t position, void *buffer, size_t count, size_t *read_count) {
  (void)context; (void)position; (void)buffer;
  *read_count = count + 1000;
  return 0;
}

static void read_events(itape_reader *reader) {
  itape_cursor *cursor = NULL;
  itape_filter filter = {.struct_size = sizeof filter};
  filter.flags = 64;
  IS(ARGUMENT, itape_reader_open_cursor(reader, &filter, &cursor));
  filter.flags = ITAPE_FILTER_FROM | ITAPE_FILTER_TO;
  filter.from = 100;
  filter.to = -100;
  itape_event event;
  IS(ITAPE_OK, itape_reader_open_cursor(reader, &filter, &cursor));
  IS(ITAPE_END, itape_cursor_next(cursor, &event, sizeof event));
  IS(ITAPE_END, itape_cursor_next(cursor, &event, sizeof event));
  itape_cursor_close(cursor);
  filter.flags = 0;
  filter.kinds[200 / 64] = 1ull << (200 % 64);
  IS(ITAPE_OK, itape_reader_open_cursor(reader, &filter, &cursor));
  IS(SIZE, itape_cursor_next(cursor, &event, sizeof event + 8));
  IS(ARGUMENT, itape_cursor_next(cursor, NULL, sizeof event));
  IS(ITAPE_OK, itape_cursor_next(cursor, &event, sizeof event));
  TRUE(event.kind == 200 && event.fields.unknown.int32_count == 2);
  TRUE(event.fields.unknown.int32[1] == 8 && event.fields.unknown.strings[0].byte_count == 5);
  IS(ITAPE_END, itape_cursor_next(cursor, &event, sizeof event));
  itape_cursor_close(cursor);

  IS(ITAPE_OK, itape_reader_open_cursor(reader, NULL, &cursor));
  itape_event events[100];
  size_t count = 0;
  IS(ARGUMENT, itape_cursor_read(cursor, events, 0, sizeof event, &count));
  IS(ARGUMENT, itape_cursor_read(cursor, events, 100, sizeof event, NULL));
  IS(ITAPE_OK, itape_cursor_read(cursor, events, 100, sizeof event, &count));
  TRUE(count == 24);
  TRUE(events[0].time == INT64_MIN && events[1].time == 6);
  for (size_t index = 0; index < count; index++) {
    if (events[index].kind == ITAPE_TEXT && events[index].fields.text.byte_count > 0)
      TRUE(events[index].fields.text.byte_count == ITAPE_TEXT_LIMIT);
    if (events[index].kind == ITAPE_KEY) TRUE(events[index].fields.press.code == -1);
    if (events[index].kind == ITAPE_GAP && events[index].track == 1)
      TRUE(events[index].fields.gap.count == INT64_MAX);
  }
  itape_cursor_close(cursor);
}

static void read_blocks(itape_reader *reader) {
  itape_block *block = NULL;
  itape_section section = {.struct_size = sizeof section};
  IS(ITAPE_OK, itape_block_create(&block));
  IS(NOT_FOUND, itape_block_get_section(block, 0, &section));
  IS(NOT_FOUND, itape_reader_load_block(reader, UINT64_MAX, block));
  IS(ARGUMENT, itape_reader_load_block(reader, 0, NULL));
  IS(ITAPE_OK, itape_reader_load_block(reader, 0, block));
  IS(NOT_FOUND, itape_block_get_section(block, SIZE_MAX, &section));
  IS(ARGUMENT, itape_block_get_section(block, 0, NULL));
  section.struct_size = 4;
  IS(SIZE, itape_block_get_section(block, 0, &section));
  section.struct_size = sizeof section;
  IS(ITAPE_OK, itape_block_get_section(block, 0, &section));
  TRUE(section.track == 0 && section.events > 0 && section.events <= 100);
  int64_t times[100];
  itape_kind kinds[100];
  int32_t numbers[100];
  IS(BUFFER, itape_block_copy_times(block, 0, times, section.events - 1));
  IS(ARGUMENT, itape_block_copy_times(block, 0, NULL, 100));
  IS(ITAPE_OK, itape_block_copy_times(block, 0, times, 100));
  IS(ITAPE_OK, itape_block_copy_kinds(block, 0, kinds, 100));
  IS(NOT_FOUND, itape_block_copy_int32(block, 0, SIZE_MAX, 0, numbers, 100));
  IS(NOT_FOUND, itape_block_copy_int32(block, 0, 0, SIZE_MAX, numbers, 100));
  IS(NOT_FOUND, itape_block_copy_int64(block, 0, 0, 0, times, 100));
  IS(ITAPE_OK, itape_block_copy_int32(block, 0, 0, 0, numbers, 100));
  // The text of track 4: one empty, one of the limit.
  int32_t ends[4];
  size_t needed = 0;
  for (size_t place = 0; itape_block_get_section(block, place, &section) == ITAPE_OK; place++) {
    if (section.track != 4) continue;
    IS(BUFFER, itape_block_copy_strings(block, place, 0, 0, ends, 4, NULL, 0, &needed));
    TRUE(needed == ITAPE_TEXT_LIMIT);
    char *text = malloc(needed);
    IS(ITAPE_OK, itape_block_copy_strings(block, place, 0, 0, ends, 4, text, needed, NULL));
    TRUE(ends[0] == 0 && ends[1] == ITAPE_TEXT_LIMIT && text[needed - 1] == 'a');
    free(text);
  }
  itape_block_close(block);
}

static void read_states(itape_reader *reader) {
  itape_state *state = NULL;
  itape_track_state track = {.struct_size = sizeof track};
  IS(ARGUMENT, itape_reader_state_at(reader, 0, NULL));
  IS(ITAPE_OK, itape_reader_state_at(reader, INT64_MIN, &state));
  itape_state_close(state);
  IS(ITAPE_OK, itape_reader_state_at(reader, 11, &state));
  IS(ITAPE_OK, itape_state_get_track(state, 1, &track));
  TRUE(track.track == 1 && track.keys == 1 && (track.flags & ITAPE_STATE_GAP));
  itape_held keys[2];
  IS(BUFFER, itape_state_copy_keys(state, 1, keys, 0));
  IS(ARGUMENT, itape_state_copy_keys(state, 1, NULL, 2));
  IS(ITAPE_OK, itape_state_copy_keys(state, 1, keys, 2));
  TRUE(keys[0].code == -1 && keys[0].is_uncertain == 1);
  IS(NOT_FOUND, itape_state_copy_keys(state, SIZE_MAX, keys, 2));
  IS(ITAPE_END, itape_state_get_track(state, SIZE_MAX, &track));
  itape_contact contacts[2];
  IS(ITAPE_OK, itape_state_copy_contacts(state, 2, contacts, 2));
  TRUE(contacts[0].contact == 1 && contacts[0].pressure == ITAPE_NOT_REPORTED);
  itape_axis_value axes[2];
  IS(ITAPE_OK, itape_state_copy_axes(state, 3, axes, 2));
  TRUE(axes[0].value == 2);
  itape_reader *none = NULL;
  itape_reader_close(none);
  itape_state_close(state);
}

static void read_facts(itape_reader *reader) {
  itape_info info = {.struct_size = sizeof info};
  IS(ITAPE_OK, itape_reader_get_info(reader, &info));
  TRUE(info.events == 24 && info.bytes == byte_count && info.segments == 1);
  TRUE(info.flags & ITAPE_INFO_CLOSED);
  info.struct_size = 0;
  IS(SIZE, itape_reader_get_info(reader, &info));
  itape_track track = {.struct_size = sizeof track};
  uint64_t events;
  IS(ITAPE_OK, itape_reader_get_track(reader, 0, &track, NULL, NULL));
  IS(NOT_FOUND, itape_reader_get_track(reader, SIZE_MAX, &track, NULL, NULL));
  int found = 0;
  for (size_t index = 0; itape_reader_get_track(reader, index, &track, &events, NULL) == 0; index++)
    if (track.track == 1023 && strcmp(track.name, "Stift") == 0 && events == 1) found = 1;
  IS(1, found);
  IS(NOT_FOUND, itape_reader_get_loss(reader, 0, NULL));
  char value[16];
  size_t needed = 0;
  IS(BUFFER, itape_reader_get_metadata(reader, "purpose", NULL, 0, &needed));
  TRUE(needed == 5);
  IS(BUFFER, itape_reader_get_metadata(reader, "purpose", value, 4, NULL));
  IS(ITAPE_OK, itape_reader_get_metadata(reader, "purpose", value, 5, NULL));
  TRUE(strcmp(value, "test") == 0);
  IS(NOT_FOUND, itape_reader_get_metadata(reader, "gone", value, 5, NULL));
  IS(ITAPE_END, itape_reader_get_metadata_name(reader, SIZE_MAX, value, 5, NULL));
  itape_verification verification = {.struct_size = sizeof verification};
  IS(ITAPE_OK, itape_reader_verify(reader, &verification, NULL, NULL));
  TRUE(verification.is_sound && verification.events == 24 && verification.problems == 0);
}

static void sources(void) {
  itape_reader *reader = NULL;
  itape_source source = {.struct_size = sizeof source};
  IS(ARGUMENT, itape_reader_open(NULL, 0, &reader));
  IS(ARGUMENT, itape_reader_open("/", 0, NULL));
  IS(SYSTEM, itape_reader_open("/no/such/file", 0, &reader));
  IS(ARGUMENT, itape_reader_open_source(NULL, 0, &reader));
  IS(ARGUMENT, itape_reader_open_source(&source, 0, &reader));
  source.size = size_of;
  source.release = release;
  released = 0;
  IS(ARGUMENT, itape_reader_open_source(&source, 0, &reader));
  IS(1, released);
  source.read = read_lies;
  IS(SYSTEM, itape_reader_open_source(&source, 0, &reader));
  IS(2, released);
  source.read = read_some;
  refusal = EIO;
  IS(SYSTEM, itape_reader_open_source(&source, 0, &reader));
  IS(EIO, itape_error_system_code());
  refusal = 0;
  IS(ARGUMENT, itape_reader_open_source(&source, 1u << 30, &reader));
  IS(ITAPE_OK, itape_reader_open_source(&source, ITAPE_READER_STRICT, &reader));
  read_events(reader);
  read_facts(reader);
  itape_reader_close(reader);
  IS(5, released);

  IS(ARGUMENT, itape_reader_open_memory(NULL, 1, 0, &reader));
  IS(ARGUMENT, itape_reader_open_memory(bytes, SIZE_MAX, 0, &reader));
  TRUE(itape_reader_open_memory(NULL, 0, 0, &reader) >= 10 && reader == NULL);
  TRUE(itape_reader_open_memory("no recording", 12, 0, &reader) >= 10);
  IS(ITAPE_OK, itape_reader_open_memory(bytes, byte_count, ITAPE_READER_SCAN, &reader));
  read_facts(reader);
  read_events(reader);
  read_blocks(reader);
  read_states(reader);
  // A cursor does not need its reader any more.
  itape_cursor *cursor = NULL;
  itape_event event;
  IS(ITAPE_OK, itape_reader_open_cursor(reader, NULL, &cursor));
  itape_reader_close(reader);
  IS(ITAPE_OK, itape_cursor_next(cursor, &event, sizeof event));
  itape_cursor_close(cursor);
}

// A torn recording made whole.
static void recovery(const char *folder) {
  char path[4096], output[4096];
  snprintf(path, sizeof path, "%s/torn.itape", folder);
  snprintf(output, sizeof output, "%s/whole.itape", folder);
  FILE *file = fopen(path, "wb");
  TRUE(file != NULL && fwrite(bytes, 1, byte_count - 100, file) == byte_count - 100);
  if (file != NULL) fclose(file);
  itape_recovery report = {.struct_size = sizeof report};
  IS(ARGUMENT, itape_recover(NULL, output, &report));
  IS(ARGUMENT, itape_recover(path, NULL, &report));
  IS(SYSTEM, itape_recover("/no/such/file", output, &report));
  report.struct_size = 1;
  IS(SIZE, itape_recover(path, output, &report));
  report.struct_size = sizeof report;
  IS(ITAPE_LOSS, itape_recover(path, output, &report));
  TRUE(report.events >= 22 && report.torn_bytes > 0 && report.bytes > 0);
  itape_reader *reader = NULL;
  IS(ITAPE_OK, itape_reader_open(output, ITAPE_READER_STRICT, &reader));
  itape_verification verification = {.struct_size = sizeof verification};
  IS(ITAPE_OK, itape_reader_verify(reader, &verification, NULL, NULL));
  itape_reader_close(reader);
  IS(ITAPE_OK, itape_recover(output, path, NULL));
}

void read_contract(const char *folder) {
  sources();
  recovery(folder);
}
