/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/*
 * What the kernel programs and Swift agree on: every struct, enum and limit.
 *
 * The same header is compiled into the BPF programs and imported by Swift, so nothing here is typed twice. Rules: no
 * bitfields, no packed structs, padding is explicit and zero, sizes are asserted in layout.c. Multi-byte fields are
 * in host byte order unless their comment says network byte order. A change of any layout raises SWERVE_ABI_VERSION:
 * pinned maps of another version are replaced as a whole, never reinterpreted.
 */
#ifndef SWERVE_ABI_H
#define SWERVE_ABI_H

#include "swerve_policy.h"
#include "swerve_request.h"

enum {
    /* Stamped into the pinned node map; Swift compares it before it touches any other map. */
    SWERVE_ABI_VERSION = 4,
};

enum {
    /* Frontends (VIP and port) and services: one service here is one port of a Kubernetes Service in one IP family. */
    SWERVE_SERVICES_MAX = 16384,
    SWERVE_FRONTENDS_MAX = 32768,
    /* Endpoints over all services; an endpoint of two services counts twice, as its history is kept per service. */
    SWERVE_ENDPOINTS_MAX = 131072,
    /* Endpoints of one service; the lookup table holds 16-bit indices. */
    SWERVE_SET_ENDPOINTS_MAX = 32768,
    /* Tracked connections of the node, unless `swerve run --max-connections` sets a lower limit. */
    SWERVE_CONNECTIONS_MAX = 1048576,
    /* Lookup table positions; the largest Maglev table size of Envoy and Istio, a prime. */
    SWERVE_TABLE_SIZE_MAX = 65537,
    /* Lookup table positions in one cell of an endpoint set. */
    SWERVE_CELL_POSITIONS = 16,
    /* Longest service name with its NUL: three DNS labels of 63, "/", ":" and "/ipv6"; a multiple of 8. */
    SWERVE_NAME_SIZE = 200,
};

/* How an endpoint is selected. The names are Istio's where Istio has one (DestinationRule loadBalancer.simple). */
enum swerve_algorithm {
    SWERVE_ROUND_ROBIN = 0,   /* in turn; in proportion to the weights where they differ */
    SWERVE_RANDOM = 1,        /* uniformly; in proportion to the weights where they differ */
    SWERVE_LEAST_REQUEST = 2, /* two random choices, fewer active connections per weight wins */
    SWERVE_PEAK_EWMA = 3,     /* two random choices, lower peak-sensitive RTT times active connections wins */
    SWERVE_MAGLEV = 4,        /* consistent hash of the client process */
    SWERVE_SOURCE_IP = 5,     /* consistent hash of the client address: Kubernetes' sessionAffinity: ClientIP */
    SWERVE_ALGORITHM_COUNT = 6,
};

/*
 * Why a connection was refused or served in a lesser way: constant, name in telemetry, meaning. This is the one table;
 * the enum, the names and the documentation are made from it.
 */
#define SWERVE_REASONS(X)                                                                                              \
    X(NONE, "none", "selected as the policy says")                                                                     \
    X(NO_ENDPOINT, "no_endpoint", "refused: the service has no endpoint that may take a connection")                   \
    X(NO_ENDPOINT_SET, "no_endpoint_set", "refused: the service has no published endpoint set")                        \
    X(CONNECTION_LIMIT, "connection_limit", "refused: the node tracks as many connections as it may")                  \
    X(CONNECTION_UNTRACKED, "connection_untracked", "refused: the kernel had no memory for the socket's storage")      \
    X(ADDRESS_FAMILY, "address_family", "refused: an IPv4 socket cannot reach the selected IPv6 endpoint")             \
    X(PANIC, "panic", "selected although ejected: too few endpoints are healthy to go by that")                        \
    X(NO_HEALTHY, "no_healthy", "refused: every endpoint of the service is ejected")                                   \
    X(MAX_CONNECTIONS, "max_connections", "refused: the service has as many connections as its policy allows")         \
    X(MAX_REQUESTS, "max_requests", "refused: as many requests of the service are under way as its policy allows")     \
    X(PENDING, "pending", "refused: as many requests of the service wait for a connection as its policy allows")       \
    X(SERVICE_TABLE_FULL, "service_table_full", "not published: the node holds as many services as it may")            \
    X(ENDPOINT_TABLE_FULL, "endpoint_table_full", "not published: the node has no room for the service's endpoints")

enum swerve_reason {
#define SWERVE_REASON_ENUM(constant, name, meaning) SWERVE_REASON_##constant,
    SWERVE_REASONS(SWERVE_REASON_ENUM)
#undef SWERVE_REASON_ENUM
        SWERVE_REASON_COUNT
};

/* An IPv6 address in network byte order; an IPv4 address is kept IPv4-mapped (RFC 4291 section 2.5.5.2). */
union swerve_address {
    __u8 octets[16];
    __u32 words[4];
    __u64 halves[2];
};

