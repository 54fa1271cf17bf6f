// SPDX-License-Identifier: Apache-2.0
//
// Functions for processors that have AVX2 and BMI2, whatever others the library is compiled for.
#pragma once
#include <immintrin.h>

#define WIDE __attribute__((target("avx2,bmi,bmi2")))
#define WIDE_INLINE static inline __attribute__((always_inline, target("avx2,bmi,bmi2")))
