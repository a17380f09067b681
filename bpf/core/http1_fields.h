/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/* The field lines of a head: found eight bytes at a time, and read only where they bear on framing or on steering. */
#ifndef SWERVE_CORE_HTTP1_FIELDS_H
#define SWERVE_CORE_HTTP1_FIELDS_H

#include "http1_scan.h"

/* A field line that is read. */
struct swerve_http1_line {
    __u32 start;  /* first byte of the name */
    __u32 value;  /* first byte of the value, white space around it left out */
    __u32 behind; /* first byte behind that value */
    __u32 end;    /* the CR */
};

/* Whether a name of the right length goes on as `text` from its ninth to its sixteenth character. */
static __always_inline int swerve_http1_goes_on(const struct swerve_bytes *bytes, struct swerve_http1_extent extent,
                                                __u32 start, __u32 length, __u64 text) {
    __u64 word = swerve_http1_window(bytes, extent, start + 8) | SWERVE_LOWER;
    return length >= 16 ? word == text : ((word ^ text) << (8 * (16 - length))) == 0;
}

/*
 * Which field a line is, by its name: where it starts, its length, and its first eight characters in lower case. The
 * first four say no to almost all that are not read.
 */
static __always_inline __u32 swerve_http1_field_of(const struct swerve_bytes *bytes, struct swerve_http1_extent extent,
                                                   __u32 start, __u32 length, __u64 word) {
    __u32 field = SWERVE_HTTP1_FIELD_IGNORED, wanted = 0;
    __u64 text = 0, rest = 0;
    switch ((__u32)word) {
    case (__u32)SWERVE_TEXT('h', 'o', 's', 't', 0, 0, 0, 0):
        return length == 4 ? SWERVE_HTTP1_FIELD_HOST : SWERVE_HTTP1_FIELD_IGNORED;
    case (__u32)SWERVE_TEXT('c', 'o', 'n', 't', 0, 0, 0, 0):
        field = SWERVE_HTTP1_FIELD_CONTENT_LENGTH, wanted = 14;
        text = SWERVE_TEXT('c', 'o', 'n', 't', 'e', 'n', 't', '-');
        rest = SWERVE_TEXT('l', 'e', 'n', 'g', 't', 'h', 0, 0);
        break;
    case (__u32)SWERVE_TEXT('c', 'o', 'n', 'n', 0, 0, 0, 0):
        field = SWERVE_HTTP1_FIELD_CONNECTION, wanted = 10;
        text = SWERVE_TEXT('c', 'o', 'n', 'n', 'e', 'c', 't', 'i');
        rest = SWERVE_TEXT('o', 'n', 0, 0, 0, 0, 0, 0);
        break;
    case (__u32)SWERVE_TEXT('k', 'e', 'e', 'p', 0, 0, 0, 0):
        field = SWERVE_HTTP1_FIELD_KEEP_ALIVE, wanted = 10;
        text = SWERVE_TEXT('k', 'e', 'e', 'p', '-', 'a', 'l', 'i');
        rest = SWERVE_TEXT('v', 'e', 0, 0, 0, 0, 0, 0);
        break;
    case (__u32)SWERVE_TEXT('t', 'r', 'a', 'c', 0, 0, 0, 0):
        field = SWERVE_HTTP1_FIELD_TRACEPARENT, wanted = 11;
        text = SWERVE_TEXT('t', 'r', 'a', 'c', 'e', 'p', 'a', 'r');
        rest = SWERVE_TEXT('e', 'n', 't', 0, 0, 0, 0, 0);
        break;
    case (__u32)SWERVE_TEXT('h', 't', 't', 'p', 0, 0, 0, 0):
        field = SWERVE_HTTP1_FIELD_HTTP2_SETTINGS, wanted = 14;
        text = SWERVE_TEXT('h', 't', 't', 'p', '2', '-', 's', 'e');
        rest = SWERVE_TEXT('t', 't', 'i', 'n', 'g', 's', 0, 0);
        break;
    case (__u32)SWERVE_TEXT('e', 'x', 'p', 'e', 0, 0, 0, 0):
        return length == 6 && (word >> 32 & 0xffff) == ('c' | 't' << 8) ? SWERVE_HTTP1_FIELD_EXPECT
                                                                        : SWERVE_HTTP1_FIELD_IGNORED;
    case (__u32)SWERVE_TEXT('u', 'p', 'g', 'r', 0, 0, 0, 0):
        return length == 7 && word << 8 == SWERVE_TEXT(0, 'u', 'p', 'g', 'r', 'a', 'd', 'e')
                   ? SWERVE_HTTP1_FIELD_UPGRADE
                   : SWERVE_HTTP1_FIELD_IGNORED;
    case (__u32)SWERVE_TEXT('t', 'r', 'a', 'n', 0, 0, 0, 0):
        if ((swerve_bytes_octet(bytes, start + 16) | 0x20) != 'g')
            return SWERVE_HTTP1_FIELD_IGNORED;
        field = SWERVE_HTTP1_FIELD_TRANSFER_ENCODING, wanted = 17;
        text = SWERVE_TEXT('t', 'r', 'a', 'n', 's', 'f', 'e', 'r');
        rest = SWERVE_TEXT('-', 'e', 'n', 'c', 'o', 'd', 'i', 'n');
        break;
    default:
        return SWERVE_HTTP1_FIELD_IGNORED;
    }
    return length == wanted && word == text && swerve_http1_goes_on(bytes, extent, start, wanted, rest)
               ? field
               : SWERVE_HTTP1_FIELD_IGNORED;
}

