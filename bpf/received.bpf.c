/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/*
 * What applications read from steered sockets. A redirect has no flow control of its own: what was sent and not yet
 * read is the credit the other programs go by, and the proof that a client has its last response.
 */
#include <linux/bpf.h>

#include "connection.h"

/* Of <sys/socket.h>, which is not for the kernel. */
#define MSG_PEEK 2

struct sock;

/* Tells those who send to this socket how much of it is read. */
static __always_inline void publish(struct swerve_connection *connection, __u64 consumed) {
    connection->published = consumed;
    __u32 index = connection->index;
    if (connection->role == SWERVE_ROLE_CLIENT) {
        struct swerve_client *client = bpf_map_lookup_elem(&clients, &index);
        if (client && client->cookie == connection->cookie)
            client->consumed = consumed;
    } else {
        struct swerve_slot *slot = bpf_map_lookup_elem(&slots, &index);
        if (slot && slot->server_cookie == connection->cookie)
            slot->consumed = consumed;
    }
}

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
    if (consumed - connection->published >= SWERVE_CREDIT_STEP)
        publish(connection, consumed);
    return 0;
}

char LICENSE[] SEC("license") = "GPL";
