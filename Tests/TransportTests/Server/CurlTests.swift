// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testbed
import Testing
import Transport

@Suite(.network, .enabled(if: Programs.find("curl") != nil, "curl is not installed"))
struct CurlTests {
  private func curl(_ arguments: String...) async throws -> ChildProcess.Result {
    let result = try await ChildProcess.run("curl", ["--silent", "--show-error", "--max-time", "25"] + arguments)
    #expect(result.isSuccess, "\(result.errors)")
    return result
  }

  @Test func keepsTheConnection() async throws {
    try await withServer { (server: TestServer) async throws in
      let url = "http://127.0.0.1:\(server.port)/hello"
      #expect(try await curl(url, url, url).output == "hellohellohello")
      #expect(server.server.statistics.connectionsAccepted == 1)
    }
  }

  @Test(arguments: ["--http1.1", "--http2-prior-knowledge", "--http2", "--http1.0"])
  func uploadsAndDownloads(_ version: String) async throws {
    try await withServer { (server: TestServer) async throws in
      let directory = try TemporaryDirectory()
      let file = try directory.write("upload", String(repeating: "0123456789", count: 300_000))
      let url = "http://127.0.0.1:\(server.port)"
      #expect(try await curl(version, "--data-binary", "@\(file)", "\(url)/collect").output == "3000000 ")
      let big = try await curl(
        version, "\(url)/big/2000000", "--output", "\(directory.path)/down", "--write-out",
        "%{size_download} %{http_version}")
      #expect(big.output == "2000000 \(version == "--http2-prior-knowledge" ? "2" : "1.1")")
      #expect(try await curl(version, "--head", "\(url)/hello").output.contains("200"))
      #expect(try await curl(version, "--include", "\(url)/nocontent").output.contains("204"))
    }
  }

  @Test func sendsChunksAndAwaitsContinue() async throws {
    try await withServer { (server: TestServer) async throws in
      let directory = try TemporaryDirectory()
      let file = try directory.write("upload", String(repeating: "0123456789", count: 20_000))
      let answer = try await curl(
        "--http1.1", "--verbose", "--header", "Transfer-Encoding: chunked", "--header", "Expect: 100-continue",
        "--data-binary",
        "@\(file)", "http://127.0.0.1:\(server.port)/collect")
      #expect(answer.output == "200000 ")
      #expect(answer.errors.contains("HTTP/1.1 100 Continue"))
    }
  }

  @Test(
    .enabled(if: CertificateAuthority.isAvailable, "openssl is not installed"), arguments: ["--http1.1", "--http2"])
  func agreesOnAProtocolOverTLS(_ version: String) async throws {
    let authority = try CertificateAuthority()
    let pair = try authority.issue("server", dns: ["localhost"])
    let tls = try TLSServerContext(
      TLSServerConfiguration(certificateFile: pair.certificateFile, keyFile: pair.keyFile))
    try await withServer({ $0.tls = tls }) { (server: TestServer) async throws in
      let answer = try await curl(
        version, "--cacert", authority.certificateFile, "--resolve", "localhost:\(server.port):127.0.0.1",
        "--write-out", " %{http_version}", "https://localhost:\(server.port)/hello",
        "https://localhost:\(server.port)/hello")
      #expect(answer.output == (version == "--http2" ? "hello 2hello 2" : "hello 1.1hello 1.1"))
      #expect(server.server.statistics.connectionsAccepted == 1)
    }
  }
}
