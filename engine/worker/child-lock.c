/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How the worker gives up its rights: resource limits, no_new_privs, Landlock, seccomp.
 *
 * 1. The order is such that each step is still allowed by those before it.
 * 2. A system call that is not on the list fails with EPERM: libraries that probe for something go
 *    on without it.  Programs of another architecture are killed.
 * 3. Without Landlock no file can be opened at all: less is drawn (fonts that are not embedded),
 *    nothing more can be read.
 *
 * Landlock's structures are written out here, because the headers of Debian 12 know its first
 * version only and the C library has no wrappers.
 */
#include "base/limits.h"
#include "base/message.h"
#include "worker/child-private.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <seccomp.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define HAS_SANITIZER 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) ||                         \
    __has_feature(memory_sanitizer)
#define HAS_SANITIZER 1
#endif
#endif
#ifndef HAS_SANITIZER
#define HAS_SANITIZER 0
#endif

#define MAX_FILES 64
#define MEGABYTE  ((rlim_t)1024 * 1024)

/* linux/landlock.h */
#define LANDLOCK_VERSION    1u
#define LANDLOCK_PATH       1
#define LANDLOCK_READ_FILE  ((uint64_t)1 << 2)
#define LANDLOCK_READ_DIR   ((uint64_t)1 << 3)
#define LANDLOCK_NET_ALL    ((uint64_t)3) /* bind and connect of TCP */
#define LANDLOCK_SCOPED_ALL ((uint64_t)3) /* abstract sockets and signals */

typedef struct {
    uint64_t handled_access_fs;
    uint64_t handled_access_net; /* ABI 4 */
    uint64_t scoped;             /* ABI 6 */
} LandlockRules;

typedef struct {
    uint64_t allowed_access;
    int32_t parent_fd;
} __attribute__((packed)) LandlockPath;

/* All that drawing a page with a font that is not embedded reads. */
static const char *const readable[] = {
    "/etc/fonts",
    "/usr/local/share/fonts",
    "/usr/share/fontconfig",
    "/usr/share/fonts",
    "/usr/share/poppler",
    "/usr/share/xml/fontconfig",
    "/usr/share/texmf/fonts",
    "/var/cache/fontconfig",
};

/* Allowed with any arguments: memory of its own, waiting, asking. */
// clang-format off
static const int harmless[] = {
    SCMP_SYS(access), SCMP_SYS(brk), SCMP_SYS(clock_getres), SCMP_SYS(clock_gettime),
    SCMP_SYS(close), SCMP_SYS(exit), SCMP_SYS(exit_group), SCMP_SYS(faccessat),
    SCMP_SYS(faccessat2), SCMP_SYS(fcntl), SCMP_SYS(fstat), SCMP_SYS(fstatfs), SCMP_SYS(futex),
    SCMP_SYS(getdents64), SCMP_SYS(getegid), SCMP_SYS(geteuid), SCMP_SYS(getgid),
    SCMP_SYS(getpid), SCMP_SYS(getppid), SCMP_SYS(getrandom), SCMP_SYS(getrlimit),
    SCMP_SYS(gettid), SCMP_SYS(gettimeofday), SCMP_SYS(getuid), SCMP_SYS(lseek), SCMP_SYS(lstat),
    SCMP_SYS(madvise), SCMP_SYS(mremap), SCMP_SYS(munmap), SCMP_SYS(newfstatat),
    SCMP_SYS(pread64), SCMP_SYS(read), SCMP_SYS(readlink), SCMP_SYS(readlinkat), SCMP_SYS(readv),
    SCMP_SYS(restart_syscall), SCMP_SYS(rt_sigaction), SCMP_SYS(rt_sigprocmask),
    SCMP_SYS(rt_sigreturn), SCMP_SYS(sched_getaffinity), SCMP_SYS(sched_yield),
    SCMP_SYS(sigaltstack), SCMP_SYS(stat), SCMP_SYS(statfs), SCMP_SYS(statx), SCMP_SYS(sysinfo),
    SCMP_SYS(time), SCMP_SYS(uname),
};
// clang-format on

