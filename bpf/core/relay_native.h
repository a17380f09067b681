/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/*
 * The exchange protocol and the decision for the relay, over records it shares with the kernel through memory-mapped
 * maps. Each function is the one of the same name in exchange.h; the atomic instructions are the same.
 */
#ifndef SWERVE_CORE_RELAY_NATIVE_H
#define SWERVE_CORE_RELAY_NATIVE_H

#include "native.h"

/* Selects an endpoint of the set `tables`. Returns its index among the endpoints, -1 when refused; `reason` says
 * why. */
int swerve_native_select(const struct swerve_tables *tables, const struct swerve_input *input, __u32 *reason);

/* The slots of an endpoint's pool. */
struct swerve_warm *swerve_native_warm(struct swerve_endpoint_state *state);

__u32 swerve_native_lease(struct swerve_warm *warm);
int swerve_native_lease_slot(struct swerve_warm *warm, __u32 bit);
void swerve_native_give_back(struct swerve_warm *warm, struct swerve_slot *slot, __u32 bit, __u64 now_ns);

/* Both return an enum swerve_ended. */
__u32 swerve_native_request_ended(struct swerve_client *client);
__u32 swerve_native_response_ended(struct swerve_client *client);

int swerve_native_hand_back(struct swerve_client *client, __u64 seen);
/* Takes the client from the kernel: what it sends from now on is passed. */
void swerve_native_take_over(struct swerve_client *client);
void swerve_native_count_request(struct swerve_endpoint_state *state);
void swerve_native_count_response(struct swerve_endpoint_state *state, struct swerve_pool *pool, __u32 status,
                                  __u64 started_ns, __u64 now_ns);
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
