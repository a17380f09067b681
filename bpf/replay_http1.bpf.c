/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/*
 * Parses an HTTP/1.1 message on demand: BPF_PROG_RUN refuses the socket programs themselves, so this program stands for
 * them in the differential test. An object of its own, without maps, as it needs more of the kernel than replay.bpf.c.
 */
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>

#include "core/http1_replay.h"

struct swerve_bytes {
    struct swerve_http1_vector *vector;
    __u32 size;
    __u32 zero;
};

static __always_inline __u64 swerve_bytes_word(const struct swerve_bytes *bytes, __u32 offset) {
    /* See packet.h. */
    barrier_var(offset);
    __u64 at = (__u32)(offset + bytes->zero);
    if (at + sizeof(__u64) > bytes->size)
        return 0;
    barrier_var(at);
    if (at > SWERVE_HTTP1_VECTOR_SIZE - sizeof(__u64))
        return 0;
    return *(__u64 *)(bytes->vector->text + at);
}

static __always_inline __u32 swerve_bytes_octet(const struct swerve_bytes *bytes, __u32 offset) {
    barrier_var(offset);
    __u64 at = (__u32)(offset + bytes->zero);
    if (at >= bytes->size)
        return 256;
    barrier_var(at);
    if (at > SWERVE_HTTP1_VECTOR_SIZE - 1)
        return 256;
    return bytes->vector->text[at];
}

static __always_inline __u32 swerve_bytes_zero(const struct swerve_bytes *bytes) { return bytes->zero; }

/* Not static: the verifier takes the argument of a global function for plain memory, which the context is not. */
__noinline int swerve_replay_http1_to(struct swerve_http1_vector *vector, __u32 size) {
    if (!vector)
        return -1;
    struct swerve_bytes bytes = {.vector = vector, .size = size, .zero = vector->zero};
    swerve_http1_replay(&bytes, size, vector);
    return 0;
}

SEC("syscall")
int swerve_replay_http1(struct swerve_http1_vector *vector) {
    swerve_replay_http1_to(vector, vector->split);
    return swerve_replay_http1_to(vector, vector->size);
}

char LICENSE[] SEC("license") = "GPL";
