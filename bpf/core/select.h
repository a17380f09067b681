/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/*
 * Selection of an endpoint for one connection or request: pure, bounded, no helpers and no maps. How cells and states
 * are read is the includer's (view.h); everything else, and so every decision, is this one text.
 */
#ifndef SWERVE_CORE_SELECT_H
#define SWERVE_CORE_SELECT_H

#include "breaker.h"
#include "ewma.h"
#include "loop.h"
#include "native.h"

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
    __u64 probe;                            /* the breaker's word when it must be claimed first, else 0 */
};

/* Index in [0, count) from 32 random bits, without a division (Lemire 2019, without the rejection step). */
static __always_inline __u32 swerve_scale(__u32 bits, __u32 count) { return (__u32)(((__u64)bits * count) >> 32); }

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
    __u32 table = SWERVE_CELL_ENDPOINTS + header->endpoint_count + header->draining_count;
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

/* Part of the endpoints that one decision draws from. */
struct swerve_range {
    __u32 first;
    __u32 count;
};

/*
 * The endpoints to draw from: the standbys when chance says so, which it does the more the fewer of the others are
 * healthy. As Envoy's priorities: while healthy ones times the overprovisioning factor cover all, they get all. While
 * none is healthy, one decision in 64 looks at them all the same: one whose ejection is over would never be probed.
 */
static __always_inline struct swerve_range swerve_range_of(const struct swerve_set_header *header,
                                                           const struct swerve_input *input) {
    __u32 standby = header->standby_count;
    if (!standby)
        return (struct swerve_range){.count = header->endpoint_count};
    __u32 others = header->endpoint_count > standby ? header->endpoint_count - standby : 0;
    __u32 healthy = input->ejected < others ? others - input->ejected : 0;
    __u32 coin = swerve_mix64(input->random ^ SWERVE_OVERPROVISIONING_PERCENT) & 0xffff;
    if ((__u64)healthy * SWERVE_OVERPROVISIONING_PERCENT * 65536 > (__u64)coin * others * 100 ||
        (others && !healthy && !(coin & 63)))
        return (struct swerve_range){.count = others};
    return (struct swerve_range){.first = others, .count = standby};
}

/*
 * Draws an endpoint index; `attempt` says which draw of this decision it is.
 *
 * The first two follow the algorithm. The second is scattered, so that the share of an endpoint that is ejected
 * spreads over all others instead of falling to the next in the table. From the third on the endpoints are walked one
 * by one from a scattered start. The lookup table is one of all but the standbys.
 */
static __always_inline __u32 swerve_draw(const struct swerve_view *view, const struct swerve_set_header *header,
                                         const struct swerve_input *input, struct swerve_range range, __u32 attempt) {
    __u64 key = swerve_key(header, input);
    __u64 bits = swerve_mix64(key + attempt);
    if (attempt >= 2)
        return range.first + (swerve_scale((__u32)swerve_mix64(key), range.count) + attempt - 1) % range.count;
    __u64 position = attempt ? bits >> 32 : key;
    if (header->table_size && !range.first)
        return swerve_table_at(view, header, position % header->table_size);
    if (header->algorithm == SWERVE_ROUND_ROBIN)
        return range.first + position % range.count;
    __u32 index = range.first + swerve_scale((__u32)bits, range.count);
    if (!header->weighted)
        return index;
    const union swerve_cell *cell = swerve_view_cell(view, SWERVE_CELL_ENDPOINTS + index);
    __u32 coin = (bits >> 32) & 0xffff;
    return cell && coin >= cell->endpoint.alias_threshold ? cell->endpoint.alias : index;
}

/* How many candidates an algorithm compares. */
static __always_inline __u32 swerve_choice_count(__u32 algorithm) {
    return algorithm == SWERVE_LEAST_REQUEST || algorithm == SWERVE_PEAK_EWMA ? 2 : 1;
}

/* A candidate that was looked at. */
struct swerve_candidate {
    const struct swerve_endpoint *endpoint;
    const struct swerve_endpoint_state *state;
    __u64 word; /* of its breaker */
};

/* Reads endpoint `index`. Returns 0 past the end: there are draining endpoints, and only a table that is short leads
 * there. */
