/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/* A request that is answered by the program that sees it. */
#ifndef SWERVE_ANSWER_H
#define SWERVE_ANSWER_H

#include "message.h"

#include "core/refusal.h"

/* Makes the message `length` bytes long, all of them in one piece. Returns 0 when there is no memory for that. */
static __always_inline int resize(struct sk_msg_md *msg, __u32 length) {
    if (msg->size < length && bpf_msg_push_data(msg, 0, length - msg->size, 0))
        return 0;
    if (msg->size > length && bpf_msg_pop_data(msg, length, msg->size - length, 0))
        return 0;
    return !bpf_msg_pull_data(msg, 0, length, 0);
}

/*
 * Turns a request into its refusal and sends it back to who asked, in a microsecond: a relay that answered a burst of
 * them one by one would take longer than its clients should wait. Returns 0 when that is not possible, and the message
 * is as it was. Not inlined, for the stack.
 */
static __noinline int refuse(struct sk_msg_md *msg, __u32 reason, struct swerve_client *client) {
    if (reason >= SWERVE_REASON_COUNT || !client)
        return 0;
    const struct swerve_refusal *refusal = &swerve_refusals[reason];
    __u32 length = refusal->length;
    __u64 cookie = client->cookie;
    if (length > SWERVE_REFUSAL_BYTES || bpf_msg_redirect_hash(msg, &client_sockets, &cookie, BPF_F_INGRESS) != SK_PASS)
        return 0;
    if (!resize(msg, length))
        return -1;
    char *to = (char *)(long)msg->data;
    char *end = (char *)(long)msg->data_end;
    for (__u32 i = 0; i < SWERVE_REFUSAL_BYTES && i < length; i++) {
        if (to + i + 1 > end)
            return -1;
        to[i] = refusal->text[i];
    }
    client->queued += length;
    return 1;
}

#endif
