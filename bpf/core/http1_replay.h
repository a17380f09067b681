/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/*
 * One HTTP/1.1 message with all that is said of it, so that the kernel's answer and the native one can be compared byte
 * by byte. Run by replay_http1.bpf.c in the kernel and by http1_native.c in user space.
 */
#ifndef SWERVE_CORE_HTTP1_REPLAY_H
#define SWERVE_CORE_HTTP1_REPLAY_H

#include "http1.h"
#include "http1_body.h"

/* Takes the message as far as its first `size` bytes tell. */
static __always_inline void swerve_http1_replay(const struct swerve_bytes *bytes, __u32 size,
                                                struct swerve_http1_vector *vector) {
    if (vector->result == SWERVE_HTTP1_INCOMPLETE) {
        if (vector->is_response) {
            vector->result = swerve_http1_parse_response(bytes, size, vector->limit, &vector->head);
            swerve_http1_body_of_response(&vector->head, vector->method, &vector->body);
        } else {
            vector->result = swerve_http1_parse_request(bytes, size, vector->limit, &vector->head);
            swerve_http1_body_of_request(&vector->head, &vector->body);
        }
    }
    __u32 offset = vector->head.cursor + vector->taken;
    if (vector->result == SWERVE_HTTP1_COMPLETE && offset < size)
        vector->taken += swerve_http1_advance(bytes, offset, size, &vector->body);
}

#endif
