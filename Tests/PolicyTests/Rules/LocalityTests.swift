// SPDX-License-Identifier: Apache-2.0

import Policy
import Testing

@Suite struct LocalityTests {
  private typealias Rules = RuleFixtures

  private func endpoints(_ setting: String, zone: String?) throws -> [Endpoint] {
    try Rules.http(
      Rules.destinationRule("outlierDetection: {}, loadBalancer: {localityLbSetting: {\(setting)}}"), zone: zone
    ).endpoints
  }

  @Test func otherZonesStandByWhileTheOwnOneLives() throws {
    for setting in ["", "enabled: true", "failoverPriority: [topology.kubernetes.io/zone]"] {
      #expect(try endpoints(setting, zone: "a").map(\.isStandby) == [false, true, true])
    }
  }

  @Test(arguments: [("enabled: false", "a"), ("", "elsewhere"), ("", nil)] as [(String, String?)])
  func nobodyStandsByWithoutAReason(_ setting: String, _ zone: String?) throws {
    #expect(try endpoints(setting, zone: zone).allSatisfy { !$0.isStandby })
  }

  @Test func nobodyStandsByForAZoneThatTakesNoConnections() throws {
    let slices = Rules.slice(
      "web-1", labels: "k: v",
      endpoints: "{addresses: [127.0.1.1], zone: a, conditions: {ready: false}}, {addresses: [127.0.1.2], zone: b}")
    let rule = Rules.destinationRule("outlierDetection: {}, loadBalancer: {localityLbSetting: {}}")
    let store = try Rules.store(Rules.service, slices, rule, zone: "a")
    #expect(store.services["default/web:http"]?.endpoints.map(\.isStandby) == [false, false])
  }

  @Test func percentagesBecomeWeights() throws {
    let setting = #"distribute: [{from: r/a/*, to: {"r/a/*": 70, "r/b/*": 20, "r2/c/*": 10}}]"#
    let endpoints = try endpoints(setting, zone: "a")
    #expect(endpoints.map(\.weight) == [70, 20, 10] && endpoints.allSatisfy { !$0.isStandby })
    #expect(try self.endpoints(setting, zone: "b").map(\.weight) == [1, 1, 1])
  }

  @Test func zoneThatIsNotNamedGetsNothingAndAStarIsTheRest() throws {
    #expect(try endpoints(#"distribute: [{from: "*", to: {"r/b": 100}}]"#, zone: "a").map(\.weight) == [0, 100, 0])
    #expect(
      try endpoints(#"distribute: [{from: "*/a/*", to: {"r/a/*": 50, "*": 50}}]"#, zone: "a").map(\.weight)
        == [50, 25, 25])
  }

  @Test func weightsInsideAZoneKeepTheirRatio() throws {
    let slices =
      Rules.slice(
        "web-1", labels: "k: v",
        endpoints: "{addresses: [127.0.1.1, 127.0.1.2], zone: a}, {addresses: [127.0.1.3], zone: b}"
      ).replacing("labels: {", with: #"annotations: {swerve.dev/weights: "127.0.1.1=3"}, labels: {"#)
    let rule = Rules.destinationRule(
      #"outlierDetection: {}, loadBalancer: {localityLbSetting: {distribute: [{from: r/a, to: {r/a: 60, r/b: 40}}]}}"#)
    let store = try Rules.store(Rules.service, slices, rule, zone: "a")
    #expect(store.services["default/web:http"]?.endpoints.map(\.weight) == [45, 15, 40])
  }

  @Test func zoneBeforeStar() throws {
    let setting = #"distribute: [{from: "*", to: {r/b: 100}}, {from: r/a, to: {r/a: 100}}]"#
    #expect(try endpoints(setting, zone: "a").map(\.weight) == [100, 0, 0])
    #expect(try endpoints(setting, zone: "c").map(\.weight) == [0, 100, 0])
  }

  @Test func whatCannotWorkIsAWarning() {
    let rule = Rules.destinationRule("loadBalancer: {localityLbSetting: {}}")
    #expect(
      Rules.diagnostics(Rules.web, rule, zone: "a").first?.contains("without `outlierDetection` a zone fails over")
        == true)
    var live = PolicyStore(isLive: true)
    _ = live.replace(Fixtures.parse(Rules.web + rule))
    #expect(live.diagnostics.contains { $0.message.contains("--zone") })
    #expect(!Rules.diagnostics(Rules.web, rule).contains { $0.contains("--zone") })
  }
}
