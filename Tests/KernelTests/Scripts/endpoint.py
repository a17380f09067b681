#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""An HTTP/1.1 endpoint that does what its request's path says, well or badly.

usage: endpoint.py PORT HOST...

Written on sockets, because what matters here are the bytes and the moments they are sent at. One thread for each
connection. The first part of a path is the name of a method of Exchange; the others are its arguments.
"""

import hashlib
import os
import socket
import struct
import sys
import threading
import time

import pattern


class Exchange:
    """One request and its response."""

    def __init__(self, connection, name):
        self.connection = connection
        self.name = name
        self.buffer = b""
        self.closes = False

    def run(self):
        """Serves one request. False when the connection is over."""
        while b"\r\n\r\n" not in self.buffer:
            if not self.fill():
                return False
            if self.buffer.startswith((b"\x16", b"\0", b"PRI ")):
                return self.echo()
        head, self.buffer = self.buffer.split(b"\r\n\r\n", 1)
        lines = head.decode("latin-1").split("\r\n")
        self.method, target, self.version = lines[0].split(" ")
        self.headers = {k.lower(): v.strip() for k, v in (line.split(":", 1) for line in lines[1:])}
        self.closes = self.version == "HTTP/1.0" or self.headers.get("connection", "").lower() == "close"
        self.head_bytes = len(head) + 4
        name, *arguments = target.strip("/").split("/")
        getattr(self, "do_" + (name or "name").replace("-", "_"))(*map(int, arguments))
        return not self.closes

    def fill(self):
        data = self.connection.recv(262144)
        self.buffer += data
        return bool(data)

    def send(self, data):
        self.connection.sendall(data)

    def echo(self):
        """What is no HTTP/1 comes back as it is."""
        while self.buffer:
            self.send(self.buffer)
            self.buffer = self.connection.recv(65536)
        return False

    # Bodies

    def body(self):
        """The request's body, in pieces."""
        if self.headers.get("expect"):
            self.send(b"HTTP/1.1 100 Continue\r\n\r\n")
        if self.headers.get("transfer-encoding") == "chunked":
            while size := int(self.line().split(b";")[0], 16):
                yield from self.take(size)
                self.line()
            while self.line():
                pass
        else:
            yield from self.take(int(self.headers.get("content-length", 0)))

    def line(self):
        while b"\r\n" not in self.buffer:
            if not self.fill():
                raise ConnectionError("ended within a body")
        line, self.buffer = self.buffer.split(b"\r\n", 1)
        return line

    def take(self, size):
        while size:
            if not self.buffer and not self.fill():
                raise ConnectionError("ended within a body")
            piece, self.buffer = self.buffer[:size], self.buffer[size:]
            size -= len(piece)
            yield piece

    def head(self, status, *fields, version="HTTP/1.1"):
        fields = (f"X-Endpoint: {self.name}",) + fields
        return (f"{version} {status}\r\n" + "".join(f + "\r\n" for f in fields) + "\r\n").encode()

    def answer(self, text, status="200 OK", *fields):
        data = text if isinstance(text, bytes) else text.encode()
        close = ("Connection: close",) if self.closes else ()
        head = self.head(status, f"Content-Length: {len(data)}", *fields, *close)
        self.send(head + (b"" if self.method == "HEAD" else data))

    # Ordinary

    def do_name(self):
        for _ in self.body():
            pass
        self.answer(self.name + "\n")

    do_constant = do_name

    def do_pid(self):
        self.answer(f"{os.getpid()}\n")

    def do_bytes(self, size):
        self.send(self.head("200 OK", f"Content-Length: {size}"))
        if self.method != "HEAD":
            for piece in pattern.pieces(size):
                self.send(piece)

    def do_chunked(self, size, chunk):
        """In chunks, with a trailer; many of them in one message when they are small."""
        self.send(self.head("200 OK", "Transfer-Encoding: chunked"))
        if self.method == "HEAD":
            return
        rest, batch = b"", []
        for piece in pattern.pieces(size):
            rest += piece
            while len(rest) >= chunk:
                batch.append(b"%x\r\n%b\r\n" % (chunk, rest[:chunk]))
                rest = rest[chunk:]
                if len(batch) * chunk >= 16384:
                    self.send(b"".join(batch))
                    batch = []
        if rest:
            batch.append(b"%x;last=yes\r\n%b\r\n" % (len(rest), rest))
        self.send(b"".join(batch) + b"0\r\nX-Trailer: end\r\n\r\n")

    def do_sha(self):
        """Says what the request's body was."""
        sha, size = hashlib.sha256(), 0
        for piece in self.body():
            sha.update(piece)
            size += len(piece)
        self.answer(f"{sha.hexdigest()} {size}\n")

    def do_head_size(self):
        """Says how long the request's head was."""
        self.answer(f"{self.head_bytes}\n")

    def do_headers(self, size):
        """A response head of about that size."""
        field = "X-Filler: " + "f" * 990
        self.answer(self.name, "200 OK", *[field] * (size // 1002))

    def do_delay(self, milliseconds):
        time.sleep(milliseconds / 1000)
        self.answer(self.name)

    def do_pieces(self, size, milliseconds):
        """The whole response in pieces of that size, with a pause after each."""
        data = self.head("200 OK", "Content-Length: 26") + b"abcdefghijklmnopqrstuvwxyz"
        for start in range(0, len(data), size):
            self.send(data[start:start + size])
            time.sleep(milliseconds / 1000)

    def do_slow_reader(self, kibibytes_per_second):
        """Reads the request's body slowly, then says what it was."""
        sha, size = hashlib.sha256(), 0
        started = time.monotonic()
        for piece in self.body():
            sha.update(piece)
            size += len(piece)
            early = size / (kibibytes_per_second * 1024) - (time.monotonic() - started)
            if early > 0:
                time.sleep(early)
        self.answer(f"{sha.hexdigest()} {size}\n")

    # Without a body, or with more than one head

    def do_204(self):
        self.send(self.head("204 No Content"))

    def do_304(self):
        """With the length that a 200 would have had (RFC 9110, 15.4.5)."""
        self.send(self.head("304 Not Modified", "Content-Length: 1000", 'ETag: "x"'))

    def do_interim(self, milliseconds):
        self.send(b"HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload\r\n\r\n")
        time.sleep(milliseconds / 1000)
        self.answer(self.name)

    def do_refuse(self):
        """Does not want the body."""
        self.closes = True
        self.answer("no", "417 Expectation Failed")

    def do_upgrade(self):
        """Echoes in capitals after the switch of protocols; says goodbye when the client has ended its side."""
        self.send(self.head("101 Switching Protocols", "Connection: Upgrade", "Upgrade: capitals") + b"welcome\n")
        if self.buffer:
            self.send(self.buffer.upper())
        while data := self.connection.recv(65536):
            self.send(data.upper())
        self.send(b"goodbye\n")
        self.closes = True

    # Ending with the connection

    def do_close(self, size):
        self.closes = True
        self.send(self.head("200 OK", f"Content-Length: {size}", "Connection: close"))
        for piece in pattern.pieces(size):
            self.send(piece)

    def do_until_close(self, size):
        self.closes = True
        self.send(self.head("200 OK"))
        for piece in pattern.pieces(size):
            self.send(piece)

    def do_http_1_0(self, size):
        self.closes = True
        self.send(self.head("200 OK", f"Content-Length: {size}", version="HTTP/1.0"))
        for piece in pattern.pieces(size):
            self.send(piece)

    # Badly

    def do_hang_up(self):
        """Closes in order, without an answer."""
        self.closes = True

    def do_reset(self):
        self.abort()

    def do_half(self, size):
        """Half a body, then a reset."""
        self.send(self.head("200 OK", f"Content-Length: {size}") + b"h" * (size // 2))
        time.sleep(0.05)
        self.abort()

    def do_stall(self, size):
        """Half a body, then nothing until the other side ends."""
        self.send(self.head("200 OK", f"Content-Length: {size}") + b"s" * (size // 2))
        self.connection.settimeout(60)
        self.connection.recv(1)
        self.closes = True

    def do_silence(self):
        """No answer at all until the other side ends."""
        self.connection.settimeout(60)
        self.connection.recv(1)
        self.closes = True

    def do_garbage(self):
        self.closes = True
        self.send(b"this is no HTTP at all\r\n\r\n")

    def do_two_lengths(self):
        self.closes = True
        self.send(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!")

    def abort(self):
        self.closes = True
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def serve(connection, name):
    exchange = Exchange(connection, name)
    try:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        while exchange.run():
            pass
    except (OSError, ValueError, AttributeError, TypeError) as error:
        # A client that breaks off is nothing to speak of; a path that does not exist is a mistake in a test.
        if not isinstance(error, (ConnectionError, TimeoutError)):
            print(f"{name}: {error!r}", file=sys.stderr, flush=True)
    finally:
        connection.close()


def listen(host, port):
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((host, port))
    listener.listen(4096)
    while True:
        connection, _ = listener.accept()
        threading.Thread(target=serve, args=(connection, host), daemon=True).start()


if __name__ == "__main__":
    threading.stack_size(256 * 1024)
    for address in sys.argv[2:]:
        threading.Thread(target=listen, args=(address, int(sys.argv[1])), daemon=True).start()
    threading.Event().wait()