/* A line that was found, without the white space around its value. `length` is that of its name. */
static __always_inline struct swerve_http1_line
swerve_http1_line(const struct swerve_bytes *bytes, const struct swerve_http1_head *head, __u32 field, __u32 length) {
    struct swerve_http1_line line = {.start = head->places[field].start, .end = head->places[field].end};
    line.value = swerve_http1_forget(bytes, line.start + length + 1);
    line.behind = swerve_http1_forget(bytes, line.end);
    while (swerve_loop() && line.value < line.behind) {
        __u32 octet = swerve_bytes_octet(bytes, line.value);
        if (octet != ' ' && octet != '\t')
            break;
        line.value = swerve_http1_forget(bytes, line.value + 1);
    }
    while (swerve_loop() && line.value < line.behind) {
        __u32 octet = swerve_bytes_octet(bytes, line.behind - 1);
        if (octet != ' ' && octet != '\t')
            break;
        line.behind = swerve_http1_forget(bytes, line.behind - 1);
    }
    line.value = swerve_http1_forget(bytes, line.value);
    line.behind = swerve_http1_forget(bytes, line.behind);
    return line;
}

static __always_inline enum swerve_http1_result swerve_http1_content_length(const struct swerve_bytes *bytes,
                                                                            struct swerve_http1_head *head) {
    struct swerve_http1_line line = swerve_http1_line(bytes, head, SWERVE_HTTP1_FIELD_CONTENT_LENGTH, 14);
    /* Nineteen digits are always less than 2^64. */
    if (line.behind - line.value - 1 > 18)
        return SWERVE_HTTP1_MALFORMED;
    __u64 length = swerve_bytes_zero(bytes);
    for (__u32 offset = line.value; swerve_loop() && offset < line.behind;
         offset = swerve_http1_forget(bytes, offset + 1)) {
        __u32 digit = swerve_bytes_octet(bytes, offset) - '0';
        if (digit > 9)
            return SWERVE_HTTP1_MALFORMED;
        length = length * 10 + digit;
    }
    head->content_length = length;
    return SWERVE_HTTP1_COMPLETE;
}

