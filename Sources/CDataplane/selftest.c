/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "CDataplane.h"

#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

int swerve_accept(int listener) { return accept4(listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK); }

int swerve_edge_epoll(int fd) {
    int epoll = epoll_create1(EPOLL_CLOEXEC);
    if (epoll < 0)
        return -1;
    struct epoll_event interest = {.events = EPOLLIN | EPOLLET};
    if (epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &interest) == 0)
        return epoll;
    close(epoll);
    return -1;
}

int swerve_wait_for_edge(int epoll, int timeout_ms) {
    struct epoll_event event;
    return epoll_wait(epoll, &event, 1, timeout_ms);
}

long swerve_splice(int from, int pipe, size_t size) { return splice(from, NULL, pipe, NULL, size, SPLICE_F_NONBLOCK); }
