/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/*
 * The accounting of a connection: selected by the connect hook, counted when its SYN is sent, given back once by
 * whoever ends it first.
 *
 * It is counted with the SYN and not with the selection, because from there on the kernel is certain to report the
 * close: a connect that fails before (no route, no port) on a socket of the kernel's own would never be given back.
 */
#ifndef SWERVE_CONNECTION_H
#define SWERVE_CONNECTION_H

#include "maps.h"

#include "core/limits.h"

static __always_inline struct swerve_node *node_record(void) {
    __u32 zero = 0;
    return bpf_map_lookup_elem(&node, &zero);
}

/* The state under the endpoint's id, whoever has the id now. */
static __always_inline struct swerve_endpoint_state *slot_of(const struct swerve_connection *connection) {
    __u32 id = connection->endpoint;
    return bpf_map_lookup_elem(&endpoint_states, &id);
}

/* The endpoint's state, unless it has left. */
static __always_inline struct swerve_endpoint_state *state_of(const struct swerve_connection *connection) {
    struct swerve_endpoint_state *state = slot_of(connection);
    return state && state->generation == connection->generation ? state : 0;
}

/* Counts a connection whose SYN is about to be sent. */
static __always_inline void count(struct swerve_connection *connection) {
    if (__sync_val_compare_and_swap(&connection->phase, SWERVE_SELECTED, SWERVE_COUNTED) != SWERVE_SELECTED)
        return;
    struct swerve_node *record = node_record();
    if (record)
        __sync_fetch_and_add(&record->connections, 1);
    struct swerve_endpoint_state *state = slot_of(connection);
    if (state)
        __sync_fetch_and_add(&state->active, 1);
}

/* Gives back what the connect hook has admitted. */
static __always_inline void dismiss_connection(const struct swerve_connection *connection) {
    if (connection->role != SWERVE_ROLE_DIRECT)
        return;
    __u32 service = connection->service;
    struct swerve_service_state *state = bpf_map_lookup_elem(&service_states, &service);
    if (state)
        swerve_dismiss(&state->connections);
}

/*
 * Ends the accounting of a connection. The socket may die in any of several hooks (state change, release, a second
 * connect), on different CPUs: the exchange lets exactly one of them take it. Returns the phase it was in; SWERVE_ENDED
 * to all but the first.
 */
static __always_inline __u32 end(struct swerve_connection *connection) {
    __u32 phase = __sync_lock_test_and_set(&connection->phase, SWERVE_ENDED);
    if (phase != SWERVE_ENDED)
        dismiss_connection(connection);
    if (phase != SWERVE_COUNTED)
        return phase;
    struct swerve_node *record = node_record();
    if (record)
        __sync_fetch_and_sub(&record->connections, 1);
    /* Also for an endpoint that has left: its id is not reused before active is zero again. */
    struct swerve_endpoint_state *state = slot_of(connection);
    if (state)
        __sync_fetch_and_sub(&state->active, 1);
    return phase;
}

#endif
