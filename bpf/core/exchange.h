/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/*
 * A request and its response, between the parties that carry them: the kernel's programs on up to three sockets, on any
 * CPU, and the relay. Every step that two of them could take is one atomic instruction, and what it returns says who
 * took it. Compiled into the programs and into the relay, so that both follow one protocol.
 *
 *   client idle --begin--> REQUEST|RESPONSE --request_ended--> RESPONSE --response_ended--> idle
 *
 * The two ends may come in either order; whoever comes last gives the slot back. A client whose KERNEL flag is gone
 * passes what it sends to the relay, until the relay proves by the count of bytes passed that it has seen all of it.
 */
#ifndef SWERVE_CORE_EXCHANGE_H
#define SWERVE_CORE_EXCHANGE_H

#include "breaker.h"
#include "canary.h"
#include "ewma.h"
#include "histogram.h"

/* Leases a free slot whose connection is up. Returns its bit, SWERVE_POOL_SLOTS when there is none. */
static __always_inline __u32 swerve_lease(struct swerve_warm *warm) {
    /* Losing a race for a bit is rare and means that others are being served: a few tries will do. */
    for (int attempt = 0; attempt < 4; attempt++) {
        __u64 offered = warm->free & warm->live;
        if (!offered)
            break;
        __u64 lowest = offered & -offered;
        if (__sync_fetch_and_and(&warm->free, ~lowest) & lowest)
            return swerve_highest_bit(lowest);
    }
    return SWERVE_POOL_SLOTS;
}

/* Takes one particular slot out of the pool. Returns 0 when somebody leases it. */
static __always_inline int swerve_lease_slot(struct swerve_warm *warm, __u32 bit) {
    __u64 mask = 1ULL << (bit % SWERVE_POOL_SLOTS);
    return (__sync_fetch_and_and(&warm->free, ~mask) & mask) != 0;
}

/* Gives a slot back. Nothing of it may be touched afterwards. */
static __always_inline void swerve_give_back(struct swerve_warm *warm, struct swerve_slot *slot, __u32 bit) {
    slot->stage = SWERVE_STAGE_IDLE;
    slot->client = SWERVE_NONE;
    slot->client_cookie = 0;
    __sync_fetch_and_or(&warm->free, 1ULL << (bit % SWERVE_POOL_SLOTS));
}

/* Writes on a leased slot whose request it carries. */
static __always_inline void swerve_assign(struct swerve_slot *slot, const struct swerve_client *client,
                                          __u32 client_index, __u32 method, __u64 now_ns) {
    slot->client = client_index;
    slot->client_cookie = client->cookie;
    slot->method = method;
    slot->started_ns = now_ns;
    slot->status = 0;
    slot->response = (struct swerve_http1_body){0};
    /* Mostly there is no such limit, and the line is the relay's. */
    if (slot->requests_max)
        slot->requests++;
    slot->stage = SWERVE_STAGE_HEAD;
}

/* Whether a connection has carried as many requests as it may. */
static __always_inline int swerve_is_used_up(const struct swerve_slot *slot) {
    return slot->requests_max && slot->requests >= slot->requests_max;
}

/* Opens the exchange on a client in `state`, as read before. Returns 0 when the state has changed since. */
static __always_inline int swerve_exchange_begin(struct swerve_client *client, __u64 state, int has_body) {
    __u64 opened = state | SWERVE_CLIENT_RESPONSE | (has_body ? SWERVE_CLIENT_REQUEST : 0);
    return __sync_val_compare_and_swap(&client->state, state, opened) == state;
}

static __always_inline enum swerve_ended swerve_half_ended(struct swerve_client *client, __u64 half) {
    __u64 before = __sync_fetch_and_and(&client->state, ~half);
    if (!(before & half))
        return SWERVE_ENDED_ALREADY;
    __u64 other = (SWERVE_CLIENT_REQUEST | SWERVE_CLIENT_RESPONSE) & ~half;
    return before & other ? SWERVE_ENDED_HALF : SWERVE_ENDED_WHOLLY;
}

/* The last byte of the request is sent. */
static __always_inline enum swerve_ended swerve_request_ended(struct swerve_client *client) {
    return swerve_half_ended(client, SWERVE_CLIENT_REQUEST);
}

/* The last byte of the response is about to be sent, or it will never come. */
static __always_inline enum swerve_ended swerve_response_ended(struct swerve_client *client) {
    return swerve_half_ended(client, SWERVE_CLIENT_RESPONSE);
}

