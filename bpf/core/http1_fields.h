/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/* The field lines of a head: found eight bytes at a time, and read only where they bear on framing or on steering. */
#ifndef SWERVE_CORE_HTTP1_FIELDS_H
#define SWERVE_CORE_HTTP1_FIELDS_H

#include "http1_scan.h"

/* The fields that are read. */
enum swerve_http1_field {
    SWERVE_FIELD_IGNORED,
    SWERVE_FIELD_CONTENT_LENGTH,
    SWERVE_FIELD_TRANSFER_ENCODING,
    SWERVE_FIELD_HOST,
    SWERVE_FIELD_CONNECTION,
    SWERVE_FIELD_KEEP_ALIVE,
    SWERVE_FIELD_UPGRADE,
    SWERVE_FIELD_EXPECT,
    SWERVE_FIELD_HTTP2_SETTINGS,
    SWERVE_FIELD_TRACEPARENT,
};

/* One field line. */
struct swerve_http1_line {
    __u64 word;   /* its first eight bytes in lower case */
    __u32 start;  /* first byte of the name */
    __u32 colon;  /* the colon behind the name */
    __u32 value;  /* first byte of the value, white space around it left out */
    __u32 behind; /* first byte behind that value */
    __u32 end;    /* the CR */
};

/* Whether the name has so many characters, more than eight, and from the ninth to the sixteenth goes on as `text`. */
static __always_inline int swerve_http1_goes_on(const struct swerve_bytes *bytes, struct swerve_http1_extent extent,
                                                const struct swerve_http1_line *line, __u32 length, __u64 text) {
    __u32 rest = length - 8;
    if (line->colon - line->start != length)
        return 0;
    __u64 word = swerve_http1_window(bytes, extent, line->start + 8) | SWERVE_LOWER;
    return rest >= 8 ? word == text : ((word ^ text) << (64 - 8 * rest)) == 0;
}

