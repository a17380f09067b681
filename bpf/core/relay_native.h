/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/*
 * The exchange protocol and the decision for the relay, over records it shares with the kernel through memory-mapped
 * maps. Each function is the one of the same name in exchange.h; the atomic instructions are the same.
 */
#ifndef SWERVE_CORE_RELAY_NATIVE_H
#define SWERVE_CORE_RELAY_NATIVE_H

#include "native.h"

/*
 * Selects an endpoint of the set `tables`. Returns its index among the endpoints, -1 when refused; `reason` says why.
 * `probe` is not 0 when it must be claimed as a probe before anything is sent.
 */
int swerve_native_select(const struct swerve_tables *tables, const struct swerve_input *input, __u32 *reason,
                         __u64 *probe);
int swerve_native_claim_probe(struct swerve_endpoint_state *state, __u64 probe, __u64 now_ns);

/* Limits; see limits.h. */
int swerve_native_admit(__u32 *count, __u32 limit);
void swerve_native_dismiss(__u32 *count);
int swerve_native_admit_request(struct swerve_service_state *service, __u32 limit);
void swerve_native_request_withdrawn(struct swerve_service_state *service);
__u32 swerve_native_requests_under_way(const struct swerve_service_state *service);
int swerve_native_limit_event_due(struct swerve_service_state *service, __u64 now_ns);

/* Results and breakers; see exchange.h and breaker.h. `tables` are those of the service. */
int swerve_native_is_retriable(__u32 status, __u32 retry_on);
/* See retry.h. */
__u64 swerve_native_retry_delay_ns(__u32 base_ms, __u32 retry, __u64 random);
int swerve_native_has_retry_room(const struct swerve_request_policy *policy, __u32 retries, __u32 requests);
__u32 swerve_native_result_of(__u32 status);
/* Whether there is nothing to judge about a result; see breaker.h. */
int swerve_native_is_ordinary(struct swerve_endpoint_state *state, __u32 result);
struct swerve_transition swerve_native_judge(const struct swerve_tables *tables, struct swerve_service_state *service,
                                             struct swerve_endpoint_state *state, __u32 result, __u64 started_ns,
                                             __u64 now_ns);
struct swerve_transition swerve_native_eject(const struct swerve_tables *tables, struct swerve_service_state *service,
                                             struct swerve_endpoint_state *state, __u32 cause, __u64 now_ns);
/* `until_ns`: CLOCK_MONOTONIC; all ones until it is restored. */
struct swerve_transition swerve_native_eject_by_hand(const struct swerve_tables *tables,
                                                     struct swerve_service_state *service,
                                                     struct swerve_endpoint_state *state, __u64 until_ns);
struct swerve_transition swerve_native_restore_by_hand(const struct swerve_tables *tables,
                                                       struct swerve_service_state *service,
                                                       struct swerve_endpoint_state *state, __u64 now_ns);
/* An endpoint leaves its service: it is not among the ejected ones any more. */
void swerve_native_leave(struct swerve_service_state *service, struct swerve_endpoint_state *state);

/* Writes an event; `events` has SWERVE_EVENTS_MAX places. The second does it for what a judgement brought about. */
void swerve_native_write_event(struct swerve_node *node, struct swerve_event *events, const struct swerve_event *event);
void swerve_native_write_events(struct swerve_node *node, struct swerve_event *events,
                                const struct swerve_transition *transition, __u32 service,
                                const struct swerve_service_state *service_state, __u32 endpoint,
                                const struct swerve_endpoint_state *state, __u64 now_ns);
void swerve_native_write_limit_event(struct swerve_node *node, struct swerve_event *events, __u32 cause, __u32 limit,
                                     __u32 service, const struct swerve_service_state *service_state, __u64 now_ns);

/* The slots of an endpoint's pool. */
struct swerve_warm *swerve_native_warm(struct swerve_endpoint_state *state);

__u32 swerve_native_lease(struct swerve_warm *warm);
int swerve_native_lease_slot(struct swerve_warm *warm, __u32 bit);
void swerve_native_give_back(struct swerve_warm *warm, struct swerve_slot *slot, __u32 bit, __u64 now_ns);

/* What the kernel writes on a slot it has leased. */
void swerve_native_assign(struct swerve_slot *slot, const struct swerve_client *client, __u32 client_index,
                          __u32 method, __u64 now_ns);
int swerve_native_is_used_up(const struct swerve_slot *slot);

/* Both return an enum swerve_ended. */
__u32 swerve_native_request_ended(struct swerve_client *client);
__u32 swerve_native_response_ended(struct swerve_client *client);

int swerve_native_hand_back(struct swerve_client *client, __u64 seen);
/* Takes the client from the kernel: what it sends from now on is passed. */
void swerve_native_take_over(struct swerve_client *client);
void swerve_native_count_request(struct swerve_endpoint_state *state);
/* Returns 1 when the result is to be judged, by swerve_native_judge. */
int swerve_native_count_response(struct swerve_service_state *service, struct swerve_endpoint_state *state,
                                 struct swerve_pool *pool, __u32 status, __u64 started_ns, __u64 now_ns);
/* Bucket of a latency; see histogram.h. */
__u32 swerve_native_latency_bucket(__u64 latency_ns);

/* Atomic access to words shared with the kernel; what changes a word returns what it was. */
__u64 swerve_native_load64(const __u64 *word);
__u32 swerve_native_load32(const __u32 *word);
void swerve_native_store64(__u64 *word, __u64 value);
void swerve_native_store32(__u32 *word, __u32 value);
__u32 swerve_native_add32(__u32 *word, __u32 amount);
__u64 swerve_native_add64(__u64 *word, __u64 amount);
__u64 swerve_native_or64(__u64 *word, __u64 bits);
__u64 swerve_native_and64(__u64 *word, __u64 bits);

#endif
