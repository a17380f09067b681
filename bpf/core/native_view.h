/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/* The core's view of a service, read from arrays. */
#ifndef SWERVE_CORE_NATIVE_VIEW_H
#define SWERVE_CORE_NATIVE_VIEW_H

#include "select.h"

struct swerve_view {
    const struct swerve_tables *tables;
};

static inline const union swerve_cell *swerve_view_cell(const struct swerve_view *view, __u32 index) {
    return index < view->tables->cell_count ? &view->tables->cells[index] : 0;
}

static inline struct swerve_endpoint_state *swerve_view_state(const struct swerve_view *view, __u32 id) {
    return id < view->tables->state_count ? &view->tables->states[id] : 0;
}

#endif
