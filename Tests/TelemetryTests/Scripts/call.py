#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes raw calls, one after the other, and prints their answers as a JSON array.

usage: call.py FILE

The file holds a JSON array of objects:
  {"grpc": "HOST:PORT", "path": "/package.Service/Method", "body": BASE64, "metadata": {...}, "gzip": true}
  {"http": "HOST:PORT", "method": "POST", "path": "/v1/traces", "body": BASE64, "headers": {...}}
Answers have "status" (a number: of gRPC or of HTTP), "message", "body" (base64) and "fields" (trailing metadata or
header fields; binary ones in base64).
"""
import base64
import http.client
import json
import sys

import grpc


def encoded(value):
    return base64.b64encode(value).decode()


def call_grpc(call):
    options = [("grpc.max_send_message_length", -1), ("grpc.max_receive_message_length", -1)]
    with grpc.insecure_channel(call["grpc"], options=options) as channel:
        method = channel.unary_unary(call["path"])
        metadata = list(call.get("metadata", {}).items())
        compression = grpc.Compression.Gzip if call.get("gzip") else grpc.Compression.NoCompression
        try:
            body, rpc = method.with_call(
                base64.b64decode(call["body"]), metadata=metadata, timeout=60, compression=compression)
            code, message = rpc.code(), rpc.details()
        except grpc.RpcError as error:
            body, rpc = b"", error
            code, message = error.code(), error.details()
        fields = {}
        for name, value in rpc.trailing_metadata() or []:
            fields[name] = encoded(value) if isinstance(value, bytes) else value
        return {"status": code.value[0], "message": message or "", "body": encoded(body), "fields": fields}


def call_http(call):
    connection = http.client.HTTPConnection(call["http"], timeout=60)
    try:
        headers = call.get("headers", {})
        connection.request(call.get("method", "POST"), call["path"], base64.b64decode(call["body"]), headers)
        response = connection.getresponse()
        body = response.read()
        fields = {name.lower(): value for name, value in response.getheaders()}
        return {"status": response.status, "message": "", "body": encoded(body), "fields": fields}
    finally:
        connection.close()


with open(sys.argv[1], encoding="utf-8") as file:
    calls = json.load(file)
print(json.dumps([call_grpc(call) if "grpc" in call else call_http(call) for call in calls]))
