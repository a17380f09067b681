/* SPDX-License-Identifier: Apache-2.0 */
#include "otlp.h"

#include <string.h>

#define ONES 0x0101010101010101ull
#define TOPS 0x8080808080808080ull

/* The top bit of every byte below `bound`, which is at most 0x80; bytes above 0x7f have none. */
static inline uint64_t below(uint64_t word, uint8_t bound) { return (word - ONES * bound) & ~word & TOPS; }

const uint8_t *otlp_json_plain_end(const uint8_t *at, const uint8_t *end) {
    while (end - at >= 8) {
        uint64_t word;
        memcpy(&word, at, sizeof(word));
        /* A borrow can only mark a byte behind the first that is rightly marked. */
        uint64_t marks = below(word, 0x20) | below(word ^ ONES * '"', 1) | below(word ^ ONES * '\\', 1);
        if (marks)
            return at + (unsigned)__builtin_ctzll(marks) / 8;
        at += 8;
    }
    while (at < end && *at >= 0x20 && *at != '"' && *at != '\\')
        at++;
    return at;
}

static const uint8_t *digits_end(const uint8_t *at, const uint8_t *end) {
    while (at < end && *at >= '0' && *at <= '9')
        at++;
    return at;
}

const uint8_t *otlp_json_number_end(const uint8_t *at, const uint8_t *end) {
    if (at < end && *at == '-')
        at++;
    const uint8_t *first = at;
    at = digits_end(at, end);
    if (at == first || (*first == '0' && at - first > 1))
        return NULL;
    if (at < end && *at == '.') {
        first = ++at;
        at = digits_end(at, end);
        if (at == first)
            return NULL;
    }
    if (at < end && (*at | 0x20) == 'e') {
        at++;
        if (at < end && (*at == '+' || *at == '-'))
            at++;
        first = at;
        at = digits_end(at, end);
        if (at == first)
            return NULL;
    }
    return at;
}

bool otlp_equal(struct otlp_bytes bytes, const char *name) { return memcmp(bytes.base, name, bytes.count) == 0; }
