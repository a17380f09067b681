/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/*
 * HTTP/1.1 heads (RFC 9112): pure, bounded, no helpers and no maps.
 *
 * Whoever includes this file says how bytes are read, by defining `struct swerve_bytes` and the three accessors declared
 * in http1_scan.h: packet access in the kernel, memory natively. Everything else, and so every verdict, is this text.
 *
 * Where two readers of one head could disagree about where its body ends (request smuggling), the head is malformed,
 * also where RFC 9112 lets a reader repair it: more than one Content-Length or Transfer-Encoding line, equal or not;
 * a Content-Length that is not 1 to 19 digits; both together; a transfer coding other than `chunked`; any of it in
 * HTTP/1.0 with a transfer coding; a line without a colon, without a name, with a byte up to 0x20 in its name, or folded;
 * a line that does not end in CR LF; a control character other than HTAB. A request must have one Host (none is fine in
 * HTTP/1.0) and single spaces in its first line.
 *
 * What is left to the endpoint, because checking every byte of every name would cost more than it is worth here: the
 * other delimiters in a field name, DEL and bytes from 0x80 on, and what a target or a Host consists of.
 */
#ifndef SWERVE_CORE_HTTP1_H
#define SWERVE_CORE_HTTP1_H

#include "hash.h"
#include "http1_fields.h"

/* Method of a first word of which the bytes behind its first space are zero. */
static __always_inline __u32 swerve_http1_method_of(__u64 word) {
    switch (word) {
    case SWERVE_TEXT('G', 'E', 'T', ' ', 0, 0, 0, 0):
        return SWERVE_HTTP1_GET;
    case SWERVE_TEXT('H', 'E', 'A', 'D', ' ', 0, 0, 0):
        return SWERVE_HTTP1_HEAD;
    case SWERVE_TEXT('P', 'O', 'S', 'T', ' ', 0, 0, 0):
        return SWERVE_HTTP1_POST;
    case SWERVE_TEXT('P', 'U', 'T', ' ', 0, 0, 0, 0):
        return SWERVE_HTTP1_PUT;
    case SWERVE_TEXT('D', 'E', 'L', 'E', 'T', 'E', ' ', 0):
        return SWERVE_HTTP1_DELETE;
    case SWERVE_TEXT('C', 'O', 'N', 'N', 'E', 'C', 'T', ' '):
        return SWERVE_HTTP1_CONNECT;
    case SWERVE_TEXT('O', 'P', 'T', 'I', 'O', 'N', 'S', ' '):
        return SWERVE_HTTP1_OPTIONS;
    case SWERVE_TEXT('T', 'R', 'A', 'C', 'E', ' ', 0, 0):
        return SWERVE_HTTP1_TRACE;
    case SWERVE_TEXT('P', 'A', 'T', 'C', 'H', ' ', 0, 0):
        return SWERVE_HTTP1_PATCH;
    default:
        return SWERVE_HTTP1_OTHER;
    }
}

/* Whether an octet may be part of a token (RFC 9110 section 5.6.2). */
static __always_inline int swerve_http1_is_token(__u32 octet) {
    /* One bit per octet: digits and !#$%&'*+-. below 64, letters and ^_`|~ from there on. */
    __u64 bits = octet < 64 ? 0x03ff6cfa00000000ULL : 0x57ffffffc7fffffeULL;
    return octet < 128 && (bits >> (octet & 63)) & 1;
}

/* The space behind a method that is not one of the known ones: the slow way, octet by octet. */
static __always_inline enum swerve_http1_result swerve_http1_other_method(const struct swerve_bytes *bytes,
                                                                          struct swerve_http1_extent extent, __u32 line,
                                                                          __u32 *space) {
    if (swerve_bytes_word(bytes, line) == SWERVE_TEXT('P', 'R', 'I', ' ', '*', ' ', 'H', 'T'))
        return SWERVE_HTTP1_NOT_HTTP;
    __u32 offset = line;
    while (swerve_loop() && offset < extent.end) {
        __u32 octet = swerve_bytes_octet(bytes, offset);
        if (!swerve_http1_is_token(octet)) {
            *space = offset;
            if (offset == line)
                return SWERVE_HTTP1_NOT_HTTP;
            return octet == ' ' ? SWERVE_HTTP1_COMPLETE : SWERVE_HTTP1_MALFORMED;
        }
        offset = swerve_http1_forget(bytes, offset + 1);
    }
    return SWERVE_HTTP1_INCOMPLETE;
}

/* Hash of the first 32 bytes of the target, cut before its query: paths that differ later count as one. */
static __always_inline __u64 swerve_http1_hash(const struct swerve_bytes *bytes, __u32 target) {
    __u64 hash = 0;
    for (__u32 done = 0; done < SWERVE_HTTP1_HASH_BYTES; done += 8) {
        /* Readable as a whole: at least " HTTP/1.1" and CR LF follow the target. */
        __u64 word = swerve_bytes_word(bytes, target + done);
        /* The end of the target is a space. */
        __u64 marks = swerve_http1_below(word, 0x21) | swerve_http1_equal(word, '?');
        __u64 kept = swerve_http1_lowest(marks) >> 7;
        hash = (hash ^ (word & (kept - 1))) * 0x9e3779b97f4a7c15ULL;
        hash ^= hash >> 32;
        if (marks)
            break;
    }
    return hash;
}

