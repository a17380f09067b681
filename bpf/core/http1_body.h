/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/*
 * HTTP/1.1 body framing (RFC 9112 sections 6.3 and 7.1): which of a connection's bytes are one message's body. Pure and
 * incremental: a chunk header may be split between calls at any byte. Bytes are read through the accessors declared in
 * http1_scan.h, and only those of chunk headers and trailers are.
 *
 * Stricter than the RFC asks: no white space around a chunk size, and CR LF exactly where lines end.
 */
#ifndef SWERVE_CORE_HTTP1_BODY_H
#define SWERVE_CORE_HTTP1_BODY_H

#include "http1_scan.h"

enum {
    /* Bytes of chunk headers, line ends and trailers that one call reads. */
    SWERVE_HTTP1_STEPS_MAX = 512,
    /* Digits of a chunk size, leading zeros included. */
    SWERVE_HTTP1_DIGITS_MAX = 16,
    /* Bytes of one chunk extension, and of all trailers. */
    SWERVE_HTTP1_LINES_MAX = 16384,
};

/* Whether bytes of the body are still to come. */
static __always_inline int swerve_http1_is_open(const struct swerve_http1_body *body) {
    return body->phase != SWERVE_HTTP1_DONE && body->phase != SWERVE_HTTP1_BODY_MALFORMED;
}

/* The body of a request. */
static __always_inline void swerve_http1_body_of_request(const struct swerve_http1_head *head,
                                                         struct swerve_http1_body *body) {
    __u64 length = head->flags & SWERVE_HTTP1_HAS_LENGTH ? head->content_length : 0;
    body->remaining = length;
    body->line_length = 0;
    body->phase = head->flags & SWERVE_HTTP1_CHUNKED ? SWERVE_HTTP1_CHUNK_SIZE
                  : length                           ? SWERVE_HTTP1_LENGTH
                                                     : SWERVE_HTTP1_DONE;
}

/* The body of a response to a request of `method` (enum swerve_http1_method): the order is that of section 6.3. */
static __always_inline void swerve_http1_body_of_response(const struct swerve_http1_head *head, __u32 method,
                                                          struct swerve_http1_body *body) {
    __u32 status = head->status;
    swerve_http1_body_of_request(head, body);
    if (!(head->flags & (SWERVE_HTTP1_CHUNKED | SWERVE_HTTP1_HAS_LENGTH)))
        body->phase = SWERVE_HTTP1_UNTIL_CLOSE;
    if (method == SWERVE_HTTP1_CONNECT && status >= 200 && status < 300)
        body->phase = SWERVE_HTTP1_TUNNEL;
    if (method == SWERVE_HTTP1_HEAD || status < 200 || status == 204 || status == 304) {
        /* CONNECT gets its tunnel with any 2xx; HEAD never has one, and 101 always. */
        if (body->phase != SWERVE_HTTP1_TUNNEL)
            body->phase = status == 101 ? SWERVE_HTTP1_TUNNEL : SWERVE_HTTP1_DONE;
    }
    if (body->phase == SWERVE_HTTP1_DONE || body->phase == SWERVE_HTTP1_TUNNEL ||
        body->phase == SWERVE_HTTP1_UNTIL_CLOSE)
        body->remaining = 0;
}

/* Value of a hexadecimal digit, or 16. */
static __always_inline __u32 swerve_http1_hex(__u32 octet) {
    if (octet - '0' < 10)
        return octet - '0';
    __u32 letter = (octet | 0x20) - 'a';
    return letter < 6 ? letter + 10 : 16;
}

/* The phase after a byte of a chunk size. */
static __always_inline __u32 swerve_http1_digit(__u32 octet, __u32 zero, struct swerve_http1_body *body) {
    __u32 digit = swerve_http1_hex(octet);
    if (digit < 16) {
        body->remaining = body->remaining << 4 | digit;
        return ++body->line_length > SWERVE_HTTP1_DIGITS_MAX ? SWERVE_HTTP1_BODY_MALFORMED : SWERVE_HTTP1_CHUNK_DIGITS;
    }
    body->line_length = zero;
    return octet == '\r'  ? SWERVE_HTTP1_CHUNK_SIZE_LF
           : octet == ';' ? SWERVE_HTTP1_CHUNK_EXTENSION
                          : SWERVE_HTTP1_BODY_MALFORMED;
}

/* The phase after a byte of an extension or a trailer: more of it, the end of its line, or a fault. */
static __always_inline __u32 swerve_http1_text(__u32 octet, __u32 more, __u32 end, struct swerve_http1_body *body) {
    if (++body->line_length > SWERVE_HTTP1_LINES_MAX)
        return SWERVE_HTTP1_BODY_MALFORMED;
    if (octet == '\r')
        return end;
    return octet >= 0x20 || octet == '\t' ? more : SWERVE_HTTP1_BODY_MALFORMED;
}

