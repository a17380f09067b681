// SPDX-License-Identifier: Apache-2.0

import Policy
import Testing

/// Warnings about values that do nothing: each where it is right, and not where it is not.
@Suite struct AdviceTests {
  private typealias Rules = RuleFixtures

  private func warnings(_ rules: String...) -> [String] {
    Rules.diagnostics(Rules.web, rules.joined()).map { String($0.dropFirst("warning: spec.".count)) }
  }

  private func warnings(ofPolicy policy: String) -> [String] {
    warnings(Rules.destinationRule(policy)).map { String($0.dropFirst("trafficPolicy.".count)) }
  }

  @Test(arguments: [
    (
      "connectionPool: {tcp: {maxConnections: 1048577}}",
      "connectionPool.tcp.maxConnections: never reached: a node tracks at most 1048576 connections"
    ),
    (
      "connectionPool: {http: {http2MaxRequests: 2147483647}}",
      "connectionPool.http.http2MaxRequests: is no limit; leave it out for the default, 1024"
    ),
    (
      "connectionPool: {http: {http1MaxPendingRequests: 20, http2MaxRequests: 10}}",
      "connectionPool.http.http1MaxPendingRequests: never reached: at most 10 requests are under way "
        + "(`http2MaxRequests`)"
    ),
    (
      "outlierDetection: {consecutiveGatewayErrors: 5}",
      "outlierDetection.consecutiveGatewayErrors: never reached: `consecutive5xxErrors` counts gateway errors, too, "
        + "and is 5"
    ),
    (
      "outlierDetection: {consecutiveLocalOriginFailures: 5}",
      "outlierDetection.consecutiveLocalOriginFailures: without effect unless `splitExternalLocalOriginErrors` is true"
    ),
    (
      "outlierDetection: {maxEjectionPercent: 33}",
      "outlierDetection.maxEjectionPercent: 33 % of 3 endpoints is less than one; one may be ejected all the same"
    ),
    (
      "portLevelSettings: [{port: {number: 99}}]",
      "portLevelSettings[0]: without effect: Service default/web has no port 99"
    ),
    (
      "portLevelSettings: [{port: {number: 81}, connectionPool: {http: {maxRetries: 1}}}]",
      "portLevelSettings[0].connectionPool.http.maxRetries: without effect: port 81 of Service default/web is in "
        + "connection mode; `appProtocol: http` is request mode"
    ),
  ])
  func valueThatDoesNothingIsAWarning(_ policy: String, _ expected: String) {
    #expect(warnings(ofPolicy: policy) == [expected])
  }

  @Test(arguments: [
    "connectionPool: {tcp: {maxConnections: 1048576}}", "connectionPool: {http: {http2MaxRequests: 1000000}}",
    "connectionPool: {http: {http1MaxPendingRequests: 10, http2MaxRequests: 10}}",
    "outlierDetection: {consecutiveGatewayErrors: 4}",
    "outlierDetection: {consecutiveGatewayErrors: 7, consecutive5xxErrors: 0}",
    "outlierDetection: {consecutiveLocalOriginFailures: 5, splitExternalLocalOriginErrors: true}",
    "outlierDetection: {maxEjectionPercent: 34}", "outlierDetection: {}",
    "portLevelSettings: [{port: {number: 80}, connectionPool: {http: {maxRetries: 1}}}]",
  ])
  func valueThatWorksIsNone(_ policy: String) {
    #expect(warnings(ofPolicy: policy).isEmpty)
  }

  @Test func timeoutsThatAreNeverReachedAreWarnings() {
    let route = Rules.virtualService("timeout: 1s, retries: {perTryTimeout: 1s}")
    #expect(warnings(route) == ["http[0].retries.perTryTimeout: never reached: the whole request has 1000ms"])
  }

  @Test func whatAnotherSettingReplacesIsAWarning() {
    let rule = Rules.destinationRule("connectionPool: {http: {maxRetries: 5}}")
    let policy = Rules.trafficPolicy("retryBudget: {budgetPercent: 30}, retryNonIdempotent: true")
    #expect(
      warnings(rule, policy) == [
        "trafficPolicy.connectionPool.http.maxRetries: without effect: `retryBudget` takes its place",
        "retryNonIdempotent: without effect: nothing is retried without `retries` of a VirtualService",
      ])
  }

  @Test func wildcardIsNotAdvisedAboutEveryServiceItMatches() {
    let rule = Rules.destinationRule("outlierDetection: {maxEjectionPercent: 10}", host: "*")
    #expect(warnings(rule).isEmpty)
  }

  @Test func requestsOfAServiceInConnectionModeAreOneWarningPerFile() {
    let service = Fixtures.service() + Fixtures.slice()
    let route = Rules.virtualService("timeout: 1s, retries: {perTryTimeout: 500ms}")
    let found = Rules.diagnostics(service, route)
    #expect(found.count == 1 && found[0].contains("is in connection mode"))
  }
}
