// SPDX-License-Identifier: Apache-2.0
//
// What the last error of a thread was about: set by the library, asked through inputtape.h.
//
// Not installed: the library's own.
#pragma once
#include <stddef.h>
#include <stdint.h>

/// Notes an error of this thread. Text that is too long is cut.
void inputtape_detail_set(
  int32_t system_code, uint64_t position, const char *text, size_t byte_count);
