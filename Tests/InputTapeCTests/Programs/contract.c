// SPDX-License-Identifier: Apache-2.0
//
// Callers that keep the contract of inputtape.h and are as awkward as it allows.
#include "contract.h"

#include <stdio.h>
#include <string.h>

static int checks, failed;

void is(int expected, int found, const char *what, int line) {
  checks++;
  if (expected == found) return;
  failed++;
  char text[256];
  itape_error_text(text, sizeof text);
  printf("line %d: %s: expected %d, found %d (%s)\n", line, what, expected, found, text);
}

static void null_handles(void) {
  itape_event event = {0};
  itape_touch touch = {0};
  itape_pen pen = {0};
  itape_focus focus = {0};
  itape_frame frame = {0};
  itape_gap gap = {0};
  IS(ARGUMENT, itape_writer_motion(NULL, 0, 0, 0, 0));
  IS(ARGUMENT, itape_writer_raw_motion(NULL, 0, 0, 0, 0));
  IS(ARGUMENT, itape_writer_button(NULL, 0, 0, 0, 0));
  IS(ARGUMENT, itape_writer_scroll(NULL, 0, 0, 0, 0, 0));
  IS(ARGUMENT, itape_writer_key(NULL, 0, 0, 0, 0));
  IS(ARGUMENT, itape_writer_axis(NULL, 0, 0, 0, 0));
  IS(ARGUMENT, itape_writer_touch(NULL, 0, 0, &touch));
  IS(ARGUMENT, itape_writer_pen(NULL, 0, 0, &pen));
  IS(ARGUMENT, itape_writer_text(NULL, 0, 0, "a", 1));
  IS(ARGUMENT, itape_writer_focus(NULL, 0, 0, &focus));
  IS(ARGUMENT, itape_writer_frame(NULL, 0, 0, &frame));
  IS(ARGUMENT, itape_writer_marker(NULL, 0, 0, "a", 1));
  IS(ARGUMENT, itape_writer_clock(NULL, 0, 0, 0, 0));
  IS(ARGUMENT, itape_writer_gap(NULL, 0, 0, &gap));
  IS(ARGUMENT, itape_writer_custom(NULL, 0, 0, 0, "a", 1));
  IS(ARGUMENT, itape_writer_append(NULL, &event, 1, sizeof event));
  IS(ARGUMENT, itape_writer_append_columns(NULL, NULL));
  IS(ARGUMENT, itape_writer_set_track(NULL, NULL));
  IS(ARGUMENT, itape_writer_set_metadata(NULL, "a", "b"));
  IS(ARGUMENT, itape_writer_flush(NULL));
  IS(ARGUMENT, itape_writer_sync(NULL));
  IS(ARGUMENT, itape_writer_get_statistics(NULL, NULL));
  IS(ARGUMENT, itape_writer_finish(NULL, NULL));
  itape_writer_close(NULL);

  itape_info info = {.struct_size = sizeof info};
  size_t count = 9;
  IS(ARGUMENT, itape_reader_get_info(NULL, &info));
  IS(ARGUMENT, itape_reader_get_loss(NULL, 0, NULL));
  IS(ARGUMENT, itape_reader_get_track(NULL, 0, NULL, NULL, NULL));
  IS(ARGUMENT, itape_reader_get_metadata(NULL, "a", NULL, 0, NULL));
  IS(ARGUMENT, itape_reader_get_metadata_name(NULL, 0, NULL, 0, NULL));
  IS(ARGUMENT, itape_reader_open_cursor(NULL, NULL, NULL));
  IS(ARGUMENT, itape_cursor_next(NULL, &event, sizeof event));
  IS(ARGUMENT, itape_cursor_read(NULL, &event, 1, sizeof event, &count));
  TRUE(count == 0);
  IS(ARGUMENT, itape_block_create(NULL));
  IS(ARGUMENT, itape_reader_load_block(NULL, 0, NULL));
  IS(ARGUMENT, itape_block_get_section(NULL, 0, NULL));
  IS(ARGUMENT, itape_block_get_kind(NULL, 0, 0, NULL));
  IS(ARGUMENT, itape_block_copy_times(NULL, 0, NULL, 0));
  IS(ARGUMENT, itape_block_copy_kinds(NULL, 0, NULL, 0));
  IS(ARGUMENT, itape_block_copy_int32(NULL, 0, 0, 0, NULL, 0));
  IS(ARGUMENT, itape_block_copy_int64(NULL, 0, 0, 0, NULL, 0));
  IS(ARGUMENT, itape_block_copy_strings(NULL, 0, 0, 0, NULL, 0, NULL, 0, NULL));
  IS(ARGUMENT, itape_reader_state_at(NULL, 0, NULL));
  IS(ARGUMENT, itape_state_get_track(NULL, 0, NULL));
  IS(ARGUMENT, itape_state_copy_keys(NULL, 0, NULL, 0));
  IS(ARGUMENT, itape_state_copy_buttons(NULL, 0, NULL, 0));
  IS(ARGUMENT, itape_state_copy_contacts(NULL, 0, NULL, 0));
  IS(ARGUMENT, itape_state_copy_axes(NULL, 0, NULL, 0));
  IS(ARGUMENT, itape_reader_verify(NULL, NULL, NULL, NULL));
  itape_reader_close(NULL);
  itape_cursor_close(NULL);
  itape_block_close(NULL);
  itape_state_close(NULL);
}

static void texts(void) {
  for (int status = -300; status < 300; status++) TRUE(itape_status_string(status)[0] != 0);
  TRUE(strcmp(itape_status_string(ITAPE_OK), "done") == 0);
  TRUE(itape_abi_version() == ITAPE_ABI_VERSION);
  TRUE(strchr(itape_version(), '.') != NULL);
  IS(ARGUMENT, itape_writer_flush(NULL));
  char text[8] = "1234567";
  size_t needed = itape_error_text(NULL, 0);
  TRUE(needed == strlen("writer is NULL") + 1);
  TRUE(itape_error_text(text, sizeof text) == needed && strcmp(text, "writer ") == 0);
}

int main(int count, char **arguments) {
  if (count != 2) return 64;
  null_handles();
  texts();
  write_contract(arguments[1]);
  overload_contract();
  read_contract(arguments[1]);
  printf("%d checks, %d failed\n", checks, failed);
  return failed == 0 ? 0 : 1;
}
