/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/*
 * What a client sends in request mode. Every request is given to an endpoint of its own; what cannot be is passed on to
 * the relay, and then all that follows, until the relay hands the client back.
 */
#include "answer.h"
#include "message.h"
#include "selection.h"

/* A request on its way to a slot. */
struct lease {
    struct swerve_endpoint_state *state;
    struct swerve_slot *slot;
    __u32 index; /* of the slot */
};

/* Passes the message to the relay, and all that follow. */
static __always_inline int hand_over(struct sk_msg_md *msg, struct swerve_client *client, enum swerve_path path) {
    count_path(client->service, path);
    swerve_hand_over(client, msg->size);
    return SK_PASS;
}

/* Why a request with this head is not for the kernel; SWERVE_PATH_COUNT when it is. */
static __always_inline enum swerve_path refusal_of(int result, const struct parsed *head) {
    switch (result) {
    case SWERVE_HTTP1_COMPLETE:
        break;
    case SWERVE_HTTP1_INCOMPLETE:
        return SWERVE_PATH_REQUEST_HEAD_SPLIT;
    case SWERVE_HTTP1_TOO_LONG:
        return SWERVE_PATH_REQUEST_HEAD_LONG;
    case SWERVE_HTTP1_NOT_HTTP:
        return SWERVE_PATH_REQUEST_NOT_HTTP;
    default:
        return SWERVE_PATH_REQUEST_MALFORMED;
    }
    const __u32 upgrades = SWERVE_HTTP1_UPGRADE | SWERVE_HTTP1_CONNECTION_UPGRADE | SWERVE_HTTP1_HTTP2_SETTINGS;
    if (!(head->flags & SWERVE_HTTP1_VERSION_1_1))
        return SWERVE_PATH_REQUEST_HTTP_1_0;
    if (head->flags & SWERVE_HTTP1_CLOSE)
        return SWERVE_PATH_REQUEST_CLOSE;
    if (head->flags & upgrades || head->method == SWERVE_HTTP1_CONNECT)
        return SWERVE_PATH_REQUEST_UPGRADE;
    if (head->flags & SWERVE_HTTP1_EXPECT_CONTINUE)
        return SWERVE_PATH_REQUEST_EXPECT;
    /* With room for all of it, a request is never left in the middle: then bytes of TCP would follow redirected
     * ones. */
    if (head->flags & SWERVE_HTTP1_CHUNKED)
        return SWERVE_PATH_REQUEST_CHUNKED;
    if (head->body.remaining > SWERVE_CREDIT_BYTES - SWERVE_CREDIT_STEP)
        return SWERVE_PATH_REQUEST_LONG;
    return SWERVE_PATH_COUNT;
}

/* Why a message is not for the kernel when a body ends before it does; SWERVE_PATH_COUNT when it does not. */
static __always_inline enum swerve_path trouble_of(__u32 taken, __u32 size) {
    return taken >= size ? SWERVE_PATH_COUNT : SWERVE_PATH_REQUEST_PIPELINED;
}

/* One more decision came to this. */
static __always_inline void count_reason(__u32 service, __u32 reason) {
    struct swerve_service_state *state = bpf_map_lookup_elem(&service_states, &service);
    if (state && reason < SWERVE_REASON_COUNT)
        __sync_fetch_and_add(&state->reasons[reason], 1);
}

/* Refuses a request, or leaves that to the relay, which decides again. */
static __always_inline int turn_away(struct sk_msg_md *msg, struct swerve_client *client,
                                     const struct decision *decision, int is_whole) {
    __u32 service = client->service;
    /* A long message is in many pieces, which the relay skips as cheaply as they could be taken out here. */
    if (decision->has_fallback || !is_whole || msg->size > SWERVE_KERNEL_HEAD_MAX)
        return hand_over(msg, client, SWERVE_PATH_REQUEST_NO_ENDPOINT);
    int refused = refuse(msg, decision->reason, client);
    /* Half rewritten, it is nobody's request any more: without memory the connection is better ended. */
    if (refused < 0)
        return SK_DROP;
    if (!refused)
        return hand_over(msg, client, SWERVE_PATH_REQUEST_NO_ENDPOINT);
    count_reason(service, decision->reason);
    count_path(service, SWERVE_PATH_REQUEST_REFUSED);
    return SK_PASS;
}

