/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/*
 * HTTP/1.1 in a message or packet. The includer says which of the two a program runs on, by `context`.
 *
 * These are functions to the verifier, too: it follows each once for any arguments, instead of once for every state
 * that a caller can be in, which would be more than it has patience for.
 */
#ifndef SWERVE_PARSING_H
#define SWERVE_PARSING_H

#include "packet.h"

#include "core/http1.h"
#include "core/http1_body.h"

static __always_inline struct swerve_bytes bytes_of(context *ctx) {
    return swerve_packet_bytes((void *)(long)ctx->data, (void *)(long)ctx->data_end);
}

/* What the programs need to know of a head. */
struct parsed {
    struct swerve_http1_body body;
    __u32 length;   /* of the head */
    __u32 flags;    /* enum swerve_http1_flag */
    __u32 method;   /* of a request: enum swerve_http1_method */
    __u32 status;   /* of a response */
    __u32 persists; /* 1 when the connection outlives the message */
    __u32 reserved;
};

static __always_inline void extract(const struct swerve_http1_head *head, struct parsed *parsed) {
    parsed->length = head->cursor;
    parsed->flags = head->flags;
    parsed->persists = swerve_http1_persists(head);
}

/* Parses the request head at the beginning. Returns an enum swerve_http1_result. */
__noinline int parse_request(context *ctx, struct parsed *parsed) {
    if (!parsed)
        return SWERVE_HTTP1_MALFORMED;
    struct swerve_bytes bytes = bytes_of(ctx);
    struct swerve_http1_head head;
    swerve_http1_begin(&bytes, 0, &head);
    int result = swerve_http1_parse_request(&bytes, bytes.size, SWERVE_KERNEL_HEAD_MAX, &head);
    if (result != SWERVE_HTTP1_COMPLETE)
        return result;
    extract(&head, parsed);
    parsed->method = head.method;
    swerve_http1_body_of_request(&head, &parsed->body);
    return result;
}

/* Parses the head of the response to a request of `method`. Returns an enum swerve_http1_result. */
__noinline int parse_response(context *ctx, __u32 method, struct parsed *parsed) {
    if (!parsed)
        return SWERVE_HTTP1_MALFORMED;
    struct swerve_bytes bytes = bytes_of(ctx);
    struct swerve_http1_head head;
    swerve_http1_begin(&bytes, 0, &head);
    int result = swerve_http1_parse_response(&bytes, bytes.size, SWERVE_KERNEL_HEAD_MAX, &head);
    if (result != SWERVE_HTTP1_COMPLETE)
        return result;
    extract(&head, parsed);
    parsed->status = head.status;
    swerve_http1_body_of_response(&head, method, &parsed->body);
    return result;
}

/* How many bytes from `offset` to `size` belong to a chunked body; see swerve_http1_advance. */
__noinline int advance_chunks(context *ctx, struct swerve_http1_body *body, __u32 offset, __u32 size) {
    if (!body)
        return 0;
    struct swerve_bytes bytes = bytes_of(ctx);
    return (int)swerve_http1_advance(&bytes, offset, size, body);
}

enum {
    /* Times that a chunk header is looked for in what could not be read before. */
    SWERVE_WINDOWS_MAX = 16,
};

/* The same of a body whose chunk headers may lie in different pieces of the message. */
static __always_inline __u32 advance_by_windows(context *ctx, struct swerve_http1_body *body, __u32 offset,
                                                __u32 size) {
    __u32 position = offset, base = 0;
#pragma clang loop unroll(disable)
    for (int window = 0; window < SWERVE_WINDOWS_MAX; window++) {
        __u32 taken = (__u32)advance_chunks(ctx, body, position - base, size - base);
        position += taken;
        if (position >= size || !swerve_http1_is_open(body) || (window && !taken))
            break;
        base = gather_from(ctx, position);
    }
    return position - offset;
}

/* How many bytes from `offset` to `size` belong to the body, which is taken further by as many. */
static __always_inline __u32 advance(context *ctx, struct swerve_http1_body *body, __u32 offset, __u32 size) {
    if (body->phase == SWERVE_HTTP1_DONE)
        return 0;
    if (body->phase != SWERVE_HTTP1_LENGTH)
        return advance_by_windows(ctx, body, offset, size);
    __u32 available = size - offset;
    if (body->remaining > available) {
        body->remaining -= available;
        return available;
    }
    __u32 taken = (__u32)body->remaining;
    body->remaining = 0;
    body->phase = SWERVE_HTTP1_DONE;
    return taken;
}

#endif
