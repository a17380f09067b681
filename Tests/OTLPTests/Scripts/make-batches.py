#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes batches as the OpenTelemetry Python SDK sends them, with what Python reads in them.

usage: make-batches.py DIRECTORY [benchmark|small]

For every batch NAME: NAME.pb, the request's bytes; NAME.json, the same in OTLP's JSON; NAME.dump, one line for every
field in a form that the test writes as well. With `benchmark`, a large and a small batch of metrics and no
dump; with `small`, little of each, for fuzzing.
"""

import base64
import json
import random
import sys
from pathlib import Path

from google.protobuf import json_format
from google.protobuf.descriptor import FieldDescriptor
from opentelemetry.exporter.otlp.proto.common._log_encoder import encode_logs
from opentelemetry.exporter.otlp.proto.common.metrics_encoder import encode_metrics
from opentelemetry.exporter.otlp.proto.common.trace_encoder import encode_spans
from opentelemetry.proto.collector.profiles.v1development import profiles_service_pb2
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from opentelemetry.sdk.metrics.view import ExponentialBucketHistogramAggregation, View
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import Link, SpanKind, Status, StatusCode

HEXADECIMAL = {"trace_id", "span_id", "parent_span_id", "profile_id"}
RESOURCE = Resource.create({
    "service.name": "checkout", "service.version": "1.2.3", "service.instance.id": "b7c1", "host.name": "node-17",
    "k8s.namespace.name": "shop", "k8s.pod.name": "checkout-7d9f-x2x", "process.pid": 4711, "ratio": 0.25,
    "canary": True, "zones": ["a", "b"], "text": 'Grüße, 世界 🎉 "quoted"\\\n\t\x01',
})


# ---- Batches ----

def metrics(routes, statuses, instruments, with_exponential=True):
    reader = InMemoryMetricReader()
    views = [View(instrument_name="rpc.*", aggregation=ExponentialBucketHistogramAggregation())]
    provider = MeterProvider(metric_readers=[reader], resource=RESOURCE, views=views if with_exponential else [])
    choice = random.Random(4711)
    for library in range(instruments):
        meter = provider.get_meter(f"library.{library}", "2.0", schema_url="https://example.test/schema")
        requests = meter.create_counter("http.server.requests", "{request}", "Requests that were answered")
        active = meter.create_up_down_counter("http.server.active_requests", "{request}")
        gauge = meter.create_gauge("process.cpu.utilization", "1")
        duration = meter.create_histogram("http.server.request.duration", "s", "Duration of requests")
        call = meter.create_histogram("rpc.client.call.duration", "s")
        for route in range(routes):
            for status in statuses:
                attributes = {"http.request.method": "GET", "http.route": f"/api/v1/items/{route}",
                              "http.response.status_code": status, "server.address": "checkout.shop.svc"}
                requests.add(choice.randrange(1, 100_000), attributes)
                gauge.set(choice.random(), attributes)
                active.add(choice.randrange(-5, 50), attributes)
                for _ in range(3):
                    duration.record(choice.expovariate(10), attributes)
                    call.record(choice.expovariate(10), attributes)
    return encode_metrics(reader.get_metrics_data())


def traces():
    exporter = InMemorySpanExporter()
    provider = TracerProvider(resource=RESOURCE)
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    tracer = provider.get_tracer("library", "1.0")
    with tracer.start_as_current_span("parent", kind=SpanKind.SERVER, attributes={"a": 1, "b": [1.5, 2.5]}) as parent:
        parent.add_event("event", {"message": "started", "bytes": b"\x00\xff"})
        with tracer.start_as_current_span(
                "child", kind=SpanKind.CLIENT, links=[Link(parent.get_span_context(), {"why": "test"})]) as child:
            child.set_status(Status(StatusCode.ERROR, "refused"))
            child.record_exception(ValueError("no"))
    return encode_spans(exporter.get_finished_spans())


def logs():
    import logging
    from opentelemetry.sdk._logs import LoggerProvider
    from opentelemetry.sdk._logs.export import InMemoryLogRecordExporter, SimpleLogRecordProcessor
    from opentelemetry._logs import LogRecord, SeverityNumber
    exporter = InMemoryLogRecordExporter()
    provider = LoggerProvider(resource=RESOURCE)
    provider.add_log_record_processor(SimpleLogRecordProcessor(exporter))
    logger = provider.get_logger("library")
    for number, body in enumerate(["text", 12, 1.5, True, {"map": {"nested": [1, "two", None]}}, b"\x01\x02"]):
        logger.emit(LogRecord(timestamp=1_700_000_000_000_000_000 + number, body=body, severity_text="WARN",
                              severity_number=SeverityNumber.WARN, attributes={"number": number}))
    return encode_logs(exporter.get_finished_logs())


def profiles():
    """The SDK has no profiles yet: the definitions' own classes are filled by hand."""
    request = profiles_service_pb2.ExportProfilesServiceRequest()
    fill(request, random.Random(42), 0)
    return request


