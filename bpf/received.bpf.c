/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/*
 * What applications read from steered sockets. A redirect has no flow control of its own: what was sent and not yet
 * read is the credit the other programs go by, and the proof that a client has its last response.
 */
#include <linux/bpf.h>

#include "consumption.h"

/* Of <sys/socket.h>, which is not for the kernel. */
#define MSG_PEEK 2

struct sock;

/* include/trace/events/sock.h: after every receive of any socket. */
SEC("tp_btf/sock_recv_length")
int swerve_received(__u64 *ctx) {
    struct sock *sk = (struct sock *)ctx[0];
    int length = (int)ctx[1], flags = (int)ctx[2];
    if (length <= 0 || flags & MSG_PEEK || !sk)
        return 0;
    struct swerve_connection *connection = bpf_sk_storage_get(&connections, sk, 0, 0);
    if (!connection || (connection->role != SWERVE_ROLE_CLIENT && connection->role != SWERVE_ROLE_SERVER))
        return 0;
    /* Several threads may read from one socket. */
    __u64 consumed = __sync_fetch_and_add(&connection->consumed, (__u64)length) + (__u64)length;
    if (connection->half_closed || consumed - connection->published >= SWERVE_CREDIT_STEP)
        publish_consumed(connection, consumed);
    return 0;
}

char LICENSE[] SEC("license") = "GPL";