/* Leases a warm connection to the endpoint. Returns 0 when there is none to be had. */
static __always_inline int lease_of(const struct swerve_endpoint *endpoint, struct lease *lease) {
    __u32 id = endpoint->id;
    struct swerve_endpoint_state *state = bpf_map_lookup_elem(&endpoint_states, &id);
    if (!state || !state->pool)
        return 0;
    __u32 pool_index = state->pool - 1;
    struct swerve_pool *pool = bpf_map_lookup_elem(&pools, &pool_index);
    if (!pool || pool->endpoint != id || pool->generation != endpoint->generation)
        return 0;
    __u32 bit = swerve_lease(&state->warm);
    if (bit >= SWERVE_POOL_SLOTS)
        return 0;
    __u32 index = pool_index * SWERVE_POOL_SLOTS + bit;
    struct swerve_slot *slot = bpf_map_lookup_elem(&slots, &index);
    if (!slot)
        return 0;
    *lease = (struct lease){.state = state, .slot = slot, .index = index};
    return 1;
}

/* Gives back a lease that was not used. */
static __always_inline void return_lease(struct lease *lease) {
    swerve_give_back(&lease->state->warm, lease->slot, lease->index % SWERVE_POOL_SLOTS);
}

/* Why the leased slot cannot carry the request; SWERVE_PATH_COUNT when it can. */
static __always_inline enum swerve_path unfitness_of(const struct lease *lease, const struct swerve_http1_body *body,
                                                     __u32 size) {
    const struct swerve_slot *slot = lease->slot;
    if (slot->reach == SWERVE_REACH_LOCAL)
        return SWERVE_PATH_COUNT;
    if (slot->reach != SWERVE_REACH_REMOTE)
        return SWERVE_PATH_REQUEST_NO_SLOT;
    return body->phase == SWERVE_HTTP1_DONE && size <= SWERVE_REMOTE_REQUEST_MAX ? SWERVE_PATH_COUNT
                                                                                 : SWERVE_PATH_REQUEST_LONG;
}

static __always_inline int redirect(struct sk_msg_md *msg, const struct swerve_slot *slot, __u32 index) {
    if (slot->reach == SWERVE_REACH_LOCAL)
        return bpf_msg_redirect_map(msg, &server_sockets, index, BPF_F_INGRESS);
    return bpf_msg_redirect_map(msg, &pool_sockets, index, 0);
}

/* Leaves an admitted request to the relay, which admits it anew. */
static __always_inline int leave_admitted(struct sk_msg_md *msg, struct swerve_client *client,
                                          const struct decision *decision, enum swerve_path path) {
    withdraw(decision);
    return hand_over(msg, client, path);
}

/* Leaves a request with its endpoint and its admission to the relay: admitted anew, it would compete with those that
 * the kernel admits meanwhile. */
static __always_inline int leave_chosen(struct sk_msg_md *msg, struct swerve_client *client, __u32 endpoint,
                                        enum swerve_path path) {
    client->slot = SWERVE_CLIENT_CHOSEN | endpoint;
    return hand_over(msg, client, path);
}

/* Keeps a whole request for a retry, when it is short enough and may be repeated. Not inlined: few services ask for
 * it. */
