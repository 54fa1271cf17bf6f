// SPDX-License-Identifier: Apache-2.0
//
// Zstandard with its static-only part, which has the magicless format and the literal mode.
#pragma once
#define ZSTD_STATIC_LINKING_ONLY
#define ZSTD_DISABLE_DEPRECATE_WARNINGS
#include <zstd.h>
#include <zstd_errors.h>
