/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/*
 * Runs a decision on demand: BPF_PROG_RUN refuses the cgroup hooks themselves, so this program stands for them in the
 * differential test. It reads the same maps through the same view.
 */
#include <linux/bpf.h>

#include "core/replay.h"
#include "view.h"

SEC("syscall")
int swerve_replay_vector(struct swerve_vector *vector) {
    __u32 service = vector->service;
    struct swerve_view view = {.set = bpf_map_lookup_elem(&endpoint_sets, &service)};
    if (!view.set)
        return -1;
    struct swerve_vector copy = *vector;
    swerve_replay(&view, &copy);
    *vector = copy;
    return 0;
}

char LICENSE[] SEC("license") = "GPL";
