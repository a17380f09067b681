/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/*
 * The bytes of a message or packet for the core, read where they are. Pointers are taken once: whoever pulls or pushes
 * data takes them anew.
 */
#ifndef SWERVE_PACKET_H
#define SWERVE_PACKET_H

#include <linux/bpf.h>
#include <linux/types.h>

#include <bpf/bpf_helpers.h>

enum {
    /* Bytes of a packet that are read at most: the verifier wants an offset to have a bound. */
    SWERVE_PACKET_BYTES_MAX = 32768,
};

struct swerve_bytes {
    void *data;
    void *data_end;
    __u32 size; /* bytes that may be read */
    __u32 zero;
};

/* The bytes between two packet pointers. */
static __always_inline struct swerve_bytes swerve_packet_bytes(void *data, void *data_end) {
    struct swerve_bytes bytes = {.data = data, .data_end = data_end};
    __u64 size = data_end - data, zero = size;
    /* Nothing is known of either for the verifier, so neither is of what the compiler would call zero. */
    asm volatile("%0 -= %1" : "+r"(zero) : "r"(size));
    bytes.zero = zero;
    /* The lesser of two without a branch: behind one the verifier would check everything twice. */
    __s64 beyond = size - SWERVE_PACKET_BYTES_MAX, is_less = beyond >> 63;
    barrier_var(is_less);
    bytes.size = SWERVE_PACKET_BYTES_MAX + (beyond & is_less);
    return bytes;
}

static __always_inline __u64 swerve_bytes_word(const struct swerve_bytes *bytes, __u32 offset) {
    /* A value of its own, so that what the test tells the verifier is not told of the caller's. */
    barrier_var(offset);
    __u64 at = (__u32)(offset + bytes->zero);
    /* What is tested must be what is added and what is read, or the verifier does not see the connection. */
    barrier_var(at);
    if (at > SWERVE_PACKET_BYTES_MAX)
        return 0;
    void *word = bytes->data + at;
    barrier_var(word);
    if (word + sizeof(__u64) > bytes->data_end)
        return 0;
    return *(__u64 *)word;
}

static __always_inline __u32 swerve_bytes_octet(const struct swerve_bytes *bytes, __u32 offset) {
    barrier_var(offset);
    __u64 at = (__u32)(offset + bytes->zero);
    barrier_var(at);
    if (at > SWERVE_PACKET_BYTES_MAX)
        return 256;
    void *octet = bytes->data + at;
    barrier_var(octet);
    if (octet + 1 > bytes->data_end)
        return 256;
    return *(__u8 *)octet;
}

static __always_inline __u32 swerve_bytes_zero(const struct swerve_bytes *bytes) { return bytes->zero; }

#endif
