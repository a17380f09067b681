/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/*
 * A service's policy as the decision core and the relay read it: cells of its endpoint set, 32 bytes each. Names follow
 * Istio's DestinationRule and VirtualService, and Envoy's outlier detection. Also the events of what it brings about.
 */
#ifndef SWERVE_POLICY_H
#define SWERVE_POLICY_H

#include <linux/types.h>

/* A limit that nothing reaches: Istio's default, 2^32-1. */
enum { SWERVE_NO_LIMIT = 0xffffffff };

/* When an endpoint is ejected. A threshold of 0 is off. */
struct swerve_outlier_policy {
    __u32 consecutive_5xx;
    __u32 consecutive_gateway;
    __u32 consecutive_local;
    __u32 interval_ms;      /* after so long without an ejection the ejection time shrinks by one base time */
    __u32 base_ejection_ms; /* times the number of ejections */
    __u32 max_ejection_ms;
    __u16 max_ejection_percent; /* of the endpoints; one may always be ejected */
    __u16 panic_percent;        /* while fewer are healthy, ejection is ignored */
    __u16 split_local_origin;   /* 1: what fails before a response does not count as a 5xx */
    __u16 reserved;
};

/* How connections are made and kept, and how an endpoint comes back. */
struct swerve_pool_policy {
    __u32 connect_timeout_ms;
    __u32 idle_timeout_ms;
    __u32 max_requests_per_connection; /* 0: any number */
    __u32 max_pending_requests;
    __u32 warmup_ms; /* 0: an endpoint has its whole share at once */
    __u32 fallback;  /* id of the service that is asked when no endpoint of this one may be; SWERVE_NONE when none is */
    __u32 has_response; /* 1: a fixed response answers then; the agent keeps it in a file for the relay */
    __u32 reserved;
};

/* How long a connection of connection mode may be open. 0: any time. */
struct swerve_lifetime_policy {
    __u32 max_duration_ms;
    __u32 idle_timeout_ms; /* without a byte either way */
    __u32 reserved[6];
};

/* What the relay does about requests. */
struct swerve_request_policy {
    __u32 timeout_ms; /* 0: none */
    __u32 per_try_timeout_ms;
    __u32 retry_on; /* enum swerve_retry, or-ed */
    __u32 retry_attempts;
    __u32 retry_backoff_ms;
    __u32 max_retries;           /* under way at a time; see the budget */
    __u16 budget_percent;        /* of the requests under way; 0: max_retries is the limit */
    __u16 budget_min;            /* retries that may always be under way */
    __u32 ignore_previous_hosts; /* 1: an endpoint that was tried is avoided */
};

/* What is tried again: Envoy's retry_on. */
enum swerve_retry {
    SWERVE_RETRY_5XX = 1,
    SWERVE_RETRY_GATEWAY_ERROR = 2,
    SWERVE_RETRY_CONNECT_FAILURE = 4,
    SWERVE_RETRY_RESET = 8,
    SWERVE_RETRY_RETRIABLE_4XX = 16,
    SWERVE_RETRY_REFUSED_STREAM = 32,
    SWERVE_RETRY_NON_IDEMPOTENT = 64,
};

/* Low bits of swerve_endpoint_state.breaker; above them a time, CLOCK_MONOTONIC, in nanoseconds rounded down. */
enum swerve_breaker {
    SWERVE_BREAKER_CLOSED = 0,    /* takes traffic; since the time it warms up, unless that is 0 */
    SWERVE_BREAKER_OPEN = 1,      /* ejected until the time */
    SWERVE_BREAKER_HALF_OPEN = 2, /* one request or connection is under way to it, since the time */
    SWERVE_BREAKER_STATES = 3,    /* mask of the above */
    SWERVE_BREAKER_MANUAL = 4,    /* ejected by hand: until it is restored by hand, or the time */
    SWERVE_BREAKER_FLAGS = 7,
};

enum {
    /* A probe that is not heard of any more, as its client has gone, makes room for another one after so long. */
    SWERVE_PROBE_TIMEOUT_MS = 15000,
    /* Standby endpoints take traffic once fewer of the others are healthy than this hundredth part covers: Envoy's
     * overprovisioning factor. */
    SWERVE_OVERPROVISIONING_PERCENT = 140,
    /* An event of a limit is written once in so long. */
    SWERVE_LIMIT_EVENT_MS = 1000,
    /* Events kept; a reader that falls behind so many sees a gap in their numbers. */
    SWERVE_EVENTS_MAX = 4096,
};

