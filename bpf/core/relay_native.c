/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
#include "relay_native.h"

#include "exchange.h"
#include "native_view.h"
#include "retry.h"

int swerve_native_select(const struct swerve_tables *tables, const struct swerve_input *input, __u32 *reason,
                         __u64 *probe) {
    struct swerve_view view = {.tables = tables};
    struct swerve_choice choice = swerve_select(&view, input);
    *reason = choice.reason;
    *probe = choice.probe;
    if (!choice.endpoint)
        return -1;
    return (int)((const union swerve_cell *)choice.endpoint - tables->cells) - SWERVE_CELL_ENDPOINTS;
}

int swerve_native_claim_probe(struct swerve_endpoint_state *state, __u64 probe, __u64 now_ns) {
    return swerve_claim_probe(state, probe, now_ns);
}

int swerve_native_admit(__u32 *count, __u32 limit) { return swerve_admit(count, limit); }

void swerve_native_dismiss(__u32 *count) { swerve_dismiss(count); }

int swerve_native_admit_request(struct swerve_service_state *service, __u32 limit) {
    return swerve_admit_request(service, limit);
}

void swerve_native_request_withdrawn(struct swerve_service_state *service) { swerve_request_withdrawn(service); }

__u32 swerve_native_requests_under_way(const struct swerve_service_state *service) {
    return swerve_requests_under_way(service);
}

int swerve_native_limit_event_due(struct swerve_service_state *service, __u64 now_ns) {
    return swerve_limit_event_due(service, now_ns);
}

int swerve_native_is_retriable(__u32 status, __u32 retry_on) { return swerve_is_retriable(status, retry_on); }

__u64 swerve_native_retry_delay_ns(__u32 base_ms, __u32 retry, __u64 random) {
    return swerve_retry_delay_ns(base_ms, retry, random);
}

int swerve_native_has_retry_room(const struct swerve_request_policy *policy, __u32 retries, __u32 requests) {
    return swerve_has_retry_room(policy, retries, requests);
}

__u32 swerve_native_result_of(__u32 status) { return swerve_result_of(status); }

int swerve_native_is_ordinary(struct swerve_endpoint_state *state, __u32 result) {
    return swerve_is_ordinary(state, result);
}

struct swerve_transition swerve_native_judge(const struct swerve_tables *tables, struct swerve_service_state *service,
                                             struct swerve_endpoint_state *state, __u32 result, __u64 started_ns,
                                             __u64 now_ns) {
    struct swerve_view view = {.tables = tables};
    return swerve_judge(&view, service, state, result, started_ns, now_ns);
}

struct swerve_transition swerve_native_eject(const struct swerve_tables *tables, struct swerve_service_state *service,
                                             struct swerve_endpoint_state *state, __u32 cause, __u64 now_ns) {
    struct swerve_view view = {.tables = tables};
    return swerve_eject_for(&view, service, state, cause, now_ns);
}

struct swerve_transition swerve_native_eject_by_hand(const struct swerve_tables *tables,
                                                     struct swerve_service_state *service,
                                                     struct swerve_endpoint_state *state, __u64 until_ns) {
    struct swerve_view view = {.tables = tables};
    return swerve_eject_by_hand(&view, service, state, until_ns);
}

struct swerve_transition swerve_native_restore_by_hand(const struct swerve_tables *tables,
                                                       struct swerve_service_state *service,
                                                       struct swerve_endpoint_state *state, __u64 now_ns) {
    struct swerve_view view = {.tables = tables};
    return swerve_restore_by_hand(&view, service, state, now_ns);
}

void swerve_native_leave(struct swerve_service_state *service, struct swerve_endpoint_state *state) {
    swerve_leave(service, state);
}

void swerve_native_write_events(struct swerve_node *node, struct swerve_event *events,
                                const struct swerve_transition *transition, __u32 service,
                                const struct swerve_service_state *service_state, __u32 endpoint,
                                const struct swerve_endpoint_state *state, __u64 now_ns) {
    struct swerve_event event = swerve_event_of(transition, service, endpoint, state, now_ns);
    swerve_native_write_event(node, events, &event);
    if (transition->panic == SWERVE_EVENT_NONE)
        return;
    event = swerve_service_event(transition->panic, SWERVE_CAUSE_EJECTED_ENDPOINTS, 0, service, service_state, now_ns);
    swerve_native_write_event(node, events, &event);
}

void swerve_native_write_limit_event(struct swerve_node *node, struct swerve_event *events, __u32 cause, __u32 limit,
                                     __u32 service, const struct swerve_service_state *service_state, __u64 now_ns) {
    struct swerve_event event = swerve_service_event(SWERVE_EVENT_LIMIT, cause, limit, service, service_state, now_ns);
    swerve_native_write_event(node, events, &event);
}

void swerve_native_write_event(struct swerve_node *node, struct swerve_event *events,
                               const struct swerve_event *event) {
    __u64 number = __atomic_fetch_add(&node->events, 1, __ATOMIC_SEQ_CST);
    swerve_write_event(&events[number % SWERVE_EVENTS_MAX], event, number);
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

void swerve_native_assign(struct swerve_slot *slot, const struct swerve_client *client, __u32 client_index,
                          __u32 method, __u64 now_ns) {
    swerve_assign(slot, client, client_index, method, now_ns);
}

int swerve_native_is_used_up(const struct swerve_slot *slot) { return swerve_is_used_up(slot); }

void swerve_native_take_over(struct swerve_client *client) { swerve_hand_over(client, 0); }

void swerve_native_count_request(struct swerve_endpoint_state *state) { swerve_count_request(state); }

int swerve_native_count_response(struct swerve_service_state *service, struct swerve_endpoint_state *state,
                                 struct swerve_pool *pool, __u32 status, __u64 started_ns, __u64 now_ns) {
    return swerve_count_response(service, state, pool, status, started_ns, now_ns);
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
