/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/*
 * The circuit breaker of an endpoint.
 *
 * The breaker is one word, state and time, so that every transition is one compare-and-swap and exactly one party makes
 * it:
 *
 *   closed --(failures in a row reach a threshold)--> open --(its time is over)--> half-open: one probe
 *     ^                                                 ^                             |          |
 *     |                                                 +----(longer)---- the probe failed      |
 *     +------------------------ the probe succeeded: the share grows (warm-up) ----------------+
 *
 * What counts as a failure and how ejection time grows follows Envoy's outlier detection
 * (envoy/config/cluster/v3/outlier_detection.proto); the half-open state is ours: Envoy returns an endpoint at once.
 */
#ifndef SWERVE_CORE_BREAKER_H
#define SWERVE_CORE_BREAKER_H

#include "canary.h"
#include "limits.h"
#include "native.h"
#include "view.h"

/* The word's time. */
static __always_inline __u64 swerve_breaker_time(__u64 word) { return word & ~(__u64)SWERVE_BREAKER_FLAGS; }

static __always_inline __u32 swerve_breaker_state(__u64 word) { return word & SWERVE_BREAKER_STATES; }

static __always_inline __u64 swerve_breaker_word(__u32 state, __u64 time_ns) {
    return (time_ns & ~(__u64)SWERVE_BREAKER_FLAGS) | state;
}

/* Whether the endpoint counts as ejected: until it is back in rotation. */
static __always_inline int swerve_is_ejected(__u64 word) { return swerve_breaker_state(word) != SWERVE_BREAKER_CLOSED; }

/* Whether ejection is ignored: too few of the endpoints are healthy. */
static __always_inline int swerve_panics(const struct swerve_outlier_policy *policy, __u32 endpoints, __u32 ejected) {
    if (!ejected)
        return 0;
    __u32 healthy = ejected < endpoints ? endpoints - ejected : 0;
    return SWERVE_CANARY(7, (__u64)healthy * 100 < (__u64)policy->panic_percent * endpoints, 1);
}

/* Share of an endpoint that warms up since `since_ns`, in units of 1/65536. */
static __always_inline __u32 swerve_warmup_share(const struct swerve_view *view, __u64 since_ns, __u64 now_ns) {
    const union swerve_cell *pool = swerve_view_cell(view, SWERVE_CELL_POOL);
    const union swerve_cell *curve = swerve_view_cell(view, SWERVE_CELL_WARMUP);
    __u64 duration_ns = pool ? pool->pool.warmup_ms * 1000000ULL : 0;
    __u64 elapsed_ns = now_ns > since_ns ? now_ns - since_ns : 0;
    if (!curve || elapsed_ns >= duration_ns)
        return 65536;
    __u32 step = elapsed_ns * SWERVE_CELL_POSITIONS / duration_ns;
    return curve->warmup[step % SWERVE_CELL_POSITIONS];
}

/* What a decision may do with an endpoint. */
enum swerve_offer {
    SWERVE_OFFER_NO = 0,
    SWERVE_OFFER_YES = 1,
    SWERVE_OFFER_PROBE = 2, /* as a probe, which must be claimed */
};

/* `coin`: 16 random bits, by which an endpoint that warms up gets its share. */
static __always_inline enum swerve_offer swerve_offer(const struct swerve_view *view, __u64 word, __u64 now_ns,
                                                      __u32 coin) {
    __u64 time_ns = swerve_breaker_time(word);
    switch (swerve_breaker_state(word)) {
    case SWERVE_BREAKER_CLOSED:
        return !time_ns || coin < swerve_warmup_share(view, time_ns, now_ns) ? SWERVE_OFFER_YES : SWERVE_OFFER_NO;
    case SWERVE_BREAKER_OPEN:
        return SWERVE_CANARY(1, now_ns >= time_ns, 1) ? SWERVE_OFFER_PROBE : SWERVE_OFFER_NO;
    default:
        return SWERVE_CANARY(6, now_ns >= time_ns + SWERVE_PROBE_TIMEOUT_MS * 1000000ULL, 1) ? SWERVE_OFFER_PROBE
                                                                                             : SWERVE_OFFER_NO;
    }
}

