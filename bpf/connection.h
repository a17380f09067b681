/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/* The life of a tracked connection: counted once when selected, given back once by whoever ends it first. */
#ifndef SWERVE_CONNECTION_H
#define SWERVE_CONNECTION_H

#include "maps.h"

static __always_inline struct swerve_node *node_record(void) {
    __u32 zero = 0;
    return bpf_map_lookup_elem(&node, &zero);
}

/* The endpoint's state, unless its id has been given to another endpoint since. */
static __always_inline struct swerve_endpoint_state *state_of(const struct swerve_connection *connection) {
    __u32 id = connection->endpoint;
    struct swerve_endpoint_state *state = bpf_map_lookup_elem(&endpoint_states, &id);
    return state && state->generation == connection->generation ? state : 0;
}

/*
 * Ends the accounting of a connection. The socket may die in any of several hooks (state change, release, a second
 * connect), on different CPUs: the exchange lets exactly one of them take it. Returns 1 to that one.
 */
static __always_inline int give_back(struct swerve_connection *connection) {
    if (!__sync_lock_test_and_set(&connection->counted, 0))
        return 0;
    struct swerve_node *record = node_record();
    if (record)
        __sync_fetch_and_sub(&record->connections, 1);
    __u32 id = connection->endpoint;
    struct swerve_endpoint_state *state = bpf_map_lookup_elem(&endpoint_states, &id);
    /* Also for an endpoint that has left: its id is not reused before active is zero again. */
    if (state)
        __sync_fetch_and_sub(&state->active, 1);
    return 1;
}

#endif
