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

#if defined(__linux__)
#include <link.h>
#include <malloc.h>
#include <sys/mman.h>
#include <unistd.h>

static int release_segments(struct dl_phdr_info *info, size_t size, void *context) {
  (void)size;
  (void)context;
  const uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
  for (int index = 0; index < info->dlpi_phnum; index++) {
    const ElfW(Phdr) *header = &info->dlpi_phdr[index];
    // What may have been written to has no other copy.
    if (header->p_type != PT_LOAD || (header->p_flags & PF_W)) continue;
    uintptr_t start = info->dlpi_addr + header->p_vaddr;
    uintptr_t end = start + header->p_filesz;
    start = (start + page - 1) & ~(page - 1);
    end &= ~(page - 1);
    if (start < end) (void)madvise((void *)start, end - start, MADV_DONTNEED);
  }
  return 0;
}

void itape_release_resident_code(void) { (void)dl_iterate_phdr(release_segments, NULL); }
#else
void itape_release_resident_code(void) {}
#endif

#if defined(__GLIBC__)
void itape_release_free_memory(void) { (void)malloc_trim(0); }
#else
void itape_release_free_memory(void) {}
#endif
