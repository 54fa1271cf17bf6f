// SPDX-License-Identifier: Apache-2.0
//
// Empty: libFuzzer's own library has the function that the header declares.

#include "libfuzzer_mutate.h"
