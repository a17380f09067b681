/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "CTestbed.h"

#include <sched.h>

int testbed_processor(int last) {
    cpu_set_t allowed;
    if (sched_getaffinity(0, sizeof(allowed), &allowed) || CPU_COUNT(&allowed) < 2)
        return -1;
    int found = -1;
    for (int processor = 0; processor < CPU_SETSIZE; processor++)
        if (CPU_ISSET(processor, &allowed) && (last || found < 0))
            found = processor;
    return found;
}

int testbed_pin_thread(int processor) {
    cpu_set_t only;
    CPU_ZERO(&only);
    CPU_SET(processor, &only);
    return sched_setaffinity(0, sizeof(only), &only);
}
