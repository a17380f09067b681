/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/* A response on its way to the client, in whatever its bytes come. */
#ifndef SWERVE_STEERED_RESPONSE_H
#define SWERVE_STEERED_RESPONSE_H

#include "judgement.h"
#include "parsing.h"
#include "steering.h"

/* Leaves the rest of the response to the relay, from this message on. */
static __always_inline int leave(struct swerve_slot *slot, enum swerve_path path) {
    count_path(slot->service, path);
    slot->stage = SWERVE_STAGE_RELAY;
    return SK_PASS;
}

/* Why a response with this head is not for the kernel; SWERVE_PATH_COUNT when it is. */
static __always_inline enum swerve_path refusal_of(int result, const struct parsed *head,
                                                   const struct swerve_slot *slot) {
    if (result == SWERVE_HTTP1_INCOMPLETE || result == SWERVE_HTTP1_TOO_LONG)
        return SWERVE_PATH_RESPONSE_HEAD_SPLIT;
    if (result != SWERVE_HTTP1_COMPLETE)
        return SWERVE_PATH_RESPONSE_MALFORMED;
    if (head->status < 200)
        return SWERVE_PATH_RESPONSE_INTERIM;
    if (slot->retry_on && slot->retained && swerve_is_retriable(head->status, slot->retry_on))
        return SWERVE_PATH_RESPONSE_RETRY;
    if (head->body.phase == SWERVE_HTTP1_UNTIL_CLOSE || head->body.phase == SWERVE_HTTP1_TUNNEL)
        return SWERVE_PATH_RESPONSE_UNTIL_CLOSE;
    if (!head->persists)
        return SWERVE_PATH_RESPONSE_CLOSE;
    /*
     * From elsewhere bytes reach the client by a worker of the kernel. What the relay sent of the rest, should the
     * kernel not be able to carry it to the end, would overtake them.
     */
    if (head->body.phase == SWERVE_HTTP1_CHUNK_SIZE && slot->reach == SWERVE_REACH_REMOTE)
        return SWERVE_PATH_RESPONSE_CHUNKED;
    /* Before its first byte: bytes that come by TCP after redirected ones are read, but not announced (FIONREAD). */
    return head->body.remaining <= SWERVE_CREDIT_BYTES - SWERVE_CREDIT_STEP ? SWERVE_PATH_COUNT
                                                                            : SWERVE_PATH_RESPONSE_LONG;
}

/* A message that is about to be sent to the client, and where the response is with it. */
struct progress {
    struct swerve_http1_body body;
    __u32 status;
    __u32 size;
    int has_read_all; /* see end_response */
};

/*
 * Reads what a message says about the framing of the response. Returns why it is not for the kernel, or
 * SWERVE_PATH_COUNT; then `progress` is what it is after it.
 */
static __always_inline enum swerve_path read_response(context *ctx, const struct swerve_slot *slot,
                                                      struct progress *progress) {
    struct swerve_http1_body *body = &progress->body;
    __u32 size = progress->size;
    __u32 taken = 0;
    if (slot->stage == SWERVE_STAGE_HEAD || body->phase != SWERVE_HTTP1_LENGTH)
        gather(ctx);
    if (slot->stage == SWERVE_STAGE_HEAD) {
        struct parsed head = {};
        enum swerve_path refusal = refusal_of(parse_response(ctx, slot->method, &head), &head, slot);
        if (refusal != SWERVE_PATH_COUNT)
            return refusal;
        *body = head.body;
        progress->status = head.status;
        taken = head.length;
    }
    taken += advance(ctx, body, taken, size);
    if (taken >= size && body->phase != SWERVE_HTTP1_BODY_MALFORMED)
        return SWERVE_PATH_COUNT;
    return swerve_http1_is_open(body) ? SWERVE_PATH_RESPONSE_CHUNKS : SWERVE_PATH_RESPONSE_MALFORMED;
}

/*
 * The response is over with the message that is about to be sent. `has_read_all`: whether the endpoint has read the
 * whole request; otherwise bytes of it may still be on their way, and must not arrive behind the next one's. The relay
 * closes such a connection, and one that was used as often as it may be.
 */
static __always_inline void end_response(struct swerve_slot *slot, __u32 index, struct swerve_client *client,
                                         int has_read_all) {
    __u64 now_ns = bpf_ktime_get_ns();
    __u32 id = slot->endpoint, pool_index = index / SWERVE_POOL_SLOTS;
    enum swerve_ended ended = swerve_response_ended(client);
    if (ended == SWERVE_ENDED_ALREADY)
        return;
    struct swerve_endpoint_state *state = bpf_map_lookup_elem(&endpoint_states, &id);
    struct swerve_pool *pool = bpf_map_lookup_elem(&pools, &pool_index);
    if (!state || !pool)
        return;
    __u32 service = slot->service;
    struct swerve_service_state *service_state = bpf_map_lookup_elem(&service_states, &service);
    int is_judged = swerve_count_response(service_state, state, pool, slot->status, slot->started_ns, now_ns);
    /* One that has left is not ejected any more. */
    if (is_judged && pool->generation == state->generation)
        judge(service, id, swerve_result_of(slot->status), slot->started_ns);
    if (ended == SWERVE_ENDED_HALF)
        return;
    if (has_read_all && !swerve_is_used_up(slot))
        swerve_give_back(&state->warm, slot, index % SWERVE_POOL_SLOTS);
    else
        slot->stage = SWERVE_STAGE_SPENT;
}

/* Notes what is about to be sent. The bytes come before the end: with that the client may be steered again. */
static __always_inline void note_sent(struct swerve_slot *slot, __u32 index, struct swerve_client *client,
                                      const struct progress *progress) {
    slot->response = progress->body;
    slot->status = progress->status;
    slot->stage = SWERVE_STAGE_BODY;
    /* Only one response is sent to a client at a time. */
    client->queued += progress->size;
    if (progress->body.phase == SWERVE_HTTP1_DONE)
        end_response(slot, index, client, progress->has_read_all);
}

/* Whether the kernel carries the response of this slot. */
static __always_inline int is_steered(const struct swerve_slot *slot) {
    return slot->stage == SWERVE_STAGE_HEAD || slot->stage == SWERVE_STAGE_BODY;
}

#endif