static bool
set_refused(GError **error, const char *what, int code)
{
    g_set_error(error, NSK_ERROR, NSK_ERROR_IO,
                nsk_tr("cannot read a PDF safely: %s: %s; the kernel must have it"), nsk_tr(what),
                nsk_reason(code));
    return false;
}

static bool
limit(int resource, rlim_t soft, rlim_t hard)
{
    const struct rlimit value = { .rlim_cur = soft, .rlim_max = hard };

    return setrlimit((__rlimit_resource_t)resource, &value) == 0;
}

static bool
limit_resources(const NskWorkerRequest *request, uint32_t *flags, GError **error)
{
    rlim_t memory = MIN(request->memory_mb * MEGABYTE, (rlim_t)NSK_LIMIT_WORKER_MEMORY);
    rlim_t seconds = MIN(request->cpu_seconds, (rlim_t)NSK_LIMIT_WORKER_SECONDS);

    if (!limit(RLIMIT_CPU, seconds, seconds + 1) || !limit(RLIMIT_FSIZE, 0, 0) ||
        !limit(RLIMIT_CORE, 0, 0) || !limit(RLIMIT_NOFILE, MAX_FILES, MAX_FILES) ||
        (!HAS_SANITIZER && !limit(RLIMIT_AS, memory, memory)))
        return set_refused(error, N_("no resource limits"), errno);
    if (!HAS_SANITIZER)
        *flags |= NSK_WORKER_FLAG_MEMORY;
    return true;
}

static bool
drop_privileges(uint32_t *flags, GError **error)
{
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
        prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1 || prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0 ||
        prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) != 0)
        return set_refused(error, "no_new_privs", errno);
    *flags |= NSK_WORKER_FLAG_NO_NEW_PRIVS;
    return true;
}

/* All rights over files that a version knows. */
static uint64_t
landlock_rights(uint32_t abi)
{
    unsigned bits = abi >= 5 ? 16 : abi >= 3 ? 15 : abi >= 2 ? 14 : 13;

    return ((uint64_t)1 << bits) - 1;
}

static size_t
landlock_size(uint32_t abi)
{
    return abi >= 6 ? 24 : abi >= 4 ? 16 : 8;
}

static bool
landlock_allow(int rules, const char *path)
{
    LandlockPath rule = { .allowed_access = LANDLOCK_READ_FILE | LANDLOCK_READ_DIR };

    rule.parent_fd = open(path, O_PATH | O_CLOEXEC);
    if (rule.parent_fd < 0)
        return errno == ENOENT;

    bool done = syscall(SYS_landlock_add_rule, rules, LANDLOCK_PATH, &rule, 0) == 0;
    close(rule.parent_fd);
    return done;
}

/* The version in force; 0 if the kernel has none or will not. */
static uint32_t
lock_files(void)
{
    long version = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_VERSION);

    if (version < 1)
        return 0;

    uint32_t abi = (uint32_t)version;
    LandlockRules wanted = { .handled_access_fs = landlock_rights(abi) };
    if (abi >= 4)
        wanted.handled_access_net = LANDLOCK_NET_ALL;
    if (abi >= 6)
        wanted.scoped = LANDLOCK_SCOPED_ALL;

    int rules = (int)syscall(SYS_landlock_create_ruleset, &wanted, landlock_size(abi), 0);
    bool done = rules >= 0;
    for (size_t i = 0; done && i < G_N_ELEMENTS(readable); i++)
        done = landlock_allow(rules, readable[i]);
    done = done && syscall(SYS_landlock_restrict_self, rules, 0) == 0;
    if (rules >= 0)
        close(rules);
    return done ? abi : 0;
}

