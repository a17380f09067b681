/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/* Names of the ABI's enums, for user space: the kernel has no use for them. */
#ifndef SWERVE_NAMES_H
#define SWERVE_NAMES_H

/* Name of an enum swerve_reason in telemetry and JSON, "unknown" past the last one. Static storage. */
const char *swerve_reason_name(unsigned int reason);

/* One sentence about an enum swerve_reason. Static storage. */
const char *swerve_reason_meaning(unsigned int reason);

/* Name of an enum swerve_path in telemetry and JSON, "unknown" past the last one. Static storage. */
const char *swerve_path_name(unsigned int path);

/* One sentence about an enum swerve_path. Static storage. */
const char *swerve_path_meaning(unsigned int path);

/* The same of an enum swerve_event_kind and an enum swerve_cause. */
const char *swerve_event_name(unsigned int kind);
const char *swerve_event_meaning(unsigned int kind);
const char *swerve_cause_name(unsigned int cause);
const char *swerve_cause_meaning(unsigned int cause);

#endif
