// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testbed
import Testing

@testable import Transport

/// curl, nghttp and h2load as clients of our server.
@Suite(.network) struct HTTP2RealPeerTests {
  private func withServer(
    _ limits: HTTP2Limits = HTTP2Limits(), _ body: (HTTP2TestServer, String) async throws -> Void
  ) async throws {
    let server = try await HTTP2TestServer(TestHandler(), limits: limits)
    do { try await body(server, "http://127.0.0.1:\(server.port)") } catch {
      await server.stop()
      throw error
    }
    await server.stop()
  }

  private func run(_ program: String, _ arguments: [String]) async throws -> String {
    let result = try await ChildProcess.run(program, arguments)
    #expect(result.isSuccess, "\(result.errors)")
    return result.output
  }

  @Test(.enabled(if: Programs.find("curl") != nil, "curl is not installed"))
  func curl() async throws {
    try await withServer { _, url in
      let directory = try TemporaryDirectory()
      let file = directory.path + "/body"
      try Data(patterned(3 << 20).readableBytesView).write(to: URL(fileURLWithPath: file))
      let common = ["--http2-prior-knowledge", "-sS", "-m", "25"]
      let echoed = directory.path + "/echoed"
      let code = try await run(
        "curl", common + ["-T", file, "-X", "POST", "-o", echoed, "-w", "%{http_version} %{http_code}", url + "/echo"])
      #expect(code == "2 200")
      #expect(try Data(contentsOf: URL(fileURLWithPath: echoed)) == Data(contentsOf: URL(fileURLWithPath: file)))
      // Not with an upload: curl 7.88 takes a reset with NO_ERROR in the middle of it for a failure.
      #expect(try await run("curl", common + [url + "/early"]) == "early")
      let status = ["-o", "/dev/null", "-w", "%{http_code}", "-H", "x: " + String(repeating: "v", count: 20_000)]
      #expect(try await run("curl", common + status + [url + "/unary"]) == "431")
    }
  }

  @Test(.enabled(if: Programs.find("nghttp") != nil, "nghttp2-client is not installed"))
  func nghttp() async throws {
    try await withServer { _, url in
      let options = ["-v", "--no-dep", "--timeout=25", "--trailer", "a: b", "-d", "/etc/passwd"]
      let output = try await run("nghttp", options + [url + "/echo"])
      #expect(output.contains(":status: 200"))
      #expect(output.contains("a: b"))
    }
  }

  @Test(.enabled(if: Programs.find("h2load") != nil, "nghttp2-client is not installed"))
  func h2load() async throws {
    try await withServer { server, url in
      let output = try await run("h2load", ["-n", "2000", "-c", "10", "-m", "50", url + "/unary"])
      #expect(output.contains("2000 succeeded"), "\(output)")
      try #require(
        await eventually { server.statistics.openConnections == 0 && server.statistics.liveStreams == 0 }, "closed")
    }
  }
}
