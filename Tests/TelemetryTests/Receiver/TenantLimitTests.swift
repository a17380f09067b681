// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import NIOCore
import Telemetry
import TestSupport
import Testbed
import Testing
import Transport

/// What tenants may send, as real clients hear of it.
@Suite(.network, .enabled(if: PeerPython.hasTelemetrySDK, "\(PeerPython.missingSDK)"))
struct TenantLimitTests {
  private func fixture(_ limit: TenantLimit) async throws -> ReceiverFixture {
    let tenant = try #require(HTTPField.Name("x-tenant"))
    return try await ReceiverFixture(authenticator: TenantHeader(tenant), tenants: ["small": limit])
  }

  private func calls(_ fixture: ReceiverFixture, _ tenant: String, _ body: ByteBuffer) -> [RawCall] {
    let fields = ["x-tenant": tenant]
    return [
      .grpc(fixture.grpcPort, Signal.traces.exportMethod, body, metadata: fields),
      .http(fixture.httpPort, Signal.traces.path, body, headers: fields),
    ]
  }

  /// Both protocols draw on one account, and other tenants have theirs.
  @Test func requestsPerSecond() async throws {
    let fixture = try await fixture(TenantLimit(requestsPerSecond: 0.01, burst: .seconds(200)))
    let body = try Requests.traces(count: 1)
    let answers = try await RawCall.make(
      calls(fixture, "small", body) + calls(fixture, "small", body) + calls(fixture, "other", body))
    #expect(answers.map(\.status) == [0, 200, 14, 503, 0, 200])
    // A hundred seconds for each request.
    let wait = try #require(answers[2].rpcStatus?.details.retryDelay)
    #expect(wait > .seconds(50) && wait <= .seconds(100))
    let seconds = try #require(answers[3].fields["retry-after"].flatMap { Int($0) })
    #expect((51...100).contains(seconds))
    #expect(answers[2].message.contains("tenant small"))
    await fixture.stop()
    #expect(fixture.budget.reservedBytes == 0)
  }

  /// The account may be overdrawn by one request; the next waits until that is paid back.
  @Test func bytesPerSecond() async throws {
    let fixture = try await fixture(TenantLimit(bytesPerSecond: 10, burst: .seconds(1)))
    let body = try Requests.traces(count: 50)
    let answers = try await RawCall.make(calls(fixture, "small", body) + calls(fixture, "other", body))
    #expect(answers.map(\.status) == [0, 503, 0, 200])
    let seconds = try #require(answers[1].fields["retry-after"].flatMap { Int($0) })
    #expect((body.readableBytes / 20...body.readableBytes / 10).contains(seconds))
    await fixture.stop()
  }
}
