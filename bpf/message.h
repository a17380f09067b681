/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/* A program on what an application sends. */
#ifndef SWERVE_MESSAGE_H
#define SWERVE_MESSAGE_H

#include <linux/bpf.h>

typedef struct sk_msg_md context;

#include "steering.h"

#include <bpf/bpf_helpers.h>

enum {
    /* Bytes that are made readable for a chunk header. */
    SWERVE_CHUNK_WINDOW = 64,
};

/* Puts the beginning of a message, as much as a head may take, into one piece. Not for bytes that are only counted: it
 * copies what was sent without a copy. */
static __always_inline void gather(struct sk_msg_md *msg) {
    __u32 wanted = msg->size < SWERVE_KERNEL_HEAD_MAX ? msg->size : SWERVE_KERNEL_HEAD_MAX;
    /* The first of its pieces may be short, which happens once in about a thousand. */
    if ((__u64)(msg->data_end - msg->data) < wanted)
        bpf_msg_pull_data(msg, 0, wanted, 0);
}

/* Makes the bytes from `position` on readable, a few of them at least. Returns where those that are now begin. */
static __always_inline __u32 gather_from(struct sk_msg_md *msg, __u32 position) {
    __u32 end = position + SWERVE_CHUNK_WINDOW < msg->size ? position + SWERVE_CHUNK_WINDOW : msg->size;
    bpf_msg_pull_data(msg, position, end, 0);
    return position;
}

#include "parsing.h"

#endif
