// SPDX-License-Identifier: Apache-2.0

import Policy
import Testing

@Suite struct DestinationRuleTests {
  private typealias Rules = RuleFixtures

  @Test func withoutARuleTheDefaultsAreInForce() throws {
    let service = try Rules.http()
    #expect(service.settings == TrafficSettings())
    #expect(service.loadBalancer == .leastRequest)
  }

  @Test func everyLimitIsRead() throws {
    let settings = try Rules.http(
      Rules.destinationRule(
        """
        connectionPool: {tcp: {maxConnections: 7, connectTimeout: 1.5s}, http: {http1MaxPendingRequests: 2,
        http2MaxRequests: 3, maxRequestsPerConnection: 4, maxRetries: 5, idleTimeout: 1h3m}}
        """)
    ).settings
    var expected = TrafficSettings()
    expected.maxConnections = 7
    expected.connectTimeoutMilliseconds = 1500
    expected.maxPendingRequests = 2
    expected.maxRequests = 3
    expected.maxRequestsPerConnection = 4
    expected.request.maxRetries = 5
    expected.idleTimeoutMilliseconds = 3_780_000
    #expect(settings == expected)
  }

  @Test func anEmptyOutlierDetectionHasTheDefaultsOfIstio() throws {
    let detection = try Rules.http(Rules.destinationRule("outlierDetection: {}")).settings.outlierDetection
    #expect(detection.consecutive5xxErrors == 5 && detection.consecutiveGatewayErrors == 0)
    #expect(detection.consecutiveLocalOriginFailures == 5 && !detection.splitExternalLocalOriginErrors)
    #expect(detection.intervalMilliseconds == 10_000 && detection.baseEjectionTimeMilliseconds == 30_000)
    #expect(detection.maxEjectionTimeMilliseconds == 300_000 && detection.maxEjectionPercent == 10)
    #expect(detection.healthyPanicThresholdPercent == 0)
  }

  @Test func everyValueOfOutlierDetectionIsRead() throws {
    let detection = try Rules.http(
      Rules.destinationRule(
        """
        outlierDetection: {consecutive5xxErrors: 7, consecutiveGatewayErrors: 3, consecutiveLocalOriginFailures: 2,
        splitExternalLocalOriginErrors: true, interval: 100ms, baseEjectionTime: 10m, maxEjectionPercent: 50,
        minHealthPercent: 40}
        """)
    ).settings.outlierDetection
    var expected = TrafficSettings.OutlierDetection()
    expected.consecutive5xxErrors = 7
    expected.consecutiveGatewayErrors = 3
    expected.consecutiveLocalOriginFailures = 2
    expected.splitExternalLocalOriginErrors = true
    expected.intervalMilliseconds = 100
    expected.baseEjectionTimeMilliseconds = 600_000
    // An ejection is never cut shorter than the first one.
    expected.maxEjectionTimeMilliseconds = 600_000
    expected.maxEjectionPercent = 50
    expected.healthyPanicThresholdPercent = 40
    #expect(detection == expected)
  }

  @Test(arguments: [
    ("simple: ROUND_ROBIN", LoadBalancer.roundRobin), ("simple: LEAST_REQUEST", .leastRequest),
    ("simple: LEAST_CONN", .leastRequest), ("simple: RANDOM", .random), ("simple: UNSPECIFIED", .leastRequest),
    ("consistentHash: {useSourceIp: true}", .sourceIP), ("consistentHash: {maglev: {}}", .maglev),
    ("consistentHash: {maglev: {tableSize: 65537}}", .maglev),
    ("consistentHash: {ringHash: {minimumRingSize: 1024}}", .maglev),
    ("consistentHash: {useSourceIp: true, maglev: {tableSize: 5}}", .sourceIP),
  ])
  func loadBalancer(_ text: String, _ expected: LoadBalancer) throws {
    #expect(try Rules.http(Rules.destinationRule("loadBalancer: {\(text)}")).loadBalancer == expected)
  }

