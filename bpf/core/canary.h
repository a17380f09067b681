/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/*
 * Deliberate mistakes, to prove that the simulator's checks would find them: `make canary` builds the core with all of
 * them, and runs it with one at a time. Everything that is shipped is built without, and then only what is right is in
 * the text.
 */
#ifndef SWERVE_CORE_CANARY_H
#define SWERVE_CORE_CANARY_H

#ifdef SWERVE_CANARIES
/* The mistake that is made, by its number; 0: none. */
extern unsigned int swerve_canary;
#define SWERVE_CANARY(number, right, wrong) (swerve_canary == (number) ? (wrong) : (right))
#else
#define SWERVE_CANARY(number, right, wrong) (right)
#endif

#endif
