/* SPDX-License-Identifier: Apache-2.0 */
/* What the relay needs of the kernel and Swift cannot call: control messages, credentials, signals, namespaces. */
#ifndef SWERVE_CRELAY_H
#define SWERVE_CRELAY_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum {
    /* Descriptors in one message; the kernel's own bound is 253 (SCM_MAX_FD). */
    RELAY_DESCRIPTORS_MAX = 64,
};

/* Sends one message with `count` descriptors (SCM_RIGHTS in unix(7)). How many bytes, or -1 with errno. */
ssize_t relay_send_descriptors(int socket, const void *bytes, size_t size, const int *descriptors, int count);

/*
 * Receives one message, with room for RELAY_DESCRIPTORS_MAX descriptors; `count` says how many came. They are close on
 * exec. How many bytes, 0 at the end of the stream, or -1 with errno; EMSGSIZE when the message was cut.
 */
ssize_t relay_receive_descriptors(int socket, void *bytes, size_t size, int *descriptors, int *count);

/* User and process at the other end of a Unix socket. 0, or -1 with errno. */
int relay_peer(int socket, uid_t *user, pid_t *process);

/* A listening or connected SOCK_SEQPACKET socket at `path`, non-blocking. -1 with errno. */
int relay_listen_at(const char *path);
int relay_connect_to(const char *path);

/* Writes to the eventfd for each SIGTERM and SIGINT from now on, and ignores SIGPIPE. 0, or -1 with errno. */
int relay_catch_signals(int eventfd);

/* Cookie of a socket's network namespace (SO_NETNS_COOKIE, Linux 5.14); 0 when it cannot be told. */
uint64_t relay_namespace_cookie(int socket);

/* Inode of a socket's network namespace in nsfs, as stat(2) says of /proc/PID/ns/net; 0 when it cannot be told. */
uint64_t relay_namespace_inode(int socket);

#endif
