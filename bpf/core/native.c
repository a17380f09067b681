/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
#include "native.h"

#include "native_view.h"
#include "replay.h"

void swerve_native_replay(const struct swerve_tables *tables, struct swerve_vector *vector) {
    struct swerve_view view = {.tables = tables};
    swerve_replay(&view, vector);
}

__u64 swerve_native_hash_address(const union swerve_address *address, __u64 number, __u64 seed) {
    return swerve_hash_address(address, number, seed);
}

__u64 swerve_native_peak_ewma(__u64 average_ns, __u64 sample_ns, __u64 elapsed_ns) {
    return swerve_peak_ewma(average_ns, sample_ns, elapsed_ns);
}
