// SPDX-License-Identifier: Apache-2.0
//
// Functions for processors that have AVX2 and BMI2, whatever others the library is compiled for.
// Plain loops are written once, `INLINE`, and compiled twice: where there is no such processor, a
// `WIDE` function is one like any other.
#pragma once

#define INLINE static inline __attribute__((always_inline))

#if defined(__x86_64__)
#include <immintrin.h>

#define WIDE __attribute__((target("avx2,bmi,bmi2")))
#define WIDE_INLINE static inline __attribute__((always_inline, target("avx2,bmi,bmi2")))
#else
#define WIDE
#endif
