/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/*
 * How much an application has read from a steered socket, and who gets to know.
 */
#ifndef SWERVE_CONSUMPTION_H
#define SWERVE_CONSUMPTION_H

#include "connection.h"

/* Tells those who send to this socket how much of it is read. */
static __always_inline void publish_consumed(struct swerve_connection *connection, __u64 consumed) {
    connection->published = consumed;
    __u32 index = connection->index;
    if (connection->role == SWERVE_ROLE_CLIENT) {
        struct swerve_client *client = bpf_map_lookup_elem(&clients, &index);
        if (client && client->cookie == connection->cookie)
            client->consumed = consumed;
    } else {
        struct swerve_slot *slot = bpf_map_lookup_elem(&slots, &index);
        if (slot && slot->server_cookie == connection->cookie)
            slot->consumed = consumed;
    }
}

/* The application sends no more. Its socket may be closed once it has read its response, and not before. */
static __always_inline void note_half_closed(struct swerve_connection *connection) {
    /* A full barrier: a read on another processor is published there, or its bytes are seen here. */
    __sync_fetch_and_or(&connection->half_closed, 1);
    publish_consumed(connection, connection->consumed);
}

#endif
