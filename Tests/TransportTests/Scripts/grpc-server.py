#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A grpcio server for GRPCClientPeerTests.

usage: grpc-server.py [PORT [AUTHORITY CERTIFICATE KEY]]

With files it speaks TLS, and asks clients for certificates of the authority. Listens on 127.0.0.1, prints the port, and ends by a signal. Messages are bytes.
"""

import sys
import time
from concurrent import futures

import grpc
from google.protobuf import duration_pb2
from google.rpc import error_details_pb2, status_pb2

counters = {"cancelled": 0, "sleeping": 0, "flooded": 0}


def echo(message, context):
    return message


def gzipped(message, context):
    context.set_compression(grpc.Compression.Gzip)
    return message


def metadata(message, context):
    received = [(key, value) for key, value in context.invocation_metadata() if key in ("tenant", "blob-bin")]
    context.send_initial_metadata([pair for pair in received if pair[0] == "tenant"])
    context.set_trailing_metadata([pair for pair in received if pair[0] == "blob-bin"])
    return message


def headers(message, context):
    """What the client sent beside, for checks of user-agent and encodings."""
    return "\n".join(f"{key}={value}" for key, value in context.invocation_metadata()).encode()


def peer(message, context):
    return b",".join(context.peer_identities() or [])


def remaining(message, context):
    return b"%d" % int(context.time_remaining() * 1000)


def refuse(message, context):
    retry = error_details_pb2.RetryInfo(retry_delay=duration_pb2.Duration(seconds=2, nanos=500_000_000))
    bad = error_details_pb2.BadRequest(
        field_violations=[error_details_pb2.BadRequest.FieldViolation(field="a.b", description="is negative")])
    status = status_pb2.Status(code=14, message="zu voll: 100 % \u2603")
    for detail in (retry, bad):
        status.details.add().Pack(detail)
    context.set_trailing_metadata([("grpc-status-details-bin", status.SerializeToString())])
    context.abort(grpc.StatusCode.UNAVAILABLE, status.message)


def sleep(message, context):
    def ended():
        counters["cancelled"] += 1

    counters["sleeping"] += 1
    context.add_callback(ended)
    while context.is_active():
        time.sleep(0.02)
    return message


def idle(message, context):
    while context.is_active():
        time.sleep(0.02)
    return message


def count(message, context):
    context.send_initial_metadata([("first", "early")])
    context.set_trailing_metadata([("last", "late")])
    for index in range(int(message)):
        yield b"%d" % index


def flood(message, context):
    noise = bytes(range(256)) * 256
    while context.is_active():
        counters["flooded"] += 1
        yield noise


def fails_late(message, context):
    for index in range(10):
        yield b"%d" % index
    context.abort(grpc.StatusCode.DATA_LOSS, "the rest is lost")


def total(messages, context):
    return b"%d" % sum(int(message) for message in messages)


def early(messages, context):
    next(messages)
    context.abort(grpc.StatusCode.FAILED_PRECONDITION, "one is enough")


def bidi(messages, context):
    yield from messages


def counter(message, context):
    return b"%d" % counters[message.decode()]


def check(message, context):
    if message == b"\x0a\x05known":
        return b"\x08\x02"
    if message:
        context.abort(grpc.StatusCode.NOT_FOUND, "no such service")
    return b"\x08\x01"


def handlers(kind, *functions):
    return {function.__name__: kind(function) for function in functions}


methods = {
    **handlers(grpc.unary_unary_rpc_method_handler,
               echo, gzipped, metadata, headers, peer, remaining, refuse, sleep, idle, counter),
    **handlers(grpc.unary_stream_rpc_method_handler, count, flood, fails_late),
    **handlers(grpc.stream_unary_rpc_method_handler, total, early),
    **handlers(grpc.stream_stream_rpc_method_handler, bidi),
}
server = grpc.server(
    futures.ThreadPoolExecutor(max_workers=32),
    options=[("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1), ("grpc.so_reuseport", 0)])
server.add_generic_rpc_handlers((
    grpc.method_handlers_generic_handler("test.Echo", methods),
    grpc.method_handlers_generic_handler(
        "grpc.health.v1.Health", {"Check": grpc.unary_unary_rpc_method_handler(check)}),
))
address = f"127.0.0.1:{sys.argv[1] if len(sys.argv) > 1 else 0}"
if len(sys.argv) > 2:
    authority, certificate, key = (open(file, "rb").read() for file in sys.argv[2:5])
    port = server.add_secure_port(
        address, grpc.ssl_server_credentials([(key, certificate)], authority, require_client_auth=True))
else:
    port = server.add_insecure_port(address)
server.start()
print(port, flush=True)
server.wait_for_termination()