static __noinline void retain(struct sk_msg_md *msg, const struct lease *lease, const struct parsed *head,
                              __u32 retry_on) {
    struct swerve_slot *slot = lease->slot;
    __u32 size = msg->size, index = lease->index % SWERVE_RETAINED_MAX;
    struct swerve_retained *record = bpf_map_lookup_elem(&retained, &index);
    int may_repeat = retry_on & SWERVE_RETRY_NON_IDEMPOTENT || swerve_http1_is_idempotent(head->method);
    if (!record || !may_repeat || head->body.phase != SWERVE_HTTP1_DONE || !size || size > SWERVE_RETAINED_BYTES ||
        (__u64)(msg->data_end - msg->data) < size)
        return;
    __sync_lock_test_and_set(&record->started_ns, 0);
    if (bpf_probe_read_kernel(record->bytes, size, (void *)(long)msg->data))
        return;
    record->slot = lease->index;
    record->size = size;
    __sync_lock_test_and_set(&record->started_ns, slot->started_ns);
    slot->retry_on = retry_on;
    slot->retained = size;
}

/* The endpoint's socket was gone. Nothing was sent, so the relay may still find another endpoint. */
static __always_inline int take_back(struct sk_msg_md *msg, struct swerve_client *client,
                                     const struct decision *decision, struct lease *lease) {
    swerve_request_ended(client);
    /* The relay may have seen the connection end, and answered already, and counted that: then the request was one, and
     * must not be sent again. */
    if (swerve_response_ended(client) == SWERVE_ENDED_ALREADY) {
        swerve_count_request(lease->state);
        return SK_DROP;
    }
    return_lease(lease);
    return leave_admitted(msg, client, decision, SWERVE_PATH_REQUEST_REDIRECT);
}

/* Sends a request, of which this message is the beginning, on its way. Not inlined, so that its part of the stack,
 * which has 512 bytes, is free while the head is parsed. */
static __noinline int send_request(struct sk_msg_md *msg, struct swerve_client *client, __u32 client_index, __u64 state,
                                   const struct parsed *head) {
    const struct swerve_http1_body *body = &head->body;
    __u64 now_ns = bpf_ktime_get_ns();
    /* The clock's last digits are as good a draw as the kernel's generator, at a fraction of its time. */
    struct decision decision = {.input = {.now_ns = now_ns,
                                          .random = swerve_mix64(now_ns ^ client->client_hash),
                                          .client_hash = client->client_hash},
                                .service = client->service,
                                .is_request = 1};
    decide(&decision);
    if (is_refused(&decision))
        return turn_away(msg, client, &decision, body->phase == SWERVE_HTTP1_DONE);
    /* Ordinary selections are counted by their path. */
    if (decision.reason == SWERVE_REASON_PANIC)
        count_reason(decision.service, SWERVE_REASON_PANIC);
    const struct swerve_endpoint *endpoint = &decision.endpoint;
    struct lease lease;
    if (!lease_of(endpoint, &lease))
        return leave_chosen(msg, client, endpoint->id, SWERVE_PATH_REQUEST_NO_SLOT);
    enum swerve_path unfitness = unfitness_of(&lease, body, msg->size);
    if (unfitness != SWERVE_PATH_COUNT) {
        return_lease(&lease);
        return leave_chosen(msg, client, endpoint->id, unfitness);
    }
    struct swerve_slot *slot = lease.slot;
    swerve_assign(slot, client, client_index, head->method, now_ns);
    /* Mostly there is nothing to write: the line is the relay's, and read by both processors. */
    if (slot->retained)
        slot->retained = 0;
    if (decision.retry_on)
        retain(msg, &lease, head, decision.retry_on);
    client->slot = lease.index;
    client->request = *body;
    if (!swerve_exchange_begin(client, state, body->phase != SWERVE_HTTP1_DONE)) {
        /* The relay has taken the client just now. */
        return_lease(&lease);
        return leave_admitted(msg, client, &decision, SWERVE_PATH_REQUEST_ACCELERATION_OFF);
    }
    if (redirect(msg, slot, lease.index) != SK_PASS)
        return take_back(msg, client, &decision, &lease);
    swerve_count_request(lease.state);
    /* Whoever leases a slot is the only one who adds to it. */
    if (slot->reach == SWERVE_REACH_LOCAL)
        slot->queued += msg->size;
    count_path(client->service, slot->reach == SWERVE_REACH_LOCAL ? SWERVE_PATH_LOCAL : SWERVE_PATH_REMOTE);
    return SK_PASS;
}

