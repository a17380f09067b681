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

/* Service id -> round-robin cursor and decisions by reason. Written by connect, read by user space. */
struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
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
 * The node's record: ABI version, connection count and its limit. Written by sockops and release, and by the agent
 * field by field through mmap.
 */
struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __uint(map_flags, BPF_F_MMAPABLE);
    __uint(max_entries, 1);
    __type(key, __u32);
    __type(value, struct swerve_node);
} node SEC(".maps");

/*
 * Socket -> the connection it carries. Created by the connect hook, freed with the socket. Its bound is
 * swerve_node.connections_limit; beyond it the connect is refused and counted (connection_limit), as it is when the
 * kernel cannot allocate the storage (connection_untracked).
 */
struct {
    __uint(type, BPF_MAP_TYPE_SK_STORAGE);
    __uint(map_flags, BPF_F_NO_PREALLOC);
    __type(key, int);
    __type(value, struct swerve_connection);
} connections SEC(".maps");

#endif