/* Makes the caller the one who probes an endpoint that was offered with `word`. Returns 0 when another is. */
static __always_inline int swerve_claim_probe(struct swerve_endpoint_state *state, __u64 word, __u64 now_ns) {
    return swerve_swap(&state->breaker, word, swerve_breaker_word(SWERVE_BREAKER_HALF_OPEN, now_ns));
}

/* Whether one more than `others` endpoints may be ejected: always one, and never more than the policy's share. */
static __always_inline int swerve_may_eject(const struct swerve_outlier_policy *policy, __u32 endpoints, __u32 others) {
    return SWERVE_CANARY(5, !others || (__u64)(others + 1) * 100 <= (__u64)policy->max_ejection_percent * endpoints, 1);
}

/* End of an ejection from `word` that begins now. Its time grows with each, up to the longest, and shrinks with every
 * quiet interval in rotation: behind a failed probe there was none. Only for whoever makes the transition. */
static __always_inline __u64 swerve_ejection_end(const struct swerve_outlier_policy *policy,
                                                 struct swerve_endpoint_state *state, __u64 word, __u64 now_ns) {
    __u64 quiet_ns = !swerve_is_ejected(word) && now_ns > state->returned_ns ? now_ns - state->returned_ns : 0;
    __u64 interval_ns = policy->interval_ms * 1000000ULL;
    __u64 quiet = interval_ns ? quiet_ns / interval_ns : 0;
    __u64 grown = state->ejections > quiet ? state->ejections - quiet : 0;
    __u64 time_ms = policy->base_ejection_ms * (grown + 1);
    __u64 limit_ms =
        policy->max_ejection_ms > policy->base_ejection_ms ? policy->max_ejection_ms : policy->base_ejection_ms;
    state->ejections = policy->base_ejection_ms * grown < limit_ms ? grown + 1 : grown;
    return now_ns + (time_ms < limit_ms ? time_ms : SWERVE_CANARY(8, limit_ms, time_ms)) * 1000000ULL;
}

static __always_inline void swerve_note_ejection(struct swerve_endpoint_state *state, __u32 cause) {
    state->cause = cause;
    state->consecutive_5xx = 0;
    state->consecutive_gateway = 0;
    state->consecutive_local = 0;
    __sync_fetch_and_add(&state->ejections_total, 1);
}

/* PANIC_ON or PANIC_OFF when a change of the number of ejected endpoints means that. */
static __always_inline __u32 swerve_panic_change(const struct swerve_outlier_policy *policy, __u32 endpoints,
                                                 __u32 before, __u32 after) {
    int was = swerve_panics(policy, endpoints, before), is = swerve_panics(policy, endpoints, after);
    return was == is ? SWERVE_EVENT_NONE : is ? SWERVE_EVENT_PANIC_ON : SWERVE_EVENT_PANIC_OFF;
}

/*
 * Opens the breaker for as long as the policy says. Returns the end of that, 0 when another has changed the word. The
 * time that grows is written behind a first one, which is never longer, by whoever has won.
 */
static __always_inline __u64 swerve_open(const struct swerve_outlier_policy *policy,
                                         struct swerve_endpoint_state *state, __u64 word, __u32 cause, __u64 now_ns) {
    __u64 opened = swerve_breaker_word(SWERVE_BREAKER_OPEN, now_ns + policy->base_ejection_ms * 1000000ULL);
    if (!swerve_swap(&state->breaker, word, opened))
        return 0;
    __u64 until_ns = swerve_ejection_end(policy, state, word, now_ns);
    swerve_swap(&state->breaker, opened, swerve_breaker_word(SWERVE_BREAKER_OPEN, until_ns));
    swerve_note_ejection(state, cause);
    return until_ns;
}

