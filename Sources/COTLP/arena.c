/* SPDX-License-Identifier: Apache-2.0 */
#include "otlp.h"

#include <protobuf-c/protobuf-c.h>
#include <stdlib.h>
#include <string.h>

#define ALIGNMENT ((size_t)8)
#define CHUNK_BYTES_MIN ((size_t)16 << 10)

struct otlp_chunk {
    struct otlp_chunk *older;
    size_t bytes; /* of the memory behind this head */
};

struct otlp_arena *otlp_arena_create(size_t limit_bytes, size_t kept_bytes) {
    struct otlp_arena *arena = calloc(1, sizeof(*arena));
    if (arena) {
        arena->limit_bytes = limit_bytes;
        arena->kept_bytes = kept_bytes;
    }
    return arena;
}

static void free_chunks(struct otlp_arena *arena) {
    for (struct otlp_chunk *chunk = arena->chunks; chunk;) {
        struct otlp_chunk *older = chunk->older;
        free(chunk);
        chunk = older;
    }
    arena->chunks = NULL;
    arena->next = arena->end = NULL;
    arena->chunk_bytes = 0;
}

void otlp_arena_destroy(struct otlp_arena *arena) {
    if (arena) {
        free_chunks(arena);
        free(arena);
    }
}

static bool add_chunk(struct otlp_arena *arena, size_t bytes) {
    if (bytes > arena->limit_bytes - arena->chunk_bytes)
        return false;
    struct otlp_chunk *chunk = malloc(sizeof(*chunk) + bytes);
    if (!chunk)
        return false;
    chunk->older = arena->chunks;
    chunk->bytes = bytes;
    arena->chunks = chunk;
    arena->chunk_bytes += bytes;
    arena->next = (uint8_t *)(chunk + 1);
    arena->end = arena->next + bytes;
    return true;
}

void otlp_arena_reset(struct otlp_arena *arena) {
    arena->failed = false;
    if (!arena->chunks)
        return;
    /* One chunk as large as all of them: the next request of that size needs no other. */
    size_t bytes = arena->chunk_bytes;
    if (arena->chunks->older || bytes > arena->kept_bytes) {
        free_chunks(arena);
        if (bytes > arena->kept_bytes || !add_chunk(arena, bytes))
            return;
    }
    arena->next = (uint8_t *)(arena->chunks + 1);
}

static void *allocate_in_new_chunk(struct otlp_arena *arena, size_t bytes) {
    /* Twice what there is, so that the number of chunks is a logarithm; less where the limit is near. */
    size_t left = arena->limit_bytes - arena->chunk_bytes;
    size_t wanted = arena->chunk_bytes < CHUNK_BYTES_MIN ? CHUNK_BYTES_MIN : arena->chunk_bytes;
    if (wanted > left)
        wanted = left & ~(ALIGNMENT - 1);
    if (wanted < bytes)
        wanted = bytes;
    if (!add_chunk(arena, wanted)) {
        arena->failed = true;
        return NULL;
    }
    void *memory = arena->next;
    arena->next += bytes;
    return memory;
}

void *otlp_arena_allocate(struct otlp_arena *arena, size_t bytes) {
    if (bytes > SIZE_MAX / 4) {
        arena->failed = true;
        return NULL;
    }
    bytes = (bytes + ALIGNMENT - 1) & ~(ALIGNMENT - 1);
    if (__builtin_expect((size_t)(arena->end - arena->next) < bytes, 0))
        return allocate_in_new_chunk(arena, bytes);
    void *memory = arena->next;
    arena->next += bytes;
    return memory;
}

void *otlp_arena_message(struct otlp_arena *arena, const struct otlp_message *type) {
    ProtobufCMessage *message = otlp_arena_allocate(arena, type->size);
    if (message) {
        memset(message, 0, type->size);
        message->descriptor = type->descriptor;
    }
    return message;
}

void *otlp_arena_append(struct otlp_arena *arena, void *message, const struct otlp_field *field, size_t width,
                        size_t more) {
    uint8_t **array = (uint8_t **)((uint8_t *)message + field->offset);
    size_t count = ((size_t *)array)[-1];
    /* The word before an array holds how many elements it has room for. */
    size_t capacity = *array ? ((size_t *)*array)[-1] : 0;
    if (more > capacity - count) {
        size_t wanted = count + more < 2 * capacity ? 2 * capacity : count + more;
        size_t *memory = otlp_arena_allocate(arena, sizeof(*memory) + wanted * width);
        if (!memory)
            return NULL;
        *memory++ = wanted;
        memset((uint8_t *)memory + count * width, 0, (wanted - count) * width);
        if (count)
            memcpy(memory, *array, count * width);
        *array = (uint8_t *)memory;
    }
    return *array + count * width;
}

/* ---- What protobuf-c does by itself ---- */

static void *allocate(void *arena, size_t bytes) { return otlp_arena_allocate(arena, bytes); }
static void release(void *arena, void *memory) { (void)arena, (void)memory; }

void *otlp_read_by_protobuf_c(struct otlp_arena *arena, const struct otlp_message *type, const uint8_t *bytes,
                              size_t count) {
    ProtobufCAllocator allocator = {allocate, release, arena};
    return protobuf_c_message_unpack(type->descriptor, &allocator, count, bytes);
}

size_t otlp_size(const void *message) { return protobuf_c_message_get_packed_size(message); }
size_t otlp_write(const void *message, uint8_t *bytes) { return protobuf_c_message_pack(message, bytes); }

const struct otlp_message *otlp_message_of(int32_t index) { return &otlp_messages[index]; }
