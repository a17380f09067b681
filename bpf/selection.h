/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/* A decision with what comes of it: what is admitted, the probe that is claimed, the limit that has refused. */
#ifndef SWERVE_SELECTION_H
#define SWERVE_SELECTION_H

#include "core/select.h"
#include "judgement.h"

/* What is asked and what was decided. */
struct decision {
    struct swerve_input input;
    __u32 service;
    __u32 is_request;                /* 1 for a request, 0 for a connection of connection mode */
    struct swerve_endpoint endpoint; /* where to; the connection or request is admitted */
    __u32 reason;                    /* enum swerve_reason: why refused, else NONE or PANIC */
    __u32 limit;                     /* the one that has refused it */
    __u64 probe;                     /* the breaker's word when the endpoint is to be claimed as a probe, else 0 */
    __u32 has_fallback;              /* refused, but something else may answer in the service's place */
    __u32 retry_on;                  /* enum swerve_retry, or-ed; 0 when the policy has no retries */
};

static __always_inline int is_refused(const struct decision *decision) {
    return decision->reason != SWERVE_REASON_NONE && decision->reason != SWERVE_REASON_PANIC;
}

/* A limit has refused something: once in a while that is an event. */
static __noinline void note_limit(__u32 cause, __u32 limit, __u32 service) {
    struct swerve_service_state *state = bpf_map_lookup_elem(&service_states, &service);
    __u64 now_ns = bpf_ktime_get_ns();
    if (!state || !swerve_limit_event_due(state, now_ns))
        return;
    struct swerve_event event = swerve_service_event(SWERVE_EVENT_LIMIT, cause, limit, service, state, now_ns);
    write_event(&event);
}

/* Admits what is asked for. Returns 0 when a limit is reached. */
static __always_inline int admit(struct decision *decision, const struct swerve_set_header *header,
                                 struct swerve_service_state *state) {
    if (decision->is_request) {
        decision->reason = SWERVE_REASON_MAX_REQUESTS;
        decision->limit = header->max_requests;
        return swerve_admit_request(state, header->max_requests);
    }
    decision->reason = SWERVE_REASON_MAX_CONNECTIONS;
    decision->limit = header->max_connections;
    return swerve_admit(&state->connections, header->max_connections);
}

/* Takes an admission back: nothing was sent. */
static __always_inline void withdraw(const struct decision *decision) {
    __u32 service = decision->service;
    struct swerve_service_state *state = bpf_map_lookup_elem(&service_states, &service);
    if (!state)
        return;
    if (decision->is_request)
        swerve_request_withdrawn(state);
    else
        swerve_dismiss(&state->connections);
}

/* Claims an endpoint as the one probe. Returns 0 when another was first. */
static __noinline int claim_endpoint(__u32 service, __u32 endpoint, __u64 word, __u64 now_ns) {
    struct swerve_service_state *service_state = bpf_map_lookup_elem(&service_states, &service);
    struct swerve_endpoint_state *state = bpf_map_lookup_elem(&endpoint_states, &endpoint);
    if (!state || !service_state || !swerve_claim_probe(state, word, now_ns))
        return 0;
    struct swerve_transition transition = {
        .kind = SWERVE_EVENT_HALF_OPEN, .cause = SWERVE_CAUSE_EJECTION_TIME, .ejected = service_state->ejected};
    struct swerve_event event = swerve_event_of(&transition, service, endpoint, state, now_ns);
    write_event(&event);
    return 1;
}

/*
 * Admits and selects by the service's policy. A function to the verifier, too: it follows it once for any decision,
 * instead of once for every state that a caller can be in. Returns 0.
 */
__noinline int swerve_decide(struct decision *decision) {
    if (!decision)
        return 0;
    __u32 service = decision->service;
    decision->reason = SWERVE_REASON_NO_ENDPOINT_SET;
    struct swerve_view view = {.set = bpf_map_lookup_elem(&endpoint_sets, &service)};
    struct swerve_service_state *state = bpf_map_lookup_elem(&service_states, &service);
    const union swerve_cell *first = view.set ? swerve_view_cell(&view, SWERVE_CELL_HEADER) : 0;
    if (!first || !state)
        return 0;
    const union swerve_cell *pool = swerve_view_cell(&view, SWERVE_CELL_POOL);
    decision->has_fallback = !pool || pool->pool.fallback != SWERVE_NONE || pool->pool.has_response;
    if (!admit(decision, &first->header, state))
        return 0;
    decision->input.ejected = state->ejected;
    if (first->header.algorithm == SWERVE_ROUND_ROBIN)
        decision->input.sequence = __sync_fetch_and_add(&state->sequence, 1);
    struct swerve_choice choice = swerve_select(&view, &decision->input);
    decision->reason = choice.reason;
    if (!choice.endpoint)
        return 0;
    decision->endpoint = *choice.endpoint;
    decision->probe = choice.probe;
    const union swerve_cell *requests = swerve_view_cell(&view, SWERVE_CELL_REQUESTS);
    if (requests && requests->requests.retry_attempts)
        decision->retry_on = requests->requests.retry_on;
    return 0;
}

/* Claims the endpoint that was selected, if that is a probe. Returns 0 when another was first. */
static __always_inline int claim(const struct decision *decision) {
    return !decision->probe ||
           claim_endpoint(decision->service, decision->endpoint.id, decision->probe, decision->input.now_ns);
}

/* Decides about one connection or request. What is not refused is admitted. */
static __always_inline void decide(struct decision *decision) {
    swerve_decide(decision);
    /* A probe that another has claimed meanwhile is somebody else's. There may be an endpoint that needs none. */
    if (!claim(decision)) {
        withdraw(decision);
        decision->probe = 0;
        swerve_decide(decision);
        if (!claim(decision))
            decision->reason = SWERVE_REASON_NO_HEALTHY;
    }
    __u32 reason = decision->reason;
    if (reason == SWERVE_REASON_MAX_REQUESTS)
        return note_limit(SWERVE_CAUSE_MAX_REQUESTS, decision->limit, decision->service);
    if (reason == SWERVE_REASON_MAX_CONNECTIONS)
        return note_limit(SWERVE_CAUSE_MAX_CONNECTIONS, decision->limit, decision->service);
    if (is_refused(decision) && reason != SWERVE_REASON_NO_ENDPOINT_SET)
        withdraw(decision);
}

#endif