/* Whether the value is a text of five to eight characters, in any case. */
static __always_inline int swerve_http1_is(const struct swerve_bytes *bytes, const struct swerve_http1_line *line,
                                           __u32 length, __u64 text) {
    /* When the word is not readable the text and its CR LF do not fit either. */
    __u64 word = swerve_bytes_word(bytes, line->value) | SWERVE_LOWER;
    return line->behind - line->value == length && ((word ^ text) << (64 - 8 * length)) == 0;
}

/* What a connection option means; the last sixteen characters of it, the very last in the lowest bits. */
static __always_inline __u32 swerve_http1_option(__u64 high, __u64 low) {
    if (!high && low == __builtin_bswap64(SWERVE_TEXT(0, 0, 0, 'c', 'l', 'o', 's', 'e')))
        return SWERVE_HTTP1_CLOSE;
    if (!high && low == __builtin_bswap64(SWERVE_TEXT(0, 'u', 'p', 'g', 'r', 'a', 'd', 'e')))
        return SWERVE_HTTP1_CONNECTION_UPGRADE;
    if (high == ('k' << 8 | 'e') && low == __builtin_bswap64(SWERVE_TEXT('e', 'p', '-', 'a', 'l', 'i', 'v', 'e')))
        return SWERVE_HTTP1_KEEP_ALIVE;
    return high | low ? SWERVE_HTTP1_CONNECTION_OTHER : 0;
}

/* The flags of a Connection line. */
static __always_inline __u32 swerve_http1_options(const struct swerve_bytes *bytes,
                                                  const struct swerve_http1_line *line) {
    if (swerve_http1_is(bytes, line, 5, SWERVE_TEXT('c', 'l', 'o', 's', 'e', 0, 0, 0)))
        return SWERVE_HTTP1_CLOSE;
    /* What most servers send with every response, without a walk. */
    if (line->behind - line->value == 10 &&
        (swerve_bytes_word(bytes, line->value) | SWERVE_LOWER) == SWERVE_TEXT('k', 'e', 'e', 'p', '-', 'a', 'l', 'i') &&
        (swerve_bytes_word(bytes, line->value + 2) | SWERVE_LOWER) ==
            SWERVE_TEXT('e', 'p', '-', 'a', 'l', 'i', 'v', 'e'))
        return SWERVE_HTTP1_KEEP_ALIVE;
    __u32 flags = swerve_bytes_zero(bytes);
    __u64 high = flags, low = high;
    for (__u32 offset = line->value; swerve_loop() && offset < line->behind;
         offset = swerve_http1_forget(bytes, offset + 1)) {
        __u32 octet = swerve_bytes_octet(bytes, offset);
        /* Not to be: the line was read before. It is what ends the loop for the verifier. */
        if (octet > 255)
            break;
        if (octet == ',' || octet == ' ' || octet == '\t') {
            flags |= swerve_http1_option(high, low);
            high = low = swerve_bytes_zero(bytes);
            continue;
        }
        high = high << 8 | low >> 56;
        low = low << 8 | (octet | 0x20);
    }
    return flags | swerve_http1_option(high, low);
}

/* One or two Connection lines; nobody sends three, and keeping all would cost everybody. */
static __always_inline void swerve_http1_connection(const struct swerve_bytes *bytes, struct swerve_http1_head *head) {
    struct swerve_http1_line line = swerve_http1_line(bytes, head, SWERVE_HTTP1_FIELD_CONNECTION, 10);
    head->connection = line.start;
    head->connection_length = line.end + 2 - line.start;
    head->flags =
        swerve_http1_forget(bytes, head->flags | SWERVE_HTTP1_HAS_CONNECTION | swerve_http1_options(bytes, &line));
    if (!(head->seen & 1 << SWERVE_HTTP1_FIELD_CONNECTION_AGAIN))
        return;
    line = swerve_http1_line(bytes, head, SWERVE_HTTP1_FIELD_CONNECTION_AGAIN, 10);
    head->flags =
        swerve_http1_forget(bytes, head->flags | SWERVE_HTTP1_SEVERAL_CONNECTIONS | swerve_http1_options(bytes, &line));
}

