/* SPDX-License-Identifier: Apache-2.0 */
/* The parts of libbpf and the kernel interface that Swift cannot call: variadic callbacks and thread-bound calls. */
#ifndef SWERVE_CDATAPLANE_H
#define SWERVE_CDATAPLANE_H

#include <stddef.h>

/*
 * Sends libbpf's own messages of this thread to `buffer` (NUL terminated, the latest text is kept) until the
 * next call; NULL discards them. libbpf prints nothing to standard error once this was called.
 */
void swerve_capture_libbpf_log(char *buffer, size_t size);

/* Enters the network namespace behind `fd` on this thread. 0, or -1 with errno. */
int swerve_enter_network_namespace(int fd);

/* Takes an exclusive advisory lock on `fd` without waiting. 0, or -1 with errno (EWOULDBLOCK: another holds it). */
int swerve_try_lock(int fd);

/* Waits until every BPF program that runs now has ended, by an RCU grace period. 0, or -1 with errno. */
int swerve_wait_for_programs(void);

/* Magic number of the file system that holds `path` (<linux/magic.h>), 0 when it cannot be told. */
unsigned long swerve_filesystem_magic(const char *path);

/* Accepts a connection as a non-blocking socket. -1 with errno. */
int swerve_accept(int listener);

/* An epoll that says when `fd` becomes readable, once each time. -1 with errno. */
int swerve_edge_epoll(int fd);

/* Waits for that. 1, 0 when the time is up, or -1 with errno. */
int swerve_wait_for_edge(int epoll, int timeout_ms);

/* Moves what can be read now into a pipe; how many bytes, or -1 with errno. */
long swerve_splice(int from, int pipe, size_t size);

#endif
