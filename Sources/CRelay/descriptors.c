/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "CRelay.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

/* Aligned as the macros of cmsg(3) want it. */
union control {
    char bytes[CMSG_SPACE(sizeof(int) * RELAY_DESCRIPTORS_MAX)];
    struct cmsghdr header;
};

ssize_t relay_send_descriptors(int socket, const void *bytes, size_t size, const int *descriptors, int count) {
    if (count < 0 || count > RELAY_DESCRIPTORS_MAX) {
        errno = EINVAL;
        return -1;
    }
    struct iovec vector = {.iov_base = (void *)bytes, .iov_len = size};
    struct msghdr message = {.msg_iov = &vector, .msg_iovlen = 1};
    union control control;
    memset(&control, 0, sizeof(control));
    if (count) {
        message.msg_control = &control;
        message.msg_controllen = CMSG_SPACE(sizeof(int) * (size_t)count);
        struct cmsghdr *header = CMSG_FIRSTHDR(&message);
        header->cmsg_level = SOL_SOCKET;
        header->cmsg_type = SCM_RIGHTS;
        header->cmsg_len = CMSG_LEN(sizeof(int) * (size_t)count);
        memcpy(CMSG_DATA(header), descriptors, sizeof(int) * (size_t)count);
    }
    return sendmsg(socket, &message, MSG_NOSIGNAL);
}

ssize_t relay_receive_descriptors(int socket, void *bytes, size_t size, int *descriptors, int *count) {
    struct iovec vector = {.iov_base = bytes, .iov_len = size};
    union control control;
    struct msghdr message = {
        .msg_iov = &vector, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof(control)};
    *count = 0;
    ssize_t received = recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
    if (received < 0)
        return -1;
    for (struct cmsghdr *header = CMSG_FIRSTHDR(&message); header; header = CMSG_NXTHDR(&message, header)) {
        if (header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS)
            continue;
        size_t came = (header->cmsg_len - CMSG_LEN(0)) / sizeof(int);
        memcpy(descriptors, CMSG_DATA(header), sizeof(int) * came);
        *count = (int)came;
    }
    if (!(message.msg_flags & (MSG_CTRUNC | MSG_TRUNC)))
        return received;
    for (int i = 0; i < *count; i++)
        close(descriptors[i]);
    *count = 0;
    errno = EMSGSIZE;
    return -1;
}

int relay_peer(int socket, uid_t *user, pid_t *process) {
    struct ucred credentials;
    socklen_t size = sizeof(credentials);
    if (getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &credentials, &size))
        return -1;
    *user = credentials.uid;
    *process = credentials.pid;
    return 0;
}

static int unix_socket(const char *path, int (*join)(int, const struct sockaddr *, socklen_t)) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (strlen(path) >= sizeof(address.sun_path)) {
        errno = ENAMETOOLONG;
        return -1;
    }
    strcpy(address.sun_path, path);
    int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0 || join(fd, (struct sockaddr *)&address, sizeof(address)) == 0)
        return fd;
    int error = errno;
    close(fd);
    errno = error;
    return -1;
}

static int bind_privately(int fd, const struct sockaddr *address, socklen_t size) {
    mode_t before = umask(0177);
    int result = bind(fd, address, size);
    umask(before);
    return result ? result : listen(fd, 4);
}

int relay_listen_at(const char *path) { return unix_socket(path, bind_privately); }

int relay_connect_to(const char *path) { return unix_socket(path, connect); }
