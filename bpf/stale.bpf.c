/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/*
 * Closes connections to endpoints that have left, so that clients connect again and reach one that is there; and those
 * that have been open, or without a byte, for longer than their service's policy allows.
 *
 * A TCP iterator, pinned: reading it walks the TCP sockets of the reader's network namespace once. The socket is
 * aborted as by SOCK_DESTROY (tcp_abort in net/ipv4/tcp.c): the peer gets a reset and the application's next call
 * ECONNABORTED. What is read is one byte for each connection closed.
 */
#include <linux/bpf.h>

#include "connection.h"
#include "view.h"

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

struct tcp_sock {
    __u64 bytes_received;
    __u64 bytes_acked;
} __attribute__((preserve_access_index));

extern int bpf_sock_destroy(struct sock_common *sock) __ksym;

/* Whether the connection has been open for too long. */
static __always_inline int is_overdue(const struct swerve_connection *connection,
                                      const struct swerve_lifetime_policy *policy, __u64 now_ns) {
    __u64 limit_ns = policy->max_duration_ms * 1000000ULL;
    return limit_ns && now_ns > connection->started_ns && now_ns - connection->started_ns >= limit_ns;
}

/* Whether no byte has moved for too long. What has is noted here, so it is known as exactly as this program is run. */
static __always_inline int is_idle(struct swerve_connection *connection, struct sock_common *sock,
                                   const struct swerve_lifetime_policy *policy, __u64 now_ns) {
    __u64 limit_ns = policy->idle_timeout_ms * 1000000ULL;
    struct tcp_sock *tcp = limit_ns ? bpf_skc_to_tcp_sock(sock) : 0;
    if (!tcp)
        return 0;
    __u64 bytes = tcp->bytes_received + tcp->bytes_acked;
    if (!connection->moved_ns || bytes != connection->bytes) {
        connection->bytes = bytes;
        connection->moved_ns = now_ns;
    }
    return now_ns - connection->moved_ns >= limit_ns;
}

/* Whether the service's policy does not let the connection live on. */
static __always_inline int is_outlived(struct swerve_connection *connection, struct sock_common *sock) {
    __u32 service = connection->service;
    struct swerve_view view = {.set = bpf_map_lookup_elem(&endpoint_sets, &service)};
    const union swerve_cell *cell = view.set ? swerve_view_cell(&view, SWERVE_CELL_LIFETIME) : 0;
    __u64 now_ns = bpf_ktime_get_ns();
    return cell &&
           (is_overdue(connection, &cell->lifetime, now_ns) || is_idle(connection, sock, &cell->lifetime, now_ns));
}

SEC("iter/tcp")
int swerve_close_stale(struct bpf_iter__tcp *ctx) {
    struct sock_common *sock = ctx->sk_common;
    if (!sock)
        return 0;
    struct swerve_connection *connection = bpf_sk_storage_get(&connections, sock, 0, 0);
    if (!connection || connection->phase != SWERVE_COUNTED)
        return 0;
    /* A client of request mode goes to no endpoint in particular, and the relay lets its requests end first. */
    if (connection->role != SWERVE_ROLE_DIRECT || (state_of(connection) && !is_outlived(connection, sock)))
        return 0;
    char mark = 1;
    if (bpf_sock_destroy(sock) == 0)
        bpf_seq_write(ctx->meta->seq, &mark, sizeof(mark));
    return 0;
}

char LICENSE[] SEC("license") = "GPL";
