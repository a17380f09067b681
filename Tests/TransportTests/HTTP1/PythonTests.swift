// SPDX-License-Identifier: Apache-2.0

import NIOCore
import Testbed
import Testing
import Transport

private let python = ".build/peers/venv/bin/python3"

/// HTTP/1.1 with Python's standard library at the other end.
@Suite(.enabled(if: Programs.find(python) != nil, ".build/peers/venv is not there; see the Makefile"))
struct HTTP1PythonTests {
  private static let script = "Tests/TransportTests/Scripts/http1_peer.py"

  @Test func httpClientTalksToTheServer() async throws {
    try await withServer { (server: TestServer) async throws in
      let client = try ChildProcess(python, [Self.script, "ask", "\(server.port)"])
      #expect(try client.wait(timeout: .seconds(10)) == .exited(0), "\(client.errors)")
      #expect(
        client.output.split(separator: "\n") == [
          "200 5 hello", "200 0 ", "200 7 100000 ", "200 7 300000 ", "200 1000000 aaaaaaaaaa", "204 0 ", "404 0 ",
        ])
      #expect(server.server.statistics.connectionsAccepted == 1)
    }
  }

  @Test func theClientTalksToHTTPServer() async throws {
    let server = try ChildProcess(python, [Self.script, "serve"])
    #expect(try await soon(within: .seconds(10)) { server.output.hasSuffix("\n") }, "\(server.errors)")
    let port = try #require(Int(server.output.dropLast()))
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
