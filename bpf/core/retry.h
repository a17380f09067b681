/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/* When a request is tried again, and how many may be at a time: Envoy's rules. */
#ifndef SWERVE_CORE_RETRY_H
#define SWERVE_CORE_RETRY_H

#include "canary.h"
#include "hash.h"

enum {
    /* Envoy's base interval when the policy has none. */
    SWERVE_RETRY_BACKOFF_MS = 25,
    /* The longest interval is so many base intervals. */
    SWERVE_RETRY_BACKOFF_FACTOR_MAX = 10,
};

/*
 * How long to wait before retry number `retry`, from 1: up to one base interval before the first, up to twice as long
 * before each further one, at most ten; all of it by chance (64 fresh random bits), so that clients that failed
 * together do not come back together.
 */
static __always_inline __u64 swerve_retry_delay_ns(__u32 base_ms, __u32 retry, __u64 random) {
    __u64 base_ns = (base_ms ? base_ms : SWERVE_RETRY_BACKOFF_MS) * 1000000ULL;
    __u32 doublings = retry > 1 ? retry - 1 : 0;
    __u64 interval_ns = base_ns * SWERVE_RETRY_BACKOFF_FACTOR_MAX;
    if (doublings < 4 && base_ns << doublings < interval_ns)
        interval_ns = base_ns << doublings;
    return (__u64)(((unsigned __int128)interval_ns * random) >> 64);
}

/* Whether one more retry may be under way besides `retries`: a share of the `requests` under way when there is a
 * budget, else a number. */
static __always_inline int swerve_has_retry_room(const struct swerve_request_policy *policy, __u32 retries,
                                                 __u32 requests) {
    __u64 share = (__u64)requests * policy->budget_percent / 100;
    __u64 limit = policy->max_retries;
    if (policy->budget_percent)
        limit = share > policy->budget_min ? share : policy->budget_min;
    return retries < SWERVE_CANARY(10, limit, limit + 1);
}

#endif
