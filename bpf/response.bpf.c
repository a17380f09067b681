/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/*
 * What an endpoint of this node answers in request mode: from its socket to the client's. What cannot be steered goes
 * the ordinary way, to the relay, up to the end of that response.
 */
#include "message.h"
#include "steered_response.h"

SEC("sk_msg")
int swerve_response(struct sk_msg_md *msg) {
    struct swerve_connection *connection = msg->sk ? bpf_sk_storage_get(&connections, msg->sk, 0, 0) : 0;
    if (!connection || connection->role != SWERVE_ROLE_SERVER)
        return SK_PASS;
    __u32 index = connection->index;
    struct swerve_slot *slot = bpf_map_lookup_elem(&slots, &index);
    /* The slot may have another connection by now, or reach this one through TCP. */
    if (!slot || slot->server_cookie != connection->cookie || slot->reach != SWERVE_REACH_LOCAL)
        return SK_PASS;
    if (!is_steered(slot)) {
        /* For the relay, which gives the slot back only when all it sent is read. */
        slot->consumed = connection->consumed;
        return SK_PASS;
    }
    __u64 cookie = slot->client_cookie;
    struct swerve_client *client = client_at(slot->client, cookie);
    if (!client)
        return leave(slot, SWERVE_PATH_RESPONSE_REDIRECT);
    if (!has_credit(client->queued, client->consumed, msg->size))
        return leave(slot, SWERVE_PATH_RESPONSE_CREDIT);
    struct progress progress = {
        .body = slot->response,
        .status = slot->status,
        .size = msg->size,
        .has_read_all = slot->queued == connection->consumed,
    };
    enum swerve_path refusal = read_response(msg, slot, &progress);
    if (refusal != SWERVE_PATH_COUNT)
        return leave(slot, refusal);
    if (bpf_msg_redirect_hash(msg, &client_sockets, &cookie, BPF_F_INGRESS) != SK_PASS)
        return leave(slot, SWERVE_PATH_RESPONSE_REDIRECT);
    note_sent(slot, index, client, &progress);
    return SK_PASS;
}

/*
 * What arrives by TCP is for the application. Without a verdict program on its map a socket would report nothing to
 * read (FIONREAD), which servers act upon. Clients have none: with one, a blocking receive returns EAGAIN on
 * whatever wakes it but bytes, and clients do block. Their sockets leave the map before much comes to them by TCP.
 */
SEC("sk_skb/stream_verdict")
int swerve_server_pass(struct __sk_buff *skb) {
    (void)skb;
    return SK_PASS;
}

char LICENSE[] SEC("license") = "GPL";
