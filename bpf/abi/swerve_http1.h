/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/* HTTP/1.1 framing as the maps hold it. */
#ifndef SWERVE_HTTP1_H
#define SWERVE_HTTP1_H

#include <linux/types.h>

/*
 * HTTP/1.1 body framing (RFC 9112 sections 6 and 7): how far a body has come, so that the next bytes of its connection
 * can be told apart into body and what follows it. See core/http1_body.h.
 */
enum swerve_http1_phase {
    SWERVE_HTTP1_DONE = 0,        /* no body, or its last byte has passed: a head comes next */
    SWERVE_HTTP1_LENGTH = 1,      /* `remaining` bytes are left */
    SWERVE_HTTP1_UNTIL_CLOSE = 2, /* everything up to the end of the connection */
    SWERVE_HTTP1_TUNNEL = 3,      /* no longer HTTP/1: after 101, or a successful CONNECT */
    SWERVE_HTTP1_BODY_MALFORMED = 4,
    SWERVE_HTTP1_CHUNK_SIZE = 5,      /* before the first digit of a chunk size */
    SWERVE_HTTP1_CHUNK_DIGITS = 6,    /* within a chunk size; `remaining` is its value so far */
    SWERVE_HTTP1_CHUNK_EXTENSION = 7, /* between a chunk size and the CR of its line */
    SWERVE_HTTP1_CHUNK_SIZE_LF = 8,   /* after that CR */
    SWERVE_HTTP1_CHUNK_DATA = 9,      /* `remaining` bytes of the chunk are left */
    SWERVE_HTTP1_CHUNK_DATA_CR = 10,  /* after the data of a chunk */
    SWERVE_HTTP1_CHUNK_DATA_LF = 11,
    SWERVE_HTTP1_TRAILER = 12,      /* at the start of a line behind the last chunk */
    SWERVE_HTTP1_TRAILER_TEXT = 13, /* within a trailer line */
    SWERVE_HTTP1_TRAILER_LF = 14,   /* after the CR of a trailer line */
    SWERVE_HTTP1_FINAL_LF = 15,     /* after the CR of the empty line */
};

struct swerve_http1_body {
    __u64 remaining;
    __u32 phase;       /* enum swerve_http1_phase */
    __u32 line_length; /* digits of the chunk size, bytes of the extension, or bytes of all trailers so far */
};

#endif
