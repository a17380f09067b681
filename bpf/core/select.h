/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/*
 * Selection of an endpoint for one connection: pure, bounded, no helpers and no maps.
 *
 * Whoever includes this file says how cells and states are read, by defining `struct swerve_view` and the two accessors
 * declared below: map lookups in the kernel, arrays natively. Everything else, and so every decision, is this one text.
 */
#ifndef SWERVE_CORE_SELECT_H
#define SWERVE_CORE_SELECT_H

#include "ewma.h"
#include "native.h"

struct swerve_view;

/* Cell `index` of the endpoint set, or NULL past its end. */
static const union swerve_cell *swerve_view_cell(const struct swerve_view *view, __u32 index);

/* State of endpoint `id`, or NULL when there is no such id. */
static const struct swerve_endpoint_state *swerve_view_state(const struct swerve_view *view, __u32 id);

enum {
    /* Draws until the decision settles for what it has. Each is two array reads. */
    SWERVE_DRAWS_MAX = 8,
};

/* Finagle's penalty for an endpoint that was never measured while connections to it are under way: it is tried once,
 * and not flooded before the first answer. Above the cost of any measured one. */
#define SWERVE_UNMEASURED_PENALTY (1ULL << 62)

struct swerve_choice {
    const struct swerve_endpoint *endpoint; /* NULL when refused */
    __u32 reason;                           /* enum swerve_reason: why refused, NONE or PANIC when selected */
};

/* Index in [0, count) from 32 random bits, without a division (Lemire 2019, without the rejection step). */
static __always_inline __u32 swerve_scale(__u32 bits, __u32 count) { return (__u32)(((__u64)bits * count) >> 32); }

/* Whether an endpoint may be offered: not within the hold-off that follows its last failed connects. */
static __always_inline int swerve_may_take(const struct swerve_endpoint_state *state, __u64 now_ns) {
    if (state->consecutive_failures < SWERVE_FAILURES_MAX)
        return 1;
    __u32 doublings = state->consecutive_failures - SWERVE_FAILURES_MAX;
    if (doublings > SWERVE_HOLD_OFF_DOUBLINGS)
        doublings = SWERVE_HOLD_OFF_DOUBLINGS;
    __u64 hold_off_ns = (SWERVE_HOLD_OFF_MS * 1000000ULL) << doublings;
    /* A failure stamped after `now_ns` (another CPU's clock reading) is as fresh as can be. */
    return now_ns > state->last_failure_ns && now_ns - state->last_failure_ns >= hold_off_ns;
}

/* What sending one more connection or request to the endpoint costs: comparable within one algorithm, in no unit of
 * its own. */
static __always_inline __u64 swerve_cost(const struct swerve_set_header *header, const struct swerve_endpoint *endpoint,
                                         const struct swerve_endpoint_state *state, __u64 now_ns) {
    /* What is balanced: requests and their latency, or connections and their round-trip time. */
    __u32 under_way = header->per_request ? state->in_flight : state->active;
    __u64 load = (__u64)under_way + 1;
    if (header->algorithm == SWERVE_PEAK_EWMA) {
        __u64 stamp_ns = header->per_request ? state->latency_stamp_ns : state->rtt_stamp_ns;
        __u64 average_ns = header->per_request ? state->latency_ewma_ns : state->rtt_ewma_ns;
        if (!stamp_ns)
            return under_way ? SWERVE_UNMEASURED_PENALTY + under_way : 0;
        __u64 elapsed_ns = now_ns > stamp_ns ? now_ns - stamp_ns : 0;
        __u64 average_us = swerve_peak_ewma(average_ns, 0, elapsed_ns) / 1000;
        /* At least one, so that load still counts when the average has decayed to nothing. */
        load *= average_us + 1;
    }
    /* A division is among the dearest instructions here, and most sets have no weights. */
    return header->weighted && endpoint->weight ? (load << 10) / endpoint->weight : load << 10;
}

/* Endpoint index at a position of the lookup table, or the endpoint count when the table is short. */
static __always_inline __u32 swerve_table_at(const struct swerve_view *view, const struct swerve_set_header *header,
                                             __u32 position) {
    __u32 table = 1 + header->endpoint_count + header->draining_count;
    __u32 cell_index = table + position / SWERVE_CELL_POSITIONS;
    const union swerve_cell *cell = swerve_view_cell(view, cell_index);
    return cell ? cell->positions[position % SWERVE_CELL_POSITIONS] : header->endpoint_count;
}

