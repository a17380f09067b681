/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/*
 * Connection mode: connect() to a service address goes to one of its endpoints, and getpeername() keeps telling the
 * application the address it asked for. The data path stays native TCP.
 */
#include <linux/bpf.h>
#include <linux/errno.h>
#include <linux/in.h>

#include "connection.h"
#include "core/address.h"
#include "view.h"

/* Of <sys/socket.h>, which is not for the kernel. */
#define AF_INET 2

enum { REFUSE = 0, PROCEED = 1 };

/* Who is asking: the address the socket is bound to, or else its network namespace; for Maglev the process as well. */
static __always_inline __u64 client_hash(struct bpf_sock_addr *ctx, __u32 algorithm,
                                         const struct swerve_frontend *frontend) {
    __u64 client = 0;
    if (algorithm == SWERVE_MAGLEV)
        client = bpf_get_current_pid_tgid() >> 32;
    union swerve_address source = {};
    struct bpf_sock *sk = ctx->sk;
    if (sk) {
        source.words[0] = sk->src_ip6[0];
        source.words[1] = sk->src_ip6[1];
        source.words[2] = sk->src_ip6[2];
        source.words[3] = sk->src_ip6[3] ?: sk->src_ip4;
    }
    if (!(source.halves[0] | source.halves[1]))
        source.halves[0] = bpf_get_netns_cookie(ctx);
    return swerve_hash_address(&source, client, frontend->address.halves[1] ^ frontend->port);
}

/* Ends what the socket's last attempt still holds. One that never sent a SYN has failed: no route, no free port. */
static __always_inline void end_last_attempt(struct swerve_connection *connection) {
    if (end(connection) == SWERVE_SELECTED)
        note_failed(connection);
}

/* Remembers on the socket where it goes. Returns why that was not possible, or NONE. */
static __always_inline __u32 track(struct bpf_sock_addr *ctx, const struct swerve_frontend *frontend,
                                   const struct swerve_endpoint *endpoint) {
    struct swerve_node *record = node_record();
    if (!record || record->connections >= record->connections_limit)
        return SWERVE_REASON_CONNECTION_LIMIT;
    if (!ctx->sk)
        return SWERVE_REASON_CONNECTION_UNTRACKED;
    struct swerve_connection *connection = bpf_sk_storage_get(&connections, ctx->sk, 0, BPF_SK_STORAGE_GET_F_CREATE);
    if (!connection)
        return SWERVE_REASON_CONNECTION_UNTRACKED;
    end_last_attempt(connection);
    connection->frontend = *frontend;
    connection->endpoint = endpoint->id;
    connection->generation = endpoint->generation;
    connection->phase = SWERVE_SELECTED;
    struct swerve_endpoint_state *state = slot_of(connection);
    if (state)
        __sync_fetch_and_add(&state->selected, 1);
    return SWERVE_REASON_NONE;
}

/* Selects an endpoint of the service and tracks the connection to it. NULL: refuse, for `reason`. */
static __always_inline const struct swerve_endpoint *steer(struct bpf_sock_addr *ctx, __u32 service,
                                                           const struct swerve_frontend *frontend,
                                                           struct swerve_service_state *state, __u32 *reason) {
    struct swerve_view view = {.set = bpf_map_lookup_elem(&endpoint_sets, &service)};
    if (!view.set) {
        *reason = SWERVE_REASON_NO_ENDPOINT_SET;
        return 0;
    }
    const union swerve_cell *first = swerve_view_cell(&view, 0);
    __u32 algorithm = first ? first->header.algorithm : SWERVE_ROUND_ROBIN;
    struct swerve_input input = {.now_ns = bpf_ktime_get_ns(), .random = bpf_get_prandom_u32()};
    if (algorithm == SWERVE_ROUND_ROBIN)
        input.sequence = __sync_fetch_and_add(&state->sequence, 1);
    else if (algorithm >= SWERVE_MAGLEV)
        input.client_hash = client_hash(ctx, algorithm, frontend);

    struct swerve_choice choice = swerve_select(&view, &input);
    *reason = choice.reason;
    if (!choice.endpoint)
        return 0;
    if (ctx->user_family == AF_INET && !swerve_is_ipv4(&choice.endpoint->address)) {
        *reason = SWERVE_REASON_ADDRESS_FAMILY;
        return 0;
    }
    __u32 refusal = track(ctx, frontend, choice.endpoint);
    if (refusal == SWERVE_REASON_NONE)
        return choice.endpoint;
    *reason = refusal;
    return 0;
}