/* Which field a line is. Its first four characters say no to almost all that are not read. */
static __always_inline enum swerve_http1_field swerve_http1_field_of(const struct swerve_bytes *bytes,
                                                                     struct swerve_http1_extent extent,
                                                                     const struct swerve_http1_line *line) {
    __u64 word = line->word;
    __u32 length = line->colon - line->start;
    enum swerve_http1_field field = SWERVE_FIELD_IGNORED;
    __u64 text = word, rest = 0;
    __u32 wanted = 0;
    switch ((__u32)word) {
    case (__u32)SWERVE_TEXT('h', 'o', 's', 't', 0, 0, 0, 0):
        return length == 4 ? SWERVE_FIELD_HOST : SWERVE_FIELD_IGNORED;
    case (__u32)SWERVE_TEXT('c', 'o', 'n', 't', 0, 0, 0, 0):
        field = SWERVE_FIELD_CONTENT_LENGTH, wanted = 14;
        text = SWERVE_TEXT('c', 'o', 'n', 't', 'e', 'n', 't', '-');
        rest = SWERVE_TEXT('l', 'e', 'n', 'g', 't', 'h', 0, 0);
        break;
    case (__u32)SWERVE_TEXT('c', 'o', 'n', 'n', 0, 0, 0, 0):
        field = SWERVE_FIELD_CONNECTION, wanted = 10;
        text = SWERVE_TEXT('c', 'o', 'n', 'n', 'e', 'c', 't', 'i');
        rest = SWERVE_TEXT('o', 'n', 0, 0, 0, 0, 0, 0);
        break;
    case (__u32)SWERVE_TEXT('k', 'e', 'e', 'p', 0, 0, 0, 0):
        field = SWERVE_FIELD_KEEP_ALIVE, wanted = 10;
        text = SWERVE_TEXT('k', 'e', 'e', 'p', '-', 'a', 'l', 'i');
        rest = SWERVE_TEXT('v', 'e', 0, 0, 0, 0, 0, 0);
        break;
    case (__u32)SWERVE_TEXT('t', 'r', 'a', 'c', 0, 0, 0, 0):
        field = SWERVE_FIELD_TRACEPARENT, wanted = 11;
        text = SWERVE_TEXT('t', 'r', 'a', 'c', 'e', 'p', 'a', 'r');
        rest = SWERVE_TEXT('e', 'n', 't', 0, 0, 0, 0, 0);
        break;
    case (__u32)SWERVE_TEXT('h', 't', 't', 'p', 0, 0, 0, 0):
        field = SWERVE_FIELD_HTTP2_SETTINGS, wanted = 14;
        text = SWERVE_TEXT('h', 't', 't', 'p', '2', '-', 's', 'e');
        rest = SWERVE_TEXT('t', 't', 'i', 'n', 'g', 's', 0, 0);
        break;
    case (__u32)SWERVE_TEXT('e', 'x', 'p', 'e', 0, 0, 0, 0):
        return length == 6 && (word >> 32 & 0xffff) == ('c' | 't' << 8) ? SWERVE_FIELD_EXPECT : SWERVE_FIELD_IGNORED;
    case (__u32)SWERVE_TEXT('u', 'p', 'g', 'r', 0, 0, 0, 0):
        return length == 7 && word << 8 == SWERVE_TEXT(0, 'u', 'p', 'g', 'r', 'a', 'd', 'e') ? SWERVE_FIELD_UPGRADE
                                                                                             : SWERVE_FIELD_IGNORED;
    case (__u32)SWERVE_TEXT('t', 'r', 'a', 'n', 0, 0, 0, 0):
        if ((swerve_bytes_octet(bytes, line->start + 16) | 0x20) != 'g')
            return SWERVE_FIELD_IGNORED;
        field = SWERVE_FIELD_TRANSFER_ENCODING, wanted = 17;
        text = SWERVE_TEXT('t', 'r', 'a', 'n', 's', 'f', 'e', 'r');
        rest = SWERVE_TEXT('-', 'e', 'n', 'c', 'o', 'd', 'i', 'n');
        break;
    default:
        return SWERVE_FIELD_IGNORED;
    }
    return word == text && swerve_http1_goes_on(bytes, extent, line, wanted, rest) ? field : SWERVE_FIELD_IGNORED;
}

/* Leaves out white space around the value. */
static __always_inline void swerve_http1_trim(const struct swerve_bytes *bytes, struct swerve_http1_line *line) {
    line->value = line->colon + 1;
    line->behind = line->end;
    while (swerve_loop() && line->value < line->behind) {
        __u32 octet = swerve_bytes_octet(bytes, line->value);
        if (octet != ' ' && octet != '\t')
            break;
        line->value++;
    }
    while (swerve_loop() && line->value < line->behind) {
        __u32 octet = swerve_bytes_octet(bytes, line->behind - 1);
        if (octet != ' ' && octet != '\t')
            break;
        line->behind--;
    }
}

static __always_inline enum swerve_http1_result swerve_http1_content_length(const struct swerve_bytes *bytes,
                                                                            const struct swerve_http1_line *line,
                                                                            struct swerve_http1_head *head) {
    /* Nineteen digits are always less than 2^64. A second line is one too many even when it says the same. */
    if (line->behind - line->value - 1 > 18 || head->flags & SWERVE_HTTP1_HAS_LENGTH)
        return SWERVE_HTTP1_MALFORMED;
    __u64 length = swerve_bytes_zero(bytes);
    for (__u32 offset = line->value; swerve_loop() && offset < line->behind; offset++) {
        __u32 digit = swerve_bytes_octet(bytes, offset) - '0';
        if (digit > 9)
            return SWERVE_HTTP1_MALFORMED;
        length = length * 10 + digit;
    }
    head->content_length = length;
    head->flags |= SWERVE_HTTP1_HAS_LENGTH;
    return SWERVE_HTTP1_COMPLETE;
}