/*
 * Passes `size` bytes to the relay. Returns 0 when the relay has handed the client back to the kernel meanwhile: then
 * they are not passed.
 */
static __always_inline int swerve_pass(struct swerve_client *client, __u64 size) {
    __u64 counted = size << SWERVE_CLIENT_PASSED_SHIFT;
    if (!(__sync_fetch_and_add(&client->state, counted) & SWERVE_CLIENT_KERNEL))
        return 1;
    __sync_fetch_and_sub(&client->state, counted);
    return 0;
}

/* Passes `size` bytes to the relay, and all that follow. Bytes first: a relay that finds the flag gone finds them. */
static __always_inline void swerve_hand_over(struct swerve_client *client, __u64 size) {
    __sync_fetch_and_add(&client->state, size << SWERVE_CLIENT_PASSED_SHIFT);
    __sync_fetch_and_and(&client->state, ~(__u64)SWERVE_CLIENT_KERNEL);
}

/*
 * Hands a client without an open exchange back to the kernel, when the relay has read all `seen` bytes passed to it.
 * Returns 0 when more have come.
 */
static __always_inline int swerve_hand_back(struct swerve_client *client, __u64 seen) {
    __u64 state = seen << SWERVE_CLIENT_PASSED_SHIFT;
    return __sync_val_compare_and_swap(&client->state, state, state | SWERVE_CLIENT_KERNEL) == state;
}

/* A request was sent to the endpoint. */
static __always_inline void swerve_count_request(struct swerve_endpoint_state *state) {
    __sync_fetch_and_add(&state->in_flight, 1);
    __sync_fetch_and_add(&state->selected, 1);
}

/* What a response of this status says of the endpoint; 0 stands for none, and is no good sign. */
static __always_inline __u32 swerve_result_of(__u32 status) {
    if (!status)
        return SWERVE_RESULT_LOCAL;
    if (status < 500)
        return SWERVE_RESULT_SUCCESS;
    return status >= 502 && status <= 504 ? SWERVE_RESULT_GATEWAY : SWERVE_RESULT_ERROR;
}

/* Whether the policy has a response of this status tried again; 0 stands for none at all. */
static __always_inline int swerve_is_retriable(__u32 status, __u32 retry_on) {
    if (!status)
        return (retry_on & (SWERVE_RETRY_RESET | SWERVE_RETRY_5XX)) != 0;
    if (status == 409)
        return (retry_on & SWERVE_RETRY_RETRIABLE_4XX) != 0;
    if (status < 500)
        return 0;
    int is_gateway = status >= 502 && status <= 504;
    return retry_on & SWERVE_RETRY_5XX || (is_gateway && retry_on & SWERVE_RETRY_GATEWAY_ERROR);
}

/*
 * An admitted request was answered to the end, or failed: `status` 0. `service` and `pool` may be NULL. Exactly once
 * for every request. Returns 1 when the result is to be judged: see swerve_judge in breaker.h.
 */
static __always_inline int swerve_count_response(struct swerve_service_state *service,
                                                 struct swerve_endpoint_state *state, struct swerve_pool *pool,
                                                 __u32 status, __u64 started_ns, __u64 now_ns) {
    if (service)
        swerve_request_over(service);
    __sync_fetch_and_sub(&state->in_flight, SWERVE_CANARY(4, 1, status != 0));
    if (!status || status == SWERVE_STATUS_ABANDONED) {
        if (pool)
            __sync_fetch_and_add(&pool->failed, 1);
        return !status;
    }
    int is_ordinary = swerve_is_ordinary(state, swerve_result_of(status));
    __u64 latency_ns = now_ns > started_ns ? now_ns - started_ns : 0;
    __u64 elapsed_ns = now_ns > state->latency_stamp_ns ? now_ns - state->latency_stamp_ns : 0;
    state->latency_ewma_ns = swerve_peak_ewma(state->latency_ewma_ns, latency_ns, elapsed_ns);
    state->latency_stamp_ns = now_ns;
    if (!pool)
        return !is_ordinary;
    __u32 class = status / 100;
    if (class < 6)
        __sync_fetch_and_add(&pool->responses[class], 1);
    __sync_fetch_and_add(&pool->latency_sum_ns, latency_ns);
    __u32 bucket = swerve_latency_bucket(latency_ns);
    if (bucket < SWERVE_LATENCY_BUCKETS)
        __sync_fetch_and_add(&pool->latency[bucket], 1);
    return !is_ordinary;
}

#endif
