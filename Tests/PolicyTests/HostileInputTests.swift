// SPDX-License-Identifier: Apache-2.0

import Policy
import Testing

/// Whatever a file holds, the parser answers, soon.
@Suite struct HostileInputTests {
  private let clock = ContinuousClock()

  static let oddTexts = [
    String(repeating: "[", count: 100_000), String(repeating: "{a: ", count: 100_000),
    String(repeating: "- ", count: 100_000), String(repeating: "? ", count: 100_000),
    String(repeating: "&a ", count: 10_000), String(repeating: "%TAG !a! b\n", count: 100_000),
    String(repeating: "\"", count: 99_999), String(repeating: "a", count: 1_000_000), "\u{FEFF}", "\0", "\t",
    "--- |\n\t", "a: *a", "&a [*a]", "<<: {<<: {<<: []}}", "? [a]\n: b", "...", "---\n---\n---", "!!binary x",
    "!<tag:x> y", String(repeating: "a: 1\n", count: 50_000), "\u{2028}: \u{85}",
  ]

  @Test(arguments: oddTexts.indices)
  func oddTextIsAnsweredSoon(_ index: Int) {
    let elapsed = clock.measure {
      let file = Fixtures.parse(Self.oddTexts[index])
      #expect(file.hasErrors || file.serviceCount == 0)
    }
    #expect(elapsed < .seconds(5))
  }

  @Test func aliasesThatMultiplyAreBounded() {
    let endpoint = "&e {addresses: &a [\(Array(repeating: "127.0.1.1", count: 1_000).joined(separator: ","))]}"
    let endpoints = "&es [\(endpoint)\(String(repeating: ", *e", count: 999))]"
    let text = """
      apiVersion: v1
      kind: List
      items:
      - &slice
        apiVersion: discovery.k8s.io/v1
        kind: EndpointSlice
        metadata: {name: web-1, labels: {kubernetes.io/service-name: web}}
        addressType: IPv4
        ports: [{port: 80}]
        endpoints: \(endpoints)
      \(String(repeating: "- *slice\n", count: 10_000))
      """
    let elapsed = clock.measure { #expect(Fixtures.parse(text).hasErrors) }
    // About a second when optimized; without optimization, beside other tests, forty times that.
    #expect(elapsed < .seconds(120))
  }

  @Test func mergeKeysThatMultiplyAreBounded() {
    let big = (0..<10_000).map { "k\($0): 1" }.joined(separator: ", ")
    let text = "base: &b {\(big)}\nusers:\n" + String(repeating: "- {<<: [*b, *b, *b]}\n", count: 10_000)
    let elapsed = clock.measure { #expect(Fixtures.parse(text).hasErrors) }
    #expect(elapsed < .seconds(30))
  }

  @Test func mistakesWithoutEndAreListedUpToABound() {
    let text = Fixtures.service() + (0..<5_000).map { "x\($0): 1\n" }.joined()
    let file = Fixtures.parse(text)
    #expect(file.diagnostics.count == 1_000 && file.hasErrors)
    #expect(file.diagnostics.contains { $0.message.contains("not listed") })
  }

  static let endlessRules = [
    RuleFixtures.destinationRule(
      "", extra: "subsets: [\((0..<100_000).map { "{name: s\($0)}" }.joined(separator: ","))]"),
    RuleFixtures.destinationRule(
      "portLevelSettings: [\((0..<60_000).map { "{port: {number: \($0 + 1)}}" }.joined(separator: ","))]"),
    RuleFixtures.destinationRule(
      "loadBalancer: {localityLbSetting: {distribute: [{from: a/b, to: {"
        + (0..<100_000).map { "r/z\($0): 1" }.joined(separator: ",") + "}}]}}"),
    RuleFixtures.virtualService(
      "retries: {retryOn: \"\(Array(repeating: "conect-failure", count: 200_000).joined(separator: ","))\"}"),
    RuleFixtures.virtualService("timeout: 1s").replacing(
      "hosts: [web]", with: "hosts: [\((0..<100_000).map { "h\($0)" }.joined(separator: ","))]"),
    RuleFixtures.trafficPolicy(
      "fallback: {response: {status: 503, headers: {"
        + (0..<100_000).map { "x\($0): y" }.joined(separator: ",") + "}}}"),
    RuleFixtures.trafficPolicy((0..<300_000).map { "retrybudge\($0): 1" }.joined(separator: ", ")),
  ]

  @Test(arguments: endlessRules.indices) func endlessRuleIsRefusedSoon(_ index: Int) {
    let elapsed = clock.measure { #expect(Fixtures.parse(Self.endlessRules[index]).hasErrors) }
    #expect(elapsed < .seconds(30))
  }

  @Test func largeFileIsRefused() {
    let bytes = [UInt8](repeating: UInt8(ascii: "#"), count: PolicyParser.fileBytesMax + 1)
    #expect(PolicyParser.parse(bytes, path: "a.yaml").diagnostics.first?.message.contains("at most 67108864") == true)
  }
}
