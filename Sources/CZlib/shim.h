// SPDX-License-Identifier: Apache-2.0
//
// zlib, with the initialisers that are macros as functions.
#pragma once
#include <zlib.h>

static inline int itape_deflate_init(z_streamp stream, int level) {
  return deflateInit2(stream, level, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY);
}

static inline int itape_inflate_init(z_streamp stream, int window_bits) {
  return inflateInit2(stream, window_bits);
}

static inline int itape_gzip_init(z_streamp stream, int level) {
  return deflateInit2(stream, level, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
}