/* The phase after one byte that is not chunk data. */
static __always_inline __u32 swerve_http1_step(__u32 octet, __u32 zero, struct swerve_http1_body *body) {
    switch (body->phase) {
    case SWERVE_HTTP1_CHUNK_SIZE:
        /* The first byte must be a digit: an empty line is no size, and an extension does not make it one. */
        if (swerve_http1_hex(octet) > 15)
            return SWERVE_HTTP1_BODY_MALFORMED;
        body->remaining = zero;
        body->line_length = zero;
        return swerve_http1_digit(octet, zero, body);
    case SWERVE_HTTP1_CHUNK_DIGITS:
        return swerve_http1_digit(octet, zero, body);
    case SWERVE_HTTP1_CHUNK_EXTENSION:
        return swerve_http1_text(octet, SWERVE_HTTP1_CHUNK_EXTENSION, SWERVE_HTTP1_CHUNK_SIZE_LF, body);
    case SWERVE_HTTP1_CHUNK_SIZE_LF:
        body->line_length = zero;
        if (octet != '\n')
            return SWERVE_HTTP1_BODY_MALFORMED;
        return body->remaining ? SWERVE_HTTP1_CHUNK_DATA : SWERVE_HTTP1_TRAILER;
    case SWERVE_HTTP1_CHUNK_DATA_CR:
        return octet == '\r' ? SWERVE_HTTP1_CHUNK_DATA_LF : SWERVE_HTTP1_BODY_MALFORMED;
    case SWERVE_HTTP1_CHUNK_DATA_LF:
        return octet == '\n' ? SWERVE_HTTP1_CHUNK_SIZE : SWERVE_HTTP1_BODY_MALFORMED;
    case SWERVE_HTTP1_TRAILER:
        if (octet == '\r')
            return SWERVE_HTTP1_FINAL_LF;
        /* A folded line, or one without a name. */
        if (octet == ' ' || octet == '\t' || octet == ':')
            return SWERVE_HTTP1_BODY_MALFORMED;
        return swerve_http1_text(octet, SWERVE_HTTP1_TRAILER_TEXT, SWERVE_HTTP1_TRAILER_LF, body);
    case SWERVE_HTTP1_TRAILER_TEXT:
        return swerve_http1_text(octet, SWERVE_HTTP1_TRAILER_TEXT, SWERVE_HTTP1_TRAILER_LF, body);
    case SWERVE_HTTP1_TRAILER_LF:
        return octet == '\n' ? SWERVE_HTTP1_TRAILER : SWERVE_HTTP1_BODY_MALFORMED;
    case SWERVE_HTTP1_FINAL_LF:
        return octet == '\n' ? SWERVE_HTTP1_DONE : SWERVE_HTTP1_BODY_MALFORMED;
    default:
        return SWERVE_HTTP1_BODY_MALFORMED;
    }
}

/* How many of bytes[offset..<size] belong to a chunked body that is open: see swerve_http1_advance. */
static __always_inline __u32 swerve_http1_advance_chunks(const struct swerve_bytes *bytes, __u32 offset, __u32 size,
                                                         struct swerve_http1_body *body) {
    __u32 zero = swerve_bytes_zero(bytes), steps = zero, position = swerve_http1_forget(bytes, offset);
    /* A copy, so that it can be kept in registers wherever the record is. */
    struct swerve_http1_body local = *body;
    while (swerve_loop() && position < size && swerve_http1_is_open(&local)) {
        if (local.phase == SWERVE_HTTP1_CHUNK_DATA) {
            __u64 taken = size - position;
            if (local.remaining <= taken) {
                taken = local.remaining;
                local.phase = SWERVE_HTTP1_CHUNK_DATA_CR;
            }
            local.remaining -= taken;
            position += taken;
        } else {
            __u32 octet = swerve_bytes_octet(bytes, position);
            if (octet > 255 || ++steps > SWERVE_HTTP1_STEPS_MAX)
                break;
            local.phase = swerve_http1_step(octet, zero, &local);
            position++;
        }
        local.phase = swerve_http1_forget(bytes, local.phase);
        local.line_length = swerve_http1_forget(bytes, local.line_length);
        position = swerve_http1_forget(bytes, position);
        steps = swerve_http1_forget(bytes, steps);
        size = swerve_http1_forget(bytes, size);
    }
    *body = local;
    return position - offset;
}

/*
 * How many of bytes[offset..<size] belong to the body, which is taken further by as many.
 *
 * Only chunk headers and trailers are read, so `size` may lie past what is readable. Afterwards the phase says whether
 * the body is over (DONE), broken (BODY_MALFORMED), or open. When it is open and less than all was taken, then a
 * byte was not readable or the call had read SWERVE_HTTP1_STEPS_MAX of them: call again from there, or let somebody
 * else.
 */
static __always_inline __u32 swerve_http1_advance(const struct swerve_bytes *bytes, __u32 offset, __u32 size,
                                                  struct swerve_http1_body *body) {
    __u32 available = size - offset;
    if (body->phase == SWERVE_HTTP1_LENGTH) {
        __u64 remaining = body->remaining;
        if (remaining > available) {
            body->remaining = remaining - available;
            return available;
        }
        body->remaining = 0;
        body->phase = SWERVE_HTTP1_DONE;
        return remaining;
    }
    if (!swerve_http1_is_open(body))
        return 0;
    if (body->phase < SWERVE_HTTP1_CHUNK_SIZE)
        return available;
    return swerve_http1_advance_chunks(bytes, offset, size, body);
}

#endif
