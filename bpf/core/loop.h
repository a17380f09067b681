/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/* Loops whose end the verifier cannot see. */
#ifndef SWERVE_CORE_LOOP_H
#define SWERVE_CORE_LOOP_H

/*
 * True as long as a loop may go round again: `while (swerve_loop() && ...)`.
 *
 * In the kernel it is the instruction may_goto (Linux 6.9): the verifier follows the loop until its state repeats
 * instead of counting rounds, and a counter ends it should it never do so by itself. Written as bytes because libbpf
 * before 1.5 has no macro for it and clang before 19 no mnemonic. Natively it is nothing.
 *
 * For the state to repeat, a value that changes from round to round must not be a constant that a branch depends on:
 * see swerve_bytes_zero in http1.h.
 */
#ifdef __bpf__
#define swerve_loop()                                                                                                  \
    ({                                                                                                                 \
        __label__ over, again;                                                                                         \
        int goes_on = 1;                                                                                               \
        asm volatile goto("1: .byte 0xe5; .byte 0; .long ((%l[over] - 1b - 8) / 8) & 0xffff; .short 0" ::: : over);    \
        goto again;                                                                                                    \
    over:                                                                                                              \
        goes_on = 0;                                                                                                   \
    again:;                                                                                                            \
        goes_on;                                                                                                       \
    })
#else
#define swerve_loop() 1
#endif

#endif
