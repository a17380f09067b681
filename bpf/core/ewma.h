/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/*
 * Peak-sensitive exponentially weighted moving average, in integers.
 *
 * Finagle's Peak EWMA (com.twitter.finagle.loadbalancer.PeakEwma): a sample above the average replaces it at once, a
 * sample below pulls it down with weight 1 - e^(-dt/tau). The kernel has no floating point, so e^(-dt/tau) is taken as
 * 2^-(dt/half_life) with half_life = tau ln 2, the fractional power of two by its chord: at most 6.2 % above the curve,
 * exact at every half-life.
 */
#ifndef SWERVE_CORE_EWMA_H
#define SWERVE_CORE_EWMA_H

#include "hash.h"

enum {
    /* tau = 10 s, Finagle's default, as a half-life. */
    SWERVE_EWMA_HALF_LIFE_MS = 6931,
    /* Weights are in units of 1/65536. */
    SWERVE_EWMA_ONE = 65536,
};

/* Weight of the past after `elapsed_ns`, in units of 1/65536: 65536 at zero, halved every half-life, 0 after sixteen.
 * */
static __always_inline __u64 swerve_decay(__u64 elapsed_ns) {
    const __u64 half_life_ns = SWERVE_EWMA_HALF_LIFE_MS * 1000000ULL;
    /* Samples follow each other closely: for most there is nothing to divide, and a division is the dearest part
     * here. */
    __u64 halvings = 0, rest_ns = elapsed_ns;
    if (elapsed_ns >= half_life_ns) {
        if (elapsed_ns >= 16 * half_life_ns)
            return 0;
        halvings = elapsed_ns / half_life_ns;
        rest_ns = elapsed_ns % half_life_ns;
    }
    /* rest * 65536 / half-life, within one, as a multiplication by the reciprocal in units of 2^-63, rounded up. */
    const __u64 reciprocal = (1ULL << 63) / half_life_ns + 1;
    __u64 fraction = (rest_ns * reciprocal) >> 47;
    return (SWERVE_EWMA_ONE - fraction / 2) >> (halvings & 15);
}

/* The average after a sample of `sample_ns`, `elapsed_ns` after the last one. Averages above 2^47 ns are clipped. */
static __always_inline __u64 swerve_peak_ewma(__u64 average_ns, __u64 sample_ns, __u64 elapsed_ns) {
    const __u64 bound_ns = 1ULL << 47;
    if (sample_ns >= bound_ns)
        return bound_ns - 1;
    if (average_ns >= bound_ns)
        average_ns = bound_ns - 1;
    if (sample_ns >= average_ns)
        return sample_ns;
    __u64 weight = swerve_decay(elapsed_ns);
    return (average_ns * weight + sample_ns * (SWERVE_EWMA_ONE - weight)) >> 16;
}

#endif
