/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/* The way of a connect into request mode: to the relay's listener in the same network namespace, when there is one. */
#ifndef SWERVE_RELAY_H
#define SWERVE_RELAY_H

#include <linux/bpf.h>

#include "connection.h"
#include "core/address.h"

#include <bpf/bpf_endian.h>

/* Where a connect goes. */
struct destination {
    union swerve_address address;
    __u16 port; /* network byte order */
};

/* Whether the relay has signed lately; a dead one must not cost the connection. */
static __always_inline int relay_is_alive(void) {
    struct swerve_node *record = node_record();
    if (!record)
        return 0;
    __u64 now_ns = bpf_ktime_get_ns(), signed_ns = record->relay_heartbeat_ns;
    /* A signature stamped after `now_ns` (another CPU's clock reading) is as fresh as can be. */
    return signed_ns && (now_ns < signed_ns || now_ns - signed_ns < SWERVE_RELAY_TIMEOUT_MS * 1000000ULL);
}

/* Finds the relay's listener for a connect. Returns 0 when there is none: the relay is asked for one. */
static __always_inline int find_relay(struct bpf_sock_addr *ctx, int is_ipv4, struct destination *to) {
    if (!relay_is_alive())
        return 0;
    /* A socket bound to a device cannot reach the loopback addresses. */
    struct bpf_sock *sk = ctx->sk;
    if (!sk || sk->bound_dev_if)
        return 0;
    __u64 namespace = bpf_get_netns_cookie(ctx);
    struct swerve_listener *listener = bpf_map_lookup_elem(&listeners, &namespace);
    if (!listener) {
        __u32 process = bpf_get_current_pid_tgid() >> 32;
        bpf_map_update_elem(&wanted_listeners, &namespace, &process, BPF_ANY);
        return 0;
    }
    to->port = is_ipv4 ? listener->port_ipv4 : listener->port_ipv6;
    to->address = (union swerve_address){};
    if (is_ipv4)
        swerve_map_ipv4(&to->address, bpf_htonl(0x7f000001));
    else
        to->address.words[3] = bpf_htonl(1);
    return to->port != 0;
}

#endif