/* Ejects an endpoint in rotation, if the policy allows one more. */
static __always_inline struct swerve_transition swerve_eject(const struct swerve_outlier_policy *policy,
                                                             __u32 endpoints, struct swerve_service_state *service,
                                                             struct swerve_endpoint_state *state, __u64 word,
                                                             __u32 cause, __u64 now_ns) {
    struct swerve_transition transition = {};
    __u32 others = __sync_fetch_and_add(&service->ejected, 1);
    if (swerve_may_eject(policy, endpoints, others))
        transition.until_ns = swerve_open(policy, state, word, cause, now_ns);
    if (!transition.until_ns) {
        __sync_fetch_and_sub(&service->ejected, 1);
        return transition;
    }
    transition.kind = SWERVE_EVENT_OPEN;
    transition.cause = cause;
    transition.ejected = others + 1;
    transition.panic = swerve_panic_change(policy, endpoints, others, others + 1);
    return transition;
}

/* Takes an ejected endpoint back, from `word`. */
static __always_inline struct swerve_transition swerve_restore(const struct swerve_outlier_policy *policy,
                                                               __u32 endpoints, struct swerve_service_state *service,
                                                               struct swerve_endpoint_state *state, __u64 word,
                                                               __u32 cause, int warms_up, __u64 now_ns) {
    struct swerve_transition transition = {};
    __u64 after = warms_up ? swerve_breaker_word(SWERVE_BREAKER_CLOSED, now_ns) : 0;
    if (!swerve_swap(&state->breaker, word, after))
        return transition;
    __u32 before = __sync_fetch_and_sub(&service->ejected, 1);
    state->returned_ns = now_ns;
    state->consecutive_5xx = 0;
    state->consecutive_gateway = 0;
    state->consecutive_local = 0;
    transition.kind = SWERVE_EVENT_CLOSED;
    transition.cause = cause;
    transition.ejected = before - 1;
    transition.panic = swerve_panic_change(policy, endpoints, before, before - 1);
    return transition;
}

/* Ejects an endpoint in rotation for a cause that was found outside: a rate among its statistics. */
static __always_inline struct swerve_transition swerve_eject_for(const struct swerve_view *view,
                                                                 struct swerve_service_state *service,
                                                                 struct swerve_endpoint_state *state, __u32 cause,
                                                                 __u64 now_ns) {
    const union swerve_cell *header = swerve_view_cell(view, SWERVE_CELL_HEADER);
    const union swerve_cell *outlier = swerve_view_cell(view, SWERVE_CELL_OUTLIER);
    __u64 word = state->breaker;
    if (!header || !outlier || swerve_is_ejected(word))
        return (struct swerve_transition){};
    return swerve_eject(&outlier->outlier, header->header.endpoint_count, service, state, word, cause, now_ns);
}

/* Ejects an endpoint by hand, whatever its state and the policy's share, until the time. */
static __always_inline struct swerve_transition swerve_eject_by_hand(const struct swerve_view *view,
                                                                     struct swerve_service_state *service,
                                                                     struct swerve_endpoint_state *state,
                                                                     __u64 until_ns) {
    struct swerve_transition transition = {};
    const union swerve_cell *header = swerve_view_cell(view, SWERVE_CELL_HEADER);
    const union swerve_cell *outlier = swerve_view_cell(view, SWERVE_CELL_OUTLIER);
    __u64 word = state->breaker;
    __u64 opened = swerve_breaker_word(SWERVE_BREAKER_OPEN | SWERVE_BREAKER_MANUAL, until_ns);
    if (!header || !outlier || !swerve_swap(&state->breaker, word, opened))
        return transition;
    __u32 after = service->ejected;
    if (!swerve_is_ejected(word)) {
        __u32 before = __sync_fetch_and_add(&service->ejected, 1);
        after = before + 1;
        transition.panic = swerve_panic_change(&outlier->outlier, header->header.endpoint_count, before, after);
    }
    swerve_note_ejection(state, SWERVE_CAUSE_MANUAL);
    transition.kind = SWERVE_EVENT_OPEN;
    transition.cause = SWERVE_CAUSE_MANUAL;
    transition.ejected = after;
    transition.until_ns = until_ns;
    return transition;
}

