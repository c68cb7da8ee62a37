/* Counts a process's syncs (LD_PRELOAD): the file <pid> in BENCH_SYNCS holds two 64-bit numbers,
 * the syncs of write-ahead logs and all syncs. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { COMMITS, ALL, NUMBERS };

static _Atomic uint64_t *counts;
static int (*real_fsync)(int);
static int (*real_fdatasync)(int);

__attribute__((constructor)) static void start(void) {
  real_fsync = dlsym(RTLD_NEXT, "fsync");
  real_fdatasync = dlsym(RTLD_NEXT, "fdatasync");
  const char *folder = getenv("BENCH_SYNCS");
  if (!folder) return;
  char path[PATH_MAX];
  snprintf(path, sizeof path, "%s/%d", folder, (int)getpid());
  int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0 || ftruncate(fd, NUMBERS * 8) != 0) return;
  void *map = mmap(NULL, NUMBERS * 8, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  if (map != MAP_FAILED) counts = map;
  close(fd);
}

static void count(int fd) {
  if (!counts) return;
  char link[64], name[PATH_MAX];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, name, sizeof name);
  counts[ALL]++;
  if (length > 4 && memcmp(name + length - 4, "-wal", 4) == 0) counts[COMMITS]++;
}

int fsync(int fd) { count(fd); return real_fsync(fd); }
int fdatasync(int fd) { count(fd); return real_fdatasync(fd); }