/* Key of the frontends map: what an application connects to. */
struct swerve_frontend {
    union swerve_address address;
    __u16 port;    /* network byte order */
    __u8 protocol; /* IPPROTO_TCP */
    __u8 reserved[5];
};

/* First cell of an endpoint set. */
struct swerve_set_header {
    __u32 endpoint_count;  /* endpoints that take new connections, in the cells that follow */
    __u32 draining_count;  /* endpoints that only keep what they have, in the cells after those */
    __u32 table_size;      /* lookup table positions in the cells after those; 0 when the algorithm needs none */
    __u32 algorithm;       /* enum swerve_algorithm */
    __u16 weighted;        /* 1 when the weights differ, so that a draw takes the alias into account */
    __u16 per_request;     /* 1 in request mode: load and latency are those of requests, not of connections */
    __u32 standby_count;   /* of the endpoints, the last so many: used while too many of the others are ejected */
    __u32 max_connections; /* connections in connection mode and of pools; SWERVE_NO_LIMIT when any number may be */
    __u32 max_requests;    /* requests under way; likewise */
};

/* One endpoint of a set: all that a decision needs and that does not change while the set is published. */
struct swerve_endpoint {
    union swerve_address address;
    __u32 id;              /* index into endpoint_states */
    __u32 generation;      /* incarnation of that id; a connection remembers the one it was made to */
    __u16 port;            /* network byte order */
    __u16 weight;          /* share relative to the other endpoints of the set; 0 only while draining */
    __u16 alias;           /* index drawn instead when the coin is not below alias_threshold (Walker 1977, Vose 1991) */
    __u16 alias_threshold; /* probability of keeping this slot, in units of 1/65536 */
};

/* Cells of an endpoint set by what they hold. */
enum {
    SWERVE_CELL_HEADER = 0,
    SWERVE_CELL_OUTLIER = 1,
    SWERVE_CELL_POOL = 2,
    SWERVE_CELL_REQUESTS = 3,
    SWERVE_CELL_WARMUP = 4,
    SWERVE_CELL_LIFETIME = 5,
    SWERVE_CELL_ENDPOINTS = 6, /* from here on */
};

/*
 * One element of an endpoint set's inner map: cell 0 is the header, then come the service's policy, endpoint_count
 * endpoints, draining_count endpoints, and the lookup table, SWERVE_CELL_POSITIONS endpoint indices per cell. One map
 * holds them all, so that one pointer swap publishes them together.
 */
union swerve_cell {
    struct swerve_set_header header;
    struct swerve_outlier_policy outlier;
    struct swerve_pool_policy pool;
    struct swerve_request_policy requests;
    struct swerve_lifetime_policy lifetime;
    __u16 warmup[SWERVE_CELL_POSITIONS]; /* share by elapsed sixteenths of the warm-up, in units of 1/65536 */
    struct swerve_endpoint endpoint;
    __u16 positions[SWERVE_CELL_POSITIONS];
};

/*
 * What the node knows about an endpoint. The agent writes generation when it allocates the id, the relay pool, the
 * kernel everything else (the relay too, for the requests it carries). Counters are exact (atomic); the averages and
 * their stamps are last-writer-wins: a lost sample costs less than a lock.
 */
struct swerve_endpoint_state {
    __u32 generation;          /* incarnation, raised when the endpoint leaves: its connections are stale then */
    __u32 active;              /* connections that have sent a SYN and are not yet closed */
    __u32 in_flight;           /* requests sent and not answered to the end; request mode only */
    __u32 pool;                /* 1 + index of the endpoint's pool of warm connections, 0 when it has none */
    __u64 breaker;             /* state and time, see core/breaker.h; 0 for an endpoint that is simply healthy */
    __u64 latency_ewma_ns;     /* peak-sensitive EWMA of the requests' latency; request mode only */
    __u64 latency_stamp_ns;    /* CLOCK_MONOTONIC of its last sample */
    struct swerve_warm warm;   /* slots of the pool */
    __u32 consecutive_5xx;     /* 5xx in a row; missing responses too, unless those are told apart */
    __u32 consecutive_gateway; /* the same of 502, 503 and 504 */
    /* Second cache line: most decisions need the first only. */
    __u64 rtt_ewma_ns;    /* the same of the smoothed round-trip time, 0 before the first sample; not in request mode */
    __u64 rtt_stamp_ns;   /* CLOCK_MONOTONIC of its last sample */
    __u64 selected;       /* connections sent here; requests, in request mode */
    __u64 established;    /* handshakes completed */
    __u64 failed;         /* connects that ended, not by the application, before they were established */
    __u32 retransmits;    /* TCP segments sent again */
    __u32 timeouts;       /* TCP retransmission timeouts */
    __u64 bytes_sent;     /* acknowledged by the endpoint, SYN and FIN included; added when the connection ends */
    __u64 bytes_received; /* received from the endpoint, FIN included; added when the connection ends */
    /* Third: written when something goes wrong. */
    __u32 consecutive_local; /* connects refused, reset or timed out and requests without a response, in a row */
    __u32 ejections;         /* how often its ejection time has grown */
    __u64 returned_ns;       /* CLOCK_MONOTONIC of its last return to rotation */
    __u32 ejections_total;   /* ejections since it was published */
    __u32 cause;             /* enum swerve_cause of the last ejection */
    __u64 padding[5];
};

