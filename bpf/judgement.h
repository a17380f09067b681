/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/* Results drawn to their consequences: breakers open and close, and the events say so. */
#ifndef SWERVE_JUDGEMENT_H
#define SWERVE_JUDGEMENT_H

#include "connection.h"
#include "view.h"

/* Not inlined: rare, and its event takes 64 bytes of stack. */
static __noinline void write_event(const struct swerve_event *event) {
    struct swerve_node *record = node_record();
    if (!record)
        return;
    __u64 number = __sync_fetch_and_add(&record->events, 1);
    __u32 index = number % SWERVE_EVENTS_MAX;
    struct swerve_event *place = bpf_map_lookup_elem(&events, &index);
    if (place)
        swerve_write_event(place, event, number);
}

static __always_inline void write_transition(const struct swerve_transition *transition, __u32 service,
                                             const struct swerve_service_state *service_state, __u32 endpoint,
                                             const struct swerve_endpoint_state *state, __u64 now_ns) {
    struct swerve_event event = swerve_event_of(transition, service, endpoint, state, now_ns);
    write_event(&event);
    if (transition->panic == SWERVE_EVENT_NONE)
        return;
    event = swerve_service_event(transition->panic, SWERVE_CAUSE_EJECTED_ENDPOINTS, 0, service, service_state, now_ns);
    write_event(&event);
}

/* A result that is not ordinary: see swerve_judge. To the verifier a function for any arguments, followed once. Returns
 * 0. */
__noinline int judge(__u32 service, __u32 endpoint, __u32 result, __u64 started_ns) {
    struct swerve_view view = {.set = bpf_map_lookup_elem(&endpoint_sets, &service)};
    struct swerve_service_state *service_state = bpf_map_lookup_elem(&service_states, &service);
    struct swerve_endpoint_state *state = bpf_map_lookup_elem(&endpoint_states, &endpoint);
    if (!view.set || !service_state || !state)
        return 0;
    __u64 now_ns = bpf_ktime_get_ns();
    struct swerve_transition transition = swerve_judge(&view, service_state, state, result, started_ns, now_ns);
    if (transition.kind != SWERVE_EVENT_NONE)
        write_transition(&transition, service, service_state, endpoint, state, now_ns);
    return 0;
}

/* A failed connect or a retransmitted SYN: a sign that connects to the endpoint do not succeed. */
static __always_inline void note_failure(const struct swerve_connection *connection) {
    judge(connection->service, connection->endpoint, SWERVE_RESULT_LOCAL, connection->started_ns);
}

/* A connect that came to nothing. */
static __always_inline void note_failed(const struct swerve_connection *connection) {
    struct swerve_endpoint_state *state = state_of(connection);
    if (!state)
        return;
    __sync_fetch_and_add(&state->failed, 1);
    note_failure(connection);
}

/* A connect that succeeded. In request mode only a response says that the endpoint is well. */
static __always_inline void note_established(const struct swerve_connection *connection,
                                             struct swerve_endpoint_state *state) {
    if (connection->role == SWERVE_ROLE_DIRECT && !swerve_is_ordinary(state, SWERVE_RESULT_SUCCESS))
        judge(connection->service, connection->endpoint, SWERVE_RESULT_SUCCESS, connection->started_ns);
}

#endif
