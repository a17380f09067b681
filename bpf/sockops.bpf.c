/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/*
 * What TCP learns about a steered connection becomes the state of its endpoint, and the sockets of request mode find
 * each other.
 */
#include <linux/bpf.h>

#include "consumption.h"
#include "core/ewma.h"
#include "judgement.h"
#include "pairing.h"

enum { CONTINUE = 1 };

/* Asks the kernel for the callbacks below on this socket. */
static __always_inline void watch(struct bpf_sock_ops *ctx) {
    bpf_sock_ops_cb_flags_set(ctx, ctx->bpf_sock_ops_cb_flags | BPF_SOCK_OPS_STATE_CB_FLAG | BPF_SOCK_OPS_RTO_CB_FLAG |
                                       BPF_SOCK_OPS_RETRANS_CB_FLAG | BPF_SOCK_OPS_RTT_CB_FLAG);
}

/* Folds the socket's smoothed round-trip time into the endpoint's average. */
static __always_inline void sample_rtt(struct bpf_sock_ops *ctx, struct swerve_endpoint_state *state) {
    /* The kernel keeps srtt_us shifted left by three (tcp_sock in include/linux/tcp.h). */
    __u64 rtt_ns = (__u64)(ctx->srtt_us >> 3) * 1000;
    if (!rtt_ns)
        return;
    __u64 now_ns = bpf_ktime_get_ns();
    __u64 elapsed_ns = now_ns > state->rtt_stamp_ns ? now_ns - state->rtt_stamp_ns : 0;
    state->rtt_ewma_ns = swerve_peak_ewma(state->rtt_ewma_ns, rtt_ns, elapsed_ns);
    state->rtt_stamp_ns = now_ns;
}

static __always_inline void on_established(struct bpf_sock_ops *ctx, const struct swerve_connection *connection,
                                           struct swerve_endpoint_state *state) {
    __sync_fetch_and_add(&state->established, 1);
    note_established(connection, state);
    sample_rtt(ctx, state);
}

/* A retransmitted SYN is a failure at once: waiting for the connect to give up would take two minutes. */
static __always_inline void on_timeout(struct bpf_sock_ops *ctx, const struct swerve_connection *connection,
                                       struct swerve_endpoint_state *state) {
    __sync_fetch_and_add(&state->timeouts, 1);
    if (ctx->state == BPF_TCP_SYN_SENT)
        note_failure(connection);
}

/* A connect that ends before it is established has failed, unless the application ended it: then release came first. */
static __always_inline void on_closed(struct bpf_sock_ops *ctx, struct swerve_connection *connection,
                                      struct swerve_endpoint_state *state) {
    if (state) {
        __sync_fetch_and_add(&state->bytes_sent, ctx->bytes_acked);
        __sync_fetch_and_add(&state->bytes_received, ctx->bytes_received);
    }
    if (end(connection) != SWERVE_ENDED && ctx->args[0] == BPF_TCP_SYN_SENT)
        note_failed(connection);
}

static __always_inline int is_ours(__u32 op) {
    return op == BPF_SOCK_OPS_TCP_CONNECT_CB || op == BPF_SOCK_OPS_ACTIVE_ESTABLISHED_CB || op == BPF_SOCK_OPS_RTT_CB ||
           op == BPF_SOCK_OPS_RTO_CB || op == BPF_SOCK_OPS_RETRANS_CB || op == BPF_SOCK_OPS_STATE_CB ||
           op == BPF_SOCK_OPS_PASSIVE_ESTABLISHED_CB;
}

SEC("sockops")
int swerve_sockops(struct bpf_sock_ops *ctx) {
    /* Every TCP socket of the cgroup comes by here when it connects: be gone quickly when it is not steered. */
    if (!is_ours(ctx->op) || !ctx->sk)
        return CONTINUE;
    if (ctx->op == BPF_SOCK_OPS_PASSIVE_ESTABLISHED_CB) {
        accept_paired(ctx);
        return CONTINUE;
    }
    struct swerve_connection *connection = bpf_sk_storage_get(&connections, ctx->sk, 0, 0);
    if (!connection)
        return CONTINUE;
    if (ctx->op == BPF_SOCK_OPS_TCP_CONNECT_CB) {
        count(connection);
        watch(ctx);
        return CONTINUE;
    }
    if (ctx->op == BPF_SOCK_OPS_ACTIVE_ESTABLISHED_CB)
        announce(ctx, connection);
    struct swerve_endpoint_state *state = state_of(connection);
    if (ctx->op == BPF_SOCK_OPS_STATE_CB) {
        if (ctx->args[1] == BPF_TCP_CLOSE)
            on_closed(ctx, connection, state);
        else if (ctx->args[1] == BPF_TCP_FIN_WAIT1 && connection->role == SWERVE_ROLE_CLIENT)
            note_half_closed(connection);
        return CONTINUE;
    }
    if (!state)
        return CONTINUE;
    switch (ctx->op) {
    case BPF_SOCK_OPS_ACTIVE_ESTABLISHED_CB:
        on_established(ctx, connection, state);
        break;
    case BPF_SOCK_OPS_RTT_CB:
        sample_rtt(ctx, state);
        break;
    case BPF_SOCK_OPS_RTO_CB:
        on_timeout(ctx, connection, state);
        break;
    case BPF_SOCK_OPS_RETRANS_CB:
        __sync_fetch_and_add(&state->retransmits, ctx->args[1]);
        break;
    }
    return CONTINUE;
}

/*
 * The application let go of the socket. TCP may still be saying goodbye, but the endpoint has one connection less. A
 * connect that never came to a SYN is known to have failed by the state it left: TCP_CLOSE.
 */
SEC("cgroup/sock_release")
int swerve_sock_release(struct bpf_sock *ctx) {
    struct swerve_connection *connection = bpf_sk_storage_get(&connections, ctx, 0, 0);
    if (!connection)
        return CONTINUE;
    if (connection->role == SWERVE_ROLE_CLIENT)
        note_gone(connection);
    if (end(connection) == SWERVE_SELECTED && ctx->state == BPF_TCP_CLOSE)
        note_failed(connection);
    return CONTINUE;
}

char LICENSE[] SEC("license") = "GPL";
