# SPDX-License-Identifier: Apache-2.0
"""Peers of HTTP/1.1 from Python's standard library.

usage: http1_peer.py serve           prints its port; answers GET with what it was asked and POST with the body's size
       http1_peer.py ask PORT        asks a server of ours over one connection, prints one line for each answer
"""
import http.client
import http.server
import sys


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self, body):
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        self.answer(f"{self.path} {self.headers['Host']}".encode())

    def do_POST(self):
        self.answer(str(len(self.rfile.read(int(self.headers["Content-Length"])))).encode())

    def log_message(self, *arguments):
        pass


def serve():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    print(server.server_address[1], flush=True)
    server.serve_forever()


def ask(port):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    chunks = (b"x" * 1000 for _ in range(300))
    for method, path, body in [
        ("GET", "/hello", None),
        ("HEAD", "/hello", None),
        ("POST", "/collect", b"y" * 100_000),
        ("POST", "/collect", chunks),
        ("GET", "/big/1000000", None),
        ("GET", "/nocontent", None),
        ("GET", "/missing", None),
    ]:
        connection.request(method, path, body)
        response = connection.getresponse()
        data = response.read()
        print(response.status, len(data), data[:10].decode())
    connection.close()


if sys.argv[1] == "serve":
    serve()
else:
    ask(int(sys.argv[2]))
