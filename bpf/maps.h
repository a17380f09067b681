/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/*
 * Every map of the dataplane. All are pinned by name below the agent's pin directory, shared by all program objects,
 * and outlive the agent. Arrays are preallocated and cannot be full; their bound is checked by the agent when it
 * hands out ids, and a refusal is counted in its status.
 */
#ifndef SWERVE_MAPS_H
#define SWERVE_MAPS_H

#include "abi/swerve_abi.h"

#include <bpf/bpf_helpers.h>

/*
 * VIP and port -> service id.
 * Written by the agent, read by the connect hooks on every connect of the cgroup: a miss is traffic that is not ours.
 * Full: the agent refuses the new frontend and says so; the others are unaffected.
 */
struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __uint(max_entries, SWERVE_FRONTENDS_MAX);
    __uint(map_flags, BPF_F_NO_PREALLOC);
    __type(key, struct swerve_frontend);
    __type(value, __u32);
} frontends SEC(".maps");

/*
 * Service id -> the published endpoint set, an array of cells (union swerve_cell) of its own size.
 * The agent fills a new inner map and swaps it in with one update, so that a decision sees the old set or the new one.
 */
struct endpoint_set {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __uint(map_flags, BPF_F_INNER_MAP);
    __uint(max_entries, 1);
    /* Sizes, not types: clang leaves a forward declaration in BTF for a type reached only through an inner map. */
    __uint(key_size, sizeof(__u32));
    __uint(value_size, sizeof(union swerve_cell));
};
struct {
    __uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS);
    __uint(max_entries, SWERVE_SERVICES_MAX);
    __type(key, __u32);
    __array(values, struct endpoint_set);
} endpoint_sets SEC(".maps");

/*
 * Endpoint id -> load and health. Written by connect, sockops and release, on any CPU; read by the decision and the
 * agent. The agent writes a record only while its id is in no published set, but for the generation, which it raises in
 * place through mmap.
 */
struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __uint(map_flags, BPF_F_MMAPABLE);
    __uint(max_entries, SWERVE_ENDPOINTS_MAX);
    __type(key, __u32);
    __type(value, struct swerve_endpoint_state);
} endpoint_states SEC(".maps");

/* Service id -> round-robin cursor, decisions by reason, requests by path. Written by connect, the request-mode
 * programs and the relay. */
struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __uint(map_flags, BPF_F_MMAPABLE);
    __uint(max_entries, SWERVE_SERVICES_MAX);
    __type(key, __u32);
    __type(value, struct swerve_service_state);
} service_states SEC(".maps");

/* Service id -> name and frontends. Written and read by user space only; kept here so that it outlives the agent. */
struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __uint(max_entries, SWERVE_SERVICES_MAX);
    __type(key, __u32);
    __type(value, struct swerve_service_info);
} service_infos SEC(".maps");

/*
 * The node's record: ABI version, connection count and its limit, the relay's signs of life. Written by sockops and
 * release, and by the agent and the relay field by field through mmap.
 */
struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __uint(map_flags, BPF_F_MMAPABLE);
    __uint(max_entries, 1);
    __type(key, __u32);
    __type(value, struct swerve_node);
} node SEC(".maps");

/*
 * Socket -> what it is to us. Created by the connect hook, by sockops and by the relay; freed with the socket. Its
 * bound is swerve_node.connections_limit; beyond it the connect is refused and counted (connection_limit), as it is
 * when the kernel cannot allocate the storage (connection_untracked).
 */
struct {
    __uint(type, BPF_MAP_TYPE_SK_STORAGE);
    __uint(map_flags, BPF_F_NO_PREALLOC);
    __type(key, int);
    __type(value, struct swerve_connection);
} connections SEC(".maps");

/*
 * Client -> its exchange. A free record is taken by sockops, everything else is by the rules of core/exchange.h; the
 * relay frees it. Full: the client is carried by the relay alone.
 */
struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __uint(map_flags, BPF_F_MMAPABLE);
    __uint(max_entries, SWERVE_CLIENTS_MAX);
    __type(key, __u32);
    __type(value, struct swerve_client);
} clients SEC(".maps");

