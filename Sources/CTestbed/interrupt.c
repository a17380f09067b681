/* SPDX-License-Identifier: Apache-2.0 */
/* An interrupted run must still take down what it put up, so the signals become a flag that the run looks at. */
#define _GNU_SOURCE
#include "CTestbed.h"

#include <signal.h>

static volatile sig_atomic_t interrupted;

static void remember(int number) {
    (void)number;
    interrupted = 1;
}

void testbed_catch_interrupts(void) {
    struct sigaction action = {.sa_handler = remember};
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
}

int testbed_interrupted(void) { return interrupted; }
