/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "CDataplane.h"

#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <linux/membarrier.h>

#include <bpf/libbpf.h>

static _Thread_local char *log_buffer;
static _Thread_local size_t log_size;
static _Thread_local size_t log_used;

/* Makes room at the end by dropping the older half: the verifier's verdict comes last. */
static void forget_older_half(void) {
    size_t kept = log_used / 2;
    memmove(log_buffer, log_buffer + log_used - kept, kept + 1);
    log_used = kept;
}

static int capture(enum libbpf_print_level level, const char *format, va_list arguments) {
    if (level == LIBBPF_DEBUG || !log_buffer)
        return 0;
    if (log_used > log_size / 2)
        forget_older_half();
    int written = vsnprintf(log_buffer + log_used, log_size - log_used, format, arguments);
    if (written > 0)
        log_used += (size_t)written;
    if (log_used >= log_size)
        log_used = log_size - 1;
    return written;
}

void swerve_capture_libbpf_log(char *buffer, size_t size) {
    log_buffer = buffer;
    log_size = size;
    log_used = 0;
    if (buffer && size)
        buffer[0] = '\0';
    libbpf_set_print(capture);
}

int swerve_enter_network_namespace(int fd) { return setns(fd, CLONE_NEWNET); }

int swerve_try_lock(int fd) { return flock(fd, LOCK_EX | LOCK_NB); }

int swerve_wait_for_programs(void) {
    /* sys_membarrier in kernel/sched/membarrier.c: MEMBARRIER_CMD_GLOBAL is synchronize_rcu(). */
    return (int)syscall(SYS_membarrier, MEMBARRIER_CMD_GLOBAL, 0, 0);
}

unsigned long swerve_filesystem_magic(const char *path) {
    struct statfs information;
    return statfs(path, &information) == 0 ? (unsigned long)information.f_type : 0;
}
