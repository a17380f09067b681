// SPDX-License-Identifier: Apache-2.0

import Policy

/// One run of a scenario: one selector, one seed. Not shared between threads; many may run side by side.
///
/// A discrete-event simulation. Everything that is to happen is in a few queues with one timer each, every endpoint has a
/// timer of its own for its next completion, and a heap tells which timer is next. What happens at the same time happens
/// in the order of the timers' numbers, first come first within one.
public final class Simulation {
  let resolved: ResolvedScenario
  let scenario: Scenario
  let settings: TrafficSettings
  let endpointCount: Int
  let nodes: Int
  let clientCount: Int

  var now: UInt64 = 0
  /// Core-nanoseconds used by each endpoint before the warm-up ended.
  var busyBefore: [Double]
  let timers: TimerHeap
  /// By number of `Queue`.
  let queues: UnsafeMutablePointer<MessageQueue>
  var control = ControlQueue()
  var arrivals: ArrivalStream
  /// The next of an open loop; nil when there is none any more.
  var nextArrival: UInt64?
  let isClosedLoop: Bool
  /// Clients of a closed loop that pause.
  var thinking = 0
  var thinkRandom: Random
  var selection: Random
  var network: Random
  var trace = TraceHash()

  let servers: UnsafeMutablePointer<Server>
  /// Work of a request, and its mean, by group.
  let samplers: [Sampler]
  let meanWork: [Double]
  var meters: [LoadMeter] = []
  let jobs = Slab(blank: Job())
  let requests = Slab(blank: Request())
  let connections = Slab(blank: Connection())
  let probes = Slab(blank: ProbeMessage())
  var openConnections: Set<Int32> = []

  let paths: Paths
  let pools: ConnectionPools
  var membership: Membership
  var faults: ActiveFaults
  var rates: RateWatch?
  /// Lists of candidates by node.
  let candidates: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeBufferPointer<Int32>>>
  /// What is added to the time for the clock of a node.
  let clockOffsets: UnsafeMutablePointer<UInt64>
  /// Raised, by node and endpoint, when the node learns that the endpoint has left, as `generation` is in the kernel.
  let incarnations: UnsafeMutablePointer<UInt16>
  /// Requests under way and retries among them, by node.
  let openByNode: UnsafeMutablePointer<UInt32>
  let retriesByNode: UnsafeMutablePointer<UInt32>
  /// Of connection mode: idle connections by client, latest first; -1 at the end.
  let idleByClient: UnsafeMutablePointer<Int32>

  private var selectorOwned: any EndpointSelector
  /// The same, without counting references: it is asked several times for every request.
  unowned(unsafe) var selector: any EndpointSelector
  private(set) var core: CoreSelector?
  let recorder: Recorder
  let invariants: Invariants
  /// Of a request, by the policy or its client, whichever ends first; 0: none.
  let deadline: UInt64
  let isDeadlineClients: Bool
  /// Whether endpoints measure themselves, and whether they say so with every response.
  private(set) var needsMeters = false
  private(set) var needsReports = false

  /// Queues, in the order in which they come at the same time; endpoints' timers follow.
  enum Queue: Int, CaseIterable {
    case control, arrivals, toEndpoint, answers, toClient, connects, wakeUps, thinks, tries, deadlines, probesOut
    case probesBack

    static let count = allCases.count
  }

  /// The run goes on for at most so long after the last arrival: what is not over then never will be.
  static let drainMax: UInt64 = 120_000_000_000

  public init(_ resolved: ResolvedScenario, selector name: SelectorName, seed: UInt64) {
    self.resolved = resolved
    scenario = resolved.scenario
    settings = resolved.service.settings
    endpointCount = scenario.endpointCount
    nodes = scenario.clients.nodes
    clientCount = scenario.clients.count
    timers = TimerHeap(count: Queue.count + endpointCount)
    queues = .allocate(capacity: Queue.count)
    for queue in 0..<Queue.count { (queues + queue).initialize(to: MessageQueue()) }
    arrivals = ArrivalStream(scenario, seed: seed)
    selection = Random(seed: seed, stream: 2)
    network = Random(seed: seed, stream: 3)
    thinkRandom = Random(seed: seed, stream: 4)
    isClosedLoop = scenario.load.contains { if case .closedLoop = $0.amount { true } else { false } }
    servers = .allocate(capacity: endpointCount)
    var groupSamplers: [Sampler] = []
    var index = 0
    for (group, endpoints) in scenario.endpoints.enumerated() {
      groupSamplers.append(Sampler(endpoints.work ?? scenario.work))
      for _ in 0..<endpoints.count {
        (servers + index).initialize(to: Server(group: group, endpoints))
        index += 1
      }
    }
    samplers = groupSamplers
    meanWork = scenario.endpoints.map { ($0.work ?? resolved.scenario.work).mean }
    busyBefore = [Double](repeating: 0, count: endpointCount)
    paths = Paths(scenario)
    pools = ConnectionPools(scenario, settings, isLimited: name.isCore)
    membership = Membership(scenario)
    faults = ActiveFaults(scenario)
    rates =
      name.isCore
      ? RateWatch(
        settings.outlierDetection, epoch: max(1, scenario.agent.epoch), nodes: nodes, endpoints: endpointCount) : nil
    candidates = .allocate(capacity: nodes)
    clockOffsets = .allocate(capacity: nodes)
    clockOffsets.initialize(repeating: 0, count: nodes)
    incarnations = .allocate(capacity: nodes * endpointCount)
    incarnations.initialize(repeating: 0, count: nodes * endpointCount)
    openByNode = .allocate(capacity: nodes)
    openByNode.initialize(repeating: 0, count: nodes)
    retriesByNode = .allocate(capacity: nodes)
    retriesByNode.initialize(repeating: 0, count: nodes)
    idleByClient = .allocate(capacity: clientCount)
    idleByClient.initialize(repeating: -1, count: clientCount)
    let policyTimeout = UInt64(settings.request.timeoutMilliseconds) * 1_000_000
    let clientTimeout = scenario.clients.timeout
    isDeadlineClients = clientTimeout > 0 && (policyTimeout == 0 || clientTimeout < policyTimeout)
    deadline = isDeadlineClients ? clientTimeout : policyTimeout
    recorder = Recorder(scenario, name, seed: seed)
    invariants = Invariants(
      nodes: nodes, endpoints: endpointCount, replicas: scenario.clients.replicas, settings, isCore: name.isCore)
    let nobody = NoSelector()
    selectorOwned = nobody
    selector = nobody
    let made = makeSelector(name)
    selectorOwned = made
    selector = made
    core = made as? CoreSelector
    needsReports = made.needs.reports
    needsMeters = made.needs.reports || made.needs.probes
    begin(seed: seed)
  }

  deinit {
    for endpoint in 0..<endpointCount { servers[endpoint].release() }
    servers.deallocate()
    for queue in 0..<Queue.count { queues[queue].release() }
    queues.deinitialize(count: Queue.count)
    queues.deallocate()
    candidates.deallocate()
    clockOffsets.deallocate()
    incarnations.deallocate()
    openByNode.deallocate()
    retriesByNode.deallocate()
    idleByClient.deallocate()
  }
}
