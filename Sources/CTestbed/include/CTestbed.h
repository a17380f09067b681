/* SPDX-License-Identifier: Apache-2.0 */
/* What Swift cannot do itself: work between fork and exec, threads' namespaces, and raw bpf(2) calls. */
#ifndef SWERVE_CTESTBED_H
#define SWERVE_CTESTBED_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* A program to start. Descriptors that are not wanted are -1. */
struct testbed_spawn {
    const char *path;         /* of the program, no PATH search */
    char *const *arguments;   /* argv, NULL terminated */
    char *const *environment; /* envp, NULL terminated */
    int input;                /* becomes descriptor 0 */
    int output;               /* becomes descriptor 1 */
    int error;                /* becomes descriptor 2 */
    int cgroup_procs;         /* cgroup.procs of the cgroup to join before exec, open for writing */
    int network_namespace;    /* namespace to enter before exec */
    int processor;            /* the only one to run on, or -1 */
    int death_signal;         /* sent to the child when this process ends, however it ends; 0 for none */
};

/* The step of a spawn that failed; the names are in testbed_spawn_stage_name. */
enum testbed_spawn_stage {
    TESTBED_STAGE_FORK,
    TESTBED_STAGE_DEATH_SIGNAL,
    TESTBED_STAGE_CGROUP,
    TESTBED_STAGE_NAMESPACE,
    TESTBED_STAGE_PROCESSOR,
    TESTBED_STAGE_DESCRIPTORS,
    TESTBED_STAGE_EXEC,
};
struct testbed_spawn_failure {
    int stage; /* enum testbed_spawn_stage */
    int code;  /* errno */
};

/*
 * Starts a program and returns its pid, or -1 with *failure. A failure up to and including exec is reported here, not
 * as an exit status. Every child is forked by one thread that never ends: the kernel sends the death signal when the
 * forking thread ends, not the process (prctl(2), PR_SET_PDEATHSIG). The child leads a process group of its own, so
 * that Ctrl-C reaches us alone and we decide in which order things are taken down.
 */
pid_t testbed_spawn(const struct testbed_spawn *request, struct testbed_spawn_failure *failure);
const char *testbed_spawn_stage_name(int stage);

/* A descriptor that becomes readable when the child has ended, or -1 with errno. */
int testbed_pidfd_open(pid_t pid);

/* A file in memory without a name in any directory, or -1 with errno. */
int testbed_memory_file(const char *name);

/* The first (or last) processor that this process may run on. -1 when there is one only, or none can be told. */
int testbed_processor(int last);

/* Lets this thread run on one processor only. 0, or -1 with errno. */
int testbed_pin_thread(int processor);

/* Moves this thread into a new network namespace, or the one behind `fd`. 0, or -1 with errno. */
int testbed_unshare_network(void);
int testbed_enter_network(int fd);

/* From now on SIGINT and SIGTERM only set the flag that the second call reads. */
void testbed_catch_interrupts(void);
int testbed_interrupted(void);

/* Run-time statistics of one BPF program since it was loaded, counted while statistics are enabled. */
struct testbed_program {
    char name[16];
    uint64_t run_count;
    uint64_t run_time_ns;
};

/* Enables the kernel's BPF statistics until the returned descriptor is closed. -1 with errno. */
int testbed_bpf_enable_statistics(void);

/* Ids of the programs attached to the cgroup for an enum bpf_attach_type. Their number, or -1 with errno. */
int testbed_bpf_cgroup_programs(int cgroup, int attach_type, uint32_t *ids, uint32_t capacity);

/* 0, or -1 with errno. */
int testbed_bpf_program(uint32_t id, struct testbed_program *program);

/* Number of keys in the pinned map, which must have keys of at most 64 bytes. -1 with errno. */
long testbed_bpf_count_keys(const char *pinned_path);

enum {
    TESTBED_ATTACH_CONNECT4, /* the constants of <linux/bpf.h>, which Swift does not import */
    TESTBED_ATTACH_CONNECT6,
    TESTBED_ATTACH_SOCK_OPS,
    TESTBED_ATTACH_SOCK_RELEASE,
};
/* The kernel's number for one of the above. */
int testbed_bpf_attach_type(int which);

#endif
