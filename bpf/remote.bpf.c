/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/* What an endpoint elsewhere answers in request mode: from the relay's connection to it to the client's socket. */
#include <linux/bpf.h>

typedef struct __sk_buff context;

#include <bpf/bpf_helpers.h>

#include "abi/swerve_abi.h"

/* Puts the beginning of a packet, as much as a head may take, into one piece. */
static __always_inline void gather(struct __sk_buff *skb) {
    __u32 wanted = skb->len < SWERVE_KERNEL_HEAD_MAX ? skb->len : SWERVE_KERNEL_HEAD_MAX;
    if ((__u32)(skb->data_end - skb->data) < wanted)
        bpf_skb_pull_data(skb, wanted);
}

/* Chunked bodies are not steered from elsewhere: there is nothing to look for further on. */
static __always_inline __u32 gather_from(struct __sk_buff *skb, __u32 position) {
    (void)skb;
    (void)position;
    return 0;
}

#include "steered_response.h"

SEC("sk_skb/stream_verdict")
int swerve_remote_response(struct __sk_buff *skb) {
    __u64 own_cookie = bpf_get_socket_cookie(skb);
    __u32 *found = bpf_map_lookup_elem(&pool_cookies, &own_cookie);
    if (!found)
        return SK_PASS;
    __u32 index = *found, size = skb->len;
    struct swerve_slot *slot = bpf_map_lookup_elem(&slots, &index);
    if (!slot || slot->reach != SWERVE_REACH_REMOTE || !is_steered(slot) || !size)
        return SK_PASS;
    __u64 cookie = slot->client_cookie;
    struct swerve_client *client = client_at(slot->client, cookie);
    if (!client)
        return leave(slot, SWERVE_PATH_RESPONSE_REDIRECT);
    if (!has_credit(client->queued, client->consumed, size))
        return leave(slot, SWERVE_PATH_RESPONSE_CREDIT);
    struct progress progress = {
        .body = slot->response,
        .status = slot->status,
        .size = size,
        .has_read_all = 1,
    };
    enum swerve_path refusal = read_response(skb, slot, &progress);
    if (refusal != SWERVE_PATH_COUNT)
        return leave(slot, refusal);
    if (bpf_sk_redirect_hash(skb, &client_sockets, &cookie, BPF_F_INGRESS) != SK_PASS)
        return leave(slot, SWERVE_PATH_RESPONSE_REDIRECT);
    note_sent(slot, index, client, &progress);
    return SK_PASS;
}

char LICENSE[] SEC("license") = "GPL";
