/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/*
 * How the four sockets of request mode find each other. Whoever connects leaves word under the sequence numbers of the
 * handshake, which both ends know whatever their addresses look like from where they are; whoever accepts looks there.
 * The connecting end is established first: its acknowledgement is what establishes the other.
 */
#ifndef SWERVE_PAIRING_H
#define SWERVE_PAIRING_H

#include <linux/bpf.h>

#include "connection.h"
#include "core/hash.h"

#include <bpf/bpf_endian.h>

enum {
    /* Records looked at for a free one. At half the table in use one search in 65,536 fails; its client is relayed. */
    CLIENT_PROBES = 16,
};

/* Takes a free client record for the socket. Returns its index, SWERVE_NONE when none was found. */
static __always_inline __u32 take_client(const struct swerve_connection *connection, __u64 state) {
    __u64 start = swerve_mix64(connection->cookie);
#pragma clang loop unroll(disable)
    for (__u32 probe = 0; probe < CLIENT_PROBES; probe++) {
        __u32 index = (start + probe) % SWERVE_CLIENTS_MAX;
        struct swerve_client *client = bpf_map_lookup_elem(&clients, &index);
        if (!client || client->cookie || __sync_val_compare_and_swap(&client->cookie, 0, connection->cookie))
            continue;
        client->queued = 0;
        client->consumed = 0;
        client->service = connection->service;
        client->slot = SWERVE_NONE;
        client->request = (struct swerve_http1_body){};
        client->client_hash = connection->client_hash;
        client->state = state;
        return index;
    }
    return SWERVE_NONE;
}

static __always_inline void free_client(__u32 index) {
    struct swerve_client *client = bpf_map_lookup_elem(&clients, &index);
    if (client)
        client->cookie = 0;
}

/* The application has closed the socket: what the relay sees of it, an end of file, could be half of that. */
static __always_inline void note_gone(const struct swerve_connection *connection) {
    __u32 index = connection->index;
    struct swerve_client *client = bpf_map_lookup_elem(&clients, &index);
    if (client && client->cookie == connection->cookie)
        __sync_fetch_and_or(&client->state, SWERVE_CLIENT_GONE);
}

/* Makes a client steerable, if the node steers and has room. */
static __always_inline void enlist_client(struct bpf_sock_ops *ctx, struct swerve_connection *connection) {
    struct swerve_node *record = node_record();
    if (!record || !record->acceleration)
        return;
    __u32 index = take_client(connection, SWERVE_CLIENT_KERNEL);
    if (index == SWERVE_NONE)
        return;
    connection->index = index;
    __u64 cookie = connection->cookie;
    /* Refused for a socket with a protocol of its own above TCP, such as kTLS. */
    if (bpf_sock_hash_update(ctx, &client_sockets, &cookie, BPF_NOEXIST)) {
        connection->index = SWERVE_NONE;
        free_client(index);
    }
}

/* A client or pool connection is established: its other end is told what it will be. */
static __always_inline void announce(struct bpf_sock_ops *ctx, struct swerve_connection *connection) {
    if (connection->role != SWERVE_ROLE_CLIENT && connection->role != SWERVE_ROLE_POOL)
        return;
    if (connection->role == SWERVE_ROLE_CLIENT)
        enlist_client(ctx, connection);
    struct swerve_pair pair = {
        .sequence = ctx->snd_nxt, .acknowledgement = ctx->rcv_nxt, .port = (__u16)ctx->local_port};
    struct swerve_peer peer = {
        .role = connection->role == SWERVE_ROLE_CLIENT ? SWERVE_ROLE_ACCEPTED : SWERVE_ROLE_SERVER,
        .index = connection->index,
        .service = connection->service,
    };
    bpf_map_update_elem(&pairs, &pair, &peer, BPF_ANY);
}

/* Makes what an endpoint accepted the target of its slot's requests. */
static __always_inline void enlist_server(struct bpf_sock_ops *ctx, const struct swerve_connection *connection) {
    __u32 index = connection->index;
    struct swerve_slot *slot = bpf_map_lookup_elem(&slots, &index);
    if (!slot || bpf_sock_map_update(ctx, &server_sockets, &index, BPF_ANY))
        return;
    slot->consumed = 0;
    slot->queued = 0;
    slot->server_cookie = connection->cookie;
    slot->paired = 1;
}

/* A socket was accepted: when its other end has left word, it becomes what that says. */
static __always_inline void accept_paired(struct bpf_sock_ops *ctx) {
    struct swerve_pair pair = {
        .sequence = ctx->rcv_nxt, .acknowledgement = ctx->snd_nxt, .port = (__u16)bpf_ntohl(ctx->remote_port)};
    struct swerve_peer *peer = bpf_map_lookup_elem(&pairs, &pair);
    struct bpf_sock *sk = ctx->sk;
    if (!peer || !sk)
        return;
    struct swerve_connection accepted = {
        .endpoint = SWERVE_NONE,
        .role = peer->role,
        .service = peer->service,
        .index = peer->index,
        .cookie = bpf_get_socket_cookie(ctx),
    };
    bpf_map_delete_elem(&pairs, &pair);
    struct swerve_connection *connection = bpf_sk_storage_get(&connections, sk, &accepted, BPF_SK_STORAGE_GET_F_CREATE);
    if (connection && accepted.role == SWERVE_ROLE_SERVER)
        enlist_server(ctx, connection);
}

#endif
