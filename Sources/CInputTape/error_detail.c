// SPDX-License-Identifier: Apache-2.0
//
// What the last error of each thread was about: memory that Swift has no word for.
#include "inputtape.h"
#include "inputtape_detail.h"
#include <string.h>

typedef struct error_detail {
  uint64_t position;
  int32_t system_code;
  uint32_t byte_count;
  char text[240];
} error_detail;

// The model keeps the library free of the loader's own symbols; 256 bytes fit what every loader
// keeps for libraries that are opened late.
static _Thread_local error_detail detail __attribute__((tls_model("initial-exec")));

void inputtape_detail_set(
  int32_t system_code, uint64_t position, const char *text, size_t byte_count) {
  if (byte_count > sizeof detail.text) {
    byte_count = sizeof detail.text;
    // Cut between two characters of UTF-8.
    while (byte_count > 0 && ((unsigned char)text[byte_count] & 0xC0) == 0x80) byte_count--;
  }
  detail.position = position;
  detail.system_code = system_code;
  detail.byte_count = (uint32_t)byte_count;
  memcpy(detail.text, text, byte_count);
}

size_t itape_error_text(char *buffer, size_t capacity) {
  if (buffer != NULL && capacity > 0) {
    size_t count = detail.byte_count < capacity ? detail.byte_count : capacity - 1;
    memcpy(buffer, detail.text, count);
    buffer[count] = 0;
  }
  return (size_t)detail.byte_count + 1;
}

uint64_t itape_error_position(void) { return detail.position; }

int32_t itape_error_system_code(void) { return detail.system_code; }
