/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/*
 * Redirects between a few sockets of one process, for Sources/Dataplane/SelfTest.swift: whether this kernel's sockets
 * behave under redirects as request mode needs. Its maps are its own and pinned nowhere.
 */
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>

enum {
    SWERVE_SELFTEST_SOCKETS = 4,
    SWERVE_SELFTEST_ADDRESS = 0, /* indices of __sk_buff.cb, by which a run of swerve_selftest_adopt gets its input */
    SWERVE_SELFTEST_CLIENT_PORT = 1,
    SWERVE_SELFTEST_SERVER_PORT = 2,
    SWERVE_SELFTEST_INDEX = 3,
};

/* Index -> socket under test. Written by the self-test, and by swerve_selftest_adopt before the socket is accepted. */
struct {
    __uint(type, BPF_MAP_TYPE_SOCKMAP);
    __uint(max_entries, SWERVE_SELFTEST_SOCKETS);
    __type(key, __u32);
    __type(value, __u64);
} test_sockets SEC(".maps");

/* Local port of the sender -> index of the socket that gets its bytes; without an entry TCP carries them. */
struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __uint(max_entries, SWERVE_SELFTEST_SOCKETS);
    __type(key, __u32);
    __type(value, __u32);
} test_routes SEC(".maps");

SEC("sk_msg")
int swerve_selftest_send(struct sk_msg_md *message) {
    __u32 port = message->local_port;
    __u32 *target = bpf_map_lookup_elem(&test_routes, &port);
    if (!target)
        return SK_PASS;
    return bpf_msg_redirect_map(message, &test_sockets, *target, BPF_F_INGRESS);
}

/* That it is there is what matters: with it, bytes that TCP brings are queued behind the redirected ones. */
SEC("sk_skb")
int swerve_selftest_arrive(struct __sk_buff *packet __attribute__((unused))) { return SK_PASS; }

/* Adds the server's end of an established connection, which no descriptor leads to before it is accepted. */
SEC("tc")
int swerve_selftest_adopt(struct __sk_buff *packet) {
    struct bpf_sock_tuple tuple = {};
    tuple.ipv4.saddr = packet->cb[SWERVE_SELFTEST_ADDRESS];
    tuple.ipv4.daddr = packet->cb[SWERVE_SELFTEST_ADDRESS];
    tuple.ipv4.sport = packet->cb[SWERVE_SELFTEST_CLIENT_PORT];
    tuple.ipv4.dport = packet->cb[SWERVE_SELFTEST_SERVER_PORT];
    struct bpf_sock *socket = bpf_sk_lookup_tcp(packet, &tuple, sizeof(tuple.ipv4), BPF_F_CURRENT_NETNS, 0);
    if (!socket)
        return 1;
    __u32 index = packet->cb[SWERVE_SELFTEST_INDEX];
    long result = bpf_map_update_elem(&test_sockets, &index, socket, BPF_ANY);
    bpf_sk_release(socket);
    return result != 0;
}

char LICENSE[] SEC("license") = "GPL";
