/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/* HTTP/1.1 for Swift: what a head says, and the same parser and framing over bytes in memory. */
#ifndef SWERVE_CORE_HTTP1_NATIVE_H
#define SWERVE_CORE_HTTP1_NATIVE_H

#include "../abi/swerve_abi.h"

enum swerve_http1_result {
    SWERVE_HTTP1_COMPLETE = 0,   /* the head is there, up to and including its empty line */
    SWERVE_HTTP1_INCOMPLETE = 1, /* sound so far: call again with more bytes and the same head */
    SWERVE_HTTP1_MALFORMED = 2,  /* breaks a rule of RFC 9112, or one of those in http1.h that are stricter */
    SWERVE_HTTP1_TOO_LONG = 3,   /* no end within the limit */
    SWERVE_HTTP1_NOT_HTTP = 4,   /* does not begin like HTTP/1: TLS, the HTTP/2 preface, another protocol */
};

enum swerve_http1_method {
    SWERVE_HTTP1_OTHER = 0, /* a token that is none of the methods below, which are RFC 9110's and PATCH */
    SWERVE_HTTP1_GET = 1,
    SWERVE_HTTP1_HEAD = 2,
    SWERVE_HTTP1_POST = 3,
    SWERVE_HTTP1_PUT = 4,
    SWERVE_HTTP1_DELETE = 5,
    SWERVE_HTTP1_CONNECT = 6,
    SWERVE_HTTP1_OPTIONS = 7,
    SWERVE_HTTP1_TRACE = 8,
    SWERVE_HTTP1_PATCH = 9,
};

/* Whether sending it twice does no more than sending it once (RFC 9110, section 9.2.2). */
static inline int swerve_http1_is_idempotent(__u32 method) {
    const __u32 idempotent = 1U << SWERVE_HTTP1_GET | 1U << SWERVE_HTTP1_HEAD | 1U << SWERVE_HTTP1_OPTIONS |
                             1U << SWERVE_HTTP1_PUT | 1U << SWERVE_HTTP1_DELETE | 1U << SWERVE_HTTP1_TRACE;
    return method < 32 && idempotent >> method & 1;
}

/* What the lines of a head say, OR-ed together. */
enum swerve_http1_flag {
    SWERVE_HTTP1_VERSION_1_1 = 1 << 0,         /* HTTP/1.1 or a later minor version; HTTP/1.0 otherwise */
    SWERVE_HTTP1_CHUNKED = 1 << 1,             /* Transfer-Encoding: chunked */
    SWERVE_HTTP1_HAS_LENGTH = 1 << 2,          /* Content-Length */
    SWERVE_HTTP1_HAS_HOST = 1 << 3,            /* Host, possibly empty */
    SWERVE_HTTP1_CLOSE = 1 << 4,               /* Connection: close */
    SWERVE_HTTP1_KEEP_ALIVE = 1 << 5,          /* Connection: keep-alive */
    SWERVE_HTTP1_CONNECTION_UPGRADE = 1 << 6,  /* Connection: upgrade */
    SWERVE_HTTP1_CONNECTION_OTHER = 1 << 7,    /* Connection with an option that is none of those three */
    SWERVE_HTTP1_HAS_CONNECTION = 1 << 8,      /* Connection */
    SWERVE_HTTP1_SEVERAL_CONNECTIONS = 1 << 9, /* more than one line of it */
    SWERVE_HTTP1_UPGRADE = 1 << 10,            /* Upgrade */
    SWERVE_HTTP1_EXPECT_CONTINUE = 1 << 11,    /* Expect: 100-continue */
    SWERVE_HTTP1_HTTP2_SETTINGS = 1 << 12,     /* HTTP2-Settings */
    SWERVE_HTTP1_HAS_TRACEPARENT = 1 << 13,    /* traceparent, of whatever shape */
    SWERVE_HTTP1_HAS_FIRST_LINE = 1 << 14,     /* the first line is complete, and `cursor` behind it */
};

/* The fields that are read. The order is that of the bits in `seen`. */
enum swerve_http1_field {
    SWERVE_HTTP1_FIELD_IGNORED = 0,
    SWERVE_HTTP1_FIELD_CONTENT_LENGTH = 1,
    SWERVE_HTTP1_FIELD_TRANSFER_ENCODING = 2,
    SWERVE_HTTP1_FIELD_HOST = 3,
    SWERVE_HTTP1_FIELD_CONNECTION = 4,
    SWERVE_HTTP1_FIELD_CONNECTION_AGAIN = 5, /* its second line */
    SWERVE_HTTP1_FIELD_KEEP_ALIVE = 6,
    SWERVE_HTTP1_FIELD_UPGRADE = 7,
    SWERVE_HTTP1_FIELD_EXPECT = 8,
    SWERVE_HTTP1_FIELD_HTTP2_SETTINGS = 9,
    SWERVE_HTTP1_FIELD_TRACEPARENT = 10,
    /* A power of two above all of them. */
    SWERVE_HTTP1_FIELDS = 16,
};

