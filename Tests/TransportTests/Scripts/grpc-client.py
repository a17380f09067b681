#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Calls the methods of GRPCEchoServer by grpcio; GRPCServerPeerTests reads what this prints.

usage: grpc-client.py PORT

Every function here is a scenario. It prints one line: the scenario's name, a tab, and "ok" or what was wrong.
"""

import sys
import threading
import time
import traceback

import grpc
from google.rpc import error_details_pb2, status_pb2

port = sys.argv[1]
OPTIONS = [("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1),
           ("grpc.enable_retries", 0)]
channel = grpc.insecure_channel(f"127.0.0.1:{port}", options=OPTIONS)
SERVICE = "/test.Echo/"
LIMIT = 20


def unary(method, message=b"", **arguments):
    timeout = arguments.pop("timeout", LIMIT)
    return channel.unary_unary(SERVICE + method).with_call(message, timeout=timeout, **arguments)


def failure(method, message=b"", **arguments):
    try:
        unary(method, message, **arguments)
    except grpc.RpcError as error:
        return error
    raise AssertionError(f"{method} did not fail")


def code_is(error, code):
    assert error.code() == code, f"{error.code()}: {error.details()}"


def values(metadata, name):
    return [value for key, value in metadata or () if key == name]


def unary_call():
    for size in (0, 1, 1000, 70_000, 3_000_000):
        message = bytes(index % 251 for index in range(size))
        for method in ("Unary", "UnaryAsync", "UnaryLater"):
            response, call = unary(method, message)
            assert response == message, (method, size, len(response))
            assert call.code() == grpc.StatusCode.OK


def many_calls_at_once():
    multi = channel.unary_unary(SERVICE + "UnaryAsync")
    calls = [multi.future(b"%d" % index, timeout=LIMIT) for index in range(300)]
    assert [call.result() for call in calls] == [b"%d" % index for index in range(300)]


def server_streaming():
    call = channel.unary_stream(SERVICE + "Count")(b"1000", timeout=LIMIT)
    messages = list(call)
    assert [int(message.split()[0]) for message in messages] == list(range(1000))
    assert values(call.initial_metadata(), "first") == ["early"]
    assert values(call.trailing_metadata(), "last") == ["late"]


def a_slow_reader_holds_the_server_up():
    call = channel.unary_stream(SERVICE + "Flood")(b"", timeout=LIMIT)
    first = next(call)
    time.sleep(0.3)
    sent = int(unary("FloodSent")[0])
    assert 0 < sent < 300, f"{sent} messages of 64 KiB sent though none was read"
    assert len(first) == 65536
    call.cancel()


def a_slow_handler_holds_the_client_up():
    sent = [0]

    def requests():
        while sent[0] < 3000:
            sent[0] += 1
            yield bytes(65536)

    call = channel.stream_unary(SERVICE + "Stall").future(requests(), timeout=LIMIT)
    time.sleep(0.3)
    held = sent[0]
    call.cancel()
    assert 0 < held < 300, f"{held} messages of 64 KiB sent though none was taken"


def client_streaming():
    response = channel.stream_unary(SERVICE + "Sum")((b"%d" % index for index in range(1000)), timeout=LIMIT)
    assert response == b"499500", response


def bidirectional_streaming():
    sent = threading.Semaphore(1)

    def requests():
        for index in range(100):
            assert sent.acquire(timeout=LIMIT)
            yield b"ping %d" % index

    received = []
    for message in channel.stream_stream(SERVICE + "Bidi")(requests(), timeout=LIMIT):
        received.append(message)
        sent.release()
    assert received == [b"ping %d" % index for index in range(100)]


def deadline():
    start = time.monotonic()
    code_is(failure("Sleep", timeout=0.3), grpc.StatusCode.DEADLINE_EXCEEDED)
    assert time.monotonic() - start < 10


def cancel():
    begun, cancelled = int(unary("sleepsBegun")[0]), int(unary("sleepsCancelled")[0])
    call = channel.unary_unary(SERVICE + "Sleep").future(b"", timeout=LIMIT)
    wait_for("sleepsBegun", begun + 1)
    call.cancel()
    wait_for("sleepsCancelled", cancelled + 1)


def wait_for(counter, least):
    for _ in range(200):
        if int(unary(counter)[0]) >= least:
            return
        time.sleep(0.02)
    raise AssertionError(f"{counter} is {unary(counter)[0]}, not {least}")


def metadata_and_binary_metadata():
    sent = [("tenant", "a"), ("tenant", "b"), ("blob-bin", bytes(range(256))), ("blob-bin", b""), ("blob-bin", b"\xff")]
    _, call = unary("Metadata", metadata=sent)
    assert values(call.initial_metadata(), "tenant") == ["a,b"], call.initial_metadata()
    assert values(call.trailing_metadata(), "blob-bin") == [bytes(range(256)), b"", b"\xff"], call.trailing_metadata()


def gzip_both_ways():
    message = b"telemetry compresses well. " * 5000
    response, _ = unary("Unary", message, compression=grpc.Compression.Gzip)
    assert response == message
    assert int(unary("Length", message, compression=grpc.Compression.Gzip)[0]) == len(message)


def deflate_is_unimplemented():
    error = failure("Unary", b"x" * 10_000, compression=grpc.Compression.Deflate)
    code_is(error, grpc.StatusCode.UNIMPLEMENTED)


def error_details():
    error = failure("Refuse", b"overload")
    code_is(error, grpc.StatusCode.UNAVAILABLE)
    assert error.details() == "zu voll: 100 % \u2603", error.details()
    (blob,) = values(error.trailing_metadata(), "grpc-status-details-bin")
    status = status_pb2.Status.FromString(blob)
    assert (status.code, status.message) == (14, error.details())
    retry, info, bad = (error_details_pb2.RetryInfo(), error_details_pb2.ErrorInfo(), error_details_pb2.BadRequest())
    for detail, message in zip(status.details, (retry, info, bad), strict=True):
        assert detail.Unpack(message), detail.type_url
    assert (retry.retry_delay.seconds, retry.retry_delay.nanos) == (2, 500_000_000)
    assert (info.reason, info.domain, dict(info.metadata)) == ("FULL", "swerve", {"queue": "1"})
    assert [(v.field, v.description) for v in bad.field_violations] == [("a.b", "is negative")]


def unknown_method():
    code_is(failure("Nothing"), grpc.StatusCode.UNIMPLEMENTED)


def too_large():
    code_is(failure("Unary", b"x" * 4_000_001), grpc.StatusCode.RESOURCE_EXHAUSTED)
    assert len(unary("Unary", b"x" * 4_000_000)[0]) == 4_000_000


def a_compression_bomb_is_refused():
    code_is(failure("Unary", bytes(10_000_000), compression=grpc.Compression.Gzip), grpc.StatusCode.RESOURCE_EXHAUSTED)


def an_unanswered_call_is_internal():
    code_is(failure("Forget"), grpc.StatusCode.INTERNAL)


def errors_of_a_handler():
    code_is(failure("Throw", b"status"), grpc.StatusCode.ABORTED)
    code_is(failure("Throw", b"other"), grpc.StatusCode.UNKNOWN)
    assert "secret" not in failure("Throw", b"other").details()


def not_admitted():
    error = failure("Unary", metadata=[("authorization", "Bearer wrong")])
    code_is(error, grpc.StatusCode.UNAUTHENTICATED)
    assert unary("Context", metadata=[("authorization", "Bearer right")])[0] == b"tenant right"


def a_stream_to_a_unary_method():
    call = channel.stream_unary(SERVICE + "Unary")
    for messages in ([], [b"a", b"b"]):
        try:
            call(iter(messages), timeout=LIMIT)
        except grpc.RpcError as error:
            code_is(error, grpc.StatusCode.UNIMPLEMENTED)
        else:
            raise AssertionError("a unary method took other than one message")


def early_answer_to_a_stream():
    stop = threading.Event()

    def endless():
        while not stop.is_set():
            yield b"x" * 1000

    try:
        channel.stream_unary(SERVICE + "Early")(endless(), timeout=LIMIT)
    except grpc.RpcError as error:
        code_is(error, grpc.StatusCode.FAILED_PRECONDITION)
    finally:
        stop.set()


def health():
    check = channel.unary_unary("/grpc.health.v1.Health/Check")
    # HealthCheckRequest{service} and HealthCheckResponse{status}, by their bytes.
    assert check(b"", timeout=LIMIT) == b"\x08\x01"
    assert check(b"\x0a\x09test.Echo", timeout=LIMIT) == b"\x08\x01"
    try:
        check(b"\x0a\x02no", timeout=LIMIT)
        raise AssertionError("an unknown service has a health")
    except grpc.RpcError as error:
        code_is(error, grpc.StatusCode.NOT_FOUND)
    watch = channel.unary_stream("/grpc.health.v1.Health/Watch")(b"\x0a\x05other", timeout=LIMIT)
    assert next(watch) == b"\x08\x03"
    unary("SetHealth", b"1")
    assert next(watch) == b"\x08\x01"
    unary("SetHealth", b"2")
    assert next(watch) == b"\x08\x02"
    watch.cancel()


SCENARIOS = [
    unary_call, many_calls_at_once, server_streaming, a_slow_reader_holds_the_server_up,
    a_slow_handler_holds_the_client_up, client_streaming,
    bidirectional_streaming, cancel, deadline, metadata_and_binary_metadata, gzip_both_ways, deflate_is_unimplemented,
    error_details, unknown_method, too_large, a_compression_bomb_is_refused, an_unanswered_call_is_internal,
    errors_of_a_handler, not_admitted, a_stream_to_a_unary_method, early_answer_to_a_stream, health,
]
for scenario in SCENARIOS:
    try:
        scenario()
        outcome = "ok"
    except Exception:  # noqa: BLE001  (whatever it is, the test shows it)
        outcome = traceback.format_exc().replace("\n", " | ")
    print(f"{scenario.__name__}\t{outcome}", flush=True)
