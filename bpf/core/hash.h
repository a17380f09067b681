/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/* Mixing functions: pure, the same in the kernel and natively. */
#ifndef SWERVE_CORE_HASH_H
#define SWERVE_CORE_HASH_H

#include "../abi/swerve_abi.h"

#ifndef __always_inline
#define __always_inline inline __attribute__((always_inline))
#endif

/* Spreads every input bit over all 64 output bits (the SplitMix64 finalizer, Steele et al., OOPSLA 2014). */
static __always_inline __u64 swerve_mix64(__u64 value) {
    value += 0x9e3779b97f4a7c15ULL;
    value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9ULL;
    value = (value ^ (value >> 27)) * 0x94d049bb133111ebULL;
    return value ^ (value >> 31);
}

/* Hash of an address and a number, for consistent hashing. `seed` makes independent functions of one input. */
static __always_inline __u64 swerve_hash_address(const union swerve_address *address, __u64 number, __u64 seed) {
    __u64 hash = swerve_mix64(seed ^ address->halves[0]);
    hash = swerve_mix64(hash ^ address->halves[1]);
    return swerve_mix64(hash ^ number);
}

#endif
