/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the module OTLP needs of protobuf-c: messages in its generated structs, read into an arena and written again.
 *
 * Reading is done here instead of by protobuf_c_message_unpack, into the same structs: text and bytes are not copied
 * but point into the input, runs of messages are allocated as one block, text is checked for UTF-8, nesting and memory
 * are bounded, and a fault is reported with its place. Writing is protobuf-c's.
 */
#ifndef OTLP_H
#define OTLP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "otlp_messages.h"

/* Levels of messages in messages below the outermost one; the bound of the other implementations of protobuf. */
#define OTLP_DEPTH_MAX 100

enum otlp_kind {
    OTLP_NO_FIELD, /* a gap in the numbers of a message */
    OTLP_DOUBLE,
    OTLP_INT64,
    OTLP_UINT64,
    OTLP_INT32,
    OTLP_UINT32,
    OTLP_FIXED64,
    OTLP_FIXED32,
    OTLP_SFIXED64,
    OTLP_BOOL,
    OTLP_SINT32,
    OTLP_ENUM,
    OTLP_TEXT,
    OTLP_BYTES,
    OTLP_MESSAGE,
};

enum otlp_label { OTLP_SINGLE, OTLP_REPEATED, OTLP_ONEOF };

/* How one value of a kind lies on the wire. */
enum otlp_wire {
    OTLP_WIRE_VARINT = 0,
    OTLP_WIRE_8_BYTES = 1,
    OTLP_WIRE_LENGTH = 2,
    OTLP_WIRE_GROUP = 3,
    OTLP_WIRE_GROUP_END = 4,
    OTLP_WIRE_4_BYTES = 5,
    OTLP_WIRE_OF_DOUBLE = OTLP_WIRE_8_BYTES,
    OTLP_WIRE_OF_INT64 = OTLP_WIRE_VARINT,
    OTLP_WIRE_OF_UINT64 = OTLP_WIRE_VARINT,
    OTLP_WIRE_OF_INT32 = OTLP_WIRE_VARINT,
    OTLP_WIRE_OF_UINT32 = OTLP_WIRE_VARINT,
    OTLP_WIRE_OF_FIXED64 = OTLP_WIRE_8_BYTES,
    OTLP_WIRE_OF_FIXED32 = OTLP_WIRE_4_BYTES,
    OTLP_WIRE_OF_SFIXED64 = OTLP_WIRE_8_BYTES,
    OTLP_WIRE_OF_BOOL = OTLP_WIRE_VARINT,
    OTLP_WIRE_OF_SINT32 = OTLP_WIRE_VARINT,
    OTLP_WIRE_OF_ENUM = OTLP_WIRE_VARINT,
    OTLP_WIRE_OF_TEXT = OTLP_WIRE_LENGTH,
    OTLP_WIRE_OF_BYTES = OTLP_WIRE_LENGTH,
    OTLP_WIRE_OF_MESSAGE = OTLP_WIRE_LENGTH,
};

struct otlp_message;

struct otlp_field {
    const char *name;                   /* as JSON has it, lowerCamelCase */
    const struct otlp_message *message; /* of OTLP_MESSAGE */
    uint16_t name_length;
    uint16_t offset;      /* of the value or, when repeated, of the pointer to the array; the count is before it */
    uint16_t case_offset; /* of the oneof's case, the number of the field that is set */
    uint8_t kind;
    uint8_t label;
    uint8_t wire;
    uint8_t hexadecimal; /* bytes that JSON writes in hexadecimal, not in base64 */
};

struct otlp_message {
    const char *name;                /* "opentelemetry.proto.metrics.v1.Metric" */
    const struct otlp_field *fields; /* by number, with gaps */
    const void *descriptor;          /* protobuf-c's */
    uint16_t fields_end;             /* the number after the largest one */
    uint16_t size;                   /* bytes of the struct */
};

extern const struct otlp_message otlp_messages[OTLP_MESSAGE_COUNT];

/* A pointer to an entry: Swift sees a C array as a tuple. */
const struct otlp_message *otlp_message_of(int32_t index);

/* As protobuf-c lays out text and bytes; not ended by a zero. */
struct otlp_bytes {
    size_t count;
    uint8_t *base;
};

/* ---- Memory ---- */

