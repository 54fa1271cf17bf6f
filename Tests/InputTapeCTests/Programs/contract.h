// SPDX-License-Identifier: Apache-2.0
//
// What the parts of the program `contract` share.
#pragma once

#include <inputtape.h>
#include <stddef.h>

#define IS(expected, call) is((expected), (call), #call, __LINE__)
#define TRUE(condition) is(1, (condition) ? 1 : 0, #condition, __LINE__)

enum {
  ARGUMENT = ITAPE_ERROR_ARGUMENT, SIZE = ITAPE_ERROR_STRUCT_SIZE, STATE = ITAPE_ERROR_STATE,
  BUFFER = ITAPE_ERROR_BUFFER, SYSTEM = ITAPE_ERROR_SYSTEM, NOT_FOUND = ITAPE_ERROR_NOT_FOUND
};

// Notes whether a call gave what it must.
void is(int expected, int found, const char *what, int line);
// What callbacks refuse with, and how often things were released.
extern int refusal, released;
// The recording that `write_contract` has written.
extern char bytes[1 << 20];
extern size_t byte_count;

void release(void *context);
void write_contract(const char *folder);
void read_contract(const char *folder);
void overload_contract(void);
