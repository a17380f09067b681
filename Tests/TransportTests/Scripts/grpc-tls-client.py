#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Asks GRPCEchoServer by grpcio, over TLS, as whom it sees us, and prints the answer.

usage: grpc-tls-client.py PORT AUTHORITY CERTIFICATE KEY
"""

import sys

import grpc

authority, certificate, key = (open(file, "rb").read() for file in sys.argv[2:5])
credentials = grpc.ssl_channel_credentials(authority, key, certificate)
with grpc.secure_channel(f"127.0.0.1:{sys.argv[1]}", credentials) as channel:
    print(channel.unary_unary("/test.Echo/Peer")(b"", timeout=20).decode())
