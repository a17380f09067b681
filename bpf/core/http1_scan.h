/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/* Reading text eight bytes at a time: what the parser of http1.h is made of. */
#ifndef SWERVE_CORE_HTTP1_SCAN_H
#define SWERVE_CORE_HTTP1_SCAN_H

#include "http1_native.h"
#include "loop.h"

#ifndef __always_inline
#define __always_inline inline __attribute__((always_inline))
#endif

struct swerve_bytes;

/* The 8 bytes at `offset`, the first in the lowest bits; 0 when they are not all readable. */
static __u64 swerve_bytes_word(const struct swerve_bytes *bytes, __u32 offset);

/* The byte at `offset`; 256 when it is not readable. */
static __u32 swerve_bytes_octet(const struct swerve_bytes *bytes, __u32 offset);

/*
 * 0, obtained in a way that the verifier cannot follow. It follows constants through a loop round by round as soon as
 * a branch depends on them, and what it holds for unknown it sees through after one: so flags and counters start here.
 */
static __u32 swerve_bytes_zero(const struct swerve_bytes *bytes);

/* A load from memory must put the first byte into the lowest bits, and the text constants below say so, too. */
_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "written for little-endian machines");

/* Eight characters as a word loads them. */
#define SWERVE_TEXT(a, b, c, d, e, f, g, h)                                                                            \
    ((__u64)(a) | (__u64)(b) << 8 | (__u64)(c) << 16 | (__u64)(d) << 24 | (__u64)(e) << 32 | (__u64)(f) << 40 |        \
     (__u64)(g) << 48 | (__u64)(h) << 56)

#define SWERVE_EACH_OCTET 0x0101010101010101ULL

/* Upper to lower case; of what else it changes only control characters could become '-', ':' or a digit. */
#define SWERVE_LOWER (0x20 * SWERVE_EACH_OCTET)

enum { SWERVE_CR_LF = '\r' | '\n' << 8 };

/* Where a head may end: `size` is where readable bytes do, `end` the same within the limit. */
struct swerve_http1_extent {
    __u32 size;
    __u32 end;
};

/* A byte that was looked for, and in `pair` that byte and, above it, the next. */
struct swerve_http1_hit {
    __u32 position;
    __u32 pair;
};

/* The same value, about which the verifier no longer knows anything: behind it, all ways of getting there are one. */
static __always_inline __u32 swerve_http1_forget(const struct swerve_bytes *bytes, __u32 value) {
    /* Now, and not where the compiler would rather add, nor once for two who ask. */
    asm volatile("" : "+r"(value));
    value += swerve_bytes_zero(bytes);
    asm volatile("" : "+r"(value));
    return value;
}

static __always_inline struct swerve_http1_extent
swerve_http1_extent(const struct swerve_bytes *bytes, const struct swerve_http1_head *head, __u32 size, __u32 limit) {
    __u32 end = size - head->start > limit ? head->start + limit : size;
    struct swerve_http1_extent extent = {
        .size = swerve_http1_forget(bytes, size),
        .end = swerve_http1_forget(bytes, end),
    };
    return extent;
}

/* Marks, the top bit of each, the octets less than `bound` (at most 0x80). The lowest mark is exact, others may not be:
 * a subtraction borrows only from an octet above one that is marked. */
static __always_inline __u64 swerve_http1_below(__u64 word, __u8 bound) {
    return (word - bound * SWERVE_EACH_OCTET) & ~word & (0x80 * SWERVE_EACH_OCTET);
}

/* Marks the octets equal to `octet`, in the same way. */
static __always_inline __u64 swerve_http1_equal(__u64 word, __u8 octet) {
    return swerve_http1_below(word ^ (octet * SWERVE_EACH_OCTET), 1);
}

static __always_inline __u64 swerve_http1_lowest(__u64 marks) { return marks & -marks; }

/* Which octet a single mark is on, 0 for none. BPF has no instruction that counts zeros, but it multiplies. */
static __always_inline __u32 swerve_http1_index(__u64 mark) { return ((mark >> 7) * 0x0001020304050607ULL) >> 56; }

