/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/*
 * Request mode: what the kernel programs, the relay and the agent share about clients, slots and pools.
 *
 * Four sockets carry a request: the client's (C), the one the relay accepted from it (A), a connection of the relay's
 * pool to an endpoint (P), and the socket that endpoint accepted (S), where it is on this node. A slot is one such
 * P with its S. A client leases a slot from the head of a request to the end of its response; every party changes the
 * records below with atomic instructions only, by the functions of core/exchange.h.
 */
#ifndef SWERVE_REQUEST_H
#define SWERVE_REQUEST_H

#include "swerve_http1.h"

enum {
    /* Client connections in request mode that the kernel can steer; more are carried by the relay alone. */
    SWERVE_CLIENTS_MAX = 65536,
    /* Endpoints with a pool of warm connections; connections to more endpoints are made per request. */
    SWERVE_POOLS_MAX = 2048,
    /* Warm connections of one pool: the bits of its masks. */
    SWERVE_POOL_SLOTS = 64,
    SWERVE_SLOTS_MAX = SWERVE_POOLS_MAX * SWERVE_POOL_SLOTS,
    /* Network namespaces the relay listens in. */
    SWERVE_LISTENERS_MAX = 4096,
    /* Sockets whose other end has not shown up yet. */
    SWERVE_PAIRS_MAX = 16384,
    /* No client, slot, endpoint or service. */
    SWERVE_NONE = 0xffffffff,
};

enum {
    /* Bytes that may wait unread in a redirect's target before the rest takes the way through TCP and the relay, which
     * has flow control: a redirect has none. */
    SWERVE_CREDIT_BYTES = 2 * 1024 * 1024,
    /* What a reader has read is told to the other end in steps of so much: its record is on another processor. */
    SWERVE_CREDIT_STEP = 256 * 1024,
    /* Longest request that the kernel sends through a pool connection: its send buffer takes that without waiting. */
    SWERVE_REMOTE_REQUEST_MAX = 64 * 1024,
    /* Longest head the kernel parses; a longer one is the relay's. */
    SWERVE_KERNEL_HEAD_MAX = 4096,
    /* Longest request, head and body, that is kept for a retry, and how many are kept at a time. */
    SWERVE_RETAINED_BYTES = 4080,
    SWERVE_RETAINED_MAX = 2048,
    /* A relay that has not signed the node record for so long is taken for dead: new connections use connection
     * mode. */
    SWERVE_RELAY_TIMEOUT_MS = 1000,
};

enum {
    /*
     * Latency buckets are OTLP's exponential histogram at this scale: bucket i holds (2^(i/8), 2^((i+1)/8)] ns. The
     * first bucket takes everything up to 2^SWERVE_LATENCY_OCTAVE_MIN ns, the last everything beyond its bound.
     */
    SWERVE_LATENCY_SCALE = 3,
    SWERVE_LATENCY_OCTAVE_MIN = 10,
    SWERVE_LATENCY_OCTAVES = 26,
    SWERVE_LATENCY_BUCKETS = SWERVE_LATENCY_OCTAVES << SWERVE_LATENCY_SCALE,
};

/*
 * Which way a request or response went, and why not a faster one: constant, name in telemetry, meaning. This is the one
 * table; the enum, the names and the documentation are made from it.
 */
