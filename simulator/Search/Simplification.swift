// SPDX-License-Identifier: Apache-2.0

/// Single steps by which a case becomes simpler, the largest first.
enum Simplification {
  typealias Step = @Sendable (inout SwarmCase) -> Void

  static func all(of swarmCase: SwarmCase) -> [Step] {
    whole + clients + network + swarmCase.scenario.endpoints.indices.flatMap(group)
      + swarmCase.scenario.timeline.indices.flatMap(event) + sizes
  }

  private static let whole: [Step] = [
    { $0.scenario.warmup = 0 },
    { $0.scenario.agent = AgentTimes() },
    { $0.scenario.network = Network() },
    { $0.scenario.work = .constant(1e6) },
    { $0.scenario.work = .constant($0.scenario.work.mean.rounded()) },
  ]

  private static let clients: [Step] = [
    { $0.scenario.clients.nodes = 1 },
    { $0.scenario.clients.nodes = max(1, $0.scenario.clients.nodes / 2) },
    { $0.scenario.clients.count = $0.scenario.clients.nodes },
    { $0.scenario.clients.zones = [] },
    { $0.scenario.clients.replicas = 0 },
    { $0.scenario.clients.timeout = 0 },
    { $0.scenario.clients.cancelsWork = false },
    { $0.scenario.clients.keepAlive = Clients().keepAlive },
    { $0.scenario.clients.requestsPerConnection = 0 },
    { $0.scenario.load[0].arrivals = .constant },
  ]

  private static let network: [Step] = [
    { $0.scenario.network.paths = [] },
    { $0.scenario.network.path.loss = 0 },
    { $0.scenario.network.path.retransmissionTimeout = Network.Path().retransmissionTimeout },
    { $0.scenario.network.path.bytesPerSecond = 0 },
    { $0.scenario.network.path.latency = .constant(0) },
    { $0.scenario.network.path.latency = .constant($0.scenario.network.path.latency.mean.rounded()) },
  ]

  /// Less time, less load: what is left takes the least to look at.
  private static let sizes: [Step] = [
    { $0.scenario.duration = max(1_000_000, $0.scenario.duration / 2) },
    { $0.scenario.duration = max(1_000_000, $0.scenario.duration / 4 * 3) },
    { $0.scenario.duration = max(1_000_000, $0.scenario.duration / 10 * 9) },
    { $0.scenario.load[0].amount = half($0.scenario.load[0].amount) },
  ]

  private static func half(_ amount: LoadPhase.Amount) -> LoadPhase.Amount {
    guard case .requestsPerSecond(let rate) = amount else { return amount }
    return .requestsPerSecond(max(1, (rate / 2).rounded()))
  }

  private static func group(_ index: Int) -> [Step] {
    let steps: [@Sendable (inout EndpointGroup) -> Void] = [
      { $0.count = 1 },
      { $0.count = max(1, $0.count / 2) },
      { $0.count = max(1, $0.count - 1) },
      { $0.zone = nil },
      { $0.weight = 1 },
      { $0.variation = nil },
      { $0.curve = nil },
      { $0.queueLimit = 0 },
      { $0.speed = 1 },
      { $0.joinsLater = false },
      {
        $0.discipline = .fifo
        $0.curve = nil
      },
      { $0.cores = 1 },
    ]
    return steps.map { step in
      { swarmCase in if index < swarmCase.scenario.endpoints.count { step(&swarmCase.scenario.endpoints[index]) } }
    }
  }

  private static func event(_ index: Int) -> [Step] {
    let steps: [@Sendable (inout TimelineEvent) -> Void] = [
      { event in
        if case .coldStart = event.fault { return }
        event.until = nil
      },
      { $0.target.nodes = [] },
      { $0.target.indices = Array($0.target.indices.prefix(1)) },
      { if case .errors(_, let status, _) = $0.fault { $0.fault = .errors(rate: 1, status: status, latency: 0) } },
    ]
    return steps.map { step in
      { swarmCase in if index < swarmCase.scenario.timeline.count { step(&swarmCase.scenario.timeline[index]) } }
    }
  }
}
