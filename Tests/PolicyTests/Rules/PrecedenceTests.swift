// SPDX-License-Identifier: Apache-2.0

import Policy
import Testing

/// Who wins when several rules concern one Service; docs/POLICIES.md has the list.
@Suite struct PrecedenceTests {
  private typealias Rules = RuleFixtures

  private func limit(_ number: Int) -> String { "connectionPool: {tcp: {maxConnections: \(number)}}" }

  @Test func portLevelSettingsReplaceTheWholePolicyOfThePort() throws {
    let rule = Rules.destinationRule(
      """
      connectionPool: {tcp: {maxConnections: 1}, http: {http2MaxRequests: 2}}, outlierDetection: {interval: 1s},
      loadBalancer: {simple: RANDOM}, portLevelSettings: [{port: {number: 80}, \(limit(3))}]
      """)
    let store = try Rules.store(Rules.web, rule)
    let http = try #require(store.services["default/web:http"])
    let db = try #require(store.services["default/web:db"])
    #expect(http.settings.maxConnections == 3 && http.settings.maxRequests == 1024)
    #expect(http.settings.outlierDetection == TrafficSettings.OutlierDetection())
    #expect(http.loadBalancer == .leastRequest)
    #expect(db.settings.maxConnections == 1 && db.settings.outlierDetection.intervalMilliseconds == 1000)
    #expect(db.loadBalancer == .random)
  }

  @Test func subsetReplacesTheGroupsItGivesOnceARouteNamesIt() throws {
    let rule = Rules.destinationRule(
      "connectionPool: {tcp: {maxConnections: 1, connectTimeout: 1s}}, outlierDetection: {interval: 1s}",
      extra: "subsets: [{name: one, labels: {version: v1}, trafficPolicy: {\(limit(2))}}]")
    #expect(try Rules.http(rule).settings.maxConnections == 1)
    let service = try Rules.http(rule, Rules.virtualService("timeout: 1s", destination: "host: web, subset: one"))
    #expect(service.settings.maxConnections == 2 && service.settings.connectTimeoutMilliseconds == 10_000)
    #expect(service.settings.outlierDetection.intervalMilliseconds == 1000)
    #expect(service.endpoints.map(\.address.description) == ["127.0.1.1", "127.0.1.2"])
  }

  @Test func subsetComesAfterPortLevelSettings() throws {
    let rule = Rules.destinationRule(
      "\(limit(1)), portLevelSettings: [{port: {number: 80}, \(limit(2))}]",
      extra: "subsets: [{name: one, trafficPolicy: {\(limit(3))}}]")
    let route = Rules.virtualService("timeout: 1s", destination: "host: web, subset: one")
    #expect(try Rules.http(rule, route).settings.maxConnections == 3)
  }

  @Test func trafficPolicyOfAPortComesAfterTheOneOfTheHost() throws {
    let rules =
      Rules.destinationRule("outlierDetection: {consecutive5xxErrors: 9, minHealthPercent: 1}")
      + Rules.trafficPolicy("outlierDetection: {healthyPanicThreshold: 20, maxEjectionTime: 1m}", name: "host")
      + Rules.trafficPolicy("port: 80, outlierDetection: {healthyPanicThreshold: 30}", name: "port")
    let store = try Rules.store(Rules.web, rules)
    let http = try #require(store.services["default/web:http"]).settings.outlierDetection
    let db = try #require(store.services["default/web:db"]).settings.outlierDetection
    #expect(http.healthyPanicThresholdPercent == 30 && db.healthyPanicThresholdPercent == 20)
    #expect(http.maxEjectionTimeMilliseconds == 60_000 && http.consecutive5xxErrors == 9)
  }

  @Test func exactHostComesBeforeTheLongestWildcard() throws {
    let rules = [
      Rules.destinationRule(limit(1), host: "*", name: "all"),
      Rules.destinationRule(limit(2), host: "*.default.svc.cluster.local", name: "namespace"),
      Rules.destinationRule(limit(3), host: "web", name: "web"),
    ]
    #expect(try Rules.http(rules[0]).settings.maxConnections == 1)
    #expect(try Rules.http(rules[0], rules[1]).settings.maxConnections == 2)
    #expect(try Rules.http(rules[0], rules[1], rules[2]).settings.maxConnections == 3)
  }

  @Test func ownNamespaceComesBeforeOthers() throws {
    let other = Rules.destinationRule(limit(1), host: "web.default", namespace: "another")
    let own = Rules.destinationRule(limit(2))
    #expect(try Rules.http(other).settings.maxConnections == 1)
    #expect(try Rules.http(other, own).settings.maxConnections == 2)
  }

  @Test func ruleThatIsNotExportedConcernsItsOwnNamespaceOnly() throws {
    let hidden = Rules.destinationRule(
      limit(1), host: "web.default", namespace: "another", extra: #"exportTo: ["."]"#)
    #expect(try Rules.http(hidden).settings.maxConnections == .max)
    let open = Rules.destinationRule(limit(1), host: "web.default", namespace: "another", extra: #"exportTo: ["*"]"#)
    #expect(try Rules.http(open).settings.maxConnections == 1)
  }

  @Test(arguments: [["a.yaml", "b.yaml"], ["b.yaml", "a.yaml"]])
  func secondRuleForAHostIsTheFaultOfTheLaterPath(_ order: [String]) {
    var store = PolicyStore()
    _ = store.replace(Fixtures.parse(Rules.web, path: "web.yaml"))
    for path in order {
      let name = String(path.prefix(1))
      let number = path == "a.yaml" ? 1 : 2
      let host = number == 1 ? "web" : "web.default.svc"
      let rule = Rules.destinationRule(limit(number), host: host, name: name)
      _ = store.replace(Fixtures.parse(rule, path: path))
    }
    #expect(store.services["default/web:http"]?.settings.maxConnections == 1)
    #expect(store.errors(path: "a.yaml").isEmpty)
    #expect(
      store.errors(path: "b.yaml").map(\.description) == [
        "b.yaml:5:14: spec.host: `web.default.svc.cluster.local` already has a DestinationRule, a.yaml:2:1"
      ])
    _ = store.remove(path: "a.yaml")
    #expect(store.services["default/web:http"]?.settings.maxConnections == 2 && store.diagnostics.isEmpty)
  }

  @Test func whatTheServiceSaysWinsWithAWarning() throws {
    let rule = Rules.destinationRule("loadBalancer: {simple: RANDOM}")
    let service = Fixtures.service(annotations: "{swerve.dev/load-balancer: PEAK_EWMA}") + Fixtures.slice()
    let store = try Rules.store(service, rule)
    #expect(store.services["default/web:http"]?.loadBalancer == .peakEWMA)
    #expect(
      store.diagnostics.map(\.message) == [
        "without effect for Service default/web: its `swerve.dev/load-balancer: PEAK_EWMA` wins, a.yaml:4:63"
      ])
    let same = Rules.destinationRule("loadBalancer: {consistentHash: {useSourceIp: true}}")
    #expect(
      Rules.diagnostics(Fixtures.service(extra: "sessionAffinity: ClientIP") + Fixtures.slice(), same).isEmpty)
  }
}
