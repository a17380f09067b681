/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/*
 * Closes connections to endpoints that have left, so that clients connect again and reach one that is there.
 *
 * A TCP iterator, pinned: reading it walks the TCP sockets of the reader's network namespace once. The socket is
 * aborted as by SOCK_DESTROY (tcp_abort in net/ipv4/tcp.c): the peer gets a reset and the application's next call
 * ECONNABORTED. What is read is one byte for each connection closed.
 */
#include <linux/bpf.h>

#include "connection.h"

/* The few kernel types needed, found by name in the running kernel's BTF. */
struct seq_file;
struct sock_common {
    unsigned char skc_state;
} __attribute__((preserve_access_index));
struct bpf_iter_meta {
    struct seq_file *seq;
} __attribute__((preserve_access_index));
struct bpf_iter__tcp {
    struct bpf_iter_meta *meta;
    struct sock_common *sk_common;
} __attribute__((preserve_access_index));

extern int bpf_sock_destroy(struct sock_common *sock) __ksym;

SEC("iter/tcp")
int swerve_close_stale(struct bpf_iter__tcp *ctx) {
    struct sock_common *sock = ctx->sk_common;
    if (!sock)
        return 0;
    struct swerve_connection *connection = bpf_sk_storage_get(&connections, sock, 0, 0);
    if (!connection || connection->phase != SWERVE_COUNTED || state_of(connection))
        return 0;
    /* A client of request mode goes to no endpoint in particular, and the relay lets its requests end first. */
    if (connection->role != SWERVE_ROLE_DIRECT)
        return 0;
    char mark = 1;
    if (bpf_sock_destroy(sock) == 0)
        bpf_seq_write(ctx->meta->seq, &mark, sizeof(mark));
    return 0;
}

char LICENSE[] SEC("license") = "GPL";
