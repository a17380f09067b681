/* SPDX-License-Identifier: Apache-2.0 */
/* Swift's Glibc module leaves these headers out. */
#include <linux/sockios.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
