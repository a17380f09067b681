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
SIZE(struct swerve_outlier_policy, 32);
SIZE(struct swerve_pool_policy, 32);
SIZE(struct swerve_request_policy, 32);
SIZE(struct swerve_lifetime_policy, 32);
SIZE(struct swerve_event, 64);
SIZE(struct swerve_endpoint_state, 192);
OFFSET(struct swerve_service_state, answered, 64);
OFFSET(struct swerve_service_state, reasons, 128);
_Static_assert(sizeof(struct swerve_service_state) % 64 == 0, "each record begins a cache line");
SIZE(struct swerve_retained, 4096);
SIZE(struct swerve_service_info, SWERVE_NAME_SIZE + 48);
SIZE(struct swerve_node, 64);
SIZE(struct swerve_client, 64);
SIZE(struct swerve_slot, 128);
SIZE(struct swerve_pool, 2048);
SIZE(struct swerve_pair, 16);
SIZE(struct swerve_peer, 16);
SIZE(struct swerve_listener, 8);
SIZE(struct swerve_connection, 112);
SIZE(struct swerve_http1_body, 16);
OFFSET(struct swerve_endpoint, id, 16);
OFFSET(struct swerve_endpoint, alias_threshold, 30);
OFFSET(struct swerve_endpoint_state, rtt_ewma_ns, 64);
OFFSET(struct swerve_endpoint_state, consecutive_local, 128);
OFFSET(struct swerve_connection, phase, 32);
OFFSET(struct swerve_slot, service, 64);
OFFSET(struct swerve_pool, failed, 64);
OFFSET(struct swerve_pool, latency, 128);
OFFSET(struct swerve_http1_body, phase, 8);

/* Names and meanings of the enums that have a table, by their number. */
#define LOOKUP(function, table, element, count)                                                                        \
    const char *function(unsigned int number) {                                                                        \
        static const char *const texts[] = {table(element)};                                                           \
        return number < (count) ? texts[number] : "unknown";                                                           \
    }
#define NAME(constant, name, meaning) name,
#define MEANING(constant, name, meaning) meaning,

LOOKUP(swerve_reason_name, SWERVE_REASONS, NAME, SWERVE_REASON_COUNT)
LOOKUP(swerve_reason_meaning, SWERVE_REASONS, MEANING, SWERVE_REASON_COUNT)
LOOKUP(swerve_path_name, SWERVE_PATHS, NAME, SWERVE_PATH_COUNT)
LOOKUP(swerve_path_meaning, SWERVE_PATHS, MEANING, SWERVE_PATH_COUNT)
LOOKUP(swerve_event_name, SWERVE_EVENTS, NAME, SWERVE_EVENT_COUNT)
LOOKUP(swerve_event_meaning, SWERVE_EVENTS, MEANING, SWERVE_EVENT_COUNT)
LOOKUP(swerve_cause_name, SWERVE_CAUSES, NAME, SWERVE_CAUSE_COUNT)
LOOKUP(swerve_cause_meaning, SWERVE_CAUSES, MEANING, SWERVE_CAUSE_COUNT)