/* A trace parent of version 00 (W3C Trace Context): 00-32 digits-16 digits-2 digits. Several count as none. */
static __always_inline void swerve_http1_traceparent(const struct swerve_bytes *bytes, struct swerve_http1_head *head) {
    struct swerve_http1_line line = swerve_http1_line(bytes, head, SWERVE_HTTP1_FIELD_TRACEPARENT, 11);
    head->flags |= SWERVE_HTTP1_HAS_TRACEPARENT;
    if (line.behind - line.value == 55 && swerve_bytes_octet(bytes, line.value + 2) == '-' &&
        swerve_bytes_octet(bytes, line.value + 35) == '-' && swerve_bytes_octet(bytes, line.value + 52) == '-' &&
        !(head->repeated & 1 << SWERVE_HTTP1_FIELD_TRACEPARENT))
        head->traceparent = line.value;
}

static __always_inline int swerve_http1_is_continue(const struct swerve_bytes *bytes,
                                                    const struct swerve_http1_head *head) {
    struct swerve_http1_line line = swerve_http1_line(bytes, head, SWERVE_HTTP1_FIELD_EXPECT, 6);
    __u64 word = swerve_bytes_word(bytes, line.value) | SWERVE_LOWER;
    __u64 last = swerve_bytes_word(bytes, line.value + 4) | SWERVE_LOWER;
    return line.behind - line.value == 12 && word == SWERVE_TEXT('1', '0', '0', '-', 'c', 'o', 'n', 't') &&
           last == SWERVE_TEXT('c', 'o', 'n', 't', 'i', 'n', 'u', 'e');
}

/* Where the body ends, according to the fields that say so. A second line is one too many even when it says the
 * same. */
static __always_inline enum swerve_http1_result swerve_http1_read_framing(const struct swerve_bytes *bytes,
                                                                          struct swerve_http1_head *head) {
    enum {
        SINGLE = 1 << SWERVE_HTTP1_FIELD_CONTENT_LENGTH | 1 << SWERVE_HTTP1_FIELD_TRANSFER_ENCODING |
                 1 << SWERVE_HTTP1_FIELD_HOST | 1 << SWERVE_HTTP1_FIELD_CONNECTION_AGAIN
    };
    if (head->repeated & SINGLE)
        return SWERVE_HTTP1_MALFORMED;
    if (head->seen & 1 << SWERVE_HTTP1_FIELD_CONTENT_LENGTH) {
        if (swerve_http1_content_length(bytes, head) != SWERVE_HTTP1_COMPLETE)
            return SWERVE_HTTP1_MALFORMED;
        head->flags |= SWERVE_HTTP1_HAS_LENGTH;
    }
    if (head->seen & 1 << SWERVE_HTTP1_FIELD_TRANSFER_ENCODING) {
        struct swerve_http1_line line = swerve_http1_line(bytes, head, SWERVE_HTTP1_FIELD_TRANSFER_ENCODING, 17);
        if (!swerve_http1_is(bytes, &line, 7, SWERVE_TEXT('c', 'h', 'u', 'n', 'k', 'e', 'd', 0)))
            return SWERVE_HTTP1_MALFORMED;
        head->flags |= SWERVE_HTTP1_CHUNKED;
    }
    return SWERVE_HTTP1_COMPLETE;
}