/* Calls that are allowed with certain arguments only. */
static int
allow_some(scmp_filter_ctx filter)
{
    int code = 0;

    for (unsigned fd = STDOUT_FILENO; code == 0 && fd <= STDERR_FILENO; fd++) {
        code = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(write), 1,
                                SCMP_A0(SCMP_CMP_EQ, fd, 0));
        if (code == 0)
            code = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(writev), 1,
                                    SCMP_A0(SCMP_CMP_EQ, fd, 0));
    }
    if (code == 0)
        code = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 1,
                                SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
    if (code == 0)
        code = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mprotect), 1,
                                SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
    if (code == 0) /* abort() */
        code = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(tgkill), 1,
                                SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)getpid(), 0));
    if (code == 0) /* asking for a limit, not setting one */
        code = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(prlimit64), 1,
                                SCMP_A2(SCMP_CMP_EQ, 0, 0));
    return code;
}

static int
allow_reading(scmp_filter_ctx filter)
{
    const scmp_datum_t changing =
        O_ACCMODE | O_CREAT | O_TRUNC | O_APPEND | (O_TMPFILE & ~O_DIRECTORY);
    int code = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(openat), 1,
                                SCMP_A2(SCMP_CMP_MASKED_EQ, changing, O_RDONLY));

    if (code == 0)
        code = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(open), 1,
                                SCMP_A1(SCMP_CMP_MASKED_EQ, changing, O_RDONLY));
    return code;
}

/* A thread of this process, which is under the same locks, and never another process.  clone3 hides
 * what it asks for behind a pointer: it is said not to be there, and clone is tried instead.  The
 * rest is how GLib's threads wait for each other. */
static int
allow_threads(scmp_filter_ctx filter)
{
    static const int calls[] = { SCMP_SYS(eventfd2),      SCMP_SYS(poll),
                                 SCMP_SYS(ppoll),         SCMP_SYS(rseq),
                                 SCMP_SYS(sched_getattr), SCMP_SYS(set_robust_list) };
    int code = seccomp_rule_add(
        filter, SCMP_ACT_ALLOW, SCMP_SYS(clone), 1,
        SCMP_A0(SCMP_CMP_MASKED_EQ, CLONE_THREAD | CLONE_VM, CLONE_THREAD | CLONE_VM));

    if (code == 0)
        code = seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0);
    for (size_t i = 0; code == 0 && i < G_N_ELEMENTS(calls); i++)
        code = seccomp_rule_add(filter, SCMP_ACT_ALLOW, calls[i], 0);
    return code;
}

static bool
lock_calls(const NskWorkerRequest *request, bool may_read, uint32_t *flags, GError **error)
{
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
    int code = filter != NULL ? 0 : -ENOMEM;

    for (size_t i = 0; code == 0 && i < G_N_ELEMENTS(harmless); i++)
        code = seccomp_rule_add(filter, SCMP_ACT_ALLOW, harmless[i], 0);
    if (code == 0)
        code = allow_some(filter);
    if (code == 0 && may_read)
        code = allow_reading(filter);
    if (code == 0 && request->job == NSK_WORKER_JOB_OPINIONS) /* poppler validates in a thread */
        code = allow_threads(filter);
    if (code == 0)
        code = seccomp_load(filter);
    seccomp_release(filter);
    if (code != 0)
        return set_refused(error, "seccomp", -code);
    *flags |= NSK_WORKER_FLAG_SECCOMP;
    return true;
}

bool
nsk_worker_lock(const NskWorkerRequest *request,
                uint32_t *out_flags,
                uint32_t *out_landlock_abi,
                GError **error)
{
    uint32_t flags = 0;

    if (!limit_resources(request, &flags, error) || !drop_privileges(&flags, error))
        return false;

    uint32_t abi = lock_files();
    if (!lock_calls(request, abi > 0, &flags, error))
        return false;
    *out_flags = flags;
    *out_landlock_abi = abi;
    return true;
}
