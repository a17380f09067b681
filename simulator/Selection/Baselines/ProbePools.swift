// SPDX-License-Identifier: Apache-2.0

/// The answer to a probe, kept until it is old, used up or thrown out.
struct Probe: BitwiseCopyable {
  static let undecided = Int32(-1)

  var endpoint: Int32
  /// Requests that this node has sent there since are added.
  var requestsInFlight: UInt32
  var latency: UInt64
  var received: UInt64
  /// How often it may still be used; `undecided` before the first time.
  var usesLeft = Probe.undecided
}

/// Prequal's pools of probes, one for each node (Wydrowski et al., NSDI 2024): who is asked, what is kept, for how long.
struct ProbePools: ~Copyable {
  struct Parameters: Sendable {
    var capacity = 16
    var ageMax: UInt64 = 1_000_000_000
    /// Probes for each request; what is not whole is carried over to the next.
    var probesPerRequest = 3.0
    /// Probes thrown out for each request.
    var removalsPerRequest = 1.0
    /// Net growth that the reuse of probes is to make up for.
    var delta = 1.0
    /// Uses of a probe, at least.
    var usesMin = 1.0

    /// The published pool is 16 of 100 endpoints. Of fewer endpoints it is the same share: a pool of most of them has
    /// probes used so often that all nodes follow the same ones to one endpoint.
    static func published(for services: any SelectorServices) -> Self {
      Self(capacity: min(16, max(4, services.endpointCount * 16 / 100)))
    }
  }

  private struct Node: BitwiseCopyable {
    var count: Int32 = 0
    var removesOldest = true
    var probeCredit = 0.0
    var removalCredit = 0.0
  }

  private static let probesMax = 64

  let parameters: Parameters
  private let probes: UnsafeMutablePointer<Probe>
  private let nodes: UnsafeMutablePointer<Node>
  private let chosen: UnsafeMutablePointer<Int32>

  init(nodeCount: Int, parameters: Parameters) {
    self.parameters = parameters
    let capacity = max(1, nodeCount) * parameters.capacity
    probes = .allocate(capacity: capacity)
    probes.initialize(repeating: Probe(endpoint: 0, requestsInFlight: 0, latency: 0, received: 0), count: capacity)
    nodes = .allocate(capacity: max(1, nodeCount))
    nodes.initialize(repeating: Node(), count: max(1, nodeCount))
    chosen = .allocate(capacity: Self.probesMax)
    chosen.initialize(repeating: 0, count: Self.probesMax)
  }

  deinit {
    probes.deallocate()
    nodes.deallocate()
    chosen.deallocate()
  }

  /// The probes of a node, oldest first.
  @inline(__always)
  func pool(_ node: Int) -> UnsafeMutableBufferPointer<Probe> {
    UnsafeMutableBufferPointer(start: probes + node * parameters.capacity, count: Int(nodes[node].count))
  }

  /// Adds an answer: the older one of the same endpoint goes, else the oldest of a full pool.
  func add(_ probe: Probe, node: Int) {
    forget(node: node, endpoint: probe.endpoint)
    if nodes[node].count == parameters.capacity { remove(node: node, at: 0) }
    probes[node * parameters.capacity + Int(nodes[node].count)] = probe
    nodes[node].count += 1
  }

  func forget(node: Int, endpoint: Int32) {
    let pool = pool(node)
    for index in pool.indices where pool[index].endpoint == endpoint {
      remove(node: node, at: index)
      return
    }
  }

  func remove(node: Int, at index: Int) {
    let pool = pool(node)
    for next in index + 1..<max(index + 1, pool.count) { pool[next - 1] = pool[next] }
    nodes[node].count -= 1
  }

  /// Drops what is too old.
  func expire(node: Int, now: UInt64) {
    while let oldest = pool(node).first, now.since(oldest.received) > parameters.ageMax { remove(node: node, at: 0) }
  }

  /// Asks some of the candidates, drawn without replacement.
  func sendProbes(_ choice: borrowing Choice, _ random: inout Random, _ services: any SelectorServices) {
    nodes[choice.node].probeCredit += parameters.probesPerRequest
    let due = Int(nodes[choice.node].probeCredit)
    nodes[choice.node].probeCredit -= Double(due)
    let wanted = min(due, choice.count, Self.probesMax)
    // Floyd's way to draw a sample.
    for drawn in 0..<wanted {
      let last = choice.count - wanted + drawn
      var position = Int32(truncatingIfNeeded: random.below(last + 1))
      for earlier in 0..<drawn where chosen[earlier] == position {
        position = Int32(truncatingIfNeeded: last)
        break
      }
      chosen[drawn] = position
      services.probe(node: choice.node, endpoint: choice.candidate(Int(position)))
    }
  }

  /// Probes to throw out for this request: each time the next of the two kinds, oldest or worst.
  func removalsDue(node: Int) -> Int {
    nodes[node].removalCredit += parameters.removalsPerRequest
    let due = Int(nodes[node].removalCredit)
    nodes[node].removalCredit -= Double(due)
    return due
  }

  func nextRemovalIsOldest(node: Int) -> Bool {
    defer { nodes[node].removesOldest.toggle() }
    return nodes[node].removesOldest
  }

  /// Counts a use of a probe: it is gone when it was the last.
  func use(node: Int, at index: Int, candidates: Int, _ random: inout Random) {
    let pool = pool(node)
    pool[index].requestsInFlight &+= 1
    if pool[index].usesLeft == Probe.undecided { pool[index].usesLeft = uses(candidates: candidates, &random) }
    pool[index].usesLeft -= 1
    if pool[index].usesLeft <= 0 { remove(node: node, at: index) }
  }

  /// b = max(1, (1 + delta) / ((1 - m / n) * probes - removals)), rounded up as often as its fraction says.
  func uses(candidates: Int, _ random: inout Random) -> Int32 {
    let share = 1 - Double(parameters.capacity) / Double(candidates)
    let growth = share * parameters.probesPerRequest - parameters.removalsPerRequest
    // Few endpoints: the pool cannot be full whatever is reused. With one use it settles where probes of other endpoints
    // make up for uses and removals, at a third of the endpoints.
    let wanted = growth > 0 ? (1 + parameters.delta) / growth : 0
    let budget = min(max(parameters.usesMin, wanted), 1e6)
    let whole = budget.rounded(.down)
    return Int32(whole) + (random.uniform() < budget - whole ? 1 : 0)
  }
}