/* A socket whose connect to a service failed may connect elsewhere: it is not ours any more. */
static __always_inline void forget(struct bpf_sock_addr *ctx) {
    struct swerve_connection *connection = ctx->sk ? bpf_sk_storage_get(&connections, ctx->sk, 0, 0) : 0;
    if (!connection)
        return;
    end_last_attempt(connection);
    bpf_sk_storage_delete(&connections, ctx->sk);
}

/* The id of the service behind what the application connects to; -1 when that is not ours. */
static __always_inline __s64 service_of(struct bpf_sock_addr *ctx, const struct swerve_frontend *frontend) {
    if (ctx->protocol != IPPROTO_TCP)
        return -1;
    __u32 *service = bpf_map_lookup_elem(&frontends, frontend);
    if (service)
        return *service;
    forget(ctx);
    return -1;
}

/* Steers, counts the decision, and refuses the connect at once when there is nowhere to go. */
static __always_inline const struct swerve_endpoint *decide(struct bpf_sock_addr *ctx, __u32 service,
                                                            const struct swerve_frontend *frontend) {
    struct swerve_service_state *state = bpf_map_lookup_elem(&service_states, &service);
    __u32 reason = SWERVE_REASON_NO_ENDPOINT_SET;
    const struct swerve_endpoint *endpoint = state ? steer(ctx, service, frontend, state, &reason) : 0;
    if (state && reason < SWERVE_REASON_COUNT)
        __sync_fetch_and_add(&state->reasons[reason], 1);
    if (!endpoint)
        bpf_set_retval(-ECONNREFUSED);
    return endpoint;
}

/* The verifier allows the context's address to be accessed word by word only. */
static __always_inline void write_ipv4(struct bpf_sock_addr *ctx, const union swerve_address *address, __u16 port) {
    ctx->user_ip4 = address->words[3];
    ctx->user_port = port;
}

static __always_inline void write_ipv6(struct bpf_sock_addr *ctx, const union swerve_address *address, __u16 port) {
    ctx->user_ip6[0] = address->words[0];
    ctx->user_ip6[1] = address->words[1];
    ctx->user_ip6[2] = address->words[2];
    ctx->user_ip6[3] = address->words[3];
    ctx->user_port = port;
}

SEC("cgroup/connect4")
int swerve_connect4(struct bpf_sock_addr *ctx) {
    struct swerve_frontend frontend = {.port = ctx->user_port, .protocol = IPPROTO_TCP};
    swerve_map_ipv4(&frontend.address, ctx->user_ip4);
    __s64 service = service_of(ctx, &frontend);
    if (service < 0)
        return PROCEED;
    const struct swerve_endpoint *endpoint = decide(ctx, service, &frontend);
    if (!endpoint)
        return REFUSE;
    write_ipv4(ctx, &endpoint->address, endpoint->port);
    return PROCEED;
}

SEC("cgroup/connect6")
int swerve_connect6(struct bpf_sock_addr *ctx) {
    struct swerve_frontend frontend = {.port = ctx->user_port, .protocol = IPPROTO_TCP};
    frontend.address.words[0] = ctx->user_ip6[0];
    frontend.address.words[1] = ctx->user_ip6[1];
    frontend.address.words[2] = ctx->user_ip6[2];
    frontend.address.words[3] = ctx->user_ip6[3];
    __s64 service = service_of(ctx, &frontend);
    if (service < 0)
        return PROCEED;
    const struct swerve_endpoint *endpoint = decide(ctx, service, &frontend);
    if (!endpoint)
        return REFUSE;
    write_ipv6(ctx, &endpoint->address, endpoint->port);
    return PROCEED;
}

/* The frontend to show for this socket, NULL when it is not steered. */
static __always_inline struct swerve_frontend *shown_peer(struct bpf_sock_addr *ctx) {
    if (ctx->protocol != IPPROTO_TCP || !ctx->sk)
        return 0;
    struct swerve_connection *connection = bpf_sk_storage_get(&connections, ctx->sk, 0, 0);
    return connection ? &connection->frontend : 0;
}

SEC("cgroup/getpeername4")
int swerve_getpeername4(struct bpf_sock_addr *ctx) {
    struct swerve_frontend *peer = shown_peer(ctx);
    if (peer)
        write_ipv4(ctx, &peer->address, peer->port);
    return PROCEED;
}

SEC("cgroup/getpeername6")
int swerve_getpeername6(struct bpf_sock_addr *ctx) {
    struct swerve_frontend *peer = shown_peer(ctx);
    if (peer)
        write_ipv6(ctx, &peer->address, peer->port);
    return PROCEED;
}

char LICENSE[] SEC("license") = "GPL";
