#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Exports all signals with the exporters of the OpenTelemetry SDK, and prints what they say, a JSON object.

usage: sdk-export.py {grpc|http} ENDPOINT [--compression gzip] [--ca FILE] [--cert FILE --key FILE] [--header K=V]...
       [--spans N] [--timeout SECONDS]
"""
import argparse
import json
import logging
import sys

from opentelemetry.sdk._logs import LoggerProvider
from opentelemetry.sdk._logs.export import SimpleLogRecordProcessor
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import PeriodicExportingMetricReader
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("protocol", choices=["grpc", "http"])
    parser.add_argument("endpoint")
    parser.add_argument("--compression", choices=["gzip", "none"], default="none")
    parser.add_argument("--ca")
    parser.add_argument("--cert")
    parser.add_argument("--key")
    parser.add_argument("--header", action="append", default=[])
    parser.add_argument("--spans", type=int, default=10)
    parser.add_argument("--timeout", type=float, default=30)
    return parser.parse_args()


def options(args):
    headers = dict(header.split("=", 1) for header in args.header)
    if args.protocol == "http":
        from opentelemetry.exporter.otlp.proto.http import Compression

        compression = Compression.Gzip if args.compression == "gzip" else Compression.NoCompression
        tls = {"certificate_file": args.ca, "client_certificate_file": args.cert, "client_key_file": args.key}
        return {"headers": headers, "compression": compression, "timeout": args.timeout, **{
            name: value for name, value in tls.items() if value}}
    import grpc

    compression = grpc.Compression.Gzip if args.compression == "gzip" else grpc.Compression.NoCompression
    settings = {"headers": headers, "compression": compression, "timeout": args.timeout}
    if args.ca:
        def read(path):
            with open(path, "rb") as file:
                return file.read()

        key, cert = (read(args.key), read(args.cert)) if args.cert else (None, None)
        return {"credentials": grpc.ssl_channel_credentials(read(args.ca), key, cert), **settings}
    return {"insecure": True, **settings}


def exporters(args):
    if args.protocol == "grpc":
        from opentelemetry.exporter.otlp.proto.grpc._log_exporter import OTLPLogExporter
        from opentelemetry.exporter.otlp.proto.grpc.metric_exporter import OTLPMetricExporter
        from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter

        endpoints = [args.endpoint] * 3
    else:
        from opentelemetry.exporter.otlp.proto.http._log_exporter import OTLPLogExporter
        from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter

        endpoints = [f"{args.endpoint}/v1/{path}" for path in ("metrics", "traces", "logs")]
    classes = (OTLPMetricExporter, OTLPSpanExporter, OTLPLogExporter)
    return [made(endpoint=endpoint, **options(args)) for made, endpoint in zip(classes, endpoints)]


class Recorder:
    """Stands before an exporter and keeps what it answers."""

    def __init__(self, exporter, name, results):
        self._exporter, self._name, self._results = exporter, name, results

    def export(self, *arguments, **keywords):
        result = self._exporter.export(*arguments, **keywords)
        self._results.setdefault(self._name, []).append(getattr(result, "name", str(result)))
        return result

    def __getattr__(self, name):
        return getattr(self._exporter, name)


def main():
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING)
    args = arguments()
    results = {}
    metric_exporter, span_exporter, log_exporter = exporters(args)
    resource = Resource.create({"service.name": "checkout"})
    meters = MeterProvider(
        [PeriodicExportingMetricReader(Recorder(metric_exporter, "metrics", results), 3_600_000)], resource=resource)
    tracers = TracerProvider(resource=resource)
    tracers.add_span_processor(BatchSpanProcessor(Recorder(span_exporter, "traces", results)))
    loggers = LoggerProvider(resource=resource)
    loggers.add_log_record_processor(SimpleLogRecordProcessor(Recorder(log_exporter, "logs", results)))
    counter = meters.get_meter("test").create_counter("requests")
    histogram = meters.get_meter("test").create_histogram("latency", "s")
    tracer = tracers.get_tracer("test")
    for number in range(args.spans):
        with tracer.start_as_current_span(f"span {number}"):
            counter.add(1, {"zone": "a" if number % 2 else "b"})
            histogram.record(number / 10)
    from opentelemetry._logs import LogRecord, SeverityNumber

    loggers.get_logger("test").emit(LogRecord(severity_number=SeverityNumber.ERROR, body="out of stock"))
    # Each exports once more what it has.
    for provider in (meters, tracers, loggers):
        provider.shutdown()
    print(json.dumps(results))


main()