/* The version and the line end behind the target, which is all that may follow it. */
static __always_inline enum swerve_http1_result swerve_http1_version(const struct swerve_bytes *bytes,
                                                                     struct swerve_http1_extent extent, __u32 offset,
                                                                     struct swerve_http1_head *head) {
    __u64 word = swerve_http1_window(bytes, extent, offset);
    __u64 marks = swerve_http1_below(word, 0x21);
    if (marks)
        return offset + swerve_http1_index(swerve_http1_lowest(marks)) < extent.end ? SWERVE_HTTP1_MALFORMED
                                                                                    : SWERVE_HTTP1_INCOMPLETE;
    __u32 minor = (__u32)(word >> 56) - '0';
    if ((word << 8) != SWERVE_TEXT(0, 'H', 'T', 'T', 'P', '/', '1', '.') || minor > 9)
        return SWERVE_HTTP1_MALFORMED;
    if (minor)
        head->flags |= SWERVE_HTTP1_VERSION_1_1;
    struct swerve_http1_hit hit = {offset + 8, swerve_http1_window(bytes, extent, offset + 8) & 0xffff};
    return swerve_http1_line_break(extent, hit);
}

/* The request line: `method SP target SP HTTP/1.x CR LF`. One empty line in front of it is ignored (section 2.2). */
static __always_inline enum swerve_http1_result swerve_http1_request_line(const struct swerve_bytes *bytes,
                                                                          struct swerve_http1_extent extent,
                                                                          struct swerve_http1_head *head) {
    __u32 line = head->cursor;
    __u64 word = swerve_http1_window(bytes, extent, line);
    if ((word & 0xffff) == SWERVE_CR_LF) {
        line += 2;
        word = swerve_http1_window(bytes, extent, line);
    }
    __u64 mark = swerve_http1_lowest(swerve_http1_below(word, 0x21));
    __u32 space = line + swerve_http1_index(mark);
    /* Without a mark all eight bytes are kept, and no method is that long without its space. */
    head->method = swerve_http1_method_of(word & ((mark << 1) - 1));
    if (!head->method) {
        enum swerve_http1_result result = swerve_http1_other_method(bytes, extent, line, &space);
        if (result != SWERVE_HTTP1_COMPLETE)
            return result;
    }
    __u32 target = space + 1;
    struct swerve_http1_hit hit = swerve_http1_scan(bytes, extent, target, 0x21);
    if (hit.position >= extent.end)
        return SWERVE_HTTP1_INCOMPLETE;
    if ((hit.pair & 0xff) != ' ' || hit.position == target)
        return SWERVE_HTTP1_MALFORMED;
    enum swerve_http1_result result = swerve_http1_version(bytes, extent, hit.position + 1, head);
    if (result != SWERVE_HTTP1_COMPLETE)
        return result;
    head->target = target;
    head->target_length = hit.position - target;
    head->target_hash = swerve_http1_hash(bytes, target);
    head->cursor = hit.position + 11;
    head->flags |= SWERVE_HTTP1_HAS_FIRST_LINE;
    return SWERVE_HTTP1_COMPLETE;
}

/* The status line: `HTTP/1.x SP status [SP [reason]] CR LF`. */
static __always_inline enum swerve_http1_result swerve_http1_status_line(const struct swerve_bytes *bytes,
                                                                         struct swerve_http1_extent extent,
                                                                         struct swerve_http1_head *head) {
    __u32 line = head->cursor;
    __u64 word = swerve_bytes_word(bytes, line);
    __u32 minor = (__u32)(word >> 56) - '0';
    if ((word << 8) != SWERVE_TEXT(0, 'H', 'T', 'T', 'P', '/', '1', '.'))
        return SWERVE_HTTP1_NOT_HTTP;
    if (extent.end - line < 13)
        return SWERVE_HTTP1_INCOMPLETE;
    word = swerve_http1_window(bytes, extent, line + 8);
    __u32 hundreds = ((word >> 8) & 0xff) - '0', tens = ((word >> 16) & 0xff) - '0', ones = ((word >> 24) & 0xff) - '0';
    __u32 next = (word >> 32) & 0xff;
    if (minor > 9 || (word & 0xff) != ' ' || hundreds - 1 > 8 || tens > 9 || ones > 9 || (next != ' ' && next != '\r'))
        return SWERVE_HTTP1_MALFORMED;
    struct swerve_http1_hit hit;
    enum swerve_http1_result result = swerve_http1_line_end(bytes, extent, line + 12, &hit);
    if (result != SWERVE_HTTP1_COMPLETE)
        return result;
    if (minor)
        head->flags |= SWERVE_HTTP1_VERSION_1_1;
    head->status = hundreds * 100 + tens * 10 + ones;
    head->cursor = hit.position + 2;
    head->flags |= SWERVE_HTTP1_HAS_FIRST_LINE;
    return SWERVE_HTTP1_COMPLETE;
}