  @Test func warmupIsRead() throws {
    let warmup = try Rules.http(
      Rules.destinationRule("loadBalancer: {warmup: {aggression: 1.5, minimumPercent: 20, duration: 2m}}")
    ).settings.warmup
    #expect(warmup?.durationMilliseconds == 120_000 && warmup?.minimumPercent == 20 && warmup?.aggression == 1.5)
    let old = try Rules.http(Rules.destinationRule("loadBalancer: {warmupDurationSecs: 30s}")).settings.warmup
    #expect(old == TrafficSettings.Warmup(durationMilliseconds: 30_000))
  }

  @Test(arguments: ["networking.istio.io/v1beta1", "networking.istio.io/v1alpha3"])
  func olderVersionsAreTheSame(_ version: String) throws {
    let rule = Rules.destinationRule("connectionPool: {tcp: {maxConnections: 7}}")
    let old = rule.replacing("networking.istio.io/v1", with: version)
    #expect(try Rules.http(old).settings.maxConnections == 7)
  }

  @Test(arguments: [
    "web", "web.default", "web.default.svc", "web.default.svc.cluster.local", "*", "*.default", "*.default.svc",
    "*.default.svc.cluster.local", "*.svc.cluster.local", "*.cluster.local", "*.local", "*eb.default.svc.cluster.local",
  ])
  func hostMatches(_ host: String) throws {
    // The last form begins inside a label, which Istio does not have.
    let rule = Rules.destinationRule("connectionPool: {tcp: {maxConnections: 7}}", host: host)
    if host.hasPrefix("*e") {
      #expect(Fixtures.parse(rule).hasErrors)
    } else {
      #expect(try Rules.http(rule).settings.maxConnections == 7)
    }
  }

  @Test(arguments: ["web.shop", "*.shop", "*.shop.svc.cluster.local", "other"])
  func hostOfOthersDoesNotMatch(_ host: String) throws {
    let rule = Rules.destinationRule("connectionPool: {tcp: {maxConnections: 7}}", host: host)
    #expect(try Rules.http(rule).settings.maxConnections == .max)
  }

  @Test func shortHostIsOfTheRulesNamespace() throws {
    let rule = Rules.destinationRule("connectionPool: {tcp: {maxConnections: 7}}", namespace: "shop")
    #expect(try Rules.http(rule).settings.maxConnections == .max)
    #expect(Rules.diagnostics(Rules.web, rule) == ["warning: spec.host: without effect: there is no Service shop/web"])
  }

  @Test func tlsOffIsAcceptedAndOtherwiseRefusedWithTheReason() {
    #expect(Rules.diagnostics(Rules.web, Rules.destinationRule("tls: {mode: DISABLE}")) == [])
    let refused = Rules.diagnostics(Rules.web, Rules.destinationRule("tls: {mode: ISTIO_MUTUAL}"))
    #expect(refused.count == 1 && refused[0].contains("Swerve does not encrypt"))
  }

  @Test func zeroIsTheDefaultAndSaysSo() throws {
    let rule = Rules.destinationRule("connectionPool: {tcp: {maxConnections: 0}}")
    #expect(try Rules.http(rule).settings.maxConnections == .max)
    #expect(Rules.diagnostics(Rules.web, rule).first?.contains("0 means the default") == true)
  }

  @Test(arguments: [
    ("10s", 10_000), ("1.5s", 1500), ("1h3m", 3_780_000), ("100ms", 100), ("1h0m0.5s", 3_600_500), ("\"2s\"", 2000),
    ("1000us", 1), ("180.000s", 180_000),
  ])
  func duration(_ text: String, _ milliseconds: UInt32) throws {
    let rule = Rules.destinationRule("connectionPool: {tcp: {connectTimeout: \(text)}}")
    #expect(try Rules.http(rule).settings.connectTimeoutMilliseconds == milliseconds)
  }

  @Test(arguments: ["10", "s", "1", "-1s", "1d", "\"1s \"", "0s", "0.5ms", "1.s", "50d", "1193h3m", "{}", "[]", "1e3s"])
  func badDurationIsAnError(_ text: String) {
    #expect(Fixtures.parse(Rules.destinationRule("connectionPool: {tcp: {connectTimeout: \(text)}}")).hasErrors)
  }
}
