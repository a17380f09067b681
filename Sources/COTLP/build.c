/* SPDX-License-Identifier: Apache-2.0 */
#include "otlp.h"

#include <protobuf-c/protobuf-c.h>
#include <string.h>

void *otlp_arena_message_or_reserve(struct otlp_arena *arena, const struct otlp_message *type) {
    ProtobufCMessage *message = otlp_arena_message(arena, type);
    if (!message && type->size <= sizeof(arena->reserve)) {
        message = (ProtobufCMessage *)arena->reserve;
        memset(message, 0, type->size);
        message->descriptor = type->descriptor;
    }
    return message;
}

void *otlp_arena_inner_message(struct otlp_arena *arena, void *message, const struct otlp_message *type,
                               uint32_t number) {
    const struct otlp_field *field = &type->fields[number];
    void **slot = (void **)((uint8_t *)message + field->offset);
    uint32_t *set = field->label == OTLP_ONEOF ? (uint32_t *)((uint8_t *)message + field->case_offset) : NULL;
    if (*slot && (!set || *set == number))
        return *slot;
    void *inner = otlp_arena_message_or_reserve(arena, field->message);
    *slot = inner;
    if (set)
        *set = number;
    return inner;
}

void *otlp_arena_append_message(struct otlp_arena *arena, void *message, const struct otlp_field *field) {
    void *inner = otlp_arena_message_or_reserve(arena, field->message);
    void **slot = otlp_arena_append(arena, message, field, sizeof(*slot), 1);
    if (slot) {
        *slot = inner;
        ++((size_t *)((uint8_t *)message + field->offset))[-1];
    }
    return inner;
}