def fill(message, choice, depth):
    """Sets every field; of a oneof the last member wins."""
    for x in message.DESCRIPTOR.fields:
        repeated = x.is_repeated if hasattr(x, "is_repeated") else x.label == FieldDescriptor.LABEL_REPEATED
        if x.type == FieldDescriptor.TYPE_MESSAGE:
            if depth > 7 or (depth > 3 and x.message_type.name in {"AnyValue", "KeyValueList", "ArrayValue"}):
                continue
            for _ in range(2 if repeated else 1):
                fill(getattr(message, x.name).add() if repeated else getattr(message, x.name), choice, depth + 1)
            if not repeated:
                getattr(message, x.name).SetInParent()
        elif repeated:
            getattr(message, x.name).extend(value_of(x, choice) for _ in range(3))
        else:
            setattr(message, x.name, value_of(x, choice))


def value_of(x, choice):
    kind = FieldDescriptor
    if x.type == kind.TYPE_STRING:
        return choice.choice(["", "plain", "Grüße", "世界", "🎉\n"]) + str(choice.randrange(1000))
    if x.type == kind.TYPE_BYTES:
        return choice.randbytes(16 if "trace" in x.name or "profile" in x.name else 8)
    if x.type in (kind.TYPE_DOUBLE, kind.TYPE_FLOAT):
        return choice.choice([0.5, -1e300, 1e-7, 3.0, float("inf"), float("-inf")])
    if x.type == kind.TYPE_BOOL:
        return True
    if x.type == kind.TYPE_ENUM:
        return choice.choice(x.enum_type.values).number
    if x.type in (kind.TYPE_INT64, kind.TYPE_SFIXED64):
        return choice.choice([-1, 2**63 - 1, -2**63, choice.randrange(2**40)])
    if x.type in (kind.TYPE_UINT64, kind.TYPE_FIXED64):
        return choice.choice([2**64 - 1, choice.randrange(2**60)])
    if x.type in (kind.TYPE_INT32, kind.TYPE_SINT32):
        return choice.choice([-1, 2**31 - 1, -2**31, choice.randrange(100)])
    return choice.choice([2**32 - 1, choice.randrange(100)])


def everything(name):
    module = __import__(f"opentelemetry.proto.collector.{name}.v1.{name}_service_pb2", fromlist=["x"])
    request = getattr(module, f"Export{name.capitalize()}ServiceRequest")()
    fill(request, random.Random(7), 0)
    return request


# ---- What Python reads ----

def camel(name):
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)


def text_of(x, value):
    kind = FieldDescriptor
    if x.type == kind.TYPE_STRING:
        return "text " + value.encode().hex()
    if x.type == kind.TYPE_BYTES:
        return "bytes " + value.hex()
    if x.type == kind.TYPE_DOUBLE:
        import struct
        return "double " + struct.pack(">d", value).hex()
    return "number " + str(int(value))


def dump(message, path, lines):
    for x, value in message.ListFields():
        place = (path + "." if path else "") + camel(x.name)
        repeated = x.is_repeated if hasattr(x, "is_repeated") else x.label == FieldDescriptor.LABEL_REPEATED
        for index, one in enumerate(value if repeated else [value]):
            where = f"{place}[{index}]" if repeated else place
            if x.type == FieldDescriptor.TYPE_MESSAGE:
                lines.append(f"{where} message")
                dump(one, where, lines)
            else:
                lines.append(f"{where} {text_of(x, one)}")


def otlp_json(message):
    """OTLP's JSON: protobuf's, but ids in hexadecimal and enumerations as numbers."""
    tree = json_format.MessageToDict(message, use_integers_for_enums=True)

    def rewrite(node):
        for key, value in list(node.items()) if isinstance(node, dict) else []:
            if key in {camel(name) for name in HEXADECIMAL}:
                node[key] = base64.b64decode(value).hex()
            rewrite(value)
        for value in node if isinstance(node, list) else []:
            rewrite(value)

    rewrite(tree)
    return json.dumps(tree, ensure_ascii=False)


def write(directory, name, message):
    (directory / f"{name}.pb").write_bytes(message.SerializeToString())
    (directory / f"{name}.json").write_text(otlp_json(message))
    lines = []
    dump(message, "", lines)
    (directory / f"{name}.dump").write_text("\n".join([*lines, ""]))


def main(arguments):
    directory = Path(arguments[0])
    directory.mkdir(parents=True, exist_ok=True)
    if arguments[1:] == ["benchmark"]:
        batch = metrics(100, [200, 404, 500], 3)
        (directory / "benchmark.pb").write_bytes(batch.SerializeToString())
        (directory / "benchmark.json").write_text(otlp_json(batch))
        # What one application exports at a time.
        (directory / "export.pb").write_bytes(metrics(10, [200, 404, 500], 1).SerializeToString())
        return
    write(directory, "metrics", metrics(1, [200], 1) if arguments[1:] == ["small"] else metrics(3, [200, 500], 2))
    write(directory, "traces", traces())
    write(directory, "logs", logs())
    write(directory, "profiles", profiles())
    for name in ("metrics", "trace", "logs"):
        write(directory, f"all-{name}", everything(name))


main(sys.argv[1:])
