/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/*
 * How the core reads a service. Whoever includes it says so, by defining `struct swerve_view` and the two accessors
 * declared below: map lookups in the kernel, arrays natively.
 */
#ifndef SWERVE_CORE_VIEW_H
#define SWERVE_CORE_VIEW_H

#include "hash.h"

struct swerve_view;

/* Cell `index` of the endpoint set, or NULL past its end. */
static const union swerve_cell *swerve_view_cell(const struct swerve_view *view, __u32 index);

/* State of endpoint `id`, or NULL when there is no such id. */
static struct swerve_endpoint_state *swerve_view_state(const struct swerve_view *view, __u32 id);

#endif