/* Takes an endpoint back by hand, from whatever state. Its ejection time begins anew. */
static __always_inline struct swerve_transition swerve_restore_by_hand(const struct swerve_view *view,
                                                                       struct swerve_service_state *service,
                                                                       struct swerve_endpoint_state *state,
                                                                       __u64 now_ns) {
    const union swerve_cell *header = swerve_view_cell(view, SWERVE_CELL_HEADER);
    const union swerve_cell *outlier = swerve_view_cell(view, SWERVE_CELL_OUTLIER);
    __u64 word = state->breaker;
    if (!header || !outlier || !swerve_is_ejected(word))
        return (struct swerve_transition){};
    state->ejections = 0;
    return swerve_restore(&outlier->outlier, header->header.endpoint_count, service, state, word, SWERVE_CAUSE_MANUAL,
                          0, now_ns);
}

/* The endpoint leaves its service, with whatever its breaker was. */
static __always_inline void swerve_leave(struct swerve_service_state *service, struct swerve_endpoint_state *state) {
    __u64 word = __sync_lock_test_and_set(&state->breaker, 0);
    if (SWERVE_CANARY(9, swerve_is_ejected(word), 0))
        __sync_fetch_and_sub(&service->ejected, 1);
}

/* Counts a result among those in a row. Returns the cause for which the endpoint is to be ejected, or NONE, and in
 * `consecutive` how many there were. */
static __always_inline __u32 swerve_threshold(const struct swerve_outlier_policy *policy,
                                              struct swerve_endpoint_state *state, __u32 result, __u32 *consecutive) {
    __u32 cause = SWERVE_CAUSE_NONE;
    int is_local = result == SWERVE_RESULT_LOCAL;
    if (is_local) {
        __u32 count = __sync_fetch_and_add(&state->consecutive_local, 1) + 1;
        if (policy->consecutive_local && count >= policy->consecutive_local) {
            cause = SWERVE_CAUSE_CONSECUTIVE_LOCAL;
            *consecutive = count;
        }
        if (policy->split_local_origin)
            return cause;
    } else {
        /* It was reached, and has answered. */
        state->consecutive_local = 0;
    }
    /* What the relay would answer in the endpoint's place is a gateway error. */
    if (is_local || result == SWERVE_RESULT_GATEWAY) {
        __u32 count = __sync_fetch_and_add(&state->consecutive_gateway, 1) + 1;
        if (policy->consecutive_gateway && count >= policy->consecutive_gateway) {
            cause = SWERVE_CAUSE_CONSECUTIVE_GATEWAY;
            *consecutive = count;
        }
    } else {
        state->consecutive_gateway = 0;
    }
    __u32 count = __sync_fetch_and_add(&state->consecutive_5xx, 1) + 1;
    if (policy->consecutive_5xx && count >= policy->consecutive_5xx) {
        cause = SWERVE_CAUSE_CONSECUTIVE_5XX;
        *consecutive = count;
    }
    return cause;
}

/* Whether a result needs no judgement: a success of an endpoint in rotation. Resets what was in a row. */
static __always_inline int swerve_is_ordinary(struct swerve_endpoint_state *state, __u32 result) {
    if (result != SWERVE_RESULT_SUCCESS)
        return 0;
    /* Read before they are written: the line is on other processors as well. */
    if (state->consecutive_5xx)
        state->consecutive_5xx = 0;
    if (state->consecutive_gateway)
        state->consecutive_gateway = 0;
    if (state->consecutive_local)
        state->consecutive_local = 0;
    return !swerve_is_ejected(state->breaker);
}

/*
 * Draws the consequences of a result that is not ordinary. `started_ns`: of the request or connect. In the half-open
 * state only the probe has started since. Once the time of an ejection is over only the probe would, or, in panic, when
 * ejection is ignored and nobody probes, anyone: then the first result is as good as a probe's, or panic would never
 * end.
 */
