// SPDX-License-Identifier: Apache-2.0

import Policy
import Simulator
import Testing

/// The policy's limits, retries and timeouts in simulated time.
@Suite struct PolicyInForceTests {
  @Test func noMoreRequestsThanAllowedAreUnderWay() {
    // 200 a second of 100 ms each: 20 at a time, of which 8 may be.
    let result = Scenario.make(endpoints: 2, rate: 200, seconds: 10) { scenario in
      scenario.endpoints[0].discipline = .delay
      scenario.work = .constant(100e6)
    }.run(policy: { $0.maxRequests = 8 })
    #expect(result.violations == [])
    // Erlang's loss formula: B(8, 20) = 0.627 are refused.
    let refused = Double(result.outcomes.refusals["max_requests"] ?? 0) / Double(result.outcomes.total)
    #expect(abs(refused - 0.627) < 0.03)
  }

  @Test func connectionsOfThePoolAreLimitedAndRequestsWaitForThem() {
    let result = Scenario.make(endpoints: 2, rate: 90, seconds: 10) { scenario in
      scenario.endpoints[0].discipline = .delay
      scenario.work = .constant(20e6)
      scenario.network.path.latency = .constant(1e6)
    }.run(policy: { settings in
      settings.maxConnections = 2
      settings.maxPendingRequests = 3
    })
    #expect(result.violations == [])
    #expect(result.outcomes.refusals["pending"] ?? 0 > 0)
    // Two connections, 22 ms for each request and 2 ms for a handshake now and then.
    #expect(result.outcomes.successes > 650)
    #expect(result.latency.percentile(99) > 25 * milliseconds, "some have waited")
  }

  @Test func failedRequestsAreTriedElsewhere() {
    let scenario = Scenario.make(clients: 2, endpoints: 4, rate: 200, seconds: 10) { scenario in
      scenario.timeline = [
        TimelineEvent(
          at: 0, target: EventTarget(group: "web", indices: [0]), .errors(rate: 1, status: 503, latency: 0))
      ]
    }
    let without = scenario.run(policy: { $0.outlierDetection.consecutive5xxErrors = 0 })
    let with = scenario.run(policy: { settings in
      settings.request.retryAttempts = 2
      settings.request.retryOn = [.gatewayError]
      settings.request.maxRetries = 1_000
    })
    #expect(without.outcomes.errorRate > 0.15)
    #expect(with.outcomes.failures == 0)
    #expect(with.outcomes.retries >= without.outcomes.failures / 2)
    #expect(with.violations == [])
  }

  @Test func retriesStayWithinTheirBudget() {
    let scenario = Scenario.make(clients: 1, endpoints: 2, rate: 500, seconds: 5) { scenario in
      scenario.timeline = [TimelineEvent(at: 0, .errors(rate: 1, status: 500, latency: 0))]
    }
    let result = scenario.run(policy: { settings in
      settings.outlierDetection.consecutiveLocalOriginFailures = 0
      settings.request.retryAttempts = 3
      settings.request.retryOn = [.serverError]
      settings.request.maxRetries = 2
    })
    // Two at a time, each waiting 12.5 ms on average before its first: far fewer than three for each request.
    #expect(result.outcomes.retries < 2 * 2_500)
    #expect(result.outcomes.retries > 200)
  }

  @Test func anAttemptMayTakeOnlySoLong() {
    let scenario = Scenario.make(clients: 1, endpoints: 4, rate: 100, seconds: 10) { scenario in
      scenario.timeline = [TimelineEvent(at: 0, target: EventTarget(group: "web", indices: [0]), .hang)]
      scenario.work = .constant(1e6)
    }
    let result = scenario.run(policy: { settings in
      settings.request.perTryTimeoutMilliseconds = 50
      settings.request.retryAttempts = 2
      settings.request.retryOn = [.gatewayError, .serverError]
    })
    #expect(result.outcomes.failures == 0)
    #expect(result.latency.percentile(100) > 50 * milliseconds)
    #expect(result.violations == [])
  }

  @Test func ratesEjectWhatFailsTooOften() {
    let scenario = Scenario.make(clients: 1, endpoints: 6, rate: 1_200, seconds: 10) { scenario in
      scenario.work = .constant(1e6)
      scenario.agent.reportDelay = 500 * milliseconds
      scenario.timeline = [
        TimelineEvent(
          at: 0, target: EventTarget(group: "web", indices: [3]), .errors(rate: 0.6, status: 500, latency: 0))
      ]
    }
    let result = scenario.run(policy: { settings in
      settings.outlierDetection.intervalMilliseconds = 1_000
      settings.outlierDetection.baseEjectionTimeMilliseconds = 30_000
      settings.outlierDetection.failurePercentage = .init()
      settings.outlierDetection.failurePercentage?.thresholdPercent = 50
    })
    let ejection = result.transitions.first { $0.kind == "open" }
    #expect(ejection?.endpoint == 3)
    #expect(ejection?.cause == "failure_percentage")
    // After one interval and the delay of the report.
    #expect(ejection.map { (1_400...1_600).contains($0.time / milliseconds) } ?? false)
  }

