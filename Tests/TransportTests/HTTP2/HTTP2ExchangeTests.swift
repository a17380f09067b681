// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import NIOCore
import Testing

@testable import Transport

/// Our client and our server, over TCP.
@Suite struct HTTP2ExchangeTests {
  private static let handler = TestHandler()

  private func withPeers(
    _ handler: TestHandler = TestHandler(), serverLimits: HTTP2Limits = HTTP2Limits(),
    clientLimits: HTTP2Limits = HTTP2Limits(),
    _ body: (HTTP2TestServer, HTTP2TestClient) async throws -> Void
  ) async throws {
    let server = try await HTTP2TestServer(handler, limits: serverLimits)
    let client = try await HTTP2TestClient(port: server.port, limits: clientLimits)
    do { try await body(server, client) } catch {
      await client.stop()
      await server.stop()
      throw error
    }
    await client.stop()
    await server.stop()
  }

  @Test func aRequestIsAnswered() async throws {
    try await withPeers { _, client in
      let response = try await client.exchange("/unary", body: ByteBuffer(string: "hello"))
      #expect(response.status == 200)
      #expect(String(buffer: response.body) == "hello")
    }
  }
}
