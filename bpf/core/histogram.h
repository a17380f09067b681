/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/*
 * Latency buckets in the form of OTLP's exponential histogram (opentelemetry-proto metrics.proto,
 * ExponentialHistogramDataPoint), so that nothing is binned a second time on its way out.
 *
 * At scale s bucket i holds (base^i, base^(i+1)] with base = 2^(2^-s). Within one octave those are the 2^s intervals
 * between 2^(k/2^s): their bounds, cut to 16 bits, are compared with the 16 bits that follow the value's highest one.
 */
#ifndef SWERVE_CORE_HISTOGRAM_H
#define SWERVE_CORE_HISTOGRAM_H

#include "hash.h"

/* Index of the highest bit set in a value above zero: five halvings, as BPF has no instruction for it. */
static __always_inline __u32 swerve_highest_bit(__u64 value) {
    __u32 bit = 0;
    for (__u32 width = 32; width; width >>= 1) {
        if (value >> width) {
            value >>= width;
            bit += width;
        }
    }
    return bit;
}

/*
 * Bucket of a latency, from 0 to SWERVE_LATENCY_BUCKETS - 1: OTLP index minus
 * SWERVE_LATENCY_OCTAVE_MIN * 2^SWERVE_LATENCY_SCALE. Bounds between octaves are off by at most one part in 65536.
 */
static __always_inline __u32 swerve_latency_bucket(__u64 latency_ns) {
    /* The upper bound belongs to the bucket. */
    __u64 value = latency_ns ? latency_ns - 1 : 0;
    if (value < (1ULL << SWERVE_LATENCY_OCTAVE_MIN))
        return 0;
    __u32 octave = swerve_highest_bit(value);
    if (octave >= SWERVE_LATENCY_OCTAVE_MIN + SWERVE_LATENCY_OCTAVES)
        return SWERVE_LATENCY_BUCKETS - 1;
    __u32 fraction = (__u32)(octave > 16 ? value >> (octave - 16) : value << (16 - octave)) & 0xffff;
    /* (2^(k/8) - 1) * 65536 for k = 1 to 7. */
    __u32 step = (fraction >= 5932) + (fraction >= 12400) + (fraction >= 19454) + (fraction >= 27146) +
                 (fraction >= 35534) + (fraction >= 44682) + (fraction >= 54658);
    return ((octave - SWERVE_LATENCY_OCTAVE_MIN) << SWERVE_LATENCY_SCALE) + step;
}

#endif
