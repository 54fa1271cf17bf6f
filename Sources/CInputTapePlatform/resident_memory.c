// SPDX-License-Identifier: Apache-2.0
//
// Memory that a process has used and needs no longer goes back to the system.
//
// Code that only the start needed leaves memory, too: each page that is touched again comes back by
// itself. Loading libraries and reading arguments touches 10 MiB of it.

#if defined(__linux__) && !defined(_GNU_SOURCE)
#define _GNU_SOURCE
#endif
#include "inputtape_platform.h"

#include <sys/mman.h>
#include <unistd.h>

static uintptr_t page_start(uintptr_t place) {
  return place & ~((uintptr_t)sysconf(_SC_PAGESIZE) - 1);
}

/// Gives back the whole pages of a stretch.
static void release_pages(uintptr_t start, uintptr_t end) {
  start = page_start(start + (uintptr_t)sysconf(_SC_PAGESIZE) - 1);
  end = page_start(end);
  if (start < end) (void)madvise((void *)start, end - start, MADV_DONTNEED);
}

void itape_release_contents(void *bytes, size_t count) {
  release_pages((uintptr_t)bytes, (uintptr_t)bytes + count);
}

#if defined(__linux__)
#include <link.h>
#include <malloc.h>

static int release_segments(struct dl_phdr_info *info, size_t size, void *context) {
  (void)size;
  (void)context;
  for (int index = 0; index < info->dlpi_phnum; index++) {
    const ElfW(Phdr) *header = &info->dlpi_phdr[index];
    // What may have been written to has no other copy.
    if (header->p_type != PT_LOAD || (header->p_flags & PF_W)) continue;
    uintptr_t start = info->dlpi_addr + header->p_vaddr;
    release_pages(start, start + header->p_filesz);
  }
  return 0;
}

void itape_release_resident_code(void) { (void)dl_iterate_phdr(release_segments, NULL); }
#else
void itape_release_resident_code(void) {}
#endif

#if defined(__GLIBC__)
void itape_release_free_memory(void) { (void)malloc_trim(0); }

void itape_return_large_memory(void) {
  // Set once, neither grows with what is freed.
  (void)mallopt(M_MMAP_THRESHOLD, 64 << 10);
  (void)mallopt(M_TRIM_THRESHOLD, 64 << 10);
}
#else
void itape_return_large_memory(void) {}
void itape_release_free_memory(void) {}
#endif
