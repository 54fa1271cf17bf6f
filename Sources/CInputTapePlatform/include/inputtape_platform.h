// SPDX-License-Identifier: Apache-2.0
//
// What Swift cannot import: CRC-32C instructions, and the pages of a process's code.
#pragma once
#include <stddef.h>
#include <stdint.h>

/// CRC-32C (Castagnoli, RFC 3720 B.4) of `count` bytes, continued from `crc` (0 to begin).
uint32_t itape_crc32c(uint32_t crc, const void *bytes, size_t count);

/// Gives back the memory of code that has been used; what is used again comes back by itself, from
/// the system's cache of files.
void itape_release_resident_code(void);

/// Gives back the pages of an allocation whose contents nobody needs: what is read of it from now
/// on may be anything, and what is written stays.
void itape_release_contents(void *bytes, size_t count);

/// Gives back memory that has been freed, where the allocator would keep it.
void itape_release_free_memory(void);

/// From now on what is freed goes back to the system at once, if it is large: costs time where
/// large things come and go.
void itape_return_large_memory(void);

/// Where a little-endian `word` stands first in `count` bytes; `count` if nowhere.
size_t itape_find_word(const void *bytes, size_t count, uint32_t word);
