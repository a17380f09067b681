/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/* What the programs on request-mode sockets have in common. Their includer says what they run on: see message.h. */
#ifndef SWERVE_STEERING_H
#define SWERVE_STEERING_H

#include "connection.h"

#include "core/exchange.h"

/* One more request or response took, or left, this way. */
static __always_inline void count_path(__u32 service, enum swerve_path path) {
    struct swerve_service_state *state = bpf_map_lookup_elem(&service_states, &service);
    if (state)
        __sync_fetch_and_add(&state->paths[path], 1);
}

/* The client record of a socket or slot, unless it is somebody else's by now. */
static __always_inline struct swerve_client *client_at(__u32 index, __u64 cookie) {
    struct swerve_client *client = bpf_map_lookup_elem(&clients, &index);
    return client && cookie && client->cookie == cookie ? client : 0;
}

/* Whether `size` more bytes may wait with a reader who was sent `queued` and has read `consumed`. */
static __always_inline int has_credit(__u64 queued, __u64 consumed, __u32 size) {
    return (__s64)(queued + size - consumed) <= SWERVE_CREDIT_BYTES;
}

#endif
