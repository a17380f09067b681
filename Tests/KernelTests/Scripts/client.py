#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What applications do with their end of a connection, by Python's sockets.

usage: client.py TEST HOST PORT [ARGUMENT...]

Each test is a function; it ends with an assertion that fails, or prints what it found.
"""

import array
import fcntl
import hashlib
import http.client
import os
import resource
import select
import socket
import sys
import tempfile
import termios
import time

import pattern

TIMEOUT_S = 20


def connect(host, port):
    connection = socket.create_connection((host, port), TIMEOUT_S)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connection


def request(target, method="GET", **fields):
    lines = [f"{method} {target} HTTP/1.1", "Host: test"] + [f"{k.replace('_', '-')}: {v}" for k, v in fields.items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def head_and_rest(connection):
    """The length of the body that follows, and what of it has come."""
    data = b""
    while b"\r\n\r\n" not in data:
        data += connection.recv(4096)
    head, rest = data.split(b"\r\n\r\n", 1)
    fields = dict(line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:])
    return int(fields[b"content-length"]), rest


def waiting(connection):
    """Bytes to read, as the application is told (FIONREAD)."""
    count = array.array("i", [0])
    fcntl.ioctl(connection, termios.FIONREAD, count)
    return count[0]


# The ways to learn that there is something to read.


def peek(host, port):
    with connect(host, port) as connection:
        for size in (10, 1000, 20000):
            connection.sendall(request(f"/bytes/{size}"))
            first = connection.recv(100, socket.MSG_PEEK)
            assert first and connection.recv(len(first), socket.MSG_PEEK) == first
            length, rest = head_and_rest(connection)
            while len(rest) < length:
                seen = connection.recv(50, socket.MSG_PEEK)
                taken = connection.recv(len(seen))
                assert taken == seen
                rest += taken
            assert rest == b"".join(pattern.pieces(size))


def fionread(host, port):
    for size in (10, 1000, 20000):
        # On a busy machine the relay may carry a response, which is not counted (docs/REQUEST-MODE.md): not five times.
        assert any(is_counted(host, port, size) for _ in range(5)), size


def is_counted(host, port, size):
    """Whether a response is counted to the byte; false when it came, and was not counted at all."""
    with connect(host, port) as connection:
        connection.sendall(request(f"/bytes/{size}"))
        connection.recv(1, socket.MSG_PEEK)
        last = -1
        # Until nothing more comes.
        while waiting(connection) != last:
            last = waiting(connection)
            time.sleep(0.02)
        if last == 0:
            return False
        data = connection.recv(1 << 20)
        while waiting(connection):
            data += connection.recv(1 << 20)
        assert len(data) == last, (len(data), last)
        return True


def readiness(host, port, wait):
    with connect(host, port) as connection:
        connection.setblocking(False)
        for target in ("/name", "/delay/20", "/bytes/500000", "/chunked/100000/100", "/delay/1") * 5:
            assert not wait(connection, 0), "ready before anything was asked"
            connection.send(request(target))
            data = b""
            while not complete(data):
                assert wait(connection, TIMEOUT_S), f"{target}: nothing more after {len(data)} bytes"
                # To the end, as an edge-triggered reader has to.
                while True:
                    try:
                        data += connection.recv(65536)
                    except BlockingIOError:
                        break
            assert data.startswith(b"HTTP/1.1 200")


def complete(data):
    head, separator, body = data.partition(b"\r\n\r\n")
    if not separator:
        return False
    if b"chunked" in head:
        return body.endswith(b"X-Trailer: end\r\n\r\n")
    length = [line for line in head.split(b"\r\n") if line.lower().startswith(b"content-length")][0]
    return len(body) == int(length.split(b":")[1])


def with_select(host, port):
    readiness(host, port, lambda c, s: select.select([c], [], [], s)[0])


def with_poll(host, port):
    def wait(connection, seconds):
        poll = select.poll()
        poll.register(connection, select.POLLIN)
        return poll.poll(seconds * 1000)

    readiness(host, port, wait)


def with_epoll(host, port, flags=select.EPOLLIN):
    watched = {}

    def wait(connection, seconds):
        if connection not in watched:
            watched[connection] = select.epoll()
            watched[connection].register(connection, flags)
        return watched[connection].poll(seconds)

    readiness(host, port, wait)


def with_epoll_edge(host, port):
    with_epoll(host, port, select.EPOLLIN | select.EPOLLET | select.EPOLLRDHUP)


def again(host, port):
    """A blocking receive that the client's own half-close wakes: the kernel says EAGAIN once where it should wait."""
    with connect(host, port) as connection:
        connection.settimeout(None)
        connection.sendall(request("/delay/100"))
        connection.shutdown(socket.SHUT_WR)
        try:
            connection.recv(1000)
            print("waited")
        except BlockingIOError:
            print("EAGAIN")
            assert select.select([connection], [], [], TIMEOUT_S)[0]
            assert connection.recv(1000).startswith(b"HTTP/1.1 200")


