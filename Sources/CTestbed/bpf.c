/* SPDX-License-Identifier: Apache-2.0 */
/* Reads what the kernel counts about attached BPF programs. Raw bpf(2), so that the testbed needs no libbpf. */
#define _GNU_SOURCE
#include "CTestbed.h"

#include <errno.h>
#include <linux/bpf.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { KEY_SIZE_MAX = 64, KEYS_MAX = 1 << 20 };

static long bpf(int command, union bpf_attr *attributes) {
    return syscall(SYS_bpf, command, attributes, sizeof(*attributes));
}

int testbed_bpf_enable_statistics(void) {
    union bpf_attr attributes = {.enable_stats = {.type = BPF_STATS_RUN_TIME}};
    return (int)bpf(BPF_ENABLE_STATS, &attributes);
}

int testbed_bpf_cgroup_programs(int cgroup, int attach_type, uint32_t *ids, uint32_t capacity) {
    union bpf_attr attributes = {};
    attributes.query.target_fd = (uint32_t)cgroup;
    attributes.query.attach_type = (uint32_t)attach_type;
    attributes.query.prog_ids = (uint64_t)(uintptr_t)ids;
    attributes.query.prog_cnt = capacity;
    return bpf(BPF_PROG_QUERY, &attributes) ? -1 : (int)attributes.query.prog_cnt;
}

int testbed_bpf_program(uint32_t id, struct testbed_program *program) {
    union bpf_attr open = {.prog_id = id};
    int fd = (int)bpf(BPF_PROG_GET_FD_BY_ID, &open);
    if (fd < 0)
        return -1;
    struct bpf_prog_info info = {};
    union bpf_attr ask = {.info = {.bpf_fd = (uint32_t)fd, .info_len = sizeof(info)}};
    ask.info.info = (uint64_t)(uintptr_t)&info;
    long failed = bpf(BPF_OBJ_GET_INFO_BY_FD, &ask);
    int error = errno;
    close(fd);
    errno = error;
    if (failed)
        return -1;
    _Static_assert(sizeof(program->name) == sizeof(info.name), "BPF_OBJ_NAME_LEN");
    memcpy(program->name, info.name, sizeof(info.name));
    program->run_count = info.run_cnt;
    program->run_time_ns = info.run_time_ns;
    return 0;
}

static long count_keys(int fd) {
    unsigned char key[KEY_SIZE_MAX], next[KEY_SIZE_MAX];
    union bpf_attr step = {.map_fd = (uint32_t)fd, .next_key = (uint64_t)(uintptr_t)next};
    long count = 0;
    for (; count < KEYS_MAX; count++) {
        if (bpf(BPF_MAP_GET_NEXT_KEY, &step))
            return errno == ENOENT ? count : -1;
        memcpy(key, next, sizeof(key));
        step.key = (uint64_t)(uintptr_t)key;
    }
    return count;
}

long testbed_bpf_count_keys(const char *pinned_path) {
    union bpf_attr open = {.pathname = (uint64_t)(uintptr_t)pinned_path, .file_flags = BPF_F_RDONLY};
    int fd = (int)bpf(BPF_OBJ_GET, &open);
    if (fd < 0)
        return -1;
    struct bpf_map_info info = {};
    union bpf_attr ask = {.info = {.bpf_fd = (uint32_t)fd, .info_len = sizeof(info)}};
    ask.info.info = (uint64_t)(uintptr_t)&info;
    long count = -1;
    if (bpf(BPF_OBJ_GET_INFO_BY_FD, &ask) == 0) {
        if (info.key_size <= KEY_SIZE_MAX)
            count = count_keys(fd);
        else
            errno = EMSGSIZE;
    }
    int error = errno;
    close(fd);
    errno = error;
    return count;
}

int testbed_bpf_attach_type(int which) {
    switch (which) {
    case TESTBED_ATTACH_CONNECT4:
        return BPF_CGROUP_INET4_CONNECT;
    case TESTBED_ATTACH_CONNECT6:
        return BPF_CGROUP_INET6_CONNECT;
    case TESTBED_ATTACH_SOCK_OPS:
        return BPF_CGROUP_SOCK_OPS;
    case TESTBED_ATTACH_SOCK_RELEASE:
        return BPF_CGROUP_INET_SOCK_RELEASE;
    default:
        return -1;
    }
}
