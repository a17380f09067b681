/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/* What a client is answered, in full, when no endpoint may take its request: one text for each reason. */
#ifndef SWERVE_CORE_REFUSAL_H
#define SWERVE_CORE_REFUSAL_H

#include "../abi/swerve_abi.h"

enum {
    SWERVE_REFUSAL_BYTES = 160,
};

struct swerve_refusal {
    __u32 length;
    char text[SWERVE_REFUSAL_BYTES];
};

/* Without a body, so that it answers HEAD as well (RFC 9110, sections 9.3.2 and 15.6.4). */
#define SWERVE_REFUSAL_TEXT(name)                                                                                      \
    "HTTP/1.1 503 Service Unavailable\r\nserver: swerve\r\nx-swerve-reason: " name                                     \
    "\r\nretry-after: 1\r\ncontent-length: 0\r\n\r\n"
#define SWERVE_REFUSAL(constant, name, meaning)                                                                        \
    {.length = sizeof(SWERVE_REFUSAL_TEXT(name)) - 1, .text = SWERVE_REFUSAL_TEXT(name)},

/* By enum swerve_reason. */
static const struct swerve_refusal swerve_refusals[SWERVE_REASON_COUNT] = {SWERVE_REASONS(SWERVE_REFUSAL)};

#endif
