# SPDX-License-Identifier: Apache-2.0
"""Python's ssl module as the other end of a TLS connection; see TLSPeerTests.swift.

usage: tls_peer.py client PORT AUTHORITY BYTES [CERTIFICATE KEY]
           sends BYTES random bytes to a server that sends them back, and says what was agreed on
       tls_peer.py server PORT_FILE CERTIFICATE KEY [cut]
           sends back what one client sends until its close_notify; or ends without one after the first bytes
"""
import os
import select
import socket
import ssl
import sys
import time


def echo(tls, data, received):
    """Sends and receives at the same time. In one thread: two may not use a TLS connection at once."""
    tls.setblocking(False)
    sent = 0
    deadline = time.monotonic() + 20
    while len(received) < len(data) and time.monotonic() < deadline:
        waits = True
        try:
            if sent < len(data):
                sent += tls.send(data[sent : sent + 65536])
                waits = False
        except (ssl.SSLWantReadError, ssl.SSLWantWriteError):
            pass
        try:
            piece = tls.recv(65536)
            if not piece:
                break
            received += piece
            waits = False
        except (ssl.SSLWantReadError, ssl.SSLWantWriteError):
            pass
        if waits:
            select.select([tls], [tls] if sent < len(data) else [], [], 1)
    tls.settimeout(20)


def client(port, authority, byte_count, pair):
    context = ssl.create_default_context(cafile=authority)
    context.set_alpn_protocols(["h2", "http/1.1"])
    if pair:
        context.load_cert_chain(*pair)
    data = os.urandom(byte_count)
    received = bytearray()
    with socket.create_connection(("127.0.0.1", port), timeout=20) as plain:
        with context.wrap_socket(plain, server_hostname="localhost") as tls:
            echo(tls, memoryview(data), received)
            same = "same" if received == data else "different"
            print(tls.version(), tls.selected_alpn_protocol(), same, flush=True)
            # Waits for the other end's close_notify.
            tls.unwrap()
    print("closed", flush=True)


def server(port_file, certificate, key, cut):
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate, key)
    context.set_alpn_protocols(["http/1.1"])
    listener = socket.create_server(("127.0.0.1", 0))
    listener.settimeout(20)
    with open(port_file + ".new", "w") as file:
        file.write(str(listener.getsockname()[1]))
    os.rename(port_file + ".new", port_file)
    plain, _ = listener.accept()
    plain.settimeout(20)
    # With it, Python takes an end without close_notify for an error, as it should.
    tls = context.wrap_socket(plain, server_side=True, suppress_ragged_eofs=False)
    while True:
        piece = tls.recv(65536)
        if not piece:
            break
        tls.sendall(piece)
        if cut:
            os.close(tls.detach())
            return
    print("end of input", flush=True)
    tls.unwrap()


arguments = sys.argv[2:]
if sys.argv[1] == "client":
    client(int(arguments[0]), arguments[1], int(arguments[2]), arguments[3:5])
else:
    server(arguments[0], arguments[1], arguments[2], len(arguments) > 3)
