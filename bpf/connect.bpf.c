/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/*
 * connect() to a service address goes to one of its endpoints (connection mode) or to the relay (request mode), and
 * getpeername() keeps telling the application the address it asked for.
 */
#include <linux/bpf.h>
#include <linux/errno.h>
#include <linux/in.h>

#include "connection.h"
#include "core/address.h"
#include "relay.h"
#include "selection.h"

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

/* Remembers on the socket what it is. Returns why that was not possible, or NONE. */
static __always_inline __u32 track(struct bpf_sock_addr *ctx, const struct swerve_connection *as) {
    struct swerve_node *record = node_record();
    if (!record || record->connections >= record->connections_limit)
        return SWERVE_REASON_CONNECTION_LIMIT;
    if (!ctx->sk)
        return SWERVE_REASON_CONNECTION_UNTRACKED;
    struct swerve_connection *connection = bpf_sk_storage_get(&connections, ctx->sk, 0, BPF_SK_STORAGE_GET_F_CREATE);
    if (!connection)
        return SWERVE_REASON_CONNECTION_UNTRACKED;
    end_last_attempt(connection);
    *connection = *as;
    struct swerve_endpoint_state *state = slot_of(connection);
    if (state)
        __sync_fetch_and_add(&state->selected, 1);
    return SWERVE_REASON_NONE;
}

/* Selects an endpoint of the service and tracks the connection to it. Returns why that was not possible, or why it
 * was. */
static __always_inline __u32 steer(struct bpf_sock_addr *ctx, __u32 algorithm, struct swerve_connection *connection,
                                   struct destination *to) {
    struct decision decision = {.input = {.now_ns = connection->started_ns, .random = bpf_get_prandom_u32()},
                                .service = connection->service};
    if (algorithm >= SWERVE_MAGLEV)
        decision.input.client_hash = client_hash(ctx, algorithm, &connection->frontend);
    decide(&decision);
    if (is_refused(&decision))
        return decision.reason;
    __u32 refusal = SWERVE_REASON_ADDRESS_FAMILY;
    if (ctx->user_family != AF_INET || swerve_is_ipv4(&decision.endpoint.address)) {
        connection->endpoint = decision.endpoint.id;
        connection->generation = decision.endpoint.generation;
        to->address = decision.endpoint.address;
        to->port = decision.endpoint.port;
        refusal = track(ctx, connection);
    }
    if (refusal == SWERVE_REASON_NONE)
        return decision.reason;
    withdraw(&decision);
    return refusal;
}

/*
 * Sends a connect to where its service's mode wants it. Returns why it is refused, or why it is not;
 * SWERVE_REASON_COUNT when nothing is decided yet, because every request will be.
 */
static __always_inline __u32 direct(struct bpf_sock_addr *ctx, __u32 service, const struct swerve_frontend *frontend,
                                    struct destination *to) {
    struct swerve_view view = {.set = bpf_map_lookup_elem(&endpoint_sets, &service)};
    const union swerve_cell *first = view.set ? swerve_view_cell(&view, SWERVE_CELL_HEADER) : 0;
    if (!first)
        return SWERVE_REASON_NO_ENDPOINT_SET;
    struct swerve_connection connection = {
        .frontend = *frontend,
        .endpoint = SWERVE_NONE,
        .phase = SWERVE_SELECTED,
        .service = service,
        .index = SWERVE_NONE,
        .cookie = bpf_get_socket_cookie(ctx),
        .started_ns = bpf_ktime_get_ns(),
    };
    if (first->header.per_request && find_relay(ctx, swerve_is_ipv4(&frontend->address), to)) {
        connection.role = SWERVE_ROLE_CLIENT;
        connection.client_hash = client_hash(ctx, first->header.algorithm, frontend);
        __u32 refusal = track(ctx, &connection);
        return refusal == SWERVE_REASON_NONE ? SWERVE_REASON_COUNT : refusal;
    }
    return steer(ctx, first->header.algorithm, &connection, to);
}

/* A socket whose connect to a service failed may connect elsewhere: it is not ours any more. */
static __always_inline void forget(struct bpf_sock_addr *ctx) {
    struct swerve_connection *connection = ctx->sk ? bpf_sk_storage_get(&connections, ctx->sk, 0, 0) : 0;
    /* What the relay connects it has marked itself. */
    if (!connection || connection->role == SWERVE_ROLE_POOL)
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

/* Decides, counts the decision, and refuses the connect at once when there is nowhere to go. */
static __always_inline int redirect(struct bpf_sock_addr *ctx, __u32 service, const struct swerve_frontend *frontend,
                                    struct destination *to) {
    struct swerve_service_state *state = bpf_map_lookup_elem(&service_states, &service);
    __u32 reason = state ? direct(ctx, service, frontend, to) : SWERVE_REASON_NO_ENDPOINT_SET;
    if (state && reason < SWERVE_REASON_COUNT)
        __sync_fetch_and_add(&state->reasons[reason], 1);
    if (reason == SWERVE_REASON_NONE || reason == SWERVE_REASON_PANIC || reason == SWERVE_REASON_COUNT)
        return PROCEED;
    bpf_set_retval(-ECONNREFUSED);
    return REFUSE;
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
    struct destination to = {};
    if (redirect(ctx, service, &frontend, &to) == REFUSE)
        return REFUSE;
    write_ipv4(ctx, &to.address, to.port);
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
    struct destination to = {};
    if (redirect(ctx, service, &frontend, &to) == REFUSE)
        return REFUSE;
    write_ipv6(ctx, &to.address, to.port);
    return PROCEED;
}

/* The frontend to show for this socket, NULL when it is not steered. */
static __always_inline struct swerve_frontend *shown_peer(struct bpf_sock_addr *ctx) {
    if (ctx->protocol != IPPROTO_TCP || !ctx->sk)
        return 0;
    struct swerve_connection *connection = bpf_sk_storage_get(&connections, ctx->sk, 0, 0);
    return connection && connection->frontend.port ? &connection->frontend : 0;
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
