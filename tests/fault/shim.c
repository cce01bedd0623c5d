/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A library to be loaded before a program (LD_PRELOAD), which makes its writes fail or slow.
 *
 * NSK_SHIM names a file of one Rule, mapped by everybody: a test changes it while the program runs.
 * With NSK_SHIM_SYNC_US alone each fsync and fdatasync takes so many microseconds longer, which is
 * how the bench is asked about a slower disk.
 *
 * It keeps no state but the rule and is used by many threads at once.
 */
/* both names of a function are given below */
#undef _FILE_OFFSET_BITS
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define EXPORT __attribute__((visibility("default")))

enum { CALL_WRITE = 1, CALL_SYNC = 2, CALL_TRUNCATE = 4 };

/* In the byte order of the machine; shim.py writes it. */
typedef struct {
    uint32_t calls;   /* that fail; 0: none, and nothing else of the rule counts */
    uint32_t fault;   /* errno */
    int32_t after;    /* so many calls pass first */
    int32_t times;    /* then so many fail; -1: all */
    uint32_t part;    /* a write that is to fail writes half of it first */
    uint32_t sync_us; /* for which each sync waits, whatever else the rule says */
    uint32_t failed;  /* counts those that failed */
    uint32_t unused;
    char name[64]; /* in the path of the file, or with a '$' at its end; "": any file */
} Rule;

static Rule *rule;
static useconds_t sync_us;

static ssize_t (*real_write)(int, const void *, size_t);
static ssize_t (*real_pwrite)(int, const void *, size_t, off_t);
static int (*real_fsync)(int);
static int (*real_fdatasync)(int);
static int (*real_ftruncate)(int, off_t);

__attribute__((constructor)) static void
begin(void)
{
    const char *path = getenv("NSK_SHIM");
    const char *text = getenv("NSK_SHIM_SYNC_US");
    int fd = path != NULL ? open(path, O_RDWR | O_CLOEXEC) : -1;

    *(void **)&real_write = dlsym(RTLD_NEXT, "write");
    *(void **)&real_pwrite = dlsym(RTLD_NEXT, "pwrite");
    *(void **)&real_fsync = dlsym(RTLD_NEXT, "fsync");
    *(void **)&real_fdatasync = dlsym(RTLD_NEXT, "fdatasync");
    *(void **)&real_ftruncate = dlsym(RTLD_NEXT, "ftruncate");
    sync_us = text != NULL ? (useconds_t)strtoul(text, NULL, 10) : 0;
    if (fd >= 0) {
        void *mapped = mmap(NULL, sizeof(Rule), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

        rule = mapped != MAP_FAILED ? mapped : NULL;
        (void)close(fd);
    }
}

static bool
is_named(int fd)
{
    char link[32], path[4096];

    if (rule->name[0] == '\0')
        return true;
    (void)snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t size = readlink(link, path, sizeof path - 1);
    if (size < 0)
        return false;
    path[size] = '\0';
    size_t len = strnlen(rule->name, sizeof rule->name);
    if (rule->name[len - 1] != '$')
        return strstr(path, rule->name) != NULL;
    return (size_t)size >= len - 1 && memcmp(path + size - (len - 1), rule->name, len - 1) == 0;
}

/* Whether this call is to fail; errno is then set. */
static bool
fails(int fd, uint32_t call)
{
    int kept = errno;

    if (rule == NULL || (__atomic_load_n(&rule->calls, __ATOMIC_ACQUIRE) & call) == 0)
        return false;
    bool named = is_named(fd);
    errno = kept;
    if (!named || __atomic_fetch_sub(&rule->after, 1, __ATOMIC_RELAXED) > 0)
        return false;
    if (rule->times >= 0 && __atomic_fetch_sub(&rule->times, 1, __ATOMIC_RELAXED) <= 0) {
        rule->times = 0;
        return false;
    }
    (void)__atomic_add_fetch(&rule->failed, 1, __ATOMIC_RELAXED);
    errno = (int)rule->fault;
    return true;
}

static void
wait_for_disk(void)
{
    useconds_t us = rule != NULL && rule->sync_us > 0 ? rule->sync_us : sync_us;
    int kept = errno;

    if (us > 0)
        (void)usleep(us);
    errno = kept;
}

EXPORT ssize_t
write(int fd, const void *data, size_t size)
{
    if (!fails(fd, CALL_WRITE))
        return real_write(fd, data, size);
    return rule->part != 0 && size > 1 ? real_write(fd, data, size / 2) : -1;
}

EXPORT ssize_t
pwrite(int fd, const void *data, size_t size, off_t at)
{
    if (!fails(fd, CALL_WRITE))
        return real_pwrite(fd, data, size, at);
    return rule->part != 0 && size > 1 ? real_pwrite(fd, data, size / 2, at) : -1;
}

EXPORT ssize_t
pwrite64(int fd, const void *data, size_t size, off64_t at)
{
    return pwrite(fd, data, size, at);
}

EXPORT int
fsync(int fd)
{
    wait_for_disk();
    return fails(fd, CALL_SYNC) ? -1 : real_fsync(fd);
}

EXPORT int
fdatasync(int fd)
{
    wait_for_disk();
    return fails(fd, CALL_SYNC) ? -1 : real_fdatasync(fd);
}

EXPORT int
ftruncate(int fd, off_t size)
{
    return fails(fd, CALL_TRUNCATE) ? -1 : real_ftruncate(fd, size);
}

EXPORT int
ftruncate64(int fd, off64_t size)
{
    return ftruncate(fd, size);
}
