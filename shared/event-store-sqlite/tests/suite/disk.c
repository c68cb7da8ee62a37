/* A disk that fails on demand, between a process and its log (LD_PRELOAD).
 *
 * FAILING_DISK names a file of eight 64-bit numbers that both sides map:
 *   0 armed        nothing is counted or failed before it is 1
 *   1 syncs        fsync and fdatasync of the log's files, counted
 *   2 fail_sync    the sync with this number, and every later one, fails with EIO; those before are counted only
 *   3 writes       writes to the log's files, counted
 *   4 kill_write   in the write with this number half the bytes are written, then the process is killed
 *   5 full         while it is 1, writes to the log's files fail with ENOSPC; while it is 2, those to the database
 *   6 failed       1: a sync of the write-ahead log was failed, 2: one of the database
 *   7 once         where it is 1, syncs after fail_sync work again
 * TWOSTEP_SHADOW, where set, is a directory that gets a copy of each of the log's files whenever it is synced:
 * what a loss of power would leave if nothing unsynced survived it.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { ARMED, SYNCS, FAIL_SYNC, WRITES, KILL_WRITE, FULL, FAILED, ONCE, FIELDS = 8 };

static volatile uint64_t *disk;
static const char *shadow;
static ssize_t (*real_write)(int, const void *, size_t);
static ssize_t (*real_pwrite)(int, const void *, size_t, off_t);
static ssize_t (*real_pwrite64)(int, const void *, size_t, off64_t);
static int (*real_fsync)(int);
static int (*real_fdatasync)(int);

__attribute__((constructor)) static void start(void) {
  real_write = dlsym(RTLD_NEXT, "write");
  real_pwrite = dlsym(RTLD_NEXT, "pwrite");
  real_pwrite64 = dlsym(RTLD_NEXT, "pwrite64");
  real_fsync = dlsym(RTLD_NEXT, "fsync");
  real_fdatasync = dlsym(RTLD_NEXT, "fdatasync");
  shadow = getenv("TWOSTEP_SHADOW");
  const char *path = getenv("FAILING_DISK");
  int fd = path ? open(path, O_RDWR) : -1;
  if (fd < 0) return;
  void *map = mmap(NULL, FIELDS * 8, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  if (map != MAP_FAILED) disk = map;
  close(fd);
}

static int ends_with(const char *text, const char *end) {
  size_t length = strlen(text), wanted = strlen(end);
  return length >= wanted && strcmp(text + length - wanted, end) == 0;
}

/* Whether fd is the log, its write-ahead log, the log in the making or what tries out whether it can grow; then `name`
 * is its path. */
static int is_log(int fd, char name[PATH_MAX]) {
  char link[64];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, name, PATH_MAX - 1);
  if (length < 0) return 0;
  name[length] = 0;
  return ends_with(name, "/log.db") || ends_with(name, "/log.db-wal") || strstr(name, "/log.db.new") ||
         ends_with(name, "/log.db.room");
}

static void copy_to_shadow(const char *name) {
  char part[2 * PATH_MAX + 16], whole[2 * PATH_MAX], bytes[65536];
  snprintf(whole, sizeof whole, "%s/%s", shadow, strrchr(name, '/') + 1);
  snprintf(part, sizeof part, "%s.part", whole);
  int from = open(name, O_RDONLY), to = open(part, O_WRONLY | O_CREAT | O_TRUNC, 0600);
  ssize_t length;
  while ((length = read(from, bytes, sizeof bytes)) > 0)
    if (real_write(to, bytes, (size_t)length) != length) abort();
  /* `from` stays open: closing it would drop the locks that the process holds on the file. */
  close(to);
  if (rename(part, whole) != 0) abort();
}

static int sync_it(int fd, int (*real)(int)) {
  char name[PATH_MAX];
  if (!disk || !is_log(fd, name)) return real(fd);
  if (disk[ARMED]) {
    uint64_t number = ++disk[SYNCS];
    if (disk[FAIL_SYNC] && (number == disk[FAIL_SYNC] || (number > disk[FAIL_SYNC] && !disk[ONCE]))) {
      disk[FAILED] = ends_with(name, "-wal") ? 1 : 2;
      errno = EIO;
      return -1;
    }
    /* The page cache outlives the process: the syncs before it need no disk, and every number can be tried. */
    if (disk[FAIL_SYNC] && !shadow) return 0;
  }
  int answer = real(fd);
  if (answer == 0 && shadow) copy_to_shadow(name);
  return answer;
}

int fsync(int fd) { return sync_it(fd, real_fsync); }
int fdatasync(int fd) { return sync_it(fd, real_fdatasync); }

/* 0: write on. -1: the write fails. Otherwise only so many bytes are written, and then the process ends. */
static ssize_t judge(int fd, size_t count) {
  char name[PATH_MAX];
  if (!disk || !disk[ARMED] || !is_log(fd, name)) return 0;
  uint64_t number = ++disk[WRITES];
  if (disk[FULL] == 1 || (disk[FULL] == 2 && !ends_with(name, "-wal"))) {
    errno = ENOSPC;
    return -1;
  }
  return number == disk[KILL_WRITE] ? (ssize_t)(count + 1) / 2 : 0;
}

#define JUDGED(call_all, call_half)              \
  ssize_t half = judge(fd, count);               \
  if (half < 0) return -1;                       \
  if (half == 0) return call_all;                \
  ssize_t ignored = call_half;                   \
  (void)ignored;                                 \
  kill(getpid(), SIGKILL);                       \
  pause();                                       \
  return -1;

ssize_t write(int fd, const void *bytes, size_t count) {
  JUDGED(real_write(fd, bytes, count), real_write(fd, bytes, (size_t)half))
}
ssize_t pwrite(int fd, const void *bytes, size_t count, off_t at) {
  JUDGED(real_pwrite(fd, bytes, count, at), real_pwrite(fd, bytes, (size_t)half, at))
}
ssize_t pwrite64(int fd, const void *bytes, size_t count, off64_t at) {
  JUDGED(real_pwrite64(fd, bytes, count, at), real_pwrite64(fd, bytes, (size_t)half, at))
}
