/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
#include "http1_native.h"

#include "http1_replay.h"

struct swerve_bytes {
    const __u8 *bytes;
    __u32 size;
};

static __always_inline __u64 swerve_bytes_word(const struct swerve_bytes *bytes, __u32 offset) {
    __u64 word = 0;
    if ((__u64)offset + sizeof(word) <= bytes->size)
        __builtin_memcpy(&word, bytes->bytes + offset, sizeof(word));
    return word;
}

static __always_inline __u32 swerve_bytes_octet(const struct swerve_bytes *bytes, __u32 offset) {
    return offset < bytes->size ? bytes->bytes[offset] : 256;
}

static __always_inline __u32 swerve_bytes_zero(const struct swerve_bytes *bytes) {
    (void)bytes;
    return 0;
}

void swerve_native_http1_begin(__u32 start, struct swerve_http1_head *head) {
    *head = (struct swerve_http1_head){0};
    swerve_http1_begin(0, start, head);
}

enum swerve_http1_result swerve_native_http1_parse_request(const __u8 *bytes, __u32 size, __u32 limit,
                                                           struct swerve_http1_head *head) {
    struct swerve_bytes view = {.bytes = bytes, .size = size};
    return swerve_http1_parse_request(&view, size, limit, head);
}

enum swerve_http1_result swerve_native_http1_parse_response(const __u8 *bytes, __u32 size, __u32 limit,
                                                            struct swerve_http1_head *head) {
    struct swerve_bytes view = {.bytes = bytes, .size = size};
    return swerve_http1_parse_response(&view, size, limit, head);
}

int swerve_native_http1_persists(const struct swerve_http1_head *head) { return swerve_http1_persists(head); }

__u32 swerve_native_http1_keep_alive_s(const __u8 *bytes, __u32 size, const struct swerve_http1_head *head) {
    static const char name[] = "timeout=";
    const __u32 length = sizeof(name) - 1;
    const struct swerve_http1_place *place = &head->places[SWERVE_HTTP1_FIELD_KEEP_ALIVE];
    if (!(head->seen & 1 << SWERVE_HTTP1_FIELD_KEEP_ALIVE) || place->end > size)
        return 0;
    for (__u32 offset = place->start; offset + length < place->end; offset++) {
        __u32 matched = 0;
        /* Of what else this takes for one of the letters or for '=', none is in a field line. */
        while (matched < length && (bytes[offset + matched] | 0x20) == (name[matched] | 0x20))
            matched++;
        if (matched < length)
            continue;
        __u32 seconds = 0;
        for (offset += length; offset < place->end && bytes[offset] - '0' <= 9U && seconds < 1000000; offset++)
            seconds = seconds * 10 + (bytes[offset] - '0');
        return seconds;
    }
    return 0;
}

void swerve_native_http1_body_of_request(const struct swerve_http1_head *head, struct swerve_http1_body *body) {
    swerve_http1_body_of_request(head, body);
}

void swerve_native_http1_body_of_response(const struct swerve_http1_head *head, __u32 method,
                                          struct swerve_http1_body *body) {
    swerve_http1_body_of_response(head, method, body);
}

__u32 swerve_native_http1_advance(const __u8 *bytes, __u32 offset, __u32 size, struct swerve_http1_body *body) {
    struct swerve_bytes view = {.bytes = bytes, .size = size};
    __u32 position = offset, taken = 1;
    while (position < size && taken && swerve_http1_is_open(body)) {
        taken = swerve_http1_advance(&view, position, size, body);
        position += taken;
    }
    return position - offset;
}

void swerve_native_http1_replay(struct swerve_http1_vector *vector) {
    struct swerve_bytes first = {.bytes = vector->text, .size = vector->split};
    struct swerve_bytes all = {.bytes = vector->text, .size = vector->size};
    swerve_http1_replay(&first, vector->split, vector);
    swerve_http1_replay(&all, vector->size, vector);
}