/*
 * What the node knows about a service. Requests under way are those admitted less those answered: clients write one,
 * the endpoints' side the other, each on a cache line of its own, and clients look at the other's only when what they
 * saw there last does not do.
 */
struct swerve_service_state {
    __u32 sequence;      /* round-robin cursor */
    __u32 ejected;       /* endpoints that are ejected, or only probed */
    __u32 admitted;      /* requests, ever */
    __u32 answered_seen; /* what `answered` was when an admission last looked */
    __u32 connections;   /* of connection mode: admitted, and not closed; the relay counts its pools' itself */
    __u32 reserved;
    __u64 limit_noted_ns; /* CLOCK_MONOTONIC of the last event of a limit: a flood of refusals is not one of events */
    __u64 padding[4];
    /* Second cache line. */
    __u32 answered; /* requests, ever: answered to the end, or failed */
    __u32 more_reserved;
    __u64 more_padding[7];
    __u64 reasons[SWERVE_REASON_COUNT]; /* decisions by enum swerve_reason; NONE counts the ordinary selections */
    __u64 paths[SWERVE_PATH_COUNT];     /* requests by enum swerve_path, and responses that left theirs */
    __u64 last_padding[8 - (SWERVE_REASON_COUNT + SWERVE_PATH_COUNT) % 8];
};

/* Who a service id is, so that `swerve status` and a restarted agent can read it from the kernel alone. */
struct swerve_service_info {
    char name[SWERVE_NAME_SIZE];         /* namespace/name:port, NUL terminated; empty when the id is free */
    struct swerve_frontend frontends[2]; /* the address connected to; a second one for an external IP */
};

/* The node's single record. The kernel writes `connections`; the relay its own two fields; the agent all else. */
struct swerve_node {
    __u32 abi_version;        /* SWERVE_ABI_VERSION of the maps */
    __u32 connections;        /* connections that count towards an endpoint now */
    __u32 connections_limit;  /* bound of the above, at most SWERVE_CONNECTIONS_MAX */
    __u32 acceleration;       /* 1 while requests may be steered in the kernel; written by the relay */
    __u64 build;              /* fingerprint of the program objects that are attached */
    __u64 relay_heartbeat_ns; /* CLOCK_MONOTONIC of the relay's last sign of life; written by the relay */
    __u64 publications;       /* raised after every change of the tables, so that the relay reads them anew */
    __u64 events;             /* events ever written; the next one goes to this index modulo SWERVE_EVENTS_MAX */
    __u64 padding[2];
};

/* How far the accounting of a connection has come. */
enum swerve_phase {
    SWERVE_ENDED = 0,    /* counts nowhere: fresh storage, or a connection that is over */
    SWERVE_SELECTED = 1, /* an endpoint was selected, no SYN was sent yet */
    SWERVE_COUNTED = 2,  /* a SYN was sent: counts as active until it closes */
};

/*
 * Socket storage of a socket that is ours: set by the connect hook on what an application connects, by the relay on its
 * listeners and pool connections before they do anything, by sockops on what accepts either. Freed with the socket.
 */
struct swerve_connection {
    struct swerve_frontend frontend; /* what the application asked for, and what getpeername answers; else zero */
    __u32 endpoint;                  /* id; SWERVE_NONE when the socket counts towards none */
    __u32 generation;                /* of the endpoint when it was selected */
    __u32 phase;                     /* enum swerve_phase */
    __u32 role;                      /* enum swerve_role */
    __u32 service;                   /* id; of a client, or of what was accepted from one */
    __u32 index;                     /* client of a client or accepted socket, slot of a pool or server socket */
    __u64 cookie;                    /* of the socket itself: a client record that bears another is not its any more */
    __u64 client_hash;               /* of a client: who is asking, for the consistent hashes */
    __u64 consumed;                  /* bytes the application has read from a client or server socket */
    __u64 published;                 /* of those, how many the client's or slot's record knows of */
    __u64 started_ns;                /* CLOCK_MONOTONIC of the connect */
    __u64 bytes;                     /* sent and received, when the stale connections were last looked for */
    __u64 moved_ns;                  /* CLOCK_MONOTONIC when that was last seen to change */
    __u32 half_closed;               /* 1 when the application sends no more: every read is published from then on */
    __u32 padding;
};

#endif