#define SWERVE_PATHS(X)                                                                                                \
    X(LOCAL, "local", "request steered in the kernel, socket to socket, to an endpoint of this node")                  \
    X(REMOTE, "remote", "request steered in the kernel through a pool connection to an endpoint elsewhere")            \
    X(RELAY, "relay", "request carried by the relay")                                                                  \
    X(TUNNEL, "tunnel", "connection carried by the relay without looking into it: TLS, HTTP/2, CONNECT, Upgrade")      \
    X(REQUEST_ACCELERATION_OFF, "request_acceleration_off", "to the relay: steering is switched off on this node")     \
    X(REQUEST_HEAD_SPLIT, "request_head_split", "to the relay: the head did not come in one message")                  \
    X(REQUEST_HEAD_LONG, "request_head_long", "to the relay: the head is longer than the kernel parses")               \
    X(REQUEST_MALFORMED, "request_malformed", "to the relay, which refuses it: the head or the framing is malformed")  \
    X(REQUEST_NOT_HTTP, "request_not_http", "to the relay: the first bytes are not HTTP/1")                            \
    X(REQUEST_HTTP_1_0, "request_http_1_0", "to the relay: the request is HTTP/1.0")                                   \
    X(REQUEST_CLOSE, "request_close", "to the relay: the client asks for the connection to be closed")                 \
    X(REQUEST_UPGRADE, "request_upgrade", "to the relay: Upgrade or CONNECT")                                          \
    X(REQUEST_EXPECT, "request_expect", "to the relay: the client expects 100-continue")                               \
    X(REQUEST_PIPELINED, "request_pipelined", "to the relay: sent before the last response was read")                  \
    X(REQUEST_NO_ENDPOINT, "request_no_endpoint", "to the relay, which refuses it: no endpoint may take a request")    \
    X(REQUEST_NO_SLOT, "request_no_slot", "to the relay: the selected endpoint has no free warm connection")           \
    X(REQUEST_CREDIT, "request_credit", "rest to the relay: the endpoint has too much of the body unread")             \
    X(REQUEST_LONG, "request_long", "to the relay: longer than may wait unread; or not in one message, to elsewhere")  \
    X(REQUEST_REDIRECT, "request_redirect", "to the relay: the endpoint's socket is gone")                             \
    X(REQUEST_CHUNKED, "request_chunked", "to the relay: how long the body will be is not known")                      \
    X(RESPONSE_HEAD_SPLIT, "response_head_split", "by the relay: the response's head did not come in one message")     \
    X(RESPONSE_MALFORMED, "response_malformed", "by the relay, which refuses it: head or framing are malformed")       \
    X(RESPONSE_CLOSE, "response_close", "by the relay: the endpoint closes the connection after the response")         \
    X(RESPONSE_UNTIL_CLOSE, "response_until_close", "by the relay: the body ends with the connection")                 \
    X(RESPONSE_CHUNKED, "response_chunked", "by the relay: how long the body from elsewhere will be is not known")     \
    X(RESPONSE_LONG, "response_long", "by the relay: longer than may wait unread")                                     \
    X(RESPONSE_INTERIM, "response_interim", "by the relay: an interim response (1xx) comes first")                     \
    X(RESPONSE_CREDIT, "response_credit", "rest by the relay: the client has too much unread")                         \
    X(RESPONSE_REDIRECT, "response_redirect", "by the relay: the client's socket is gone")                             \
    X(RESPONSE_CHUNKS, "response_chunks", "rest by the relay: more chunks in one message than the kernel parses")      \
    X(RESPONSE_RETRY, "response_retry", "to the relay, which may try again: the policy names this status")             \
    X(REQUEST_REFUSED, "request_refused", "answered 503 by the kernel: see the reasons")                               \
    X(RETRY, "retry", "request sent once more by the relay")                                                           \
    X(RETRY_OVERFLOW, "retry_overflow", "not tried again: too many retries under way")                                 \
    X(FALLBACK, "fallback", "answered by the service's fallback")

enum swerve_path {
#define SWERVE_PATH_ENUM(constant, name, meaning) SWERVE_PATH_##constant,
    SWERVE_PATHS(SWERVE_PATH_ENUM)
#undef SWERVE_PATH_ENUM
        SWERVE_PATH_COUNT
};

/* What a socket is to Swerve. */
enum swerve_role {
    SWERVE_ROLE_DIRECT = 0,   /* connection mode: goes to its endpoint itself */
    SWERVE_ROLE_CLIENT = 1,   /* C */
    SWERVE_ROLE_ACCEPTED = 2, /* A */
    SWERVE_ROLE_POOL = 3,     /* P */
    SWERVE_ROLE_SERVER = 4,   /* S */
    SWERVE_ROLE_LISTENER = 5, /* the relay's listener */
};

/* Low bits of swerve_client.state. */
enum swerve_client_flag {
    SWERVE_CLIENT_KERNEL = 1,   /* the kernel carries what the client sends; otherwise it passes it to the relay */
    SWERVE_CLIENT_REQUEST = 2,  /* a steered request is not sent to its end */
    SWERVE_CLIENT_RESPONSE = 4, /* its response is not sent to its end */
    SWERVE_CLIENT_GONE = 8,     /* the application has closed the socket, not only its sending side */
    SWERVE_CLIENT_FLAGS = 15,
};
/* In swerve_client.slot: the request is admitted, and the endpoint in the other bits was selected for it, but the relay
 * is to carry it. */
enum { SWERVE_CLIENT_CHOSEN = 0x40000000 };
/* The other bits of swerve_client.state count the bytes passed to the relay, so that it can prove it has seen all. */
enum { SWERVE_CLIENT_PASSED_SHIFT = 16 };

/* In place of a response's status: the client has gone, which says nothing of the endpoint. */
enum { SWERVE_STATUS_ABANDONED = 1 };

/* What the end of a request or of a response made of their exchange; see core/exchange.h. */
enum swerve_ended {
    SWERVE_ENDED_ALREADY = 0, /* somebody else has ended it */
    SWERVE_ENDED_HALF = 1,    /* the other half goes on */
    SWERVE_ENDED_WHOLLY = 2,  /* the caller gives the slot back */
};

/* A client connection of request mode. The kernel takes a free record when C is established, the relay frees it. */
struct swerve_client {
    __u64 cookie;                     /* of C, its key in client_sockets; 0 when the record is free */
    __u64 state;                      /* enum swerve_client_flag, and above it the bytes passed */
    __u64 queued;                     /* response bytes sent towards C */
    __u64 consumed;                   /* of those, read; late by up to SWERVE_CREDIT_STEP, exact between exchanges */
    struct swerve_http1_body request; /* framing of the steered request */
    __u32 service;                    /* id */
    __u32 slot;                       /* leased by the steered request; or see SWERVE_CLIENT_CHOSEN */
    __u64 client_hash;                /* who is asking, for the consistent hashes */
};

