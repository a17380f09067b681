/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/*
 * What an endpoint answers in request mode: from its own socket where it is on this node, from the relay's connection to
 * it otherwise. What cannot be steered goes the ordinary way, to the relay, up to the end of that response.
 */
#include <linux/bpf.h>

#include "steering.h"

/* Leaves the rest of the response to the relay, from this message on. */
static __always_inline int leave(struct swerve_slot *slot, enum swerve_path path) {
    count_path(slot->service, path);
    slot->stage = SWERVE_STAGE_RELAY;
    return SK_PASS;
}

/* Why a response with this head is not for the kernel; SWERVE_PATH_COUNT when it is. */
static __always_inline enum swerve_path refusal_of(enum swerve_http1_result result,
                                                   const struct swerve_http1_head *head,
                                                   const struct swerve_http1_body *body) {
    if (result == SWERVE_HTTP1_INCOMPLETE || result == SWERVE_HTTP1_TOO_LONG)
        return SWERVE_PATH_RESPONSE_HEAD_SPLIT;
    if (result != SWERVE_HTTP1_COMPLETE)
        return SWERVE_PATH_RESPONSE_MALFORMED;
    if (head->status < 200)
        return SWERVE_PATH_RESPONSE_INTERIM;
    if (body->phase == SWERVE_HTTP1_UNTIL_CLOSE || body->phase == SWERVE_HTTP1_TUNNEL)
        return SWERVE_PATH_RESPONSE_UNTIL_CLOSE;
    return swerve_http1_persists(head) ? SWERVE_PATH_COUNT : SWERVE_PATH_RESPONSE_CLOSE;
}

/*
 * Reads what a message says about the framing of the response. Returns why it is not for the kernel, or
 * SWERVE_PATH_COUNT; then `body` and `status` are what they are after it.
 */
static __always_inline enum swerve_path read_response(const struct swerve_bytes *bytes, __u32 size,
                                                      const struct swerve_slot *slot, struct swerve_http1_body *body,
                                                      __u32 *status) {
    __u32 taken = 0;
    if (slot->stage == SWERVE_STAGE_HEAD) {
        struct swerve_http1_head head;
        swerve_http1_begin(bytes, 0, &head);
        enum swerve_http1_result result =
            swerve_http1_parse_response(bytes, bytes->size, SWERVE_KERNEL_HEAD_MAX, &head);
        swerve_http1_body_of_response(&head, slot->method, body);
        enum swerve_path refusal = refusal_of(result, &head, body);
        if (refusal != SWERVE_PATH_COUNT)
            return refusal;
        *status = head.status;
        taken = head.cursor;
    }
    taken += swerve_http1_advance(bytes, taken, size, body);
    if (taken >= size && body->phase != SWERVE_HTTP1_BODY_MALFORMED)
        return SWERVE_PATH_COUNT;
    return swerve_http1_is_open(body) ? SWERVE_PATH_RESPONSE_CHUNKS : SWERVE_PATH_RESPONSE_MALFORMED;
}

/* The response is over with the message that is about to be sent. */
static __always_inline void end_response(struct swerve_slot *slot, __u32 index, struct swerve_client *client) {
    __u64 now_ns = bpf_ktime_get_ns();
    __u32 id = slot->endpoint, pool_index = index / SWERVE_POOL_SLOTS;
    enum swerve_ended ended = swerve_response_ended(client);
    if (ended == SWERVE_ENDED_ALREADY)
        return;
    struct swerve_endpoint_state *state = bpf_map_lookup_elem(&endpoint_states, &id);
    struct swerve_pool *pool = bpf_map_lookup_elem(&pools, &pool_index);
    if (!state || !pool)
        return;
    swerve_count_response(state, pool, slot->status, slot->started_ns, now_ns);
    if (ended == SWERVE_ENDED_HALF)
        return;
    /* Bytes of the request may still be on their way to an endpoint that did not wait for them. */
    if (slot->reach == SWERVE_REACH_LOCAL && slot->queued != slot->consumed)
        slot->stage = SWERVE_STAGE_SPENT;
    else
        swerve_give_back(pool, slot, index % SWERVE_POOL_SLOTS, now_ns);
}

/* Notes that a message was sent towards the client. Before the end is noted: see swerve_has_read_all. */
static __always_inline void note_sent(struct swerve_slot *slot, __u32 index, struct swerve_client *client, __u32 size,
                                      const struct swerve_http1_body *body, __u32 status) {
    slot->response = *body;
    slot->status = status;
    slot->stage = SWERVE_STAGE_BODY;
    __sync_fetch_and_add(&client->queued, size);
    if (body->phase == SWERVE_HTTP1_DONE)
        end_response(slot, index, client);
}