enum {
    /* Bytes of the target that target_hash depends on. */
    SWERVE_HTTP1_HASH_BYTES = 32,
};

/* Where a field line is. */
struct swerve_http1_place {
    __u32 start; /* first byte of its name */
    __u32 end;   /* its CR */
};

/* What a head says. Positions are offsets into the bytes it was parsed from. Made by swerve_http1_begin. */
struct swerve_http1_head {
    __u64 content_length; /* meant when flags have HAS_LENGTH */
    __u64 target_hash;    /* request: of the target's first 32 bytes, cut before its '?' */
    __u32 start;          /* first byte of the head */
    __u32 cursor;         /* first byte of the first unfinished line; behind the head when it is complete */
    __u32 length;         /* bytes, the empty line (and an ignored one in front of a request) included */
    __u32 flags;          /* enum swerve_http1_flag */
    __u32 method;         /* request: enum swerve_http1_method */
    __u32 status;         /* response: 100 to 999 */
    __u32 target;         /* request: the target, at least one byte */
    __u32 target_length;
    __u32 host; /* value of Host, without white space around it */
    __u32 host_length;
    __u32 traceparent; /* value of the only traceparent, 55 bytes of the right shape; 0 when there is none */
    __u32 connection;  /* first line of Connection, name to CR LF inclusive; 0 when there is none */
    __u32 connection_length;
    __u32 seen;     /* 1 << enum swerve_http1_field of every line that is read */
    __u32 repeated; /* the same of those that came more than once */
    __u32 reserved;
    /* By enum swerve_http1_field, the last line of each; set where `seen` says so. */
    struct swerve_http1_place places[SWERVE_HTTP1_FIELDS];
};

enum {
    /* Bytes of text in a vector; a multiple of 8. */
    SWERVE_HTTP1_VECTOR_SIZE = 1024,
};

/* A message to replay: inputs, then answers, then the text. */
struct swerve_http1_vector {
    __u32 size;        /* bytes of text */
    __u32 split;       /* bytes of it that come first, the others in a second call */
    __u32 limit;       /* of the head */
    __u32 is_response; /* 1 for a response, 0 for a request */
    __u32 method;      /* response: of the request it answers */
    __u32 zero;
    __u32 result; /* enum swerve_http1_result; INCOMPLETE to begin with */
    __u32 taken;  /* answer: bytes of the body */
    struct swerve_http1_body body;
    struct swerve_http1_head head; /* as swerve_native_http1_begin made it */
    __u8 text[SWERVE_HTTP1_VECTOR_SIZE];
};

/* Begins a head at offset `start`. */
void swerve_native_http1_begin(__u32 start, struct swerve_http1_head *head);

/* Parses `size` bytes; see swerve_http1_parse_request in http1.h. */
enum swerve_http1_result swerve_native_http1_parse_request(const __u8 *bytes, __u32 size, __u32 limit,
                                                           struct swerve_http1_head *head);

/* Parses `size` bytes; see swerve_http1_parse_response in http1.h. */
enum swerve_http1_result swerve_native_http1_parse_response(const __u8 *bytes, __u32 size, __u32 limit,
                                                            struct swerve_http1_head *head);

/* Whether the connection outlives the message, as far as this head decides it. */
int swerve_native_http1_persists(const struct swerve_http1_head *head);

/* Seconds of `Keep-Alive: timeout=N`, 0 when the head has none; the bytes are those it was parsed from. */
__u32 swerve_native_http1_keep_alive_s(const __u8 *bytes, __u32 size, const struct swerve_http1_head *head);

/* The framing of a request's body; see http1_body.h. */
void swerve_native_http1_body_of_request(const struct swerve_http1_head *head, struct swerve_http1_body *body);

/* The framing of the body of a response to a request of `method` (enum swerve_http1_method); see http1_body.h. */
void swerve_native_http1_body_of_response(const struct swerve_http1_head *head, __u32 method,
                                          struct swerve_http1_body *body);

/* How many of bytes[offset..<size] belong to the body; unlike swerve_http1_advance it never stops short. */
__u32 swerve_native_http1_advance(const __u8 *bytes, __u32 offset, __u32 size, struct swerve_http1_body *body);

/* Fills the answers of `vector`, as the kernel's replay program does. */
void swerve_native_http1_replay(struct swerve_http1_vector *vector);

#endif
