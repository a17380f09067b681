// SPDX-License-Identifier: Apache-2.0

import Policy
import Simulator
import Testing

@Suite struct ScenarioParserTests {
  private func scenario(_ text: String, sourceLocation: Testing.SourceLocation = #_sourceLocation) throws -> Scenario {
    let parsed = ScenarioParser.parse(text, path: "a.yaml")
    #expect(parsed.diagnostics.isEmpty, sourceLocation: sourceLocation)
    return try #require(parsed.scenario, sourceLocation: sourceLocation)
  }

  @Test func minimumHasTheDefaults() throws {
    let scenario = try scenario(ScenarioFixtures.text())
    var expected = Scenario(
      name: "test", duration: 60_000_000_000, load: [LoadPhase(.requestsPerSecond(100))],
      endpoints: [EndpointGroup(name: "web", count: 4)])
    expected.summary = ""
    #expect(scenario == expected)
    #expect(scenario.seed == 1 && scenario.selectors == [.core] && scenario.warmup == 0)
  }

  @Test func fieldsOfTheRunAreRead() throws {
    let scenario = try scenario(
      ScenarioFixtures.text(
        """
        summary: One of four endpoints answers 500 at once.
        warmup: 5s
        seed: 7
        selectors: [swerve, swerve/PEAK_EWMA, p2c+ejection, peak-ewma]
        policies: [../../policies/examples/outlier-detection.yaml]
        service: default/web
        work: 2.5ms
        agent: {discoveryDelay: 20ms, epoch: 2s, reportDelay: 1s}
        """))
    #expect(scenario.summary == "One of four endpoints answers 500 at once.")
    #expect(scenario.warmup == 5_000_000_000 && scenario.seed == 7)
    #expect(
      scenario.selectors == [
        .core, .coreWith(.peakEWMA), .baseline(.powerOfTwo, ejection: true), .baseline(.peakEWMA, ejection: false),
      ])
    #expect(scenario.policy.paths == ["../../policies/examples/outlier-detection.yaml"])
    #expect(scenario.policy.service == "default/web")
    #expect(scenario.work == .constant(2_500_000))
    #expect(scenario.agent.discoveryDelay == 20_000_000)
    #expect(scenario.agent.epoch == 2_000_000_000 && scenario.agent.reportDelay == 1_000_000_000)
  }

  @Test func clientsAreRead() throws {
    let clients = try scenario(
      ScenarioFixtures.text(
        """
        clients:
          {count: 100, nodes: 20, zones: [a, b], mode: connection, timeout: 5s, cancelsWork: true, keepAlive: 30s, requestsPerConnection: 9,
           replicas: 3}
        """)
    ).clients
    #expect(clients.count == 100 && clients.nodes == 20 && clients.zones == ["a", "b"])
    #expect(clients.mode == .connection && clients.timeout == 5_000_000_000 && clients.keepAlive == 30_000_000_000)
    #expect(clients.requestsPerConnection == 9 && clients.replicas == 3 && clients.cancelsWork)
  }

  @Test func loadIsOnePhaseOrSeveral() throws {
    let phases = try scenario(
      ScenarioFixtures.text(
        load: """
          [{requestsPerSecond: 1e3, arrivals: constant}, {from: 10s, utilization: 0.9},
              {from: 20s, closedLoop: {think: {exponential: {mean: 10ms}}}}]
          """)
    ).load
    #expect(
      phases == [
        LoadPhase(.requestsPerSecond(1000), arrivals: .constant), LoadPhase(start: 10_000_000_000, .utilization(0.9)),
        LoadPhase(start: 20_000_000_000, .closedLoop(think: .exponential(mean: 10_000_000))),
      ])
  }

  @Test(arguments: [
    ("5ms", Distribution.constant(5e6)), ("{constant: 1500ns}", .constant(1500)), ("0.3us", .constant(300)),
    ("{uniform: {min: 1ms, max: 1h}}", .uniform(min: 1e6, max: 3.6e12)),
    ("{exponential: {mean: 4ms}}", .exponential(mean: 4e6)),
    ("{normal: {mean: 80ms, standardDeviation: 80ms}}", .normal(mean: 8e7, standardDeviation: 8e7, min: 0)),
    ("{normal: {mean: 8ms, standardDeviation: 8ms, min: 1ms}}", .normal(mean: 8e6, standardDeviation: 8e6, min: 1e6)),
    ("{lognormal: {median: 4ms, sigma: 0.5}}", .lognormal(median: 4e6, sigma: 0.5)),
    (
      "{mixture: [{weight: 1, constant: 5ms}, {weight: 3, uniform: {min: 1ms, max: 2ms}}]}",
      .mixture([.init(weight: 1, .constant(5e6)), .init(weight: 3, .uniform(min: 1e6, max: 2e6))])
    ),
  ]) func workIsADistribution(text: String, expected: Distribution) throws {
    #expect(try scenario(ScenarioFixtures.text("work: \(text)")).work == expected)
  }

  @Test func endpointGroupsAreRead() throws {
    let groups = try scenario(
      ScenarioFixtures.text(
        "policies: [web.yaml]",
        endpoints: """

              - {name: web, count: 2, zone: a, addresses: [127.0.1.1:8080, "[fd00::1]:80"], weight: 3, cores: 2,
                 speed: 0.5, queueLimit: 100, work: 7ms, discipline: processorSharing,
                 variation: {every: 1s, fraction: 0.05, factor: {uniform: {min: 1.7, max: 3}}, target: speed}}
              - {name: slow, discipline: delay, latencyCurve: {slope: 60, overloadAbove: 60, overloadFactor: 5}}
              - {name: late, joinsLater: true}
            timeline: [{at: 1s, endpoints: {group: late}, fault: join}]
          """)
    ).endpoints
    var web = EndpointGroup(name: "web", count: 2)
    web.zone = "a"
    web.addresses = ["127.0.1.1:8080", "[fd00::1]:80"]
    (web.weight, web.cores, web.speed, web.queueLimit) = (3, 2, 0.5, 100)
    web.work = .constant(7e6)
    web.discipline = .processorSharing
    var variation = EndpointGroup.Variation(every: .constant(1e9), factor: .uniform(min: 1.7, max: 3))
    variation.fraction = 0.05
    variation.target = .speed
    web.variation = variation
    var slow = EndpointGroup(name: "slow")
    slow.discipline = .delay
    var curve = EndpointGroup.LatencyCurve(slope: 60)
    curve.overloadAbove = 60
    curve.overloadFactor = 5
    slow.curve = curve
    var late = EndpointGroup(name: "late")
    late.joinsLater = true
    #expect(groups == [web, slow, late])
  }

  @Test func pathsTakeWhatTheyDoNotSayFromTheNetwork() throws {
    let network = try scenario(
      ScenarioFixtures.text(
        """
        clients: {count: 2, nodes: 2, zones: [a, b]}
        network:
          latency: 1ms
          loss: 0.02
          retransmissionTimeout: 300ms
          bytesPerSecond: 1e9
          requestBytes: 300
          responseBytes: 2000
          paths:
            - {fromZone: a, toZone: c, toGroup: web, latency: {uniform: {min: 14ms, max: 15ms}}}
            - {toGroup: web, loss: 0, bytesPerSecond: 0}
        """, endpoints: "[{name: web, zone: c}]")
    ).network
    var path = Network.Path()
    path.latency = .constant(1e6)
    (path.loss, path.retransmissionTimeout, path.bytesPerSecond) = (0.02, 300_000_000, 1e9)
    #expect(network.path == path && network.requestBytes == 300 && network.responseBytes == 2000)
    var far = Network.Route(path: path)
    (far.fromZone, far.toZone, far.toGroup) = ("a", "c", "web")
    far.path.latency = .uniform(min: 14e6, max: 15e6)
    var clean = Network.Route(path: path)
    clean.toGroup = "web"
    (clean.path.loss, clean.path.bytesPerSecond) = (0, 0)
    #expect(network.paths == [far, clean])
  }

  @Test(arguments: [
    ("crash", Fault.crash), ("hang", .hang), ("{hang: {}}", .hang), ("join", .join), ("leave", .leave),
    ("drain", .drain), ("partition", .partition), ("{slow: {factor: 3}}", .slow(factor: 3)),
    ("{capacity: {factor: .5}}", .capacity(factor: 0.5)), ("{coldStart: {factor: 5}}", .coldStart(factor: 5)),
    ("{errors: {}}", .errors(rate: 1, status: 500, latency: 0)),
    ("{errors: {rate: 0.5, status: 503, latency: 1ms}}", .errors(rate: 0.5, status: 503, latency: 1_000_000)),
    ("{latency: 60ms}", .latency(.constant(6e7))), ("{loss: 0.1}", .loss(probability: 0.1)),
  ]) func faultsOfEndpointsAndPathsAreRead(text: String, expected: Fault) throws {
    let spec = """
      timeline:
        - {at: 10s, until: 20s, endpoints: {group: web, indices: [0, 2], zone: a}, fault: \(text)}
        - {at: 1s, endpoints: {group: late}, fault: join}
      """
    let endpoints = "[{name: web, count: 4, zone: a}, {name: late, zone: a, joinsLater: true}]"
    let parsed = try scenario(
      ScenarioFixtures.text(
        text == "join" ? spec.replacing("group: web, indices: [0, 2]", with: "group: late") : spec,
        endpoints: endpoints))
    let group = text == "join" ? "late" : "web"
    let indices = text == "join" ? [] : [0, 2]
    #expect(
      parsed.timeline.first
        == TimelineEvent(
          at: 10_000_000_000, until: 20_000_000_000, target: EventTarget(group: group, indices: indices, zone: "a"),
          expected))
  }

  @Test(arguments: [
    ("{clockJump: {by: 30s}}", Fault.clockJump(by: 30_000_000_000)), ("agentRestart", .agentRestart),
    ("tableFull", .tableFull), ("partition", .partition),
  ]) func faultsOfNodesAreRead(text: String, expected: Fault) throws {
    let timeline = try scenario(
      ScenarioFixtures.text(
        """
        clients: {count: 4, nodes: 4}
        timeline: [{at: 0s, nodes: [3, 0], fault: \(text)}]
        """)
    ).timeline
    #expect(timeline == [TimelineEvent(at: 0, target: EventTarget(nodes: [3, 0]), expected)])
  }

  @Test(arguments: [
    ("p50: {below: 50ms}", Simulator.Expectation.Claim.latency(percentile: 50, below: 50_000_000)),
    ("p99.9: {below: 1s}", .latency(percentile: 99.9, below: 1_000_000_000)),
    ("max: {below: 2s}", .latency(percentile: 100, below: 2_000_000_000)),
    ("errorRate: {below: 0.01}", .errorRate(below: 0.01)),
    ("recovery: {within: 2s, errorRate: 0.01}", .recovery(within: 2_000_000_000, errorRate: 0.01)),
    (
      "share: {of: {group: web, indices: [0]}, min: 0.2}",
      .share(of: EventTarget(group: "web", indices: [0]), min: 0.2, max: 1)
    ),
    ("noRequests: {to: {group: web}}", .noRequests(to: EventTarget(group: "web"))),
    ("throughput: {above: 900}", .throughput(above: 900)),
    ("refused: {reason: max_requests, min: 1}", .refused(reason: "max_requests", min: 1, max: .max)),
    ("refused: {reason: no_healthy, max: 0}", .refused(reason: "no_healthy", min: 0, max: 0)),
  ]) func expectationsAreRead(text: String, claim: Simulator.Expectation.Claim) throws {
    let expectations = try scenario(
      ScenarioFixtures.text("expect: [{\(text), from: 1s, until: 2s, selectors: [swerve, rr]}]")
    ).expectations
    var expected = Simulator.Expectation(claim, from: 1_000_000_000, until: 2_000_000_000)
    expected.selectors = [.core, .baseline(.roundRobin, ejection: false)]
    #expect(expectations == [expected])
  }

  @Test func ejectedSaysByWhenAndOnHowManyNodes() throws {
    let expectations = try scenario(
      ScenarioFixtures.text(
        """
        expect:
          - {ejected: {endpoints: {group: web, indices: [1]}, by: 12s}}
          - {ejected: {endpoints: {group: web}, by: 1m, nodes: 0.5}}
        """)
    ).expectations
    #expect(
      expectations.map(\.claim) == [
        .ejected(EventTarget(group: "web", indices: [1]), by: 12_000_000_000, nodes: 1),
        .ejected(EventTarget(group: "web"), by: 60_000_000_000, nodes: 0.5),
      ])
  }

  @Test func orderOfTheFieldsDoesNotMatter() throws {
    let text = """
      spec:
        expect: [{noRequests: {to: {group: web, indices: [3]}}}]
        timeline: [{fault: hang, endpoints: {group: web, indices: [3]}, at: 59s}]
        endpoints: [{count: 4, name: web}]
        load: {requestsPerSecond: 1}
        duration: 60s
      kind: Scenario
      metadata: {name: test}
      apiVersion: swerve.dev/v1alpha1
      """
    #expect(try scenario(text).timeline.count == 1)
  }
}