  /// An interval ends with the agent's first look that finds it over.
  @Test func ratesAreLookedAtOnceAnEpoch() {
    let scenario = Scenario.make(clients: 1, endpoints: 6, rate: 1_200, seconds: 10) { scenario in
      scenario.work = .constant(1e6)
      scenario.agent.epoch = 700 * milliseconds
      scenario.timeline = [
        TimelineEvent(
          at: 0, target: EventTarget(group: "web", indices: [3]), .errors(rate: 0.6, status: 500, latency: 0))
      ]
    }
    let result = scenario.run(policy: { settings in
      settings.outlierDetection.intervalMilliseconds = 1_000
      settings.outlierDetection.failurePercentage = .init()
      settings.outlierDetection.failurePercentage?.thresholdPercent = 50
    })
    #expect(result.transitions.first { $0.kind == "open" }?.time == 1_400 * milliseconds)
  }

  @Test func standbysOfAnotherZoneTakeOver() throws {
    var scenario = Scenario.make(clients: 2, endpoints: 2, rate: 200, seconds: 6) { scenario in
      scenario.work = .constant(1e6)
      scenario.clients.zones = ["a"]
      scenario.timeline = [TimelineEvent(at: 2 * seconds, until: 4 * seconds, target: EventTarget(zone: "a"), .crash)]
    }
    scenario.endpoints[0].zone = "a"
    var other = EndpointGroup(name: "far", count: 2)
    other.zone = "b"
    scenario.endpoints.append(other)
    var resolved = try ResolvedScenario.resolve(scenario, services: [])
    let service = resolved.service
    resolved.zonedServices = [
      Service(
        name: service.name, frontends: service.frontends, loadBalancer: service.loadBalancer, appProtocol: "http",
        endpoints: service.endpoints.map {
          Endpoint(address: $0.address, port: $0.port, weight: 1, zone: $0.zone, isStandby: $0.zone == "b")
        }, source: service.source)
    ]
    let result = try #require(Simulation(resolved, selector: .core, seed: 1).run())
    let far = result.endpoints[2].sentByWindow
    #expect(far[..<40].reduce(0, +) == 0)
    #expect(far[45..<80].reduce(0, +) > 100)
    #expect(result.outcomes.failures < 20)
    #expect(result.violations == [])
  }

  @Test func theFallbackAnswersWhenNobodyMay() {
    let scenario = Scenario.make(clients: 1, endpoints: 2, rate: 100, seconds: 4) { scenario in
      scenario.timeline = [TimelineEvent(at: 0, .crash)]
    }
    let settings = { (settings: inout TrafficSettings) in settings.outlierDetection.healthyPanicThresholdPercent = 0 }
    let with = scenario.run(policy: settings, hasFallback: true)
    #expect(with.outcomes.fallbacks > 300)
    let without = scenario.run(policy: settings)
    #expect(without.outcomes.refusals["no_healthy"] == with.outcomes.fallbacks)
  }

  /// As the agent publishes it: only endpoints that come to a service which has some warm up.
  @Test func anEndpointThatJoinsWarmsUp() {
    var late = EndpointGroup(name: "late")
    late.joinsLater = true
    let result = Scenario.make(clients: 1, endpoints: 3, rate: 400, seconds: 6) { scenario in
      scenario.endpoints.append(late)
      scenario.timeline = [TimelineEvent(at: 1 * seconds, target: EventTarget(group: "late"), .join)]
    }.run(policy: { $0.warmup = TrafficSettings.Warmup(durationMilliseconds: 4_000) })
    // 20 windows of 50 ms are a second. A quarter of the requests would be 100 a second.
    let joined = result.endpoints[3].sentByWindow
    #expect(joined[20..<40].reduce(0, +) < 45)
    #expect(joined[100..<120].reduce(0, +) > 70)
    #expect(result.endpoints[0].sentByWindow[..<20].reduce(0, +) > 100, "at the start nothing warms up")
    #expect(result.violations == [])
  }

  /// Too few are healthy: ejection is ignored, and says so.
  @Test func panicSendsAllTheSame() {
    let result = Scenario.make(clients: 1, endpoints: 4, rate: 400, seconds: 4) { scenario in
      scenario.timeline = [
        TimelineEvent(at: 0, target: EventTarget(group: "web", indices: [0, 1, 2]), .crash)
      ]
    }.run(policy: { $0.outlierDetection.healthyPanicThresholdPercent = 50 })
    #expect(result.transitions.contains { $0.kind == "panic_on" })
    #expect(result.outcomes.resets > 500)
    #expect(result.violations == [])
  }
}
