// SPDX-License-Identifier: Apache-2.0
//
// How often this thread has asked for memory: what `itape bench` calls allocations.

#ifndef INPUTTAPE_COUNT_H
#define INPUTTAPE_COUNT_H

#include <stdint.h>

/// Calls of malloc, calloc, realloc, aligned_alloc and posix_memalign by this thread so far, or -1
/// where they are not counted: without glibc, and under a sanitizer.
int64_t itape_allocation_count(void);

#endif
