// SPDX-License-Identifier: Apache-2.0

import Policy
import Testing

/// VirtualServices: timeouts, retries and subsets.
@Suite struct RouteTests {
  private typealias Rules = RuleFixtures

  @Test func timeoutAndRetriesAreRead() throws {
    let request = try Rules.http(
      Rules.virtualService(
        """
        timeout: 10s, retries: {attempts: 3, perTryTimeout: 2s, retryOn: "5xx, reset", backoff: 50ms,
        retryIgnorePreviousHosts: false}
        """)
    ).settings.request
    #expect(request.timeoutMilliseconds == 10_000 && request.perTryTimeoutMilliseconds == 2000)
    #expect(request.retryAttempts == 3 && request.retryBackoffMilliseconds == 50)
    #expect(request.retryOn == [.serverError, .reset] && !request.retryIgnorePreviousHosts)
  }

  @Test func nothingIsRetriedUnlessARouteSaysSo() throws {
    let request = try Rules.http(Rules.virtualService("timeout: 0s")).settings.request
    #expect(request.retryAttempts == 0 && request.timeoutMilliseconds == 0)
    let standard = try Rules.http(Rules.virtualService("retries: {}")).settings.request
    #expect(standard.retryAttempts == 2 && standard.retryOn == [.connectFailure, .refusedStream])
    let off = try Rules.http(Rules.virtualService("retries: {attempts: 0}")).settings.request
    #expect(off.retryAttempts == 0)
  }

  @Test(
    arguments: [
      ("5xx", .serverError), ("gateway-error", .gatewayError), ("reset", .reset),
      ("connect-failure", .connectFailure), ("reset-before-request", .connectFailure), ("409", .retriable4xx),
      ("retriable-4xx", .retriable4xx), ("refused-stream", .refusedStream), ("503", .gatewayError),
      ("502,504", .gatewayError), ("unavailable", .refusedStream), ("5xx,unavailable", [.serverError, .refusedStream]),
    ] as [(String, TrafficSettings.RetryConditions)])
  func retryOn(_ text: String, _ expected: TrafficSettings.RetryConditions) throws {
    #expect(
      try Rules.http(Rules.virtualService("retries: {retryOn: \"\(text)\"}")).settings.request.retryOn == expected)
  }

  @Test func methodsThatChangeSomethingAreRetriedOnlyWhenAllowed() throws {
    let route = Rules.virtualService("retries: {retryOn: reset}")
    #expect(try Rules.http(route).settings.request.retryOn == .reset)
    let policy = Rules.trafficPolicy("retryNonIdempotent: true")
    #expect(try Rules.http(route, policy).settings.request.retryOn == [.reset, .nonIdempotent])
  }

  @Test func routeOfAPortConcernsThatPort() throws {
    let store = try Rules.store(
      Rules.web, Rules.virtualService("timeout: 5s", destination: "host: web, port: {number: 80}"))
    #expect(store.services["default/web:http"]?.settings.request.timeoutMilliseconds == 5000)
    #expect(store.services["default/web:db"]?.settings.request.timeoutMilliseconds == 0)
  }

  @Test func unknownSubsetIsAnErrorOfTheRoute() {
    let rule = Rules.destinationRule("", extra: "subsets: [{name: stable, labels: {version: v1}}]")
    let route = Rules.virtualService("timeout: 1s", destination: "host: web, subset: stabel")
    #expect(
      Rules.diagnostics(Rules.web, rule, route) == [
        "error: spec.http[0].route[0].destination.subset: DestinationRule default/web has no subset `stabel`"
      ])
    #expect(
      Rules.diagnostics(Rules.web, route) == [
        "error: spec.http[0].route[0].destination.subset: "
          + "no DestinationRule for Service default/web defines the subset `stabel`"
      ])
  }

  @Test func routeThatCannotBeFollowedIsLeftOutWhenAllowed() throws {
    let route = Rules.virtualService("timeout: 1s, match: [{uri: {exact: /a}}]")
    #expect(Fixtures.parse(route).hasErrors)
    let file = Fixtures.parse(Rules.web + route, allowUnsupported: true)
    #expect(!file.hasErrors && file.ruleCount == 0)
    let mirrored = Fixtures.parse(Rules.virtualService("timeout: 1s, mirror: {host: web}"), allowUnsupported: true)
    #expect(!mirrored.hasErrors && mirrored.ruleCount == 1)
  }
}
