/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/* The core for Swift: the same decisions over arrays in memory. */
#ifndef SWERVE_CORE_NATIVE_H
#define SWERVE_CORE_NATIVE_H

#include "../abi/swerve_abi.h"

/* What a decision depends on besides the tables. */
struct swerve_input {
    __u64 now_ns;      /* CLOCK_MONOTONIC */
    __u64 random;      /* fresh random bits */
    __u64 client_hash; /* who is asking, for the consistent hashes */
    __u32 sequence;    /* round-robin cursor of the service */
    __u32 ejected;     /* of the service, see swerve_service_state */
};

/* How a request or connect went, for the endpoint. */
enum swerve_result {
    SWERVE_RESULT_SUCCESS = 0,
    SWERVE_RESULT_ERROR = 1,   /* 5xx, but for the next */
    SWERVE_RESULT_GATEWAY = 2, /* 502, 503, 504 */
    SWERVE_RESULT_LOCAL = 3,   /* refused, reset, timed out: no response */
};

/* What a judgement has brought about. */
struct swerve_transition {
    __u32 kind;        /* enum swerve_event_kind, NONE for nothing */
    __u32 cause;       /* enum swerve_cause */
    __u32 panic;       /* PANIC_ON or PANIC_OFF when that came with it, else NONE */
    __u32 consecutive; /* failures in a row behind it */
    __u32 ejected;     /* ejected endpoints of the service, afterwards */
    __u64 until_ns;    /* end of an ejection */
};

/* A decision to replay: inputs, then answers. */
struct swerve_vector {
    struct swerve_input input;
    __u64 sample_ns;  /* a moving average to add a sample to */
    __u32 service;    /* whose endpoint set to select from */
    __u32 endpoint;   /* answer: id of the selected endpoint, all ones when refused */
    __u32 reason;     /* answer: enum swerve_reason */
    __u32 is_probe;   /* answer: 1 when the selected endpoint must be claimed as a probe */
    __u64 cost;       /* answer: its peak EWMA cost */
    __u64 average_ns; /* answer: the moving average after the sample */
};

/* The tables a decision reads, as arrays: `cells` is one endpoint set, `states` is indexed by endpoint id. */
struct swerve_tables {
    const union swerve_cell *cells;
    struct swerve_endpoint_state *states;
    __u32 cell_count;
    __u32 state_count;
};

/* Fills the answers of `vector`, as the kernel's replay program does. */
void swerve_native_replay(const struct swerve_tables *tables, struct swerve_vector *vector);

/* Hash of an address and a number; see swerve_hash_address in hash.h. */
__u64 swerve_native_hash_address(const union swerve_address *address, __u64 number, __u64 seed);

/* The peak-sensitive moving average; see swerve_peak_ewma in ewma.h. */
__u64 swerve_native_peak_ewma(__u64 average_ns, __u64 sample_ns, __u64 elapsed_ns);

#endif
