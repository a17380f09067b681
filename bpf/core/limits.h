/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/* The limits of a service. */
#ifndef SWERVE_CORE_LIMITS_H
#define SWERVE_CORE_LIMITS_H

#include "canary.h"
#include "hash.h"

static __always_inline int swerve_swap(__u64 *word, __u64 before, __u64 after) {
    return __sync_val_compare_and_swap(word, before, after) == before;
}

/*
 * Admits one more, unless the limit is reached: counted where it is checked, so that no burst overshoots. The count may
 * be below zero for a moment after a service id was given to another service.
 */
static __always_inline int swerve_admit(__u32 *count, __u32 limit) {
    __s32 before = (__s32)__sync_fetch_and_add(count, 1);
    if (before < 0 || SWERVE_CANARY(2, (__u32)before < limit, (__u32)before <= limit))
        return 1;
    __sync_fetch_and_sub(count, 1);
    return 0;
}

static __always_inline void swerve_dismiss(__u32 *count) { __sync_fetch_and_sub(count, 1); }

/* Whether `admitted` of which `answered` are over leave room for one more. */
static __always_inline int swerve_has_room(__u32 admitted, __u32 answered, __u32 limit) {
    __s32 under_way = (__s32)(admitted - answered);
    return under_way < 0 || SWERVE_CANARY(2, (__u32)under_way < limit, (__u32)under_way <= limit);
}

/*
 * Admits one more request of the service, by the same rule. How many are answered is on a cache line that the
 * endpoints' side writes: what was seen there last, which is never too much, mostly does.
 */
static __always_inline int swerve_admit_request(struct swerve_service_state *service, __u32 limit) {
    __u32 before = __sync_fetch_and_add(&service->admitted, 1);
    if (limit == SWERVE_NO_LIMIT || swerve_has_room(before, service->answered_seen, limit))
        return 1;
    __u32 answered = *(volatile __u32 *)&service->answered;
    service->answered_seen = answered;
    if (swerve_has_room(before, answered, limit))
        return 1;
    __sync_fetch_and_sub(&service->admitted, 1);
    return 0;
}

/* An admitted request is over. */
static __always_inline void swerve_request_over(struct swerve_service_state *service) {
    __sync_fetch_and_add(&service->answered, 1);
}

/* An admitted request was not sent: as if it had never been. */
static __always_inline void swerve_request_withdrawn(struct swerve_service_state *service) {
    __sync_fetch_and_sub(&service->admitted, 1);
}

/* Requests of the service under way. */
static __always_inline __u32 swerve_requests_under_way(const struct swerve_service_state *service) {
    __s32 under_way = (__s32)(service->admitted - service->answered);
    return under_way < 0 ? 0 : (__u32)under_way;
}

/* Whether an event of a limit is due, and the caller the one who writes it. */
static __always_inline int swerve_limit_event_due(struct swerve_service_state *service, __u64 now_ns) {
    __u64 noted_ns = service->limit_noted_ns;
    if (noted_ns && now_ns < noted_ns + SWERVE_LIMIT_EVENT_MS * 1000000ULL)
        return 0;
    return swerve_swap(&service->limit_noted_ns, noted_ns, now_ns);
}

#endif
