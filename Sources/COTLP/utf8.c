/* SPDX-License-Identifier: Apache-2.0 */
#include "otlp.h"

#include <string.h>

#define TOP_BITS 0x8080808080808080ull

static inline uint64_t word_at(const uint8_t *bytes) {
    uint64_t word;
    memcpy(&word, bytes, sizeof(word));
    return word;
}

/* Bytes of the character that starts with a byte above 0x7f, or 0 when it is none (Unicode standard, table 3-7). */
static size_t length_of_character(const uint8_t *at, size_t left) {
    uint8_t first = at[0], low = 0x80, high = 0xbf;
    size_t length = first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0;
    if (length == 0 || length > left)
        return 0;
    if (first == 0xe0)
        low = 0xa0;
    else if (first == 0xed)
        high = 0x9f;
    else if (first == 0xf0)
        low = 0x90;
    else if (first == 0xf4)
        high = 0x8f;
    if (at[1] < low || at[1] > high)
        return 0;
    for (size_t i = 2; i < length; i++)
        if ((at[i] & 0xc0) != 0x80)
            return 0;
    return length;
}

bool otlp_is_utf8(const uint8_t *bytes, size_t count) {
    const uint8_t *at = bytes, *end = bytes + count;
    while (at < end) {
        if (end - at >= 8 && (word_at(at) & TOP_BITS) == 0) {
            at += 8;
        } else if (*at < 0x80) {
            at++;
        } else {
            size_t length = length_of_character(at, (size_t)(end - at));
            if (length == 0)
                return false;
            at += length;
        }
    }
    return true;
}
