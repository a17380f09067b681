// SPDX-License-Identifier: Apache-2.0

import Foundation
import NIOCore
import TestSupport
import Testbed
import Testing
import Transport

/// Other implementations at the other end: openssl's programs, curl, Python.
@Suite(.network, .enabled(if: CertificateAuthority.isAvailable, "openssl is not installed"))
struct TLSPeerTests {
  private static let hasCurl = Programs.find("curl") != nil

  let fixture: TLSFixture

  init() throws {
    fixture = try TLSFixture.shared()
  }

  /// Runs `openssl s_client`, which says what is given and goes when the server closes.
  private func sClient(_ server: TLSTestServer, saying text: String = "", _ arguments: [String]) throws -> ChildProcess
  {
    let words = [
      "openssl", "s_client", "-connect", "127.0.0.1:\(server.port)", "-servername", "localhost", "-CAfile",
      fixture.authority.certificateFile, "-verify_return_error", "-ign_eof",
    ]
    let command = (words + arguments).map { "'\($0)'" }.joined(separator: " ")
    return try ChildProcess("sh", ["-c", "printf '\(text)' | timeout 25 \(command)"])
  }

  private func ended(_ program: ChildProcess) async -> String {
    let result = await program.result()
    return result.output + result.errors
  }

  // MARK: openssl

  @Test(arguments: ["-tls1_2", "-tls1_3"])
  func anOpenSSLClientIsServed(version: String) async throws {
    let server = try await TLSTestServer(
      fixture.serverContext(), alpn: ["h2", "http/1.1"], .echoThenClose(byteCount: 5))
    let output = try await ended(sClient(server, saying: "hello", [version, "-alpn", "http/1.1"]))
    #expect(output.contains("hello"))
    #expect(output.contains("ALPN protocol: http/1.1"))
    #expect(output.contains("Verification: OK"))
    #expect(output.contains("Compression: NONE"))
    #expect(output.contains(version == "-tls1_2" ? "TLSv1.2" : "TLSv1.3"))
    #expect(try await server.first().errors.isEmpty)
  }

  @Test func olderVersionsAreRefused() async throws {
    let server = try await TLSTestServer(fixture.serverContext())
    let output = try await ended(sClient(server, ["-tls1_1", "-cipher", "ALL:@SECLEVEL=0"]))
    #expect(output.contains("alert protocol version"))
    #expect(try await TLSTestClient.failure(of: server.first())?.message.contains("unsupported protocol") == true)
  }

  @Test func versionTwoIsRefusedWhereThreeIsTheMinimum() async throws {
    var configuration = fixture.serverConfiguration
    configuration.minimumVersion = .tls13
    let server = try await TLSTestServer(TLSServerContext(configuration))
    #expect(try await ended(sClient(server, ["-tls1_2"])).contains("alert protocol version"))
  }

  @Test func renegotiationIsRefused() async throws {
    let server = try await TLSTestServer(fixture.serverContext())
    // A line with an R asks for it, once the handshake is done.
    let peer = try ChildProcess(
      "sh",
      [
        "-c",
        "(sleep 0.3; echo R; sleep 0.7) | timeout 25 openssl s_client -connect 127.0.0.1:\(server.port) -tls1_2",
      ])
    let output = await ended(peer)
    #expect(output.contains("no renegotiation"))
  }

  @Test func anExpiredServerIsRefused() async throws {
    let expired = try fixture.authority.issue("expired", dns: ["localhost"], days: -1)
    let port = try FreePort.find(on: ["127.0.0.1"])
    let peer = try ChildProcess(
      "openssl",
      ["s_server", "-www", "-accept", "127.0.0.1:\(port)", "-cert", expired.certificateFile, "-key", expired.keyFile])
    #expect(await eventually { peer.output.contains("ACCEPT") })
    let client = try await TLSTestClient(toPort: Int(port), fixture.clientContext())
    let error = try #require(await client.failure())
    #expect(error.code == .tlsFailed)
    #expect(error.message.hasSuffix("certificate verify failed: certificate has expired"))
    peer.terminate()
  }

  @Test func aServerWithoutOurVersionsIsReported() async throws {
    let port = try FreePort.find(on: ["127.0.0.1"])
    let peer = try ChildProcess(
      "openssl",
      [
        "s_server", "-www", "-accept", "127.0.0.1:\(port)", "-cert", fixture.server.certificateFile, "-key",
        fixture.server.keyFile, "-tls1_1", "-cipher", "ALL:@SECLEVEL=0",
      ])
    #expect(await eventually { peer.output.contains("ACCEPT") })
    let client = try await TLSTestClient(toPort: Int(port), fixture.clientContext())
    #expect(await client.failure()?.message.contains("protocol version") == true)
    peer.terminate()
  }

