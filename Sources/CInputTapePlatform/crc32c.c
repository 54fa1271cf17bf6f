// SPDX-License-Identifier: Apache-2.0
//
// CRC-32C: the processor's instruction where there is one, eight table look-ups a step elsewhere.
#include "inputtape_platform.h"

#include <pthread.h>
#include <string.h>

static uint32_t table[8][256];
static pthread_once_t table_once = PTHREAD_ONCE_INIT;

static void make_table(void) {
  for (uint32_t i = 0; i < 256; i++) {
    uint32_t crc = i;
    for (int bit = 0; bit < 8; bit++) crc = (crc >> 1) ^ (0x82F63B78u & -(crc & 1));
    table[0][i] = crc;
  }
  for (uint32_t i = 0; i < 256; i++)
    for (int k = 1; k < 8; k++)
      table[k][i] = (table[k - 1][i] >> 8) ^ table[0][table[k - 1][i] & 255];
}

static uint32_t crc_portable(uint32_t crc, const uint8_t *p, size_t n) {
  pthread_once(&table_once, make_table);
  for (; n >= 8; n -= 8, p += 8) {
    uint32_t low, high;
    memcpy(&low, p, 4);
    memcpy(&high, p + 4, 4);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    low = __builtin_bswap32(low);
    high = __builtin_bswap32(high);
#endif
    low ^= crc;
    crc = table[7][low & 255] ^ table[6][(low >> 8) & 255] ^ table[5][(low >> 16) & 255]
        ^ table[4][low >> 24] ^ table[3][high & 255] ^ table[2][(high >> 8) & 255]
        ^ table[1][(high >> 16) & 255] ^ table[0][high >> 24];
  }
  for (; n; n--) crc = (crc >> 8) ^ table[0][(crc ^ *p++) & 255];
  return crc;
}

#if defined(__x86_64__)
#include <nmmintrin.h>
// The instruction takes three cycles and another can begin in each: three stretches at once, whose
// registers are then put together. A register is linear in its bits: behind a stretch of zeros it
// is the exclusive or of what becomes of each byte.
enum { stretch = 1024, line = 64 };
static uint32_t behind[4][256];
static pthread_once_t behind_once = PTHREAD_ONCE_INIT;

__attribute__((target("sse4.2"))) static void make_behind(void) {
  uint32_t single[32];
  for (int bit = 0; bit < 32; bit++) {
    uint64_t crc = 1u << bit;
    for (int k = 0; k < stretch; k += 8) crc = _mm_crc32_u64(crc, 0);
    single[bit] = (uint32_t)crc;
  }
  for (int byte = 0; byte < 4; byte++)
    for (int value = 0; value < 256; value++) {
      uint32_t sum = 0;
      for (int bit = 0; bit < 8; bit++)
        if (value >> bit & 1) sum ^= single[8 * byte + bit];
      behind[byte][value] = sum;
    }
}

static uint32_t pass(uint32_t crc) {
  return behind[0][crc & 255] ^ behind[1][crc >> 8 & 255] ^ behind[2][crc >> 16 & 255]
       ^ behind[3][crc >> 24];
}

__attribute__((target("sse4.2"))) static uint32_t crc_hardware(
    uint32_t crc, const uint8_t *p, size_t n) {
  if (n >= 3 * stretch) pthread_once(&behind_once, make_behind);
  for (; n >= 3 * stretch; n -= 3 * stretch, p += 3 * stretch) {
    uint64_t first = crc, second = 0, third = 0;
    for (int k = 0; k < stretch; k += 8) {
      if (k % line == 0) {
        // The next stretches: what was read or written long ago is in no near cache any more.
        const uintptr_t ahead = (uintptr_t)p + 3 * (stretch + k);
        for (int more = 0; more < 3; more++) __builtin_prefetch((void *)(ahead + more * line));
      }
      uint64_t words[3];
      memcpy(&words[0], p + k, 8);
      memcpy(&words[1], p + stretch + k, 8);
      memcpy(&words[2], p + 2 * stretch + k, 8);
      first = _mm_crc32_u64(first, words[0]);
      second = _mm_crc32_u64(second, words[1]);
      third = _mm_crc32_u64(third, words[2]);
    }
    crc = pass(pass((uint32_t)first) ^ (uint32_t)second) ^ (uint32_t)third;
  }
  uint64_t wide = crc;
  for (; n >= 8; n -= 8, p += 8) {
    uint64_t word;
    memcpy(&word, p, 8);
    wide = _mm_crc32_u64(wide, word);
  }
  crc = (uint32_t)wide;
  for (; n; n--) crc = _mm_crc32_u8(crc, *p++);
  return crc;
}
static int has_hardware(void) { return __builtin_cpu_supports("sse4.2"); }
#elif defined(__aarch64__) && defined(__ARM_FEATURE_CRC32)
#include <arm_acle.h>
static uint32_t crc_hardware(uint32_t crc, const uint8_t *p, size_t n) {
  for (; n >= 8; n -= 8, p += 8) {
    uint64_t word;
    memcpy(&word, p, 8);
    crc = __crc32cd(crc, word);
  }
  for (; n; n--) crc = __crc32cb(crc, *p++);
  return crc;
}
static int has_hardware(void) { return 1; }
#else
static uint32_t crc_hardware(uint32_t crc, const uint8_t *p, size_t n) {
  return crc_portable(crc, p, n);
}
static int has_hardware(void) { return 0; }
#endif

uint32_t itape_crc32c(uint32_t crc, const void *bytes, size_t count) {
  const uint8_t *p = bytes;
  crc = ~crc;
  crc = has_hardware() ? crc_hardware(crc, p, count) : crc_portable(crc, p, count);
  return ~crc;
}