/* Slot -> the connection and the request that leases it. Written by whoever has leased it, or the relay. */
struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __uint(map_flags, BPF_F_MMAPABLE);
    __uint(max_entries, SWERVE_SLOTS_MAX);
    __type(key, __u32);
    __type(value, struct swerve_slot);
} slots SEC(".maps");

/*
 * Pool -> which of its slots are free, and how the endpoint's requests went. Given to endpoints by the relay. Full: the
 * relay takes the pool of the endpoint that was idle longest, or carries requests without one.
 */
struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __uint(map_flags, BPF_F_MMAPABLE);
    __uint(max_entries, SWERVE_POOLS_MAX);
    __type(key, __u32);
    __type(value, struct swerve_pool);
} pools SEC(".maps");

/*
 * Slot modulo the size -> the request that it carries, where the service's policy retries. Written by the request
 * program, read by the relay. Never full: the latest request has the record.
 */
struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __uint(map_flags, BPF_F_MMAPABLE);
    __uint(max_entries, SWERVE_RETAINED_MAX);
    __type(key, __u32);
    __type(value, struct swerve_retained);
} retained SEC(".maps");

/*
 * Cookie -> client socket, the target of responses. By cookie and not by client: a cookie is never used again, so
 * that a response can reach nobody but who asked. Inserted by sockops, removed by the kernel when the socket closes.
 */
struct {
    __uint(type, BPF_MAP_TYPE_SOCKHASH);
    __uint(max_entries, SWERVE_CLIENTS_MAX);
    __type(key, __u64);
    __type(value, __u64);
} client_sockets SEC(".maps");

/* Slot -> socket the endpoint accepted, the target of requests on this node. As above; a slot outlives its lease. */
struct {
    __uint(type, BPF_MAP_TYPE_SOCKMAP);
    __uint(max_entries, SWERVE_SLOTS_MAX);
    __type(key, __u32);
    __type(value, __u64);
} server_sockets SEC(".maps");

/* Slot -> the relay's connection, the target of requests to other nodes. Inserted by the relay. */
struct {
    __uint(type, BPF_MAP_TYPE_SOCKMAP);
    __uint(max_entries, SWERVE_SLOTS_MAX);
    __type(key, __u32);
    __type(value, __u64);
} pool_sockets SEC(".maps");

/* Cookie of the relay's connection -> slot: a program on arriving packets knows its socket by the cookie alone. */
struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __uint(map_flags, BPF_F_NO_PREALLOC);
    __uint(max_entries, SWERVE_SLOTS_MAX);
    __type(key, __u64);
    __type(value, __u32);
} pool_cookies SEC(".maps");

/*
 * Connecting end -> what its accepting end is to be. Written and read by sockops within one handshake; a connecting end
 * whose other end is elsewhere leaves its entry, so the oldest make room.
 */
struct {
    __uint(type, BPF_MAP_TYPE_LRU_HASH);
    __uint(max_entries, SWERVE_PAIRS_MAX);
    __type(key, struct swerve_pair);
    __type(value, struct swerve_peer);
} pairs SEC(".maps");

/*
 * Cookie of a network namespace -> the relay's listener there. Written by the relay, read by the connect hooks. A miss
 * or a full map means connection mode in that namespace.
 */
struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __uint(map_flags, BPF_F_NO_PREALLOC);
    __uint(max_entries, SWERVE_LISTENERS_MAX);
    __type(key, __u64);
    __type(value, struct swerve_listener);
} listeners SEC(".maps");

/*
 * Cookie of a network namespace without a listener -> id of a process in it. Written by the connect hooks, taken out by
 * the relay, which then opens one. Full: the next connect asks again.
 */
struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __uint(map_flags, BPF_F_NO_PREALLOC);
    __uint(max_entries, SWERVE_LISTENERS_MAX);
    __type(key, __u64);
    __type(value, __u32);
} wanted_listeners SEC(".maps");

/*
 * Number of an event modulo the size -> the event. Written by whoever brings it about, under a number taken from the
 * node record; the oldest are overwritten. Not a BPF ring buffer: that hands every event to one reader, and here the
 * agent and any number of `swerve events` read along, and the relay writes.
 */
struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __uint(map_flags, BPF_F_MMAPABLE);
    __uint(max_entries, SWERVE_EVENTS_MAX);
    __type(key, __u32);
    __type(value, struct swerve_event);
} events SEC(".maps");

#endif
