#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Exports, keeps the connection alive by pings alone, and exports again. Prints both statuses.

usage: keepalive.py HOST:PORT SECONDS
"""
import sys
import time

import grpc

options = [
    ("grpc.keepalive_time_ms", 200),
    ("grpc.keepalive_timeout_ms", 2000),
    ("grpc.keepalive_permit_without_calls", 1),
    ("grpc.http2.max_pings_without_data", 0),
]
method = "/opentelemetry.proto.collector.metrics.v1.MetricsService/Export"
with grpc.insecure_channel(sys.argv[1], options=options) as channel:
    export = channel.unary_unary(method)
    answers = []
    for pause in (float(sys.argv[2]), 0):
        answers.append(export.with_call(b"", timeout=10)[1].code().name)
        time.sleep(pause)
print(*answers)
