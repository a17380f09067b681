// SPDX-License-Identifier: Apache-2.0

import Telemetry
import TestSupport
import Testbed
import Testing

/// Real exporters of the OpenTelemetry SDK against the receiver.
@Suite(.network, .enabled(if: PeerPython.hasTelemetrySDK, "\(PeerPython.missingSDK)"))
struct SDKExportTests {
  @Test(arguments: ["none", "gzip"]) func encodingNoneAndGzipOverGRPC(compression: String) async throws {
    let fixture = try await ReceiverFixture()
    let results = try await SDK.export("grpc", "127.0.0.1:\(fixture.grpcPort)", ["--compression", compression])
    #expect(results.values.flatMap { $0 }.allSatisfy { $0 == "SUCCESS" }, "\(results)")
    #expect(fixture.items(.traces) == 10)
    #expect(fixture.items(.metrics) == 3)
    #expect(fixture.items(.logs) == 1)
    await fixture.stop()
    #expect(fixture.budget.reservedBytes == 0)
  }

  @Test(arguments: ["none", "gzip"]) func encodingNoneAndGzipOverHTTP(compression: String) async throws {
    let fixture = try await ReceiverFixture()
    let endpoint = "http://127.0.0.1:\(fixture.httpPort)"
    let results = try await SDK.export("http", endpoint, ["--compression", compression])
    #expect(results.values.flatMap { $0 }.allSatisfy { $0 == "SUCCESS" }, "\(results)")
    #expect(fixture.items(.traces) == 10)
    #expect(fixture.items(.metrics) == 3)
    #expect(fixture.items(.logs) == 1)
    await fixture.stop()
    #expect(fixture.budget.reservedBytes == 0)
  }
}
