/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "CRelay.h"

#include <errno.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <linux/sockios.h>

#ifndef SO_NETNS_COOKIE
#define SO_NETNS_COOKIE 71
#endif

static volatile sig_atomic_t signal_target = -1;

static void announce(int number) {
    (void)number;
    int error = errno;
    uint64_t one = 1;
    /* What cannot be written now has been announced before. */
    ssize_t written = write(signal_target, &one, sizeof(one));
    (void)written;
    errno = error;
}

int relay_catch_signals(int eventfd) {
    signal_target = eventfd;
    struct sigaction caught = {.sa_handler = announce, .sa_flags = SA_RESTART};
    struct sigaction ignored = {.sa_handler = SIG_IGN};
    if (sigaction(SIGPIPE, &ignored, NULL) || sigaction(SIGTERM, &caught, NULL))
        return -1;
    return sigaction(SIGINT, &caught, NULL);
}

uint64_t relay_namespace_cookie(int socket) {
    uint64_t cookie = 0;
    socklen_t size = sizeof(cookie);
    return getsockopt(socket, SOL_SOCKET, SO_NETNS_COOKIE, &cookie, &size) ? 0 : cookie;
}

uint64_t relay_namespace_inode(int socket) {
    int namespace = ioctl(socket, SIOCGSKNS);
    if (namespace < 0)
        return 0;
    struct stat information;
    int result = fstat(namespace, &information);
    close(namespace);
    return result ? 0 : (uint64_t)information.st_ino;
}
