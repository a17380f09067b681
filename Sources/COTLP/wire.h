/* SPDX-License-Identifier: Apache-2.0 */
/* The pieces of protobuf's wire format. Each function answers where the next piece starts, or NULL. */
#ifndef OTLP_WIRE_H
#define OTLP_WIRE_H

#include "otlp.h"

/* NULL when the input ends within the varint or the varint has more than ten bytes. */
static inline const uint8_t *otlp_varint(const uint8_t *at, const uint8_t *end, uint64_t *value) {
    if (at < end && *at < 0x80) {
        *value = *at;
        return at + 1;
    }
    uint64_t sum = 0;
    for (unsigned shift = 0; shift < 70 && at < end; shift += 7) {
        uint64_t byte = *at++;
        sum |= (byte & 0x7f) << (shift < 64 ? shift : 63);
        if (byte < 0x80) {
            *value = sum;
            return at;
        }
    }
    return NULL;
}

/* Skips the value behind a tag. */
const uint8_t *otlp_skip(const uint8_t *at, const uint8_t *end, uint32_t number, unsigned wire);

/* Why otlp_skip answered NULL. */
enum otlp_fault otlp_skip_fault(const uint8_t *at, const uint8_t *end, unsigned wire);

#endif
