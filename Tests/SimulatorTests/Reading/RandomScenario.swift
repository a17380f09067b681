// SPDX-License-Identifier: Apache-2.0

import Simulator

/// Scenarios that use every field there is, reproducibly from a seed.
struct RandomScenario {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  /// SplitMix64.
  private mutating func bits() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }

  private mutating func below(_ count: Int) -> Int { Int(bits() % UInt64(max(1, count))) }
  private mutating func coin() -> Bool { below(2) == 0 }
  private mutating func share() -> Double { Double(below(1_000_001)) / 1_000_000 }
  /// From `least` on, to every nanosecond or in round numbers.
  private mutating func time(from least: UInt64 = 0, to most: UInt64) -> UInt64 {
    let time = least + bits() % max(1, most - least)
    return coin() ? time : max(least, time / 1_000_000 * 1_000_000)
  }
  private mutating func one<Value>(of values: [Value]) -> Value { values[below(values.count)] }

  mutating func next() -> Scenario {
    let duration = time(from: 1_000_000_000, to: 86_000_000_000_000)
    var scenario = Scenario(name: one(of: ["web", "a-1", "true", "1s"]), duration: duration, load: [], endpoints: [])
    scenario.summary = one(of: ["", "One: two, [three] # \"four\".", "Zwei\nZeilen", "yes", " - x", "1.5", "null"])
    scenario.warmup = coin() ? 0 : time(to: duration)
    scenario.seed = coin() ? 1 : bits() >> 1
    if coin() { scenario.selectors = (0...below(3)).map { SelectorName.all[$0 * 5 + below(5)] } }
    if coin() {
      scenario.policy.paths = ["../web.yaml", "a b/c:d.yaml"]
      if coin() { scenario.policy.service = one(of: ["web", "default/web:http"]) }
    }
    for number in 0...below(3) { scenario.endpoints.append(group(number, hasPolicy: !scenario.policy.paths.isEmpty)) }
    scenario.clients = clients(endpoints: scenario.endpointCount)
    for number in 0...below(3) {
      scenario.load.append(phase(from: number == 0 ? 0 : scenario.load[number - 1].start + 1 + bits() % 1000, scenario))
    }
    if coin() { scenario.work = .uniform(min: 1e6, max: 1e6 + Double(below(1_000_000_000))) }
    if coin() { scenario.network = network(scenario) }
    if coin() { scenario.agent.discoveryDelay = time(to: 1_000_000_000) }
    if coin() { scenario.agent.epoch = time(from: 1_000_000, to: 10_000_000_000) }
    if coin() { scenario.agent.reportDelay = time(to: 10_000_000_000) }
    for group in scenario.endpoints where group.joinsLater {
      scenario.timeline.append(TimelineEvent(at: time(to: duration), target: EventTarget(group: group.name), .join))
    }
    for _ in 0..<below(6) { scenario.timeline.append(event(scenario)) }
    for _ in 0..<below(6) { scenario.expectations.append(expectation(scenario)) }
    return scenario
  }

  private mutating func distribution() -> Distribution {
    switch below(6) {
    case 0: return .constant(Double(time(from: 1_000_000, to: 10_000_000_000)))
    case 1: return .uniform(min: Double(below(5_000_000)), max: 5e6 + Double(below(8)) / 4)
    case 2: return .exponential(mean: 1e6 + Double(below(1_000_000_000)) + 0.25)
    case 3: return .normal(mean: 1e6 * Double(below(100)), standardDeviation: 80e6, min: coin() ? 0 : 1500)
    case 4: return .lognormal(median: 4e6, sigma: share())
    default:
      return .mixture([
        Distribution.Component(weight: 1 + share(), .exponential(mean: 4e6)),
        Distribution.Component(weight: share(), .constant(3e6)),
      ])
    }
  }

  private mutating func group(_ number: Int, hasPolicy: Bool) -> EndpointGroup {
    var group = EndpointGroup(name: "g\(number)", count: 1 + below(3))
    if coin() { group.zone = one(of: ["a", "b", "on"]) }
    if hasPolicy, coin() { group.addresses = (0..<group.count).map { "127.0.\(number).\($0 + 1):80" } }
    group.weight = UInt16(below(3))
    group.discipline = one(of: EndpointGroup.Discipline.allCases)
    if group.discipline == .delay {
      if coin() {
        var curve = EndpointGroup.LatencyCurve(slope: 1 + share())
        if coin() { (curve.overloadAbove, curve.overloadFactor) = (below(100) + 1, 1 + share()) }
        group.curve = curve
      }
    } else if coin() {
      group.cores = 0.5 + share()
    }
    group.speed = coin() ? 1 : 0.5 + share()
    group.queueLimit = coin() ? 0 : below(1000)
    if coin() { group.work = distribution() }
    if coin() {
      var variation = EndpointGroup.Variation(every: distribution(), factor: .uniform(min: share(), max: 1 + share()))
      variation.fraction = share()
      variation.target = one(of: [.cores, .speed])
      group.variation = variation
    }
    group.joinsLater = number > 0 && coin()
    return group
  }

  private mutating func clients(endpoints: Int) -> Clients {
    var clients = Clients()
    clients.count = 2 + below(100)
    clients.nodes = 2 + below(clients.count - 1)
    clients.zones = coin() ? [] : ["a", "null"]
    clients.mode = one(of: [.request, .connection])
    clients.cancelsWork = coin()
    clients.timeout = coin() ? 0 : time(to: 10_000_000_000)
    if clients.mode == .connection {
      clients.keepAlive = time(to: 100_000_000_000)
      clients.requestsPerConnection = below(100)
    }
    clients.replicas = below(endpoints + 1)
    return clients
  }

  private mutating func phase(from start: UInt64, _ scenario: Scenario) -> LoadPhase {
    let isDelayed = scenario.endpoints.contains { $0.discipline == .delay }
    switch below(isDelayed ? 2 : 3) {
    case 0: return LoadPhase(start: start, .closedLoop(think: distribution()))
    case 1: return LoadPhase(start: start, .requestsPerSecond(share() * 1e6), arrivals: .constant)
    default: return LoadPhase(start: start, .utilization(share()))
    }
  }

  private mutating func path() -> Network.Path {
    var path = Network.Path()
    if coin() { path.latency = distribution() }
    if coin() { path.loss = share() / 2 }
    if coin() { path.retransmissionTimeout = time(from: 1_000, to: 1_000_000_000) }
    if coin() { path.bytesPerSecond = share() * 1e9 }
    return path
  }

  private mutating func network(_ scenario: Scenario) -> Network {
    var network = Network()
    network.path = path()
    network.requestBytes = below(10_000)
    network.responseBytes = below(10_000)
    for _ in 0..<below(3) {
      var route = Network.Route(path: path())
      route.toGroup = one(of: scenario.endpoints).name
      if !scenario.clients.zones.isEmpty { route.fromZone = one(of: scenario.clients.zones) }
      network.paths.append(route)
    }
    return network
  }

  private mutating func target(_ scenario: Scenario) -> EventTarget {
    let group = one(of: scenario.endpoints)
    switch below(4) {
    case 0: return EventTarget()
    case 1: return EventTarget(group: group.name, zone: group.zone)
    case 2: return EventTarget(group: group.name, indices: [below(group.count)])
    default: return EventTarget(zone: group.zone)
    }
  }

  private mutating func event(_ scenario: Scenario) -> TimelineEvent {
    let at = time(to: scenario.duration - 1)
    let until = coin() ? nil : at + 1 + bits() % (scenario.duration - at)
    var target = target(scenario)
    switch below(14) {
    case 0: return TimelineEvent(at: at, until: until, target: target, .crash)
    case 1: return TimelineEvent(at: at, until: until, target: target, .hang)
    case 2: return TimelineEvent(at: at, until: until, target: target, .slow(factor: 1 + share()))
    case 3: return TimelineEvent(at: at, until: until, target: target, .capacity(factor: 0.1 + share()))
    case 4: return TimelineEvent(at: at, until: scenario.duration, target: target, .coldStart(factor: 1 + share()))
    case 5:
      let errors = Fault.errors(rate: share(), status: 500 + below(100), latency: time(to: 1_000_000_000))
      return TimelineEvent(at: at, until: until, target: target, errors)
    case 6: return TimelineEvent(at: at, until: until, target: target, .leave)
    case 7: return TimelineEvent(at: at, until: until, target: target, .drain)
    case 8:
      target.nodes = [below(2)]
      return TimelineEvent(at: at, until: until, target: target, .partition)
    case 9: return TimelineEvent(at: at, until: until, target: target, .latency(distribution()))
    case 10: return TimelineEvent(at: at, until: until, target: target, .loss(probability: share() / 2))
    case 11:
      return TimelineEvent(at: at, target: EventTarget(nodes: [1, 0]), .clockJump(by: time(to: 1_000_000_000)))
    case 12: return TimelineEvent(at: at, until: until, .agentRestart)
    default: return TimelineEvent(at: at, until: until, target: EventTarget(nodes: [1]), .tableFull)
    }
  }

  private mutating func expectation(_ scenario: Scenario) -> Simulator.Expectation {
    let target = target(scenario)
    let from = scenario.warmup + bits() % (scenario.duration - scenario.warmup)
    var expectation: Simulator.Expectation
    switch below(10) {
    case 0: expectation = .init(.latency(percentile: one(of: [50, 90, 99, 99.9, 100]), below: time(to: 1_000_000_000)))
    case 1: expectation = .init(.errorRate(below: share()))
    case 2: expectation = .init(.recovery(within: time(to: 1_000_000_000), errorRate: share()), from: from)
    case 3: expectation = .init(.share(of: target, min: share() / 2, max: 0.5 + share() / 2), until: scenario.duration)
    case 4: expectation = .init(.noRequests(to: target), from: from, until: scenario.duration)
    case 5: expectation = .init(.ejected(target, by: from, nodes: share()))
    case 6: expectation = .init(.throughput(above: share() * 1e6))
    case 7: expectation = .init(.latencyAbove(percentile: one(of: [50, 99.9, 100]), above: time(to: 1_000_000_000)))
    case 8: expectation = .init(.errorRateAbove(share()))
    default: expectation = .init(.refused(reason: one(of: ["pending", "no_healthy"]), min: below(9), max: .max))
    }
    if coin() { expectation.selectors = [.core] }
    return expectation
  }
}
