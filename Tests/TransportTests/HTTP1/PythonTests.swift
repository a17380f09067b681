// SPDX-License-Identifier: Apache-2.0

import NIOCore
import TestSupport
import Testbed
import Testing
import Transport

/// HTTP/1.1 with Python's standard library at the other end.
@Suite(.network, .enabled(if: PeerPython.isAvailable, "\(PeerPython.missing)"))
struct HTTP1PythonTests {
  @Test func httpClientTalksToTheServer() async throws {
    try await withServer { (server: TestServer) async throws in
      let output = try await PeerPython.run("http1_peer.py", of: "TransportTests", ["ask", "\(server.port)"])
      #expect(
        output.split(separator: "\n") == [
          "200 5 hello", "200 0 ", "200 7 100000 ", "200 7 300000 ", "200 1000000 aaaaaaaaaa", "204 0 ", "404 0 ",
        ])
      #expect(server.server.statistics.connectionsAccepted == 1)
    }
  }

  @Test func theClientTalksToHTTPServer() async throws {
    let server = try PeerPython.start("http1_peer.py", of: "TransportTests", ["serve"])
    let port = try await server.firstNumber()
    try await withClient(port) { (client: HTTPClient) async throws in
      for _ in 0..<3 {
        let response = try await client.send(.test("/path?query"))
        #expect(String(buffer: response.body) == "/path?query server.test")
      }
      let body = ByteBuffer(repeating: 0x61, count: 200_000)
      #expect(String(buffer: try await client.send(.test("/", .post), body: body).body) == "200000")
      #expect(client.statistics.connectionsOpened == 1)
    }
    server.kill()
  }
}