/* The bytes at `offset` when less than eight are left there, zeros behind them. There must be eight altogether. */
static __always_inline __u64 swerve_http1_tail(const struct swerve_bytes *bytes, struct swerve_http1_extent extent,
                                               __u32 offset) {
    __u32 missing = offset + 8 - extent.size;
    /* Or clang would carry this difference through the caller's loop, where the verifier cannot see through it. */
    asm volatile("" : "+r"(missing));
    return missing - 1 > 6 ? 0 : swerve_bytes_word(bytes, extent.size - 8) >> (8 * missing);
}

/* The bytes at `offset`, zeros where they end. There must be eight bytes altogether. */
static __always_inline __u64 swerve_http1_window(const struct swerve_bytes *bytes, struct swerve_http1_extent extent,
                                                 __u32 offset) {
    __u64 word = swerve_bytes_word(bytes, offset);
    return __builtin_expect(word != 0, 1) ? word : swerve_http1_tail(bytes, extent, offset);
}

/* The hit at a mark of the word at `offset`. */
static __always_inline struct swerve_http1_hit swerve_http1_hit(const struct swerve_bytes *bytes, __u32 offset,
                                                                __u64 word, __u64 mark) {
    __u32 index = swerve_http1_index(mark);
    struct swerve_http1_hit hit = {offset + index, (word >> (8 * index)) & 0xffff};
    if (index == 7)
        hit.pair |= swerve_bytes_octet(bytes, offset + 8) << 8;
    return hit;
}

/* Marks what a scan looks for: bytes less than `bound`, and the byte `other` (0 for none but those). */
static __always_inline __u64 swerve_http1_marks(__u64 word, __u8 bound, __u8 other) {
    __u64 marks = swerve_http1_below(word, bound);
    return other ? marks | swerve_http1_equal(word, other) : marks;
}

/* The first byte less than `bound`, or equal to `other`, from `offset` on, where `word` is. Zeros are such bytes: an
 * unreadable word ends the loop, and there is a hit behind the end if nowhere else. */
static __always_inline struct swerve_http1_hit swerve_http1_scan_from(const struct swerve_bytes *bytes,
                                                                      struct swerve_http1_extent extent, __u32 offset,
                                                                      __u64 word, __u8 bound, __u8 other) {
    __u64 marks = swerve_http1_marks(word, bound, other);
    while (!marks && swerve_loop()) {
        offset += 8;
        word = swerve_bytes_word(bytes, offset);
        marks = swerve_http1_marks(word, bound, other);
    }
    if (!word) {
        word = swerve_http1_tail(bytes, extent, offset);
        marks = swerve_http1_marks(word, bound, other);
    }
    return swerve_http1_hit(bytes, offset, word, swerve_http1_lowest(marks));
}

/* The first byte less than `bound` at or after `offset`. */
static __always_inline struct swerve_http1_hit
swerve_http1_scan(const struct swerve_bytes *bytes, struct swerve_http1_extent extent, __u32 offset, __u8 bound) {
    return swerve_http1_scan_from(bytes, extent, offset, swerve_bytes_word(bytes, offset), bound, 0);
}

/* Whether a hit is the CR of a line end. */
static __always_inline enum swerve_http1_result swerve_http1_line_break(struct swerve_http1_extent extent,
                                                                        struct swerve_http1_hit hit) {
    if (hit.position + 1 < extent.end)
        return hit.pair == SWERVE_CR_LF ? SWERVE_HTTP1_COMPLETE : SWERVE_HTTP1_MALFORMED;
    return hit.position >= extent.end || (hit.pair & 0xff) == '\r' ? SWERVE_HTTP1_INCOMPLETE : SWERVE_HTTP1_MALFORMED;
}

/* The end of the line that `offset` is on, where HTAB is the only control character. */
static __always_inline enum swerve_http1_result swerve_http1_line_end(const struct swerve_bytes *bytes,
                                                                      struct swerve_http1_extent extent, __u32 offset,
                                                                      struct swerve_http1_hit *hit) {
    while (swerve_loop()) {
        *hit = swerve_http1_scan(bytes, extent, offset, 0x20);
        if ((hit->pair & 0xff) != '\t')
            return swerve_http1_line_break(extent, *hit);
        offset = swerve_http1_forget(bytes, hit->position + 1);
    }
    return SWERVE_HTTP1_TOO_LONG;
}

#endif
