/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
#include "relay_native.h"

#include "exchange.h"
#include "native_view.h"

int swerve_native_select(const struct swerve_tables *tables, const struct swerve_input *input, __u32 *reason) {
    struct swerve_view view = {.tables = tables};
    struct swerve_choice choice = swerve_select(&view, input);
    *reason = choice.reason;
    if (!choice.endpoint)
        return -1;
    /* An endpoint is a cell; the first cell is the header. */
    return (int)((const union swerve_cell *)choice.endpoint - tables->cells) - 1;
}

struct swerve_warm *swerve_native_warm(struct swerve_endpoint_state *state) {
    return &state->warm;
}

__u32 swerve_native_lease(struct swerve_warm *warm) { return swerve_lease(warm); }

int swerve_native_lease_slot(struct swerve_warm *warm, __u32 bit) { return swerve_lease_slot(warm, bit); }

void swerve_native_give_back(struct swerve_warm *warm, struct swerve_slot *slot, __u32 bit, __u64 now_ns) {
    slot->ended_ns = now_ns;
    swerve_give_back(warm, slot, bit);
}

__u32 swerve_native_request_ended(struct swerve_client *client) { return swerve_request_ended(client); }

__u32 swerve_native_response_ended(struct swerve_client *client) { return swerve_response_ended(client); }

int swerve_native_hand_back(struct swerve_client *client, __u64 seen) { return swerve_hand_back(client, seen); }

void swerve_native_take_over(struct swerve_client *client) { swerve_hand_over(client, 0); }

void swerve_native_count_request(struct swerve_endpoint_state *state) { swerve_count_request(state); }

void swerve_native_count_response(struct swerve_endpoint_state *state, struct swerve_pool *pool, __u32 status,
                                  __u64 started_ns, __u64 now_ns) {
    swerve_count_response(state, pool, status, started_ns, now_ns);
}

__u32 swerve_native_latency_bucket(__u64 latency_ns) { return swerve_latency_bucket(latency_ns); }

__u64 swerve_native_load64(const __u64 *word) { return __atomic_load_n(word, __ATOMIC_SEQ_CST); }

__u32 swerve_native_load32(const __u32 *word) { return __atomic_load_n(word, __ATOMIC_SEQ_CST); }

void swerve_native_store64(__u64 *word, __u64 value) { __atomic_store_n(word, value, __ATOMIC_SEQ_CST); }

void swerve_native_store32(__u32 *word, __u32 value) { __atomic_store_n(word, value, __ATOMIC_SEQ_CST); }

__u32 swerve_native_add32(__u32 *word, __u32 amount) { return __atomic_fetch_add(word, amount, __ATOMIC_SEQ_CST); }

__u64 swerve_native_add64(__u64 *word, __u64 amount) { return __atomic_fetch_add(word, amount, __ATOMIC_SEQ_CST); }

__u64 swerve_native_or64(__u64 *word, __u64 bits) { return __atomic_fetch_or(word, bits, __ATOMIC_SEQ_CST); }

__u64 swerve_native_and64(__u64 *word, __u64 bits) { return __atomic_fetch_and(word, bits, __ATOMIC_SEQ_CST); }