/* Memory of one request: allocations are bumps of a pointer, and all of them end together. */
struct otlp_arena {
    uint8_t *next;
    uint8_t *end;
    struct otlp_chunk *chunks; /* newest first */
    size_t chunk_bytes;        /* of all chunks */
    size_t limit_bytes;        /* of all chunks; an allocation beyond it fails */
    size_t kept_bytes;         /* at most this much stays allocated between requests */
    bool failed;               /* an allocation failed since the last reset */
    _Alignas(8) uint8_t reserve[512];
};

struct otlp_arena *otlp_arena_create(size_t limit_bytes, size_t kept_bytes);
void otlp_arena_destroy(struct otlp_arena *arena);

/* Ends the life of everything allocated, and keeps the memory as one chunk for the next request. */
void otlp_arena_reset(struct otlp_arena *arena);

/* Memory of at least that size, aligned to 8 bytes and not cleared; NULL when there is none. */
void *otlp_arena_allocate(struct otlp_arena *arena, size_t bytes);

/* A cleared message, ready for protobuf-c; NULL when there is no memory. */
void *otlp_arena_message(struct otlp_arena *arena, const struct otlp_message *type);

/*
 * Room for `more` further elements of `width` bytes at the end of a repeated field's array, which starts at the answer.
 * The count stays as it is. What lies behind the count is cleared. NULL when there is no memory.
 */
void *otlp_arena_append(struct otlp_arena *arena, void *message, const struct otlp_field *field, size_t width,
                        size_t more);

/* ---- Building: never NULL; without memory the answer is the arena's reserve, and the arena has failed ---- */

void *otlp_arena_message_or_reserve(struct otlp_arena *arena, const struct otlp_message *type);
/* The message of a field that is not repeated, made when there is none; its oneof then says that it is set. */
void *otlp_arena_inner_message(struct otlp_arena *arena, void *message, const struct otlp_message *type,
                               uint32_t number);
/* A further message at the end of a list. */
void *otlp_arena_append_message(struct otlp_arena *arena, void *message, const struct otlp_field *field);

/* ---- Reading ---- */

enum otlp_fault {
    OTLP_NO_FAULT,
    OTLP_TRUNCATED, /* the input ends within a field */
    OTLP_MALFORMED, /* a tag, varint, wire type or group that the encoding does not have */
    OTLP_NOT_UTF8,
    OTLP_TOO_DEEP,
    OTLP_TOO_LARGE, /* the arena's limit */
};

/* One step down to where a fault is. */
struct otlp_step {
    const struct otlp_field *field;
    size_t index; /* of a repeated field */
};

struct otlp_reader {
    struct otlp_arena *arena;
    size_t offset; /* of the fault in the input */
    unsigned depth;
    unsigned fault;
    unsigned steps_count;
    struct otlp_step steps[OTLP_DEPTH_MAX + 2]; /* innermost first */
};

/*
 * Reads a message. The input must outlive the answer, which points into it. NULL when the input is at fault; the reader
 * then says why and where. Fields that the definitions do not know are kept as protobuf-c's unknown fields.
 */
void *otlp_read(struct otlp_reader *reader, struct otlp_arena *arena, const struct otlp_message *type,
                const uint8_t *bytes, size_t count);

/* Whether the bytes are UTF-8 as the Unicode standard defines it: no surrogates, nothing overlong. */
bool otlp_is_utf8(const uint8_t *bytes, size_t count);

/* ---- JSON ---- */

/* The first quote, backslash or control character of a string; the end when there is none. */
const uint8_t *otlp_json_plain_end(const uint8_t *at, const uint8_t *end);
/* The end of a number as JSON writes it; NULL when there is none. */
const uint8_t *otlp_json_number_end(const uint8_t *at, const uint8_t *end);
/* Whether the bytes are the first of a name that is at least as long. */
bool otlp_equal(struct otlp_bytes bytes, const char *name);

/* ---- Writing ---- */

/* Bytes that otlp_write writes. */
size_t otlp_size(const void *message);
size_t otlp_write(const void *message, uint8_t *bytes);

/* What protobuf-c itself makes of the input, for comparison: NULL when it refuses it. */
void *otlp_read_by_protobuf_c(struct otlp_arena *arena, const struct otlp_message *type, const uint8_t *bytes,
                              size_t count);

#endif
