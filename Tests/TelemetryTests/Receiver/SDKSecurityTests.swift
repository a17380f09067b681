// SPDX-License-Identifier: Apache-2.0

import NIOCore
import Telemetry
import TestSupport
import Testbed
import Testing
import Transport

/// Who may send: exporters of the OpenTelemetry SDK over TLS, with certificates and tokens.
@Suite(
  .network, .enabled(if: PeerPython.hasTelemetrySDK, "\(PeerPython.missingSDK)"),
  .enabled(if: CertificateAuthority.isAvailable, "openssl is not installed"))
struct SDKSecurityTests {
  /// gRPC's exporters take `localhost:PORT` over TLS when they have credentials, HTTP's a URL.
  private func export(
    _ kind: String, _ fixture: ReceiverFixture, _ options: [String]
  ) async throws -> [String: [String]] {
    let endpoint = kind == "grpc" ? "127.0.0.1:\(fixture.grpcPort)" : "https://127.0.0.1:\(fixture.httpPort)"
    return try await SDK.export(kind, endpoint, options)
  }

  private func all(_ results: [String: [String]], are word: String) -> Bool {
    results.count == 3 && results.values.joined().allSatisfy { $0 == word }
  }

  @Test(arguments: ["grpc", "http"]) func exportsOverTLS(kind: String) async throws {
    let certificates = try Certificates()
    let fixture = try await ReceiverFixture { $0.tls = certificates.server }
    let results = try await export(kind, fixture, certificates.options() + ["--compression", "gzip"])
    #expect(all(results, are: "SUCCESS"), "\(results)")
    #expect(fixture.items(.traces) == 10)
    await fixture.stop()
    #expect(fixture.budget.reservedBytes == 0)
  }

  @Test(arguments: ["grpc", "http"]) func spiffeIdentitiesAreAllowedAndRefused(kind: String) async throws {
    let certificates = try Certificates()
    let allowed = try certificates.authority.issue("allowed", uris: ["spiffe://swerve.test/ns/shop/sa/checkout"])
    let stranger = try certificates.authority.issue("stranger", uris: ["spiffe://swerve.test/ns/other/sa/checkout"])
    let fixture = try await ReceiverFixture(
      authenticator: SPIFFEIdentities(allowed: [try SPIFFEPattern("spiffe://swerve.test/ns/shop/*")])
    ) { $0.tls = certificates.mutual }
    let taken = try await export(kind, fixture, certificates.options(allowed))
    #expect(all(taken, are: "SUCCESS"), "\(taken)")
    #expect(fixture.items(.traces) == 10)
    #expect(fixture.sinks[.traces]?.taken.first?.tenant == "shop")
    let refused = try await export(kind, fixture, certificates.options(stranger))
    #expect(all(refused, are: "FAILURE"), "\(refused)")
    let server = kind == "grpc" ? fixture.receiver.grpc : fixture.receiver.http
    #expect((server?.ingest.statistics.snapshot.refusedRequests["permissionDenied"] ?? 0) >= 3)
    #expect(fixture.items(.traces) == 10)
    await fixture.stop()
  }

  /// Without a certificate TLS already ends.
  @Test func withoutACertificateNothingIsSent() async throws {
    let certificates = try Certificates()
    let fixture = try await ReceiverFixture { $0.tls = certificates.mutual }
    let answer = try await Curl.post(
      "https://127.0.0.1:\(fixture.httpPort)/v1/traces", try Requests.traces(count: 1),
      ["--cacert", certificates.authority.certificateFile])
    #expect(answer.status == 0)
    #expect(fixture.receiver.http?.connections.count(.tlsFailed) == 1)
    await fixture.stop()
  }

  @Test func certificatesAreReplacedWithoutARestart() async throws {
    let (before, after) = (try Certificates(), try Certificates())
    let fixture = try await ReceiverFixture {
      $0.tls = before.server
      $0.reloadInterval = .milliseconds(50)
    }
    #expect(all(try await export("grpc", fixture, before.options()), are: "SUCCESS"))
    // As a rotation does it: both files are put in place of the old ones.
    for (old, new) in [
      (before.server.certificateFile, after.server.certificateFile), (before.server.keyFile, after.server.keyFile),
    ] { try Files.replace(old, with: try Files.read(new)) }
    let url = "https://127.0.0.1:\(fixture.httpPort)/v1/traces"
    let isReplaced = await eventually {
      let answer = try? await Curl.post(
        url, ByteBuffer(), ["--cacert", after.authority.certificateFile])
      return answer?.status == 200
    }
    #expect(isReplaced)
    let results = try await export("grpc", fixture, after.options())
    #expect(all(results, are: "SUCCESS"), "\(results)")
    #expect(try await Curl.post(url, ByteBuffer(), ["--cacert", before.authority.certificateFile]).status == 0)
    #expect(fixture.items(.traces) == 20)
    await fixture.stop()
  }

  @Test(arguments: ["grpc", "http"]) func bearerTokens(kind: String) async throws {
    let directory = try TemporaryDirectory(named: "tokens")
    let path = try directory.write("tokens.csv", "# of the shop\n6f1a,shop,1\n")
    let tokens = try StaticTokenFile(path: path)
    let fixture = try await ReceiverFixture(authenticator: BearerTokens(tokens))
    let body = try Requests.traces(count: 1)
    func call(_ credentials: String?) -> RawCall {
      let fields = credentials.map { ["authorization": $0] } ?? [:]
      return kind == "grpc"
        ? .grpc(fixture.grpcPort, Signal.traces.exportMethod, body, metadata: fields)
        : .http(fixture.httpPort, Signal.traces.path, body, headers: fields)
    }
    let answers = try await RawCall.make(
      ["Bearer 6f1a", "bearer 6f1a", "Bearer 6f1b", "Basic 6f1a", "Bearer", nil].map { call($0) })
    let (taken, refused) = kind == "grpc" ? (0, GRPCStatusCode.unauthenticated.rawValue) : (200, 401)
    #expect(answers.map(\.status) == [taken, taken] + [Int](repeating: refused, count: 4))
    if kind == "http" { #expect(answers[2...].allSatisfy { $0.fields["www-authenticate"] == "Bearer" }) }
    // Another token takes the place of the first.
    _ = try directory.write("tokens.csv", "7c2d,billing,2\n")
    #expect(try tokens.reloadIfChanged())
    let changed = try await RawCall.make([call("Bearer 6f1a"), call("Bearer 7c2d")])
    #expect(changed.map(\.status) == [refused, taken])
    #expect(fixture.sinks[.traces]?.taken.map(\.tenant) == ["shop", "shop", "billing"])
    await fixture.stop()
    #expect(fixture.budget.reservedBytes == 0)
  }

  @Test func anExporterSendsItsToken() async throws {
    let directory = try TemporaryDirectory(named: "tokens")
    let tokens = try StaticTokenFile(path: try directory.write("tokens.csv", "6f1a,shop,1\n"))
    let fixture = try await ReceiverFixture(authenticator: BearerTokens(tokens))
    let endpoint = "127.0.0.1:\(fixture.grpcPort)"
    #expect(all(try await SDK.export("grpc", endpoint, ["--header", "authorization=Bearer 6f1a"]), are: "SUCCESS"))
    #expect(all(try await SDK.export("grpc", endpoint, ["--header", "authorization=Bearer x"]), are: "FAILURE"))
    #expect(fixture.items(.traces) == 10)
    await fixture.stop()
  }
}
