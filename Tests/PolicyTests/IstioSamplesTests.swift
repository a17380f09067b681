// SPDX-License-Identifier: Apache-2.0

import Policy
import Testing

/// Files that say what the samples of Istio's documentation say, in its tasks on circuit breaking, locality load
/// balancing, traffic shifting and mirroring and in its reference: each is accepted, or refused with the right reason.
@Suite struct IstioSamplesTests {
  private static let directory = Fixtures.policies.appending(path: "istio")

  /// Parts of the errors, in order; none for a file that is accepted.
  static let verdicts: [String: [String]] = [
    "bookinfo-subsets": [], "bookinfo-subsets-mtls": ["`ISTIO_MUTUAL` is not supported: Swerve does not encrypt"],
    "circuit-breaking": [], "circuit-breaking-mtls": ["`ISTIO_MUTUAL` is not supported: Swerve does not encrypt"],
    "circuit-breaking-old": ["write `consecutive5xxErrors` or `consecutiveGatewayErrors`"],
    "host-outside": ["a host is a Service", "`SIMPLE` is not supported: Swerve does not encrypt"],
    "locality-distribute": [], "locality-failover": ["EndpointSlices have zones and no regions"],
    "locality-failover-zones": [], "locality-priority-labels": ["endpoints have zones, no labels"],
    "mirror-subsets": [], "namespace-wide": [],
    "ratings-cookie-hash": ["the kernel hashes who connects, not what a request says"], "ratings-least-conn": [],
    "ratings-least-request": [], "ratings-port": [],
    "redis-keepalive": ["applications set the options of their own sockets"], "reviews-outliers": [],
    "reviews-random": [], "route-all-v1": [], "route-all-v3": [],
    "route-by-user": ["all requests of a service take one route", "all requests of a service take one route"],
    "route-delay": ["no faults are injected"], "route-half": ["give weights to endpoints"],
    "route-mirror": ["a request goes to one endpoint", "a request goes to one endpoint"], "route-retries": [],
    "route-timeout": [], "tcp-shifting": [],
    "tcp-shifting-route": ["there are no gateways", "a service has one set of endpoints"],
    "db-mutual-tls": [
      "`MUTUAL` is not supported: Swerve does not encrypt", "`clientCertificate` is not supported",
      "`privateKey` is not supported", "`caCertificates` is not supported",
    ],
    "ratings-mtls": ["`ISTIO_MUTUAL` is not supported: Swerve does not encrypt"], "ratings-round-robin": [],
    "locality-distribute-both": [], "locality-priority-values": ["endpoints have zones, no labels"],
    "zone-aware": ["`localityLbSetting` is what decides between zones"],
    "zone-aware-failover": ["`localityLbSetting` is what decides between zones"],
    "workload-selector-mtls": [
      "all workloads of the node have one policy", "`credentialName` is not supported: Swerve does not encrypt",
      "`MUTUAL` is not supported: Swerve does not encrypt",
    ],
    "workload-selector": ["all workloads of the node have one policy"],
  ]

  @Test func everySampleHasAVerdict() {
    #expect(Fixtures.policyFiles(in: Self.directory) == Self.verdicts.keys.map { "\($0).yaml" }.sorted())
  }

  @Test(arguments: verdicts.keys.sorted()) func sampleIsAcceptedOrRefusedWithItsReason(_ name: String) throws {
    let file = PolicyParser.parse(try Fixtures.bytes("\(name).yaml", in: Self.directory), path: name)
    let errors = file.diagnostics.filter { $0.severity == .error }.map(\.message)
    let expected = Self.verdicts[name] ?? []
    #expect(errors.count == expected.count, "\(errors)")
    #expect(zip(errors, expected).allSatisfy { $0.contains($1) }, "\(errors)")
    #expect(file.hasErrors == !expected.isEmpty)
  }

  @Test func circuitBreakingSampleMeansWhatItSays() throws {
    let text = String(decoding: try Fixtures.bytes("circuit-breaking.yaml", in: Self.directory), as: UTF8.self)
    let service = Fixtures.service("httpbin", port: "{name: http, port: 8000, appProtocol: http}")
    let store = Fixtures.store(Fixtures.parse(service + Fixtures.slice(of: "httpbin") + "---\n" + text))
    let settings = try #require(store.services["default/httpbin:http"]).settings
    #expect(store.diagnostics.isEmpty)
    #expect(settings.maxConnections == 1 && settings.maxPendingRequests == 1 && settings.maxRequestsPerConnection == 1)
    #expect(settings.outlierDetection.consecutive5xxErrors == 1)
    #expect(settings.outlierDetection.baseEjectionTimeMilliseconds == 180_000)
  }
}
