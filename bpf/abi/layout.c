/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/* Proof, at compile time, that the ABI's layout is the one written down; also the names of its enums. */
#include "swerve_abi.h"
#include "swerve_names.h"

#define SIZE(type, bytes) _Static_assert(sizeof(type) == (bytes), #type " has another size")
#define OFFSET(type, field, bytes) _Static_assert(__builtin_offsetof(type, field) == (bytes), #type "." #field " moved")

SIZE(union swerve_address, 16);
SIZE(struct swerve_frontend, 24);
SIZE(struct swerve_set_header, 32);
SIZE(struct swerve_endpoint, 32);
SIZE(union swerve_cell, 32);
SIZE(struct swerve_endpoint_state, 128);
_Static_assert(4096 % sizeof(struct swerve_endpoint_state) == 0,
               "a record must not straddle a page: see RecordWindow.swift");
SIZE(struct swerve_service_state, 8 + 8 * SWERVE_REASON_COUNT + 8 * SWERVE_PATH_COUNT);
SIZE(struct swerve_service_info, SWERVE_NAME_SIZE + 48);
SIZE(struct swerve_node, 64);
SIZE(struct swerve_client, 64);
SIZE(struct swerve_slot, 128);
SIZE(struct swerve_pool, 2048);
SIZE(struct swerve_pair, 16);
SIZE(struct swerve_peer, 16);
SIZE(struct swerve_listener, 8);
SIZE(struct swerve_connection, 88);
SIZE(struct swerve_http1_body, 16);
OFFSET(struct swerve_endpoint, id, 16);
OFFSET(struct swerve_endpoint, alias_threshold, 30);
OFFSET(struct swerve_endpoint_state, rtt_ewma_ns, 64);
OFFSET(struct swerve_connection, phase, 32);
OFFSET(struct swerve_slot, service, 64);
OFFSET(struct swerve_pool, failed, 64);
OFFSET(struct swerve_pool, latency, 128);
OFFSET(struct swerve_http1_body, phase, 8);

const char *swerve_reason_name(unsigned int reason) {
    static const char *const names[] = {
#define NAME(constant, name, meaning) name,
        SWERVE_REASONS(NAME)
#undef NAME
    };
    return reason < SWERVE_REASON_COUNT ? names[reason] : "unknown";
}

const char *swerve_reason_meaning(unsigned int reason) {
    static const char *const meanings[] = {
#define MEANING(constant, name, meaning) meaning,
        SWERVE_REASONS(MEANING)
#undef MEANING
    };
    return reason < SWERVE_REASON_COUNT ? meanings[reason] : "unknown";
}

const char *swerve_path_name(unsigned int path) {
    static const char *const names[] = {
#define NAME(constant, name, meaning) name,
        SWERVE_PATHS(NAME)
#undef NAME
    };
    return path < SWERVE_PATH_COUNT ? names[path] : "unknown";
}

const char *swerve_path_meaning(unsigned int path) {
    static const char *const meanings[] = {
#define MEANING(constant, name, meaning) meaning,
        SWERVE_PATHS(MEANING)
#undef MEANING
    };
    return path < SWERVE_PATH_COUNT ? meanings[path] : "unknown";
}
