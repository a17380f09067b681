/* SPDX-License-Identifier: Apache-2.0 */
/* The reader of the wire format: one loop for all messages, led by the tables that `generate` makes. */
#include "otlp.h"

#include <protobuf-c/protobuf-c.h>
#include <string.h>

#include "wire.h"

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "numbers are copied as they lie on the wire");
_Static_assert(offsetof(ProtobufCMessage, n_unknown_fields) + 8 == offsetof(ProtobufCMessage, unknown_fields),
               "a repeated field's count lies in the word before its pointer");

static const struct otlp_field no_field = {.wire = UINT8_MAX};

static const uint8_t *read_fields(struct otlp_reader *reader, const struct otlp_message *type, uint8_t *message,
                                  const uint8_t *at, const uint8_t *end);

static const uint8_t *fail(struct otlp_reader *reader, enum otlp_fault fault, const uint8_t *at) {
    reader->fault = fault;
    reader->offset = (size_t)at; /* made relative to the input at the end */
    return NULL;
}

/* A field that is at fault, or within which the fault is. */
static const uint8_t *fail_in(struct otlp_reader *reader, const struct otlp_field *field, const uint8_t *message) {
    if (field->kind != OTLP_NO_FIELD && reader->steps_count < sizeof(reader->steps) / sizeof(*reader->steps)) {
        size_t count = field->label == OTLP_REPEATED ? *(const size_t *)(message + field->offset - 8) : 0;
        reader->steps[reader->steps_count++] = (struct otlp_step){field, count};
    }
    return NULL;
}

/* The member of a oneof that was set last is the one that counts. */
static inline void set_case(const struct otlp_field *field, const struct otlp_message *type, uint8_t *message) {
    if (field->label == OTLP_ONEOF)
        *(uint32_t *)(message + field->case_offset) = (uint32_t)(field - type->fields);
}

static inline void store_varint(const struct otlp_field *field, uint8_t *slot, uint64_t value) {
    switch (field->kind) {
    case OTLP_INT64:
    case OTLP_UINT64:
        memcpy(slot, &value, 8);
        return;
    case OTLP_BOOL:
        value = value != 0;
        break;
    case OTLP_SINT32:
        value = (uint32_t)value >> 1 ^ -((uint32_t)value & 1);
        break;
    default:
        break;
    }
    uint32_t narrow = (uint32_t)value;
    memcpy(slot, &narrow, 4);
}

static inline size_t width_of(const struct otlp_field *field) {
    switch (field->kind) {
    case OTLP_DOUBLE:
    case OTLP_INT64:
    case OTLP_UINT64:
    case OTLP_FIXED64:
    case OTLP_SFIXED64:
    case OTLP_MESSAGE:
        return 8;
    case OTLP_TEXT:
    case OTLP_BYTES:
        return sizeof(struct otlp_bytes);
    default:
        return 4;
    }
}

/* Where the next value of a field goes; NULL when there is no memory. */
static inline uint8_t *slot_of(struct otlp_reader *reader, const struct otlp_message *type,
                               const struct otlp_field *field, uint8_t *message, const uint8_t *at) {
    if (field->label == OTLP_REPEATED) {
        uint8_t *slot = otlp_arena_append(reader->arena, message, field, width_of(field), 1);
        if (slot)
            ++*(size_t *)(message + field->offset - 8);
        else
            fail(reader, OTLP_TOO_LARGE, at);
        return slot;
    }
    set_case(field, type, message);
    return message + field->offset;
}

/* Numbers that stand together without tags between them. */
static const uint8_t *read_packed(struct otlp_reader *reader, const struct otlp_field *field, uint8_t *message,
                                  const uint8_t *at, const uint8_t *end) {
    size_t width = width_of(field), bytes = (size_t)(end - at), more = 0;
    if (field->wire == OTLP_WIRE_VARINT) {
        for (const uint8_t *byte = at; byte < end; byte++)
            more += *byte < 0x80;
    } else {
        if (bytes % width)
            return fail(reader, OTLP_TRUNCATED, at);
        more = bytes / width;
    }
    if (bytes == 0)
        return end;
    uint8_t *slot = otlp_arena_append(reader->arena, message, field, width, more);
    if (!slot)
        return fail(reader, OTLP_TOO_LARGE, at);
    if (field->wire == OTLP_WIRE_VARINT) {
        for (; at < end; slot += width) {
            uint64_t value;
            const uint8_t *next = otlp_varint(at, end, &value);
            if (!next)
                return fail(reader, end - at < 10 ? OTLP_TRUNCATED : OTLP_MALFORMED, at);
            store_varint(field, slot, value);
            at = next;
        }
    } else {
        memcpy(slot, at, bytes);
    }
    *(size_t *)(message + field->offset - 8) += more;
    return end;
}