/* Reads the lines that were found. */
static __always_inline enum swerve_http1_result swerve_http1_read_fields(const struct swerve_bytes *bytes,
                                                                         struct swerve_http1_head *head) {
    if (swerve_http1_read_framing(bytes, head) != SWERVE_HTTP1_COMPLETE)
        return SWERVE_HTTP1_MALFORMED;
    __u32 seen = head->seen;
    if (seen & 1 << SWERVE_HTTP1_FIELD_HOST) {
        struct swerve_http1_line line = swerve_http1_line(bytes, head, SWERVE_HTTP1_FIELD_HOST, 4);
        head->flags |= SWERVE_HTTP1_HAS_HOST;
        head->host = line.value;
        head->host_length = line.behind - line.value;
    }
    if (seen & 1 << SWERVE_HTTP1_FIELD_CONNECTION)
        swerve_http1_connection(bytes, head);
    if (__builtin_expect(!(seen >> SWERVE_HTTP1_FIELD_UPGRADE), 1))
        return SWERVE_HTTP1_COMPLETE;
    if (seen & 1 << SWERVE_HTTP1_FIELD_UPGRADE)
        head->flags |= SWERVE_HTTP1_UPGRADE;
    if (seen & 1 << SWERVE_HTTP1_FIELD_HTTP2_SETTINGS)
        head->flags |= SWERVE_HTTP1_HTTP2_SETTINGS;
    if (seen & 1 << SWERVE_HTTP1_FIELD_EXPECT && swerve_http1_is_continue(bytes, head))
        head->flags |= SWERVE_HTTP1_EXPECT_CONTINUE;
    if (seen & 1 << SWERVE_HTTP1_FIELD_TRACEPARENT)
        swerve_http1_traceparent(bytes, head);
    return SWERVE_HTTP1_COMPLETE;
}

/* Keeps where a line is, when it is one of those that are read. */
static __always_inline void swerve_http1_keep(const struct swerve_bytes *bytes, struct swerve_http1_head *head,
                                              __u32 field, __u32 start, __u32 end) {
    if (__builtin_expect(field == SWERVE_HTTP1_FIELD_IGNORED, 1))
        return;
    if (field == SWERVE_HTTP1_FIELD_CONNECTION)
        field += head->seen >> SWERVE_HTTP1_FIELD_CONNECTION & 1;
    field = swerve_http1_forget(bytes, field) % SWERVE_HTTP1_FIELDS;
    head->repeated |= head->seen & 1U << field;
    head->seen |= 1U << field;
    head->places[field].start = start;
    head->places[field].end = end;
}

/* Finds the field lines and the empty line behind them. */
static __always_inline enum swerve_http1_result swerve_http1_find_fields(const struct swerve_bytes *bytes,
                                                                         struct swerve_http1_extent extent,
                                                                         struct swerve_http1_head *head) {
    head->flags = swerve_http1_forget(bytes, head->flags);
    head->status = swerve_http1_forget(bytes, head->status);
    head->places[swerve_http1_forget(bytes, 0) % SWERVE_HTTP1_FIELDS].start = 0;
    __u32 start = swerve_http1_forget(bytes, head->cursor);
    enum swerve_http1_result result = SWERVE_HTTP1_TOO_LONG;
    while (swerve_loop()) {
        /* First the end of the line, which the next line waits for, and only then what the line is. */
        struct swerve_http1_hit hit;
        result = swerve_http1_line_end(bytes, extent, start, &hit);
        if (result != SWERVE_HTTP1_COMPLETE)
            break;
        extent.end = swerve_http1_forget(bytes, extent.end);
        __u32 end = swerve_http1_forget(bytes, hit.position);
        if (end == start) {
            start += 2;
            break;
        }
        __u64 word = swerve_http1_window(bytes, extent, start);
        /* The first byte that a name cannot have: its colon, or one up to 0x20. */
        hit = swerve_http1_scan_from(bytes, extent, start, word, 0x21, ':');
        result = SWERVE_HTTP1_MALFORMED;
        if ((hit.pair & 0xff) != ':' || hit.position == start)
            break;
        __u32 field = swerve_http1_field_of(bytes, extent, start, hit.position - start, word | SWERVE_LOWER);
        swerve_http1_keep(bytes, head, field, start, end);
        start = swerve_http1_forget(bytes, end + 2);
        result = SWERVE_HTTP1_TOO_LONG;
    }
    head->cursor = start;
    return result;
}

#endif