/* What the draws of one decision go by: the turn, the client, or chance. */
static __always_inline __u64 swerve_key(const struct swerve_set_header *header, const struct swerve_input *input) {
    if (header->algorithm == SWERVE_ROUND_ROBIN)
        return input->sequence;
    return header->algorithm >= SWERVE_MAGLEV ? input->client_hash : input->random;
}

/*
 * Draws an endpoint index; `attempt` says which draw of this decision it is.
 *
 * The first two follow the algorithm. The second is scattered, so that the share of an endpoint that is held off
 * spreads over all others instead of falling to the next in the table. From the third on the endpoints are walked one
 * by one from a scattered start, so that in a set of up to six the last healthy one is found for certain.
 */
static __always_inline __u32 swerve_draw(const struct swerve_view *view, const struct swerve_set_header *header,
                                         const struct swerve_input *input, __u32 attempt) {
    __u64 key = swerve_key(header, input);
    __u64 bits = swerve_mix64(key + attempt);
    if (attempt >= 2)
        return (swerve_scale((__u32)swerve_mix64(key), header->endpoint_count) + attempt - 1) % header->endpoint_count;
    __u64 position = attempt ? bits >> 32 : key;
    if (header->table_size)
        return swerve_table_at(view, header, position % header->table_size);
    if (header->algorithm == SWERVE_ROUND_ROBIN)
        return position % header->endpoint_count;
    __u32 index = swerve_scale((__u32)bits, header->endpoint_count);
    if (!header->weighted)
        return index;
    const union swerve_cell *cell = swerve_view_cell(view, 1 + index);
    __u32 coin = (bits >> 32) & 0xffff;
    return cell && coin >= cell->endpoint.alias_threshold ? cell->endpoint.alias : index;
}

/* How many candidates an algorithm compares. */
static __always_inline __u32 swerve_choice_count(__u32 algorithm) {
    return algorithm == SWERVE_LEAST_REQUEST || algorithm == SWERVE_PEAK_EWMA ? 2 : 1;
}

/*
 * Selects an endpoint of the set behind `view`.
 *
 * Draws until enough candidates that may take a connection were seen and keeps the cheapest, the first of equals. When
 * all draws were of failing endpoints the first one is offered all the same (panic): a node that is wrong about every
 * endpoint must not turn a bad minute into an outage.
 */
static __always_inline struct swerve_choice swerve_select(const struct swerve_view *view,
                                                          const struct swerve_input *input) {
    struct swerve_choice choice = {.reason = SWERVE_REASON_NO_ENDPOINT};
    const union swerve_cell *first = swerve_view_cell(view, 0);
    if (!first || !first->header.endpoint_count)
        return choice;
    const struct swerve_set_header *header = &first->header;
    __u32 wanted = swerve_choice_count(header->algorithm);
    if (wanted > header->endpoint_count)
        wanted = header->endpoint_count;

    const struct swerve_endpoint *fallback = 0;
    __u32 seen = 0, seen_index = 0;
    __u64 best_cost = 0;
    /* Unrolled, eight copies of the body would cost more in instruction cache misses than the loop costs. */
#pragma clang loop unroll(disable)
    for (__u32 attempt = 0; attempt < SWERVE_DRAWS_MAX; attempt++) {
        __u32 index = swerve_draw(view, header, input, attempt);
        /* Past the end there are draining endpoints, and only a table that is short could lead there. */
        if (index >= header->endpoint_count || (seen && index == seen_index))
            continue;
        const union swerve_cell *cell = swerve_view_cell(view, 1 + index);
        if (!cell)
            continue;
        const struct swerve_endpoint *endpoint = &cell->endpoint;
        const struct swerve_endpoint_state *state = swerve_view_state(view, endpoint->id);
        if (!state)
            continue;
        if (!fallback)
            fallback = endpoint;
        if (!swerve_may_take(state, input->now_ns))
            continue;
        __u64 cost = wanted > 1 ? swerve_cost(header, endpoint, state, input->now_ns) : 0;
        if (!seen || cost < best_cost) {
            choice.endpoint = endpoint;
            best_cost = cost;
        }
        seen_index = index;
        if (++seen == wanted)
            break;
    }
    choice.reason = SWERVE_REASON_NONE;
    if (!choice.endpoint) {
        choice.endpoint = fallback;
        choice.reason = fallback ? SWERVE_REASON_PANIC : SWERVE_REASON_NO_ENDPOINT;
    }
    return choice;
}

#endif
