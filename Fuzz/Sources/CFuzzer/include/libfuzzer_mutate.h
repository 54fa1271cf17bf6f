// SPDX-License-Identifier: Apache-2.0
//
// What a custom mutator may call of libFuzzer, which brings no header of its own.

#pragma once

#include <stddef.h>
#include <stdint.h>

/// Changes `count` bytes at `data`, which has room for `capacity`; gives the new count.
size_t LLVMFuzzerMutate(uint8_t *data, size_t count, size_t capacity);
