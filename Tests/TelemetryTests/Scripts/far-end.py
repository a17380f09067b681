# SPDX-License-Identifier: Apache-2.0
"""A far end for exporters: takes OTLP and says what it took.

usage: far-end.py grpc|http PORT LOG PLAN [--tls CERTIFICATE KEY AUTHORITY]

LOG gets one line of JSON for each request, before it is answered: the names of its services, its encoding, compression
and headers, and when it came. PLAN is a JSON list of answers to the first requests; all others succeed:

  {"code": "UNAVAILABLE" or 503, "delay": SECONDS, "header": TEXT}   delay is RetryInfo, header Retry-After
  {"rejected": N, "message": TEXT}                                  partial success
  {"sleep": SECONDS}                                                answers late
  {"body": TEXT, "code": N, "type": TEXT}                           any body

Prints "ready" when it listens.
"""
import gzip
import json
import ssl
import sys
import threading
import time
from concurrent import futures
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import grpc
from google.protobuf import any_pb2, duration_pb2, json_format
from google.rpc import error_details_pb2, status_pb2
from opentelemetry.proto.collector.logs.v1 import logs_service_pb2 as logs
from opentelemetry.proto.collector.metrics.v1 import metrics_service_pb2 as metrics
from opentelemetry.proto.collector.trace.v1 import trace_service_pb2 as trace

KINDS = {
    "metrics": (metrics.ExportMetricsServiceRequest, metrics.ExportMetricsServiceResponse, "rejected_data_points"),
    "traces": (trace.ExportTraceServiceRequest, trace.ExportTraceServiceResponse, "rejected_spans"),
    "logs": (logs.ExportLogsServiceRequest, logs.ExportLogsServiceResponse, "rejected_log_records"),
}
METHODS = {
    "/opentelemetry.proto.collector.metrics.v1.MetricsService/Export": "metrics",
    "/opentelemetry.proto.collector.trace.v1.TraceService/Export": "traces",
    "/opentelemetry.proto.collector.logs.v1.LogsService/Export": "logs",
}

lock = threading.Lock()
protocol, port, log_path, plan = sys.argv[1], int(sys.argv[2]), sys.argv[3], json.loads(sys.argv[4])
tls = sys.argv[6:9] if len(sys.argv) > 5 else None
log = open(log_path, "a", buffering=1)


def services(signal, request):
    resources = {"metrics": "resource_metrics", "traces": "resource_spans", "logs": "resource_logs"}[signal]
    return [
        attribute.value.string_value
        for resource in getattr(request, resources)
        for attribute in resource.resource.attributes
        if attribute.key == "service.name"
    ]


def take(signal, request, **facts):
    """Writes the request down and finds its answer."""
    with lock:
        answer = plan.pop(0) if plan else {}
        taken = "code" not in answer
        entry = dict(signal=signal, services=services(signal, request), time=time.time(), taken=taken, **facts)
        log.write(json.dumps(entry) + "\n")
    time.sleep(answer.get("sleep", 0))
    return answer


def response(signal, answer):
    message = KINDS[signal][1]()
    if "rejected" in answer:
        setattr(message.partial_success, KINDS[signal][2], answer["rejected"])
        message.partial_success.error_message = answer["message"]
    return message


class Handler(grpc.GenericRpcHandler):
    def service(self, details):
        signal = METHODS.get(details.method)
        if signal is None:
            return None

        def export(request, context):
            metadata = {key: value for key, value in context.invocation_metadata() if isinstance(value, str)}
            peer = context.auth_context().get("x509_common_name", [b""])[0].decode()
            answer = take(signal, request, headers=metadata, client=peer)
            if "code" not in answer:
                return response(signal, answer)
            code = grpc.StatusCode[answer["code"]]
            if "delay" in answer:
                status = status_pb2.Status(code=code.value[0], message="planned")
                delay = duration_pb2.Duration()
                delay.FromMilliseconds(int(answer["delay"] * 1000))
                detail = any_pb2.Any()
                detail.Pack(error_details_pb2.RetryInfo(retry_delay=delay))
                status.details.append(detail)
                context.set_trailing_metadata((("grpc-status-details-bin", status.SerializeToString()),))
            context.abort(code, "planned")

        return grpc.unary_unary_rpc_method_handler(
            export,
            request_deserializer=KINDS[signal][0].FromString,
            response_serializer=lambda message: message.SerializeToString(),
        )


class HTTPHandler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        if self.headers.get("content-encoding") == "gzip":
            body = gzip.decompress(body)
        signal = self.path.rsplit("/", 1)[-1]
        is_json = self.headers["content-type"] == "application/json"
        request = KINDS[signal][0]()
        if is_json:
            json_format.Parse(body, request)
        else:
            request.ParseFromString(body)
        headers = {name.lower(): value for name, value in self.headers.items()}
        answer = take(signal, request, headers=headers, path=self.path)
        code = answer.get("code", 200)
        if "body" in answer:
            content = answer["body"].encode()
        elif code == 200:
            message = response(signal, answer)
            content = json_format.MessageToJson(message).encode() if is_json else message.SerializeToString()
        else:
            status = status_pb2.Status(code=14, message="planned")
            content = json_format.MessageToJson(status).encode() if is_json else status.SerializeToString()
        self.send_response(code)
        self.send_header("content-type", answer.get("type", self.headers["content-type"]))
        self.send_header("content-length", str(len(content)))
        if "header" in answer:
            self.send_header("retry-after", answer["header"])
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_):
        pass


if protocol == "grpc":
    server = grpc.server(futures.ThreadPoolExecutor(8), handlers=(Handler(),))
    if tls:
        certificate, key, authority = (open(path, "rb").read() for path in tls)
        credentials = grpc.ssl_server_credentials([(key, certificate)], authority, require_client_auth=True)
        server.add_secure_port(f"127.0.0.1:{port}", credentials)
    else:
        server.add_insecure_port(f"127.0.0.1:{port}")
    server.start()
    print("ready", flush=True)
    server.wait_for_termination()
else:
    server = ThreadingHTTPServer(("127.0.0.1", port), HTTPHandler)
    if tls:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(tls[0], tls[1])
        context.load_verify_locations(tls[2])
        context.verify_mode = ssl.CERT_REQUIRED
        server.socket = context.wrap_socket(server.socket, server_side=True)
    print("ready", flush=True)
    server.serve_forever()