/* What can be told of less than a word: no head is that short, but another protocol shows at once. */
static __always_inline enum swerve_http1_result swerve_http1_beginning(const struct swerve_bytes *bytes,
                                                                       const struct swerve_http1_head *head,
                                                                       struct swerve_http1_extent extent) {
    __u32 octet = head->start < extent.end ? swerve_bytes_octet(bytes, head->start) : '\r';
    return swerve_http1_is_token(octet) || octet == '\r' ? SWERVE_HTTP1_INCOMPLETE : SWERVE_HTTP1_NOT_HTTP;
}

/* What holds for a head as a whole. */
static __always_inline enum swerve_http1_result swerve_http1_finish(const struct swerve_bytes *bytes,
                                                                    struct swerve_http1_head *head) {
    head->length = head->cursor - head->start;
    enum swerve_http1_result result = swerve_http1_read_fields(bytes, head);
    __u32 flags = head->flags;
    if (flags & SWERVE_HTTP1_CHUNKED && (flags & SWERVE_HTTP1_HAS_LENGTH || !(flags & SWERVE_HTTP1_VERSION_1_1)))
        return SWERVE_HTTP1_MALFORMED;
    return result;
}

/* Begins a head at offset `start`. The places are left as they are: `seen` says which mean something. */
static __always_inline void swerve_http1_begin(const struct swerve_bytes *bytes, __u32 start,
                                               struct swerve_http1_head *head) {
    __u32 zero = swerve_bytes_zero(bytes);
    head->content_length = zero;
    head->target_hash = zero;
    head->start = start;
    head->cursor = start + zero;
    head->length = 0;
    head->flags = zero;
    head->method = zero;
    head->status = zero;
    head->target = zero;
    head->target_length = zero;
    head->host = zero;
    head->host_length = zero;
    head->traceparent = zero;
    head->connection = zero;
    head->connection_length = zero;
    head->seen = zero;
    head->repeated = zero;
    head->reserved = 0;
}

/*
 * Parses the request head that was begun in `head`.
 *
 * `size` is where the readable bytes end; they may be more than the head. Heads of more than `limit` bytes are
 * TOO_LONG. After INCOMPLETE call again with the same bytes and more: the lines seen are not read again. Only after
 * COMPLETE does every field of the head mean something.
 */
static __always_inline enum swerve_http1_result
swerve_http1_parse_request(const struct swerve_bytes *bytes, __u32 size, __u32 limit, struct swerve_http1_head *head) {
    struct swerve_http1_extent extent = swerve_http1_extent(bytes, head, size, limit);
    if (extent.end - head->start < 8)
        return swerve_http1_beginning(bytes, head, extent);
    enum swerve_http1_result result = SWERVE_HTTP1_COMPLETE;
    if (!(head->flags & SWERVE_HTTP1_HAS_FIRST_LINE))
        result = swerve_http1_request_line(bytes, extent, head);
    if (result == SWERVE_HTTP1_COMPLETE)
        result = swerve_http1_find_fields(bytes, extent, head);
    if (result == SWERVE_HTTP1_COMPLETE)
        result = swerve_http1_finish(bytes, head);
    if (result == SWERVE_HTTP1_COMPLETE && !(head->flags & SWERVE_HTTP1_HAS_HOST) &&
        head->flags & SWERVE_HTTP1_VERSION_1_1)
        return SWERVE_HTTP1_MALFORMED;
    return result == SWERVE_HTTP1_INCOMPLETE && extent.end - head->start >= limit ? SWERVE_HTTP1_TOO_LONG : result;
}

/* Parses the response head that was begun in `head`; otherwise as swerve_http1_parse_request. */
static __always_inline enum swerve_http1_result
swerve_http1_parse_response(const struct swerve_bytes *bytes, __u32 size, __u32 limit, struct swerve_http1_head *head) {
    struct swerve_http1_extent extent = swerve_http1_extent(bytes, head, size, limit);
    if (extent.end - head->start < 8)
        return swerve_http1_beginning(bytes, head, extent);
    enum swerve_http1_result result = SWERVE_HTTP1_COMPLETE;
    if (!(head->flags & SWERVE_HTTP1_HAS_FIRST_LINE))
        result = swerve_http1_status_line(bytes, extent, head);
    if (result == SWERVE_HTTP1_COMPLETE)
        result = swerve_http1_find_fields(bytes, extent, head);
    if (result == SWERVE_HTTP1_COMPLETE)
        result = swerve_http1_finish(bytes, head);
    return result == SWERVE_HTTP1_INCOMPLETE && extent.end - head->start >= limit ? SWERVE_HTTP1_TOO_LONG : result;
}

/* Whether the connection outlives the message, as far as this head decides it (RFC 9112 section 9.3). */
static __always_inline int swerve_http1_persists(const struct swerve_http1_head *head) {
    if (head->flags & SWERVE_HTTP1_CLOSE)
        return 0;
    return (head->flags & (SWERVE_HTTP1_VERSION_1_1 | SWERVE_HTTP1_KEEP_ALIVE)) != 0;
}

#endif
