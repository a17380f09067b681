// SPDX-License-Identifier: Apache-2.0

import Policy

/// Cases made by chance: small services of every kind, with limits that are reached and faults of every sort. A seed is
/// a case, on every machine.
public struct Swarm {
  var random: Random

  /// The case of a seed.
  public static func makeCase(seed: UInt64) -> SwarmCase {
    var swarm = Swarm(random: Random(seed: seed, stream: 1_000))
    return swarm.makeCase(seed)
  }

  private static let second = 1e9
  private static let zones = ["a", "b", "c"]

  private mutating func makeCase(_ seed: UInt64) -> SwarmCase {
    let duration = time(0.5 * Self.second, 20 * Self.second)
    let rate = logarithmic(200, 3_000) / (duration / Self.second)
    let zones = chance(0.4) ? Array(Self.zones.prefix(1 + random.below(3))) : []
    var scenario = Scenario(name: "swarm-\(seed)", duration: UInt64(duration), load: [], endpoints: [])
    scenario.seed = seed
    scenario.policy.paths = [SwarmCase.policyName]
    for number in 0..<1 + random.below(3) { scenario.endpoints.append(group(number, zones, duration)) }
    // A case begins with somebody.
    if scenario.endpoints.allSatisfy(\.joinsLater) { scenario.endpoints[0].joinsLater = false }
    scenario.clients = clients(zones, scenario.endpointCount)
    scenario.work = work(scenario, rate)
    scenario.load = load(rate, duration, scenario.clients.count)
    if chance(0.3) { scenario.warmup = UInt64(time(0, duration / 2)) }
    network(&scenario, zones)
    agent(&scenario.agent)
    timeline(&scenario)
    let policy = policy(scenario)
    let selector = selector()
    scenario.selectors = [selector]
    return SwarmCase(scenario: scenario, policy: policy, selector: selector, seed: seed)
  }

  /// Mostly the core, with every rule it has.
  private mutating func selector() -> SelectorName {
    if chance(0.15) {
      return .baseline(one(of: SelectorName.Baseline.allCases), ejection: chance(0.5))
    }
    // Tables of consistent hashes take longer to make than the run itself.
    let cheap: [LoadBalancer] = [.roundRobin, .random, .leastRequest, .peakEWMA]
    if chance(0.03) { return .coreWith(chance(0.5) ? .maglev : .sourceIP) }
    return chance(0.5) ? .core : .coreWith(one(of: cheap))
  }

  // MARK: Who asks whom

  private mutating func group(_ number: Int, _ zones: [String], _ duration: Double) -> EndpointGroup {
    var group = EndpointGroup(name: "group-\(number)", count: 1 + random.below(chance(0.1) ? 30 : 6))
    if !zones.isEmpty, chance(0.8) { group.zone = one(of: zones) }
    if chance(0.25) { group.weight = UInt16(1 + random.below(10)) }
    group.discipline = one(of: EndpointGroup.Discipline.allCases)
    if group.discipline == .delay {
      if chance(0.4) {
        group.curve = EndpointGroup.LatencyCurve(slope: Double(1 + random.below(20)))
        if chance(0.5) { group.curve?.overloadAbove = 1 + random.below(20) }
        if group.curve?.overloadAbove != 0 { group.curve?.overloadFactor = Double(2 + random.below(5)) }
      }
    } else {
      group.cores = Double(1 + random.below(4))
    }
    if chance(0.2) { group.speed = share(0.2, 3) }
    if chance(0.2) { group.queueLimit = 1 + random.below(20) }
    if chance(0.15) {
      var variation = EndpointGroup.Variation(
        every: .exponential(mean: time(duration / 50, duration)), factor: .uniform(min: 0.2, max: 2))
      variation.fraction = share(0.1, 1)
      variation.target = one(of: EndpointGroup.Variation.Target.allCases)
      group.variation = variation
    }
    group.joinsLater = number > 0 && chance(0.15)
    return group
  }

  private mutating func clients(_ zones: [String], _ endpoints: Int) -> Clients {
    var clients = Clients()
    clients.nodes = max(max(1, zones.count), 1 + random.below(5))
    clients.count = clients.nodes * (1 + random.below(6))
    clients.zones = zones
    clients.mode = chance(0.35) ? .connection : .request
    if chance(0.7) { clients.timeout = UInt64(time(5e6, 5 * Self.second)) }
    clients.cancelsWork = chance(0.3)
    if clients.mode == .connection {
      if chance(0.6) { clients.keepAlive = UInt64(time(1e6, 5 * Self.second)) }
      if chance(0.5) { clients.requestsPerConnection = 1 + random.below(10) }
    }
    if chance(0.1) { clients.replicas = 1 + random.below(min(4, endpoints)) }
    return clients
  }

  /// Enough to fill a part of the cores, or somewhat more than all of them.
  private mutating func work(_ scenario: Scenario, _ rate: Double) -> Distribution {
    let cores = scenario.endpoints.reduce(0) { $0 + Double($1.count) * $1.cores }
    let mean = (share(0.05, 1.3) * cores / rate * Self.second).rounded()
    return switch random.below(5) {
    case 0: .constant(mean)
    case 1: .uniform(min: 0, max: 2 * mean)
    case 2: .lognormal(median: mean, sigma: share(0.1, 1.5))
    case 3: .normal(mean: mean, standardDeviation: mean, min: 0)
    default: .exponential(mean: mean)
    }
  }

  private mutating func load(_ rate: Double, _ duration: Double, _ clients: Int) -> [LoadPhase] {
    if chance(0.2) {
      let think = max(1e6, (Double(clients) / rate * Self.second).rounded())
      return [LoadPhase(.closedLoop(think: .exponential(mean: think)))]
    }
    var phases: [LoadPhase] = []
    let count = 1 + random.below(3)
    for number in 0..<count {
      let start = (duration * Double(number) / Double(count)).rounded()
      let factor = number == 0 ? 1 : share(0, 3)
      phases.append(
        LoadPhase(
          start: UInt64(start), .requestsPerSecond((rate * factor).rounded()),
          arrivals: chance(0.3) ? .constant : .poisson))
    }
    return phases
  }

  // MARK: What lies between

  private mutating func network(_ scenario: inout Scenario, _ zones: [String]) {
    scenario.network.path = path()
    if chance(0.2) {
      var route = Network.Route(path: path())
      route.toGroup = one(of: scenario.endpoints).name
      if let zone = zones.first { route.fromZone = zone }
      scenario.network.paths = [route]
    }
  }

  private mutating func path() -> Network.Path {
    var path = Network.Path()
    switch random.below(4) {
    case 0: path.latency = .constant(time(1e4, 1e7))
    case 1: path.latency = .exponential(mean: time(1e4, 1e7))
    case 2: path.latency = .uniform(min: 0, max: time(1e4, 1e7))
    default: break
    }
    if chance(0.2) {
      path.loss = share(0.01, 0.3)
      path.retransmissionTimeout = UInt64(time(1e6, 3e8))
    }
    if chance(0.1) { path.bytesPerSecond = time(1e4, 1e8) }
    return path
  }

  private mutating func agent(_ agent: inout AgentTimes) {
    if chance(0.5) { agent.discoveryDelay = UInt64(time(0, Self.second)) }
    if chance(0.5) { agent.epoch = UInt64(time(1e7, 2 * Self.second)) }
    if chance(0.5) { agent.reportDelay = UInt64(time(0, Self.second)) }
  }
}
