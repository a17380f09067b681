/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/* IPv4 addresses inside IPv6 ones. */
#ifndef SWERVE_CORE_ADDRESS_H
#define SWERVE_CORE_ADDRESS_H

#include "hash.h"

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "the word below is written for little-endian machines");

enum {
    /* Third word of an IPv4-mapped address, ::ffff:0:0/96, as it lies in memory on a little-endian machine. */
    SWERVE_IPV4_MAPPED_WORD = (int)0xffff0000,
};

/* Writes the IPv4-mapped form of `ipv4` (network byte order) to `address`. */
static __always_inline void swerve_map_ipv4(union swerve_address *address, __u32 ipv4) {
    address->words[0] = 0;
    address->words[1] = 0;
    address->words[2] = (__u32)SWERVE_IPV4_MAPPED_WORD;
    address->words[3] = ipv4;
}

/* Whether the address is an IPv4 one in its mapped form. */
static __always_inline int swerve_is_ipv4(const union swerve_address *address) {
    return address->halves[0] == 0 && address->words[2] == (__u32)SWERVE_IPV4_MAPPED_WORD;
}

#endif
