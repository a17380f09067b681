/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/* The core's view of a service, read from maps. */
#ifndef SWERVE_VIEW_H
#define SWERVE_VIEW_H

#include "maps.h"

#include "core/breaker.h"

struct swerve_view {
    void *set; /* inner map of endpoint_sets */
};

static __always_inline const union swerve_cell *swerve_view_cell(const struct swerve_view *view, __u32 index) {
    return bpf_map_lookup_elem(view->set, &index);
}

static __always_inline struct swerve_endpoint_state *swerve_view_state(const struct swerve_view *view, __u32 id) {
    (void)view;
    return bpf_map_lookup_elem(&endpoint_states, &id);
}

#endif