/* A message that begins a request, if it is one for the kernel. */
static __always_inline int begin_request(struct sk_msg_md *msg, struct swerve_client *client,
                                         const struct swerve_connection *connection, __u64 state) {
    struct swerve_node *record = node_record();
    if (!record || !record->acceleration)
        return hand_over(msg, client, SWERVE_PATH_REQUEST_ACCELERATION_OFF);
    /* Until all that was sent to the client is read, the next response could overtake what is still on its way. */
    client->consumed = connection->consumed;
    if (state & SWERVE_CLIENT_RESPONSE || client->queued != connection->consumed)
        return hand_over(msg, client, SWERVE_PATH_REQUEST_PIPELINED);
    gather(msg);
    struct parsed head = {};
    enum swerve_path refusal = refusal_of(parse_request(msg, &head), &head);
    if (refusal != SWERVE_PATH_COUNT)
        return hand_over(msg, client, refusal);
    __u32 taken = head.length + advance(msg, &head.body, head.length, msg->size);
    enum swerve_path trouble = trouble_of(taken, msg->size);
    if (trouble != SWERVE_PATH_COUNT)
        return hand_over(msg, client, trouble);
    return send_request(msg, client, connection->index, state, &head);
}

/* A message with more of a request's body. Only an endpoint of this node gets one this way. */
static __always_inline int continue_request(struct sk_msg_md *msg, struct swerve_client *client) {
    __u32 index = client->slot;
    struct swerve_slot *slot = bpf_map_lookup_elem(&slots, &index);
    if (!slot)
        return hand_over(msg, client, SWERVE_PATH_REQUEST_REDIRECT);
    struct swerve_http1_body body = client->request;
    __u32 taken = advance(msg, &body, 0, msg->size);
    enum swerve_path trouble = trouble_of(taken, msg->size);
    if (trouble == SWERVE_PATH_COUNT && !has_credit(slot->queued, slot->consumed, msg->size))
        trouble = SWERVE_PATH_REQUEST_CREDIT;
    if (trouble != SWERVE_PATH_COUNT)
        return hand_over(msg, client, trouble);
    if (redirect(msg, slot, index) != SK_PASS)
        return hand_over(msg, client, SWERVE_PATH_REQUEST_REDIRECT);
    client->request = body;
    slot->queued += msg->size;
    /*
     * When the response is over already, the slot would be this program's to give back. But these bytes are sent only
     * after it has returned, and must not arrive behind the next request's: the relay gives it back later.
     */
    if (body.phase == SWERVE_HTTP1_DONE && swerve_request_ended(client) == SWERVE_ENDED_WHOLLY)
        slot->stage = SWERVE_STAGE_SPENT;
    return SK_PASS;
}

SEC("sk_msg")
int swerve_request(struct sk_msg_md *msg) {
    struct swerve_connection *connection = msg->sk ? bpf_sk_storage_get(&connections, msg->sk, 0, 0) : 0;
    if (!connection || connection->role != SWERVE_ROLE_CLIENT)
        return SK_PASS;
    __u32 index = connection->index;
    struct swerve_client *client = client_at(index, connection->cookie);
    if (!client)
        return SK_PASS;
    __u64 state = client->state;
    if (!(state & SWERVE_CLIENT_KERNEL)) {
        if (swerve_pass(client, msg->size))
            return SK_PASS;
        state = client->state;
    }
    if (state & SWERVE_CLIENT_REQUEST)
        return continue_request(msg, client);
    return begin_request(msg, client, connection, state);
}

char LICENSE[] SEC("license") = "GPL";