/*
 * How many messages of one field follow each other from `at`, which is behind the tag of the first. Senders write a
 * list as one run: its messages are allocated together.
 */
static size_t length_of_run(const uint8_t *at, const uint8_t *end, uint8_t tag) {
    size_t run = 0;
    for (;;) {
        uint64_t length;
        at = otlp_varint(at, end, &length);
        if (!at || length > (size_t)(end - at))
            return run;
        run++;
        at += length;
        if (at == end || *at != tag)
            return run;
        at++;
    }
}

/* The next message of a list; NULL when there is no memory. */
static uint8_t *next_of_list(struct otlp_reader *reader, const struct otlp_field *field, uint8_t *message,
                             const uint8_t *tag, const uint8_t *at, const uint8_t *end) {
    uint8_t ***array = (uint8_t ***)(message + field->offset);
    size_t count = ((size_t *)array)[-1];
    if (*array && count < ((size_t *)*array)[-1] && (*array)[count])
        return (*array)[count];
    /* A tag of more bytes is rare, and its list grows by ones. */
    size_t run = at - tag == 1 ? length_of_run(at, end, *tag) : 1;
    size_t size = field->message->size;
    uint8_t **slot = otlp_arena_append(reader->arena, message, field, sizeof(*slot), run ? run : 1);
    uint8_t *block = run ? otlp_arena_allocate(reader->arena, run * size) : NULL;
    if (!slot || !block) {
        fail(reader, run ? OTLP_TOO_LARGE : OTLP_TRUNCATED, at);
        return NULL;
    }
    memset(block, 0, run * size);
    for (size_t i = 0; i < run; i++) {
        slot[i] = block + i * size;
        ((ProtobufCMessage *)slot[i])->descriptor = field->message->descriptor;
    }
    return block;
}

/* A message that appears twice is merged, as protobuf wants it, unless another member of its oneof was set between. */
static uint8_t *single_message(struct otlp_reader *reader, const struct otlp_message *type,
                               const struct otlp_field *field, uint8_t *message, const uint8_t *at) {
    uint8_t **slot = (uint8_t **)(message + field->offset);
    bool is_set =
        field->label != OTLP_ONEOF || *(uint32_t *)(message + field->case_offset) == (uint32_t)(field - type->fields);
    if (is_set && *slot)
        return *slot;
    uint8_t *inner = otlp_arena_message(reader->arena, field->message);
    if (!inner) {
        fail(reader, OTLP_TOO_LARGE, at);
        return NULL;
    }
    set_case(field, type, message);
    return *slot = inner;
}

static const uint8_t *read_length_delimited(struct otlp_reader *reader, const struct otlp_message *type,
                                            const struct otlp_field *field, uint8_t *message, const uint8_t *tag,
                                            const uint8_t *at, const uint8_t *end) {
    uint64_t length;
    const uint8_t *from = otlp_varint(at, end, &length);
    if (!from || length > (size_t)(end - from))
        return fail(reader, !from && end - at >= 10 ? OTLP_MALFORMED : OTLP_TRUNCATED, at);
    const uint8_t *to = from + length;
    if (field->kind == OTLP_MESSAGE) {
        uint8_t *inner = field->label == OTLP_REPEATED ? next_of_list(reader, field, message, tag, at, end)
                                                       : single_message(reader, type, field, message, at);
        if (!inner)
            return NULL;
        if (reader->depth == OTLP_DEPTH_MAX)
            return fail(reader, OTLP_TOO_DEEP, at);
        reader->depth++;
        if (!read_fields(reader, field->message, inner, from, to))
            return NULL;
        reader->depth--;
        if (field->label == OTLP_REPEATED)
            ++*(size_t *)(message + field->offset - 8);
        return to;
    }
    if (field->wire != OTLP_WIRE_LENGTH)
        return read_packed(reader, field, message, from, to);
    if (field->kind == OTLP_TEXT && !otlp_is_utf8(from, length))
        return fail(reader, OTLP_NOT_UTF8, from);
    uint8_t *slot = slot_of(reader, type, field, message, at);
    if (!slot)
        return NULL;
    *(struct otlp_bytes *)slot = (struct otlp_bytes){length, (uint8_t *)from};
    return to;
}

