// SPDX-License-Identifier: Apache-2.0
//
// What Swift cannot import: CRC-32C instructions.
#pragma once
#include <stddef.h>
#include <stdint.h>

/// CRC-32C (Castagnoli, RFC 3720 B.4) of `count` bytes, continued from `crc` (0 to begin).
uint32_t itape_crc32c(uint32_t crc, const void *bytes, size_t count);