static __always_inline struct swerve_transition swerve_judge(const struct swerve_view *view,
                                                             struct swerve_service_state *service,
                                                             struct swerve_endpoint_state *state, __u32 result,
                                                             __u64 started_ns, __u64 now_ns) {
    struct swerve_transition transition = {};
    const union swerve_cell *header = swerve_view_cell(view, SWERVE_CELL_HEADER);
    const union swerve_cell *outlier = swerve_view_cell(view, SWERVE_CELL_OUTLIER);
    const union swerve_cell *pool = swerve_view_cell(view, SWERVE_CELL_POOL);
    if (!header || !outlier || !pool)
        return transition;
    const struct swerve_outlier_policy *policy = &outlier->outlier;
    __u32 endpoints = header->header.endpoint_count;
    __u64 word = state->breaker;
    __u32 consecutive = 0, cause = SWERVE_CAUSE_NONE;
    if (result != SWERVE_RESULT_SUCCESS)
        cause = swerve_threshold(policy, state, result, &consecutive);
    if (swerve_is_ejected(word)) {
        if (SWERVE_CANARY(11, started_ns < swerve_breaker_time(word), 0))
            return transition;
        if (SWERVE_CANARY(3, result == SWERVE_RESULT_SUCCESS, 1))
            return swerve_restore(policy, endpoints, service, state, word, SWERVE_CAUSE_PROBE_SUCCEEDED,
                                  pool->pool.warmup_ms != 0, now_ns);
        __u64 until_ns = swerve_open(policy, state, word, SWERVE_CAUSE_PROBE_FAILED, now_ns);
        if (!until_ns)
            return transition;
        return (struct swerve_transition){.kind = SWERVE_EVENT_OPEN,
                                          .cause = SWERVE_CAUSE_PROBE_FAILED,
                                          .consecutive = 1,
                                          .ejected = service->ejected,
                                          .until_ns = until_ns};
    }
    if (cause == SWERVE_CAUSE_NONE)
        return transition;
    transition = swerve_eject(policy, endpoints, service, state, word, cause, now_ns);
    transition.consecutive = consecutive;
    return transition;
}

/* The event of a transition. */
static __always_inline struct swerve_event swerve_event_of(const struct swerve_transition *transition, __u32 service,
                                                           __u32 endpoint, const struct swerve_endpoint_state *state,
                                                           __u64 now_ns) {
    return (struct swerve_event){
        .time_ns = now_ns,
        .until_ns = transition->until_ns,
        .service = service,
        .endpoint = endpoint,
        .kind = (__u16)transition->kind,
        .cause = (__u16)transition->cause,
        .consecutive = transition->consecutive,
        .active = state->active,
        .in_flight = state->in_flight,
        .ejected = transition->ejected,
        .ejections = state->ejections_total,
    };
}

/* An event of the service as a whole: panic, or a limit. */
static __always_inline struct swerve_event swerve_service_event(__u32 kind, __u32 cause, __u32 limit, __u32 service,
                                                                const struct swerve_service_state *state,
                                                                __u64 now_ns) {
    return (struct swerve_event){
        .time_ns = now_ns,
        .service = service,
        .endpoint = SWERVE_NONE,
        .kind = (__u16)kind,
        .cause = (__u16)cause,
        .consecutive = limit,
        .active = state->connections,
        .in_flight = swerve_requests_under_way(state),
        .ejected = state->ejected,
    };
}

/* Writes an event into its place; `number` was taken from swerve_node.events. Readers know a whole one by its
 * sequence. */
static __always_inline void swerve_write_event(struct swerve_event *place, const struct swerve_event *event,
                                               __u64 number) {
    __sync_lock_test_and_set(&place->sequence, 0);
    place->time_ns = event->time_ns;
    place->until_ns = event->until_ns;
    place->service = event->service;
    place->endpoint = event->endpoint;
    place->kind = event->kind;
    place->cause = event->cause;
    place->consecutive = event->consecutive;
    place->active = event->active;
    place->in_flight = event->in_flight;
    place->ejected = event->ejected;
    place->ejections = event->ejections;
    __sync_lock_test_and_set(&place->sequence, number + 1);
}

#endif
