// SPDX-License-Identifier: Apache-2.0

import Policy
import Testing

@testable import Discovery

/// Rules as files: what they name, and what happens when one of several is bad.
@Suite struct RuleFilesTests {
  private static func trafficPolicy(_ spec: String, host: String = "web") -> String {
    """
    apiVersion: swerve.dev/v1alpha1
    kind: TrafficPolicy
    metadata: {name: web}
    spec: {host: \(host), \(spec)}
    """
  }

  private static func destinationRule(_ limit: Int, name: String = "web") -> String {
    """
    apiVersion: networking.istio.io/v1
    kind: DestinationRule
    metadata: {name: \(name)}
    spec: {host: web, trafficPolicy: {connectionPool: {tcp: {maxConnections: \(limit)}}}}
    """
  }

  @Test func bodyFileIsFoundBesideThePolicyFile() throws {
    let temporary = try TemporaryDirectory()
    try temporary.makeDirectory("d")
    try temporary.write("sorry", to: "d/sorry.html")
    let policy = Self.trafficPolicy("fallback: {response: {status: 503, bodyFile: sorry.html}}")
    try temporary.write(policy, to: "d/policy.yaml")
    let directory = PolicyLoad.load(paths: [temporary.absolute("d")])
    let file = PolicyLoad.load(paths: [temporary.absolute("d/policy.yaml")])
    #expect(!directory.hasErrors && !file.hasErrors, "\(directory.diagnostics)")
  }

  @Test func bodyFileThatCannotBeServedIsAnErrorWithTheReason() throws {
    let temporary = try TemporaryDirectory()
    try temporary.makeDirectory("d")
    try temporary.write(String(repeating: "x", count: (1 << 20) + 1), to: "large.html")
    for (name, reason) in [("none.html", "No such file"), ("d", "Is a directory"), ("large.html", "at most 1048576")] {
      try temporary.write(
        Self.trafficPolicy("fallback: {response: {status: 503, bodyFile: \(name)}}"), to: "policy.yaml")
      let load = PolicyLoad.load(paths: [temporary.absolute("policy.yaml")])
      let errors = load.diagnostics.filter { $0.severity == .error }
      #expect(errors.count == 1 && errors.first?.message.contains(reason) == true, "\(errors)")
    }
  }

  @Test func secondRuleForAHostIsRejectedUntilTheFirstGoes() {
    var files = FileSet()
    _ = files.apply([PolicyParser.parse(TemporaryDirectory.web(), path: "web.yaml")], removing: [])
    let first = files.apply([PolicyParser.parse(Self.destinationRule(1), path: "a.yaml")], removing: [])
    #expect(first.upserted.map(\.settings.maxConnections) == [1])
    let second = files.apply([PolicyParser.parse(Self.destinationRule(2, name: "b"), path: "b.yaml")], removing: [])
    #expect(second.upserted.allSatisfy { $0.settings.maxConnections == 1 })
    #expect(files.update(second, unreadable: nil).rejected.map(\.path) == ["b.yaml"])
    let last = files.apply([], removing: ["a.yaml"])
    #expect(last.upserted.map(\.settings.maxConnections) == [2])
    #expect(files.update(last, unreadable: nil).rejected.isEmpty)
  }

  @Test func badRuleLeavesTheLastGoodOneInForce() {
    var files = FileSet()
    let good = [
      PolicyParser.parse(TemporaryDirectory.web(), path: "web.yaml"),
      PolicyParser.parse(Self.destinationRule(7), path: "rule.yaml"),
    ]
    _ = files.apply(good, removing: [])
    let bad = Self.destinationRule(8).replacing("maxConnections", with: "maxConection")
    let change = files.apply([PolicyParser.parse(bad, path: "rule.yaml")], removing: [])
    #expect(change.isEmpty)
    #expect(files.update(change, unreadable: nil).rejected.first?.hasLastGood == true)
    #expect(files.store.services.values.allSatisfy { $0.settings.maxConnections == 7 })
    _ = files.apply([], removing: ["rule.yaml"])
    #expect(files.store.services.values.allSatisfy { $0.settings == TrafficSettings() })
  }

  @Test func zoneOfTheNodeReachesThePolicy() throws {
    let temporary = try TemporaryDirectory()
    let rule = """
      apiVersion: networking.istio.io/v1
      kind: DestinationRule
      metadata: {name: web}
      spec: {host: web, trafficPolicy: {outlierDetection: {}, loadBalancer: {localityLbSetting: {}}}}
      """
    let slice = """
      apiVersion: discovery.k8s.io/v1
      kind: EndpointSlice
      metadata: {name: far, labels: {kubernetes.io/service-name: web}, annotations: {swerve.dev/zone: far}}
      addressType: IPv4
      ports: [{port: 8080}]
      endpoints: [{addresses: [127.0.9.9]}]
      """
    let near = slice.replacing("far", with: "near").replacing("127.0.9.9", with: "127.0.9.8")
    try temporary.write(
      [TemporaryDirectory.web(), slice, near, rule].joined(separator: "\n---\n"), to: "web.yaml")
    let load = PolicyLoad.load(paths: [temporary.path], zone: "near")
    let endpoints = try #require(load.store.services.values.first).endpoints
    #expect(endpoints.filter { $0.zone == "near" }.allSatisfy { !$0.isStandby })
    #expect(endpoints.contains { $0.zone == "far" && $0.isStandby })
    var files = FileSet()
    let change = files.apply(
      [PolicyParser.parse(rule + "\n---\n" + TemporaryDirectory.web(), path: "r.yaml")], removing: [])
    #expect(files.update(change, unreadable: nil).warnings.contains { $0.message.contains("--zone") })
  }
}