/* What happened to an endpoint's breaker or to a service: constant, name in telemetry, meaning. */
#define SWERVE_EVENTS(X)                                                                                               \
    X(NONE, "none", "nothing")                                                                                         \
    X(OPEN, "open", "endpoint ejected: it gets no traffic until the time")                                             \
    X(HALF_OPEN, "half_open", "endpoint probed: one request or connection may go there")                               \
    X(CLOSED, "closed", "endpoint back in rotation")                                                                   \
    X(PANIC_ON, "panic_on", "too few endpoints of the service are healthy: ejection is ignored")                       \
    X(PANIC_OFF, "panic_off", "enough endpoints of the service are healthy again")                                     \
    X(LIMIT, "limit", "a limit of the service has refused a request or connection")

enum swerve_event_kind {
#define SWERVE_EVENT_ENUM(constant, name, meaning) SWERVE_EVENT_##constant,
    SWERVE_EVENTS(SWERVE_EVENT_ENUM)
#undef SWERVE_EVENT_ENUM
        SWERVE_EVENT_COUNT
};

/* Why it happened: constant, name in telemetry, meaning. Named after the settings in force. */
#define SWERVE_CAUSES(X)                                                                                               \
    X(NONE, "none", "no cause")                                                                                        \
    X(CONSECUTIVE_5XX, "consecutive_5xx", "5xx in a row")                                                              \
    X(CONSECUTIVE_GATEWAY, "consecutive_gateway_errors", "502, 503 or 504 in a row")                                   \
    X(CONSECUTIVE_LOCAL, "consecutive_local_origin_failures", "failed connects or missing responses in a row")         \
    X(SUCCESS_RATE, "success_rate", "success rate too far below that of the other endpoints")                          \
    X(FAILURE_PERCENTAGE, "failure_percentage", "too large a share of failures")                                       \
    X(MANUAL, "manual", "by hand: swerve endpoint eject, or restore")                                                  \
    X(EJECTION_TIME, "ejection_time", "the ejection time is over")                                                     \
    X(PROBE_SUCCEEDED, "probe_succeeded", "the probe succeeded")                                                       \
    X(PROBE_FAILED, "probe_failed", "the probe failed")                                                                \
    X(EJECTED_ENDPOINTS, "ejected_endpoints", "the number of ejected endpoints has changed")                           \
    X(MAX_CONNECTIONS, "max_connections", "connectionPool.tcp.maxConnections")                                         \
    X(MAX_REQUESTS, "max_requests", "connectionPool.http.http2MaxRequests")                                            \
    X(PENDING, "pending", "connectionPool.http.http1MaxPendingRequests")

enum swerve_cause {
#define SWERVE_CAUSE_ENUM(constant, name, meaning) SWERVE_CAUSE_##constant,
    SWERVE_CAUSES(SWERVE_CAUSE_ENUM)
#undef SWERVE_CAUSE_ENUM
        SWERVE_CAUSE_COUNT
};

/*
 * One event. Written by the programs, the relay and the agent; whoever wants to reads along, as nothing is taken out.
 * `sequence` is 1 + the number of the event once it is whole, and 0 while it is written.
 */
struct swerve_event {
    __u64 sequence;
    __u64 time_ns;     /* CLOCK_MONOTONIC */
    __u64 until_ns;    /* end of an ejection; all ones: until restored; else 0 */
    __u32 service;     /* id */
    __u32 endpoint;    /* id; SWERVE_NONE for an event of the service */
    __u16 kind;        /* enum swerve_event_kind */
    __u16 cause;       /* enum swerve_cause */
    __u32 consecutive; /* failures in a row behind the cause; the limit, in an event of one */
    __u32 active;      /* connections of the endpoint, or of the service */
    __u32 in_flight;   /* requests likewise */
    __u32 ejected;     /* ejected endpoints of the service, after the event */
    __u32 ejections;   /* of the endpoint since it was published */
    __u64 reserved;
};

#endif