/* Keeps a field that the definitions do not know, so that it is there again when the message is written. */
static const uint8_t *keep_unknown(struct otlp_reader *reader, uint8_t *message, uint32_t number, unsigned wire,
                                   const uint8_t *at, const uint8_t *end) {
    const uint8_t *next = otlp_skip(at, end, number, wire);
    if (!next)
        return fail(reader, otlp_skip_fault(at, end, wire), at);
    /* protobuf-c has no groups; OTLP neither. */
    if (wire == OTLP_WIRE_GROUP)
        return next;
    ProtobufCMessage *base = (ProtobufCMessage *)message;
    const struct otlp_field list = {.offset = offsetof(ProtobufCMessage, unknown_fields)};
    /* The count is an unsigned int, and with its padding a word: the padding of a cleared message is zero. */
    ProtobufCMessageUnknownField *field = otlp_arena_append(reader->arena, message, &list, sizeof(*field), 1);
    if (!field)
        return fail(reader, OTLP_TOO_LARGE, at);
    *field = (ProtobufCMessageUnknownField){number, (ProtobufCWireType)wire, (size_t)(next - at), (uint8_t *)at};
    base->n_unknown_fields++;
    return next;
}

static const uint8_t *read_fields(struct otlp_reader *reader, const struct otlp_message *type, uint8_t *message,
                                  const uint8_t *at, const uint8_t *end) {
    while (at < end) {
        const uint8_t *tag = at;
        uint64_t word = *at++;
        if (word >= 0x80) {
            at = otlp_varint(tag, end, &word);
            if (!at)
                return fail(reader, end - tag < 10 ? OTLP_TRUNCATED : OTLP_MALFORMED, tag);
        }
        uint64_t number = word >> 3;
        unsigned wire = word & 7;
        if (number == 0 || word > UINT32_MAX)
            return fail(reader, OTLP_MALFORMED, tag);
        const struct otlp_field *field = number < type->fields_end ? &type->fields[number] : &no_field;
        bool is_packed = wire == OTLP_WIRE_LENGTH && field->label == OTLP_REPEATED;
        if (field->kind == OTLP_NO_FIELD || (wire != field->wire && !is_packed)) {
            at = keep_unknown(reader, message, (uint32_t)number, wire, at, end);
            if (!at)
                return NULL;
        } else if (wire == OTLP_WIRE_LENGTH) {
            at = read_length_delimited(reader, type, field, message, tag, at, end);
            if (!at)
                return fail_in(reader, field, message);
        } else if (wire == OTLP_WIRE_VARINT) {
            const uint8_t *from = at;
            at = otlp_varint(from, end, &word);
            if (!at) {
                fail(reader, end - from < 10 ? OTLP_TRUNCATED : OTLP_MALFORMED, from);
                return fail_in(reader, field, message);
            }
            uint8_t *slot = slot_of(reader, type, field, message, from);
            if (!slot)
                return fail_in(reader, field, message);
            store_varint(field, slot, word);
        } else {
            size_t width = wire == OTLP_WIRE_8_BYTES ? 8 : 4;
            if ((size_t)(end - at) < width) {
                fail(reader, OTLP_TRUNCATED, at);
                return fail_in(reader, field, message);
            }
            uint8_t *slot = slot_of(reader, type, field, message, at);
            if (!slot)
                return fail_in(reader, field, message);
            if (width == 8)
                memcpy(slot, at, 8);
            else
                memcpy(slot, at, 4);
            at += width;
        }
    }
    return at;
}

void *otlp_read(struct otlp_reader *reader, struct otlp_arena *arena, const struct otlp_message *type,
                const uint8_t *bytes, size_t count) {
    reader->arena = arena;
    reader->depth = 0;
    reader->fault = OTLP_NO_FAULT;
    reader->steps_count = 0;
    uint8_t *message = otlp_arena_message(arena, type);
    if (!message)
        fail(reader, OTLP_TOO_LARGE, bytes);
    else if (count == 0 || read_fields(reader, type, message, bytes, bytes + count))
        return message;
    reader->offset -= (size_t)bytes;
    return NULL;
}