/* Whether the kernel carries the response of this slot. */
static __always_inline int is_steered(const struct swerve_slot *slot) {
    return slot->stage == SWERVE_STAGE_HEAD || slot->stage == SWERVE_STAGE_BODY;
}

SEC("sk_msg")
int swerve_response(struct sk_msg_md *msg) {
    struct swerve_connection *connection = msg->sk ? bpf_sk_storage_get(&connections, msg->sk, 0, 0) : 0;
    if (!connection || connection->role != SWERVE_ROLE_SERVER)
        return SK_PASS;
    __u32 index = connection->index;
    struct swerve_slot *slot = bpf_map_lookup_elem(&slots, &index);
    /* The slot may have another connection by now, or reach this one through TCP. */
    if (!slot || slot->server_cookie != connection->cookie || slot->reach != SWERVE_REACH_LOCAL || !is_steered(slot))
        return SK_PASS;
    __u64 cookie = slot->client_cookie;
    struct swerve_client *client = client_at(slot->client, cookie);
    if (!client)
        return leave(slot, SWERVE_PATH_RESPONSE_REDIRECT);
    if (!has_credit(client->queued, client->consumed, msg->size))
        return leave(slot, SWERVE_PATH_RESPONSE_CREDIT);
    struct swerve_bytes bytes = message_bytes(msg);
    struct swerve_http1_body body = slot->response;
    __u32 status = slot->status;
    enum swerve_path refusal = read_response(&bytes, msg->size, slot, &body, &status);
    if (refusal != SWERVE_PATH_COUNT)
        return leave(slot, refusal);
    if (bpf_msg_redirect_hash(msg, &client_sockets, &cookie, BPF_F_INGRESS) != SK_PASS)
        return leave(slot, SWERVE_PATH_RESPONSE_REDIRECT);
    note_sent(slot, index, client, msg->size, &body, status);
    return SK_PASS;
}

/* The bytes of a packet, its first SWERVE_KERNEL_HEAD_MAX in one piece. */
static __always_inline struct swerve_bytes packet_bytes(struct __sk_buff *skb) {
    __u32 wanted = skb->len < SWERVE_KERNEL_HEAD_MAX ? skb->len : SWERVE_KERNEL_HEAD_MAX;
    if ((__u32)(skb->data_end - skb->data) < wanted)
        bpf_skb_pull_data(skb, wanted);
    return swerve_packet_bytes((void *)(long)skb->data, (void *)(long)skb->data_end);
}

SEC("sk_skb/stream_verdict")
int swerve_remote_response(struct __sk_buff *skb) {
    __u64 own_cookie = bpf_get_socket_cookie(skb);
    __u32 *found = bpf_map_lookup_elem(&pool_cookies, &own_cookie);
    if (!found)
        return SK_PASS;
    __u32 index = *found, size = skb->len;
    struct swerve_slot *slot = bpf_map_lookup_elem(&slots, &index);
    if (!slot || slot->reach != SWERVE_REACH_REMOTE || !is_steered(slot) || !size)
        return SK_PASS;
    __u64 cookie = slot->client_cookie;
    struct swerve_client *client = client_at(slot->client, cookie);
    if (!client)
        return leave(slot, SWERVE_PATH_RESPONSE_REDIRECT);
    if (!has_credit(client->queued, client->consumed, size))
        return leave(slot, SWERVE_PATH_RESPONSE_CREDIT);
    struct swerve_bytes bytes = packet_bytes(skb);
    struct swerve_http1_body body = slot->response;
    __u32 status = slot->status;
    enum swerve_path refusal = read_response(&bytes, size, slot, &body, &status);
    if (refusal != SWERVE_PATH_COUNT)
        return leave(slot, refusal);
    if (bpf_sk_redirect_hash(skb, &client_sockets, &cookie, BPF_F_INGRESS) != SK_PASS)
        return leave(slot, SWERVE_PATH_RESPONSE_REDIRECT);
    note_sent(slot, index, client, size, &body, status);
    return SK_PASS;
}

/* See swerve_client_pass. */
SEC("sk_skb/stream_verdict")
int swerve_server_pass(struct __sk_buff *skb) {
    (void)skb;
    return SK_PASS;
}

char LICENSE[] SEC("license") = "GPL";