/* Whether the value is a text of six to eight characters, in any case. */
static __always_inline int swerve_http1_is(const struct swerve_bytes *bytes, const struct swerve_http1_line *line,
                                           __u32 length, __u64 text) {
    /* When the word is not readable the text and its CR LF do not fit either. */
    __u64 word = swerve_bytes_word(bytes, line->value) | SWERVE_LOWER;
    return line->behind - line->value == length && ((word ^ text) << (64 - 8 * length)) == 0;
}

static __always_inline enum swerve_http1_result swerve_http1_transfer_encoding(const struct swerve_bytes *bytes,
                                                                               const struct swerve_http1_line *line,
                                                                               struct swerve_http1_head *head) {
    if (head->flags & SWERVE_HTTP1_CHUNKED ||
        !swerve_http1_is(bytes, line, 7, SWERVE_TEXT('c', 'h', 'u', 'n', 'k', 'e', 'd', 0)))
        return SWERVE_HTTP1_MALFORMED;
    head->flags |= SWERVE_HTTP1_CHUNKED;
    return SWERVE_HTTP1_COMPLETE;
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

static __always_inline void swerve_http1_connection(const struct swerve_bytes *bytes,
                                                    const struct swerve_http1_line *line,
                                                    struct swerve_http1_head *head) {
    if (head->flags & SWERVE_HTTP1_HAS_CONNECTION) {
        head->flags |= SWERVE_HTTP1_SEVERAL_CONNECTIONS;
    } else {
        head->connection = line->start;
        head->connection_length = line->end + 2 - line->start;
    }
    __u32 flags = head->flags | SWERVE_HTTP1_HAS_CONNECTION;
    __u64 high = swerve_bytes_zero(bytes), low = high;
    for (__u32 offset = line->value; swerve_loop() && offset < line->behind; offset++) {
        __u32 octet = swerve_bytes_octet(bytes, offset);
        if (octet == ',' || octet == ' ' || octet == '\t') {
            flags |= swerve_http1_option(high, low);
            high = low = swerve_bytes_zero(bytes);
            continue;
        }
        high = high << 8 | low >> 56;
        low = low << 8 | ((octet & 0xff) | 0x20);
    }
    head->flags = flags | swerve_http1_option(high, low);
}

/* A trace parent of version 00 (W3C Trace Context): 00-32 digits-16 digits-2 digits. Several count as none. */
static __always_inline void swerve_http1_traceparent(const struct swerve_bytes *bytes,
                                                     const struct swerve_http1_line *line,
                                                     struct swerve_http1_head *head) {
    __u32 value = line->value;
    int sound = line->behind - value == 55 && swerve_bytes_octet(bytes, value + 2) == '-' &&
                swerve_bytes_octet(bytes, value + 35) == '-' && swerve_bytes_octet(bytes, value + 52) == '-';
    head->traceparent = sound && !(head->flags & SWERVE_HTTP1_HAS_TRACEPARENT) ? value : 0;
    head->flags |= SWERVE_HTTP1_HAS_TRACEPARENT;
}

static __always_inline int swerve_http1_is_continue(const struct swerve_bytes *bytes,
                                                    const struct swerve_http1_line *line) {
    __u64 word = swerve_bytes_word(bytes, line->value) | SWERVE_LOWER;
    __u64 last = swerve_bytes_word(bytes, line->value + 4) | SWERVE_LOWER;
    return line->behind - line->value == 12 && word == SWERVE_TEXT('1', '0', '0', '-', 'c', 'o', 'n', 't') &&
           last == SWERVE_TEXT('c', 'o', 'n', 't', 'i', 'n', 'u', 'e');
}

/* Takes in what a line says. */
static __always_inline enum swerve_http1_result swerve_http1_take(const struct swerve_bytes *bytes,
                                                                  struct swerve_http1_extent extent,
                                                                  struct swerve_http1_line *line,
                                                                  struct swerve_http1_head *head) {
    enum swerve_http1_field field = swerve_http1_field_of(bytes, extent, line);
    if (__builtin_expect(field == SWERVE_FIELD_IGNORED, 1))
        return SWERVE_HTTP1_COMPLETE;
    swerve_http1_trim(bytes, line);
    switch (field) {
    case SWERVE_FIELD_CONTENT_LENGTH:
        return swerve_http1_content_length(bytes, line, head);
    case SWERVE_FIELD_TRANSFER_ENCODING:
        return swerve_http1_transfer_encoding(bytes, line, head);
    case SWERVE_FIELD_HOST:
        if (head->flags & SWERVE_HTTP1_HAS_HOST)
            return SWERVE_HTTP1_MALFORMED;
        head->flags |= SWERVE_HTTP1_HAS_HOST;
        head->host = line->value;
        head->host_length = line->behind - line->value;
        break;
    case SWERVE_FIELD_CONNECTION:
        swerve_http1_connection(bytes, line, head);
        break;
    case SWERVE_FIELD_KEEP_ALIVE:
        head->keep_alive = line->value;
        head->keep_alive_length = line->behind - line->value;
        break;
    case SWERVE_FIELD_UPGRADE:
        head->flags |= SWERVE_HTTP1_UPGRADE;
        break;
    case SWERVE_FIELD_EXPECT:
        if (swerve_http1_is_continue(bytes, line))
            head->flags |= SWERVE_HTTP1_EXPECT_CONTINUE;
        break;
    case SWERVE_FIELD_HTTP2_SETTINGS:
        head->flags |= SWERVE_HTTP1_HTTP2_SETTINGS;
        break;
    case SWERVE_FIELD_TRACEPARENT:
        swerve_http1_traceparent(bytes, line, head);
        break;
    default:
        break;
    }
    return SWERVE_HTTP1_COMPLETE;
}

/* The first byte of a line that a name cannot have: its colon, or one up to 0x20. */
static __always_inline struct swerve_http1_hit
swerve_http1_name_end(const struct swerve_bytes *bytes, struct swerve_http1_extent extent, __u32 offset, __u64 *first) {
    struct swerve_http1_hit hit = {.position = extent.size};
    __u64 word = swerve_http1_window(bytes, extent, offset);
    *first = word | SWERVE_LOWER;
    while (swerve_loop()) {
        __u64 mark = swerve_http1_lowest(swerve_http1_below(word, 0x21) | swerve_http1_equal(word, ':'));
        if (mark)
            return swerve_http1_hit(bytes, offset, word, mark);
        offset += 8;
        word = swerve_http1_window(bytes, extent, offset);
    }
    return hit;
}

/* The field lines and the empty line behind them. */
static __always_inline enum swerve_http1_result swerve_http1_fields(const struct swerve_bytes *bytes,
                                                                    struct swerve_http1_extent extent,
                                                                    struct swerve_http1_head *head) {
    while (swerve_loop()) {
        struct swerve_http1_line line = {.start = head->cursor};
        struct swerve_http1_hit hit = swerve_http1_name_end(bytes, extent, line.start, &line.word);
        line.colon = hit.position;
        if (line.colon >= extent.end)
            return SWERVE_HTTP1_INCOMPLETE;
        if (line.colon == line.start) {
            /* Neither a colon nor white space is a line end, so only the empty line passes. */
            enum swerve_http1_result result = swerve_http1_line_break(extent, hit);
            if (result == SWERVE_HTTP1_COMPLETE)
                head->cursor = line.start + 2;
            return result;
        }
        if ((hit.pair & 0xff) != ':')
            return SWERVE_HTTP1_MALFORMED;
        enum swerve_http1_result result = swerve_http1_line_end(bytes, extent, line.colon + 1, &hit);
        if (result != SWERVE_HTTP1_COMPLETE)
            return result;
        line.end = hit.position;
        result = swerve_http1_take(bytes, extent, &line, head);
        if (result != SWERVE_HTTP1_COMPLETE)
            return result;
        head->cursor = line.end + 2;
    }
    return SWERVE_HTTP1_TOO_LONG;
}

#endif