  // MARK: curl

  @Test(.enabled(if: hasCurl, "curl is not installed"))
  func curlNegotiatesAndVerifies() async throws {
    let server = try await TLSTestServer(fixture.serverContext(), alpn: ["http/1.1"], .echoThenClose(byteCount: 1))
    func curl(_ arguments: [String]) async throws -> String {
      try await ended(
        ChildProcess("curl", ["-sv", "--max-time", "25", "--http0.9"] + arguments))
    }
    let trusting = try await curl([
      "--cacert", fixture.authority.certificateFile, "https://localhost:\(server.port)/echo",
      "--resolve", "localhost:\(server.port):127.0.0.1",
    ])
    #expect(trusting.contains("SSL certificate verify ok"))
    #expect(trusting.contains("accepted http/1.1") || trusting.contains("accepted to use http/1.1"))
    // The request itself, sent back.
    #expect(trusting.contains("GET /echo HTTP/1.1"))
    let distrusting = try await curl(["https://127.0.0.1:\(server.port)/"])
    #expect(distrusting.contains("unable to get local issuer certificate"))
  }

  @Test(.enabled(if: hasCurl, "curl is not installed"))
  func curlHearsThatThePortSpeaksTLS() async throws {
    let server = try await TLSTestServer(fixture.serverContext())
    let output = try await ended(
      ChildProcess("curl", ["-sv", "--max-time", "25", "http://127.0.0.1:\(server.port)/"]))
    #expect(output.contains("400 Bad Request"))
    #expect(output.contains("speaks TLS only"))
  }

  // MARK: Python

  @Test(.enabled(if: PeerPython.isAvailable, "\(PeerPython.missing)"))
  func pythonSendsAndReceives() async throws {
    var configuration = fixture.serverConfiguration
    configuration.clientAuthorityFile = fixture.authority.certificateFile
    configuration.clientCertificates = .required
    let server = try await TLSTestServer(TLSServerContext(configuration), alpn: ["h2", "http/1.1"])
    let pair = try fixture.authority.issue("python", uris: ["spiffe://swerve.test/python"])
    let peer = try PeerPython.start(
      "tls_peer.py", of: "TransportTests",
      [
        "client", "\(server.port)", fixture.authority.certificateFile, "16777216", pair.certificateFile,
        pair.keyFile,
      ])
    let output = await ended(peer)
    #expect(output == "TLSv1.3 h2 same\nclosed\n")
    let witness = try await server.first()
    #expect(witness.session?.certificate?.spiffeID?.path == "/python")
    #expect(witness.errors.isEmpty)
  }

  /// Starts the Python server; it picks its port.
  private func pythonServer(_ name: String, _ arguments: [String] = []) async throws -> (ChildProcess, Int) {
    let portFile = "\(fixture.authority.directory.path)/\(name).port"
    let peer = try PeerPython.start(
      "tls_peer.py", of: "TransportTests",
      ["server", portFile, fixture.server.certificateFile, fixture.server.keyFile] + arguments)
    let started = await eventually { FileManager.default.fileExists(atPath: portFile) }
    try #require(started, "\(peer.errors)")
    return (peer, Int(try String(contentsOfFile: portFile, encoding: .utf8)) ?? 0)
  }

  @Test(.enabled(if: PeerPython.isAvailable, "\(PeerPython.missing)"))
  func aPythonServerHearsTheEnd() async throws {
    let (peer, port) = try await pythonServer("echo")
    let client = try await TLSTestClient(
      toPort: port, fixture.clientContext(), alpn: ["h2", "http/1.1"], allowsHalfClosure: true)
    #expect(try await client.outcome().get().applicationProtocol == "http/1.1")
    let bytes = ByteBuffer(repeating: 0x61, count: 1 << 20)
    client.channel.writeAndFlush(bytes, promise: nil)
    try await client.channel.close(mode: .output)
    #expect(await eventually { client.witness.isInactive })
    #expect(client.witness.received == bytes)
    #expect(client.witness.errors.isEmpty)
    #expect(await ended(peer) == "end of input\n")
  }

  @Test(.enabled(if: PeerPython.isAvailable, "\(PeerPython.missing)"))
  func aTruncationIsReported() async throws {
    let (peer, port) = try await pythonServer("cut", ["cut"])
    let client = try await TLSTestClient(toPort: port, fixture.clientContext())
    try await client.send("cut")
    let error = try #require(await client.failure())
    #expect(error.code == .connectionClosed)
    #expect(error.message.contains("without close_notify"))
    #expect(String(buffer: client.witness.received) == "cut")
    #expect(await eventually { client.witness.isInactive })
    #expect(await ended(peer) == "")
  }
}
