// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Testbed

@Suite struct LoadClientTests {
  @Test(arguments: ["127.0.0.1", "::1"])
  func keepAliveLoadUsesOneConnectionPerClient(host: String) async throws {
    let endpoint = try await HTTPEndpoint.start(name: "a", on: address(host))
    let client = try LoadClient(
      LoadPlan(target: endpoint.address, concurrency: 3, requestsMax: 200, durationMax: .seconds(10)))
    let samples = client.finish()
    #expect(samples.count == 200)
    #expect(samples.allSatisfy { $0.endpoint == "a" && $0.failure == nil })
    #expect(endpoint.requests == 200)
    #expect(endpoint.accepted <= 3)
    #expect(client.snapshot.endpoints["a"]?.responses == 200)
    #expect(client.snapshot.connects == endpoint.accepted)
    try await endpoint.stop()
  }

  @Test func connectionPerRequestConnectsEveryTime() async throws {
    let endpoint = try await HTTPEndpoint.start(name: "a", on: address("127.0.0.1"))
    let client = try LoadClient(
      LoadPlan(target: endpoint.address, mode: .connectionPerRequest, requestsMax: 50, durationMax: .seconds(10)))
    #expect(client.finish().filter { $0.failure == nil }.count == 50)
    #expect(endpoint.accepted == 50)
    try await endpoint.stop()
  }

  @Test func serviceTimeIsInTheLatency() async throws {
    let endpoint = try await HTTPEndpoint.start(name: "slow", on: address("127.0.0.1"), serviceTime: .milliseconds(20))
    let client = try LoadClient(LoadPlan(target: endpoint.address, requestsMax: 3, durationMax: .seconds(10)))
    #expect(client.finish().allSatisfy { $0.latencyNanoseconds >= 20_000_000 })
    try await endpoint.stop()
  }

  @Test func pacedLoadEndsByTime() async throws {
    let endpoint = try await HTTPEndpoint.start(name: "a", on: address("127.0.0.1"))
    let client = try LoadClient(
      LoadPlan(
        target: endpoint.address, concurrency: 2, requestsMax: 1000, durationMax: .milliseconds(500),
        requestsPerSecond: 100))
    // 50 turns fit into half a second; a busy machine may miss some, but never makes more.
    #expect((1...50).contains(client.finish().count))
    try await endpoint.stop()
  }

  @Test func refusedConnectIsAResultToo() throws {
    let free = try FreePort.find(on: ["127.0.0.1"])
    let client = try LoadClient(LoadPlan(target: address("127.0.0.1", free), requestsMax: 5, durationMax: .seconds(5)))
    let samples = client.finish()
    #expect(samples.map(\.failure) == Array(repeating: .refused, count: 5))
    #expect(client.snapshot.connects == 0)
  }

  @Test func silentPeerIsATimeout() throws {
    let listener = try RawListener(on: address("127.0.0.1"))
    let client = try LoadClient(
      LoadPlan(
        target: listener.address, requestsMax: 1, durationMax: .seconds(5), timeout: .milliseconds(100)))
    #expect(client.finish().map(\.failure) == [.timeout])
  }

  @Test func endpointThatStopsBreaksItsConnectionsAndIsRefusedAfterwards() async throws {
    let endpoint = try await HTTPEndpoint.start(name: "a", on: address("127.0.0.1"))
    let client = try LoadClient(
      LoadPlan(
        target: endpoint.address, requestsMax: 100_000, durationMax: .seconds(20),
        pauseAfterFailure: .milliseconds(10)))
    while client.snapshot.succeeded < 10 { try await Task.sleep(for: .milliseconds(5)) }
    try await endpoint.stop()
    while client.snapshot.failures[.refused] == nil { try await Task.sleep(for: .milliseconds(5)) }
    client.stop()
    _ = client.finish()
    #expect(client.snapshot.broken == 1)
  }
}