/* Where the response of a leased slot is. */
enum swerve_stage {
    SWERVE_STAGE_IDLE = 0,  /* not leased: nothing may come */
    SWERVE_STAGE_HEAD = 1,  /* no byte of the response has come */
    SWERVE_STAGE_BODY = 2,  /* the kernel is carrying the body */
    SWERVE_STAGE_RELAY = 3, /* the relay carries what is left */
    SWERVE_STAGE_SPENT = 4, /* over, but not all of the request is read, or it was the connection's last: the relay
                             * closes it */
};

/* How the kernel reaches the endpoint of a slot; fixed by the relay before the slot is first free. */
enum swerve_reach {
    SWERVE_REACH_RELAY = 0,  /* only the relay does */
    SWERVE_REACH_LOCAL = 1,  /* S is on this node: socket to socket */
    SWERVE_REACH_REMOTE = 2, /* through P */
};

/*
 * A warm connection to an endpoint. Slot i belongs to pool i / SWERVE_POOL_SLOTS. Whoever leases it writes the first
 * cache line, which goes back and forth between the client's processor and the endpoint's; the second is the
 * relay's, and for the programs to read.
 */
struct swerve_slot {
    __u64 client_cookie;               /* of the client that leases it */
    __u32 client;                      /* its record */
    __u32 stage;                       /* enum swerve_stage */
    struct swerve_http1_body response; /* framing of the response */
    __u64 started_ns;                  /* CLOCK_MONOTONIC of the last request's head */
    __u32 method;                      /* enum swerve_http1_method of the request: a HEAD's response has no body */
    __u32 status;                      /* of the response */
    __u64 queued;                      /* request bytes sent towards S */
    __u64 consumed;                    /* of those, read by the endpoint; late by up to SWERVE_CREDIT_STEP */
    /* Second cache line. */
    __u32 service;       /* id */
    __u32 endpoint;      /* id */
    __u32 reach;         /* enum swerve_reach */
    __u32 paired;        /* 1 once S is known */
    __u64 server_cookie; /* of S; 0 while it is not known */
    __u64 ended_ns;      /* when the relay last used it, or connected it */
    __u64 requests;      /* so often the relay leased it; the kernel too, with a limit */
    __u32 retained;      /* bytes of the request kept for a retry, see swerve_retained; 0 when it is not kept */
    __u32 retry_on;      /* enum swerve_retry, or-ed: what the relay may try again, of a request that is kept */
    __u32 requests_max;  /* it is closed after so many; 0: any number */
    __u32 reserved;
    __u64 padding;
};

/* Which slots of its pool an endpoint has; part of its state, which whoever leases one has at hand. */
struct swerve_warm {
    __u64 free; /* slots nobody leases */
    __u64 live; /* slots whose connection is up; only these are leased */
};

/*
 * A request as it was sent, for a retry by the relay. Slot i has record i modulo SWERVE_RETAINED_MAX: with more
 * requests under way than there are records, one may find its record overwritten, and is not tried again. It is whole
 * when slot and time are its slot's own, before the bytes are copied and after.
 */
struct swerve_retained {
    __u64 started_ns; /* as in the slot */
    __u32 slot;
    __u32 size;
    __u8 bytes[SWERVE_RETAINED_BYTES];
};

/* What the requests of an endpoint with a pool were like. Taken and given back by the relay. */
struct swerve_pool {
    /* First cache line: the relay's. */
    __u32 endpoint;   /* id; SWERVE_NONE when the pool is free */
    __u32 generation; /* of the endpoint */
    __u64 padding[7];
    /* Second: written where responses end. */
    __u64 failed;       /* requests without a complete response */
    __u64 responses[6]; /* by status class: 1xx to 5xx in 1 to 5; 0 is not used */
    __u64 latency_sum_ns;
    __u64 latency[SWERVE_LATENCY_BUCKETS]; /* head of the request to end of the response; see SWERVE_LATENCY_SCALE */
    __u64 more_padding[32];
};

/* Key of the pairs map: two ends of one TCP connection know the same numbers, whatever their addresses look like. */
struct swerve_pair {
    __u32 sequence;        /* first byte the connecting end sends */
    __u32 acknowledgement; /* first byte the accepting end sends */
    __u16 port;            /* of the connecting end, host byte order */
    __u16 reserved[3];
};

/* What the accepting end is told about the connecting one. */
struct swerve_peer {
    __u32 role;    /* of the accepting end, enum swerve_role */
    __u32 index;   /* client or slot */
    __u32 service; /* id */
    __u32 reserved;
};

/* The relay's listener in a network namespace, on its loopback addresses. */
struct swerve_listener {
    __u16 port_ipv4; /* network byte order; 0 when there is none */
    __u16 port_ipv6;
    __u32 reserved;
};

#endif