def splice(host, port):
    """What splice(2) from a steered socket does; it is documented not to work."""
    with connect(host, port) as connection:
        reader, writer = os.pipe()
        connection.sendall(request("/bytes/1000"))
        assert select.select([connection], [], [], TIMEOUT_S)[0]
        connection.setblocking(False)
        try:
            print("moved", os.splice(connection.fileno(), writer, 65536, flags=2))
        except OSError as error:
            print(error.strerror)
        # A plain read finds all of it.
        length, rest = head_and_rest(connection)
        assert length == 1000 and len(rest) <= 1000


# Sending


def send_file(host, port, size):
    with tempfile.TemporaryFile() as file, connect(host, port) as connection:
        for piece in pattern.pieces(size):
            file.write(piece)
        file.seek(0)
        connection.sendall(request("/sha", "POST", Content_Length=size))
        assert connection.sendfile(file) == size
        length, rest = head_and_rest(connection)
        assert rest == f"{pattern.digest(size)} {size}\n".encode(), rest


def upload(host, port, size, chunk):
    with connect(host, port) as connection:
        framing = {"Transfer_Encoding": "chunked"} if chunk else {"Content_Length": size}
        connection.sendall(request("/sha", "POST", **framing))
        for piece in pattern.pieces(size):
            for start in range(0, len(piece), chunk or len(piece)):
                part = piece[start:start + (chunk or len(piece))]
                connection.sendall(b"%x\r\n%b\r\n" % (len(part), part) if chunk else part)
        if chunk:
            connection.sendall(b"0\r\n\r\n")
        length, rest = head_and_rest(connection)
        assert rest == f"{pattern.digest(size)} {size}\n".encode(), rest


# Receiving


def download(host, port, target, size, kibibytes_per_second=0):
    """Receives a body of the pattern, slowly if asked to, and checks its hash."""
    target = target if target.startswith("/") else f"/{target}"
    with connect(host, port) as connection:
        connection.sendall(request(target))
        length, rest = head_and_rest(connection)
        assert length == size, (length, size)
        sha, received, started = hashlib.sha256(rest), len(rest), time.monotonic()
        buffer = bytearray(65536 if kibibytes_per_second else 1 << 20)
        while received < size:
            count = connection.recv_into(buffer)
            assert count, f"ended after {received} of {size} bytes"
            sha.update(memoryview(buffer)[:count])
            received += count
            if kibibytes_per_second:
                early = received / (kibibytes_per_second * 1024) - (time.monotonic() - started)
                time.sleep(max(0, early))
        assert sha.hexdigest() == pattern.digest(size), "other bytes"


def hold(host, port, count):
    """Keeps so many connections open, each after a request, until standard input ends or a signal comes."""
    resource.setrlimit(resource.RLIMIT_NOFILE, (count + 100,) * 2)
    connections = []
    for _ in range(count):
        connection = connect(host, port)
        connection.sendall(request("/constant"))
        connections.append(connection)
        head_and_rest(connection)
    print("holding", flush=True)
    time.sleep(60)


def library(host, port):
    """Python's own client, which keeps its connection."""
    client = http.client.HTTPConnection(host, port, timeout=TIMEOUT_S)
    for method, target, body in [("GET", "/name", None), ("POST", "/sha", b"x" * 100000), ("HEAD", "/bytes/10", None),
                                 ("GET", "/chunked/50000/1000", None), ("GET", "/204", None), ("GET", "/304", None),
                                 ("POST", "/sha", iter([b"a" * 1000] * 50)), ("GET", "/bytes/100000", None)] * 3:
        client.request(method, target, body)
        response = client.getresponse()
        data = response.read()
        assert response.status in (200, 204, 304), (target, response.status)
        if target == "/chunked/50000/1000":
            assert data == b"".join(pattern.pieces(50000))
    client.close()


if __name__ == "__main__":
    name, address, number, *arguments = sys.argv[1:]
    globals()[name](address, int(number), *(int(a) if a.isdigit() else a for a in arguments))
