/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/*
 * One decision with everything it depends on and everything it answers, so that the kernel's answer and the native one
 * can be compared byte by byte. Run by replay.bpf.c in the kernel and by native.c in user space.
 */
#ifndef SWERVE_CORE_REPLAY_H
#define SWERVE_CORE_REPLAY_H

#include "native.h"
#include "select.h"

/* Fills the answers of `vector` from its inputs and the tables behind `view`. */
static __always_inline void swerve_replay(const struct swerve_view *view, struct swerve_vector *vector) {
    struct swerve_choice choice = swerve_select(view, &vector->input);
    vector->reason = choice.reason;
    vector->endpoint = choice.endpoint ? choice.endpoint->id : ~0U;
    vector->is_probe = choice.probe != 0;
    vector->cost = 0;
    if (choice.endpoint) {
        const struct swerve_endpoint_state *state = swerve_view_state(view, choice.endpoint->id);
        if (state) {
            struct swerve_set_header header = {.algorithm = SWERVE_PEAK_EWMA, .weighted = 1};
            vector->cost = swerve_cost(&header, choice.endpoint, state, vector->input.now_ns);
        }
    }
    /* Samples mostly below the average, where the decay is; above it the sample is simply taken. */
    vector->average_ns =
        swerve_peak_ewma(vector->sample_ns, vector->input.random >> 24, vector->input.client_hash >> 28);
}

#endif
