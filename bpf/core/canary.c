/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
#include "canary.h"

#ifdef SWERVE_CANARIES
#include <stdlib.h>

unsigned int swerve_canary;

/* Which mistake is made is said by the environment, so that one build has all of them. */
__attribute__((constructor)) static void swerve_choose_canary(void) {
    const char *number = getenv("SWERVE_CANARY");
    swerve_canary = number ? (unsigned int)strtoul(number, NULL, 10) : 0;
}
#endif
