/* SPDX-License-Identifier: Apache-2.0 */
#include "wire.h"

/* Of groups in groups; nothing in OTLP has one. */
#define GROUPS_MAX 32

static const uint8_t *skip_bytes(const uint8_t *at, const uint8_t *end, uint64_t count) {
    return count <= (size_t)(end - at) ? at + count : NULL;
}

static const uint8_t *skip_value(const uint8_t *at, const uint8_t *end, unsigned wire) {
    uint64_t value;
    switch (wire) {
    case OTLP_WIRE_VARINT:
        return otlp_varint(at, end, &value);
    case OTLP_WIRE_8_BYTES:
        return skip_bytes(at, end, 8);
    case OTLP_WIRE_4_BYTES:
        return skip_bytes(at, end, 4);
    case OTLP_WIRE_LENGTH:
        at = otlp_varint(at, end, &value);
        return at ? skip_bytes(at, end, value) : NULL;
    default:
        return NULL;
    }
}

/* A group ends with a tag of its own number; what stands between is skipped without recursion. */
static const uint8_t *skip_group(const uint8_t *at, const uint8_t *end, uint32_t number) {
    uint32_t open[GROUPS_MAX] = {number};
    unsigned depth = 1;
    while (depth > 0) {
        uint64_t tag;
        at = otlp_varint(at, end, &tag);
        if (!at || tag > UINT32_MAX || tag >> 3 == 0)
            return NULL;
        unsigned wire = tag & 7;
        if (wire == OTLP_WIRE_GROUP) {
            if (depth == GROUPS_MAX)
                return NULL;
            open[depth++] = (uint32_t)(tag >> 3);
        } else if (wire == OTLP_WIRE_GROUP_END) {
            if (open[--depth] != tag >> 3)
                return NULL;
        } else {
            at = skip_value(at, end, wire);
            if (!at)
                return NULL;
        }
    }
    return at;
}

const uint8_t *otlp_skip(const uint8_t *at, const uint8_t *end, uint32_t number, unsigned wire) {
    return wire == OTLP_WIRE_GROUP ? skip_group(at, end, number) : skip_value(at, end, wire);
}

enum otlp_fault otlp_skip_fault(const uint8_t *at, const uint8_t *end, unsigned wire) {
    bool is_value = wire <= OTLP_WIRE_LENGTH || wire == OTLP_WIRE_4_BYTES;
    uint64_t value;
    if (is_value && (wire != OTLP_WIRE_VARINT || end - at < 10) &&
        (wire != OTLP_WIRE_LENGTH || end - at < 10 || otlp_varint(at, end, &value)))
        return OTLP_TRUNCATED;
    return OTLP_MALFORMED;
}