static __always_inline int swerve_read_candidate(const struct swerve_view *view, __u32 index,
                                                 struct swerve_candidate *candidate) {
    const union swerve_cell *cell = swerve_view_cell(view, SWERVE_CELL_ENDPOINTS + index);
    if (!cell)
        return 0;
    candidate->endpoint = &cell->endpoint;
    candidate->state = swerve_view_state(view, cell->endpoint.id);
    if (!candidate->state)
        return 0;
    candidate->word = candidate->state->breaker;
    return 1;
}

/* The choice of a candidate that was offered. */
static __always_inline struct swerve_choice swerve_choose(const struct swerve_candidate *candidate, int panics) {
    int is_ejected = swerve_is_ejected(candidate->word);
    return (struct swerve_choice){.endpoint = candidate->endpoint,
                                  .reason = is_ejected && panics ? SWERVE_REASON_PANIC : SWERVE_REASON_NONE,
                                  .probe = is_ejected && !panics ? candidate->word : 0};
}

/* Looks at every endpoint, from a scattered start: the draws have found none that may be offered. Where there are
 * standbys from the start of the range, so that those of the other kind come last. */
static __always_inline struct swerve_choice swerve_walk(const struct swerve_view *view,
                                                        const struct swerve_set_header *header,
                                                        const struct swerve_input *input, struct swerve_range range) {
    struct swerve_choice choice = {.reason = SWERVE_REASON_NO_HEALTHY};
    __u32 count = header->endpoint_count;
    __u32 index =
        header->standby_count ? range.first : swerve_scale((__u32)swerve_mix64(swerve_key(header, input)), count);
    for (__u32 step = count >> 31; swerve_loop() && step < count; step++) {
        struct swerve_candidate candidate;
        if (swerve_read_candidate(view, index, &candidate) &&
            swerve_offer(view, candidate.word, input->now_ns, 0) != SWERVE_OFFER_NO)
            return swerve_choose(&candidate, 0);
        index = index + 1 < count ? index + 1 : 0;
    }
    return choice;
}

/*
 * Selects an endpoint of the set behind `view`.
 *
 * Draws until enough candidates that may be offered were seen and keeps the cheapest, the first of equals. While too
 * few endpoints are healthy (panic), all are offered: a node that is wrong about every endpoint must not turn a bad
 * minute into an outage.
 */
static __always_inline struct swerve_choice swerve_select(const struct swerve_view *view,
                                                          const struct swerve_input *input) {
    struct swerve_choice choice = {.reason = SWERVE_REASON_NO_ENDPOINT};
    const union swerve_cell *first = swerve_view_cell(view, SWERVE_CELL_HEADER);
    if (!first || !first->header.endpoint_count)
        return choice;
    const struct swerve_set_header *header = &first->header;
    struct swerve_range range = swerve_range_of(header, input);
    if (!range.count)
        return choice;
    __u32 wanted = swerve_choice_count(header->algorithm);
    if (wanted > range.count)
        wanted = range.count;
    int panics = 0;
    if (input->ejected) {
        const union swerve_cell *outlier = swerve_view_cell(view, SWERVE_CELL_OUTLIER);
        panics = outlier && swerve_panics(&outlier->outlier, header->endpoint_count, input->ejected);
    }

    /* Zero, which the verifier cannot know: with numbers it knows it would follow every way through every draw. */
    const __u32 zero = header->endpoint_count >> 31;
    __u32 seen = 0, seen_index = zero;
    __u64 best_cost = zero;
    for (__u32 attempt = zero; swerve_loop() && attempt < SWERVE_DRAWS_MAX; attempt++) {
        __u32 index = swerve_draw(view, header, input, range, attempt);
        if (index >= header->endpoint_count || (seen && index == seen_index))
            continue;
        struct swerve_candidate candidate;
        if (!swerve_read_candidate(view, index, &candidate))
            continue;
        if (candidate.word && !panics) {
            __u32 coin = swerve_mix64(input->random + attempt) & 0xffff;
            if (swerve_offer(view, candidate.word, input->now_ns, coin) == SWERVE_OFFER_NO)
                continue;
        }
        __u64 cost = wanted > 1 ? swerve_cost(header, candidate.endpoint, candidate.state, input->now_ns) : 0;
        if (!seen || cost < best_cost) {
            choice = swerve_choose(&candidate, panics);
            best_cost = cost;
        }
        seen_index = index;
        if (++seen == wanted)
            break;
    }
    return seen ? choice : swerve_walk(view, header, input, range);
}

#endif
