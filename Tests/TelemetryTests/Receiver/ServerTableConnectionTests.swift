// SPDX-License-Identifier: Apache-2.0

import NIOCore
import OTLP
import Telemetry
import Testbed
import Testing
import Transport

/// The rows below the table: connections, as curl and grpcio make them.
extension ServerTableTests {
  private static let versions = [("--http1.1", "1.1"), ("--http2-prior-knowledge", "2")]

  @Test(.enabled(if: Curl.isAvailable, "curl is not installed"), arguments: versions)
  func httpServesBothEncodingsOnOnePort(option: String, version: String) async throws {
    let fixture = try await ReceiverFixture()
    let protobuf = try Requests.metrics()
    var decoder = try Decoder()
    let json = ByteBuffer(
      bytes: try decoder.decode(Metrics.ExportRequest.self, from: protobuf.readableBytesSpan).json())
    let url = "http://127.0.0.1:\(fixture.httpPort)/v1/metrics"
    for (body, type, answer) in [(protobuf, "application/x-protobuf", ""), (json, "application/json", "{}")] {
      let got = try await Curl.post(url, body, type: type, [option])
      #expect(got.status == 200 && got.version == version && got.body == answer, "\(type): \(got)")
    }
    #expect(fixture.sinks[.metrics]?.taken.map(\.protobuf) == [protobuf, protobuf])
    await fixture.stop()
  }

  @Test func clientKeepalivePingsAreAnswered() async throws {
    let fixture = try await ReceiverFixture()
    // Pings five times a second, also without calls, and would reconnect if one went unanswered for two seconds.
    let output = try await SDK.run("keepalive.py", ["127.0.0.1:\(fixture.grpcPort)", "3"])
    #expect(output == "OK OK\n")
    #expect(fixture.receiver.grpc?.connections.connectionsAccepted == 1)
    await fixture.stop()
  }

  @Test(
    .enabled(if: Curl.isAvailable, "curl is not installed"),
    .enabled(if: CertificateAuthority.isAvailable, "openssl is not installed"))
  func plainH2CAndTLSWithALPNBothWork() async throws {
    let body = try Requests.traces(count: 1)
    let plain = try await ReceiverFixture()
    for (option, version) in Self.versions {
      let got = try await Curl.post("http://127.0.0.1:\(plain.httpPort)/v1/traces", body, [option])
      #expect(got.status == 200 && got.version == version, "\(got)")
    }
    await plain.stop()
    let certificates = try Certificates()
    let secure = try await ReceiverFixture { $0.tls = certificates.server }
    for (option, version) in [("--http1.1", "1.1"), ("--http2", "2")] {
      let got = try await Curl.post(
        "https://127.0.0.1:\(secure.httpPort)/v1/traces", body,
        [option, "--cacert", certificates.authority.certificateFile])
      #expect(got.status == 200 && got.version == version, "\(got)")
    }
    // Whoever speaks plaintext here is told so, unless the reset for the unread rest of the request overtakes the answer;
    // and whoever does not know the authority leaves.
    let wrong = try await Curl.post("http://127.0.0.1:\(secure.httpPort)/v1/traces", body)
    #expect(wrong.status == 0 || wrong.status == 400 && wrong.body.contains("TLS"), "\(wrong)")
    #expect(try await Curl.post("https://127.0.0.1:\(secure.httpPort)/v1/traces", body).exitCode == 60)
    #expect(secure.items(.traces) == 2)
    await secure.stop()
  }
}
