// SPDX-License-Identifier: Apache-2.0

/// `+ejection`: Envoy's outlier detection around another rule, for each node by itself.
///
/// An endpoint with so many 5xx or missing responses in a row is left out of the candidates for the base time, times the
/// ejections it had lately. A sweep ends ejections and takes one off the count of those that were well since the last.
/// What the client abandoned counts neither way, as in Envoy.
/// At most 10 % of a node's endpoints are ejected, but one always may be. When fewer than half of the candidates are
/// left, all are taken: panic.
final class EnvoyOutlierDetection: EndpointSelector {
  struct Parameters {
    var consecutive5xx: UInt32 = 5
    var interval: UInt64 = 10_000_000_000
    var baseEjectionTime: UInt64 = 30_000_000_000
    var maxEjectionTime: UInt64 = 300_000_000_000
    var maxEjectionPercent = 10
    var healthyPanicPercent = 50
  }

  private struct Monitor: BitwiseCopyable {
    /// When it was ejected or, since, let in again.
    var changed: UInt64 = 0
    var consecutive: UInt32 = 0
    /// Times the base time: how long the next ejection lasts, less one.
    var backoff: UInt16 = 0
    var isEjected = false
  }

  private struct Node: BitwiseCopyable {
    var ejected = 0
    /// Endpoints the sweep has to look at.
    var marked = 0
    var left = 0
    /// Most candidates seen in a list.
    var candidates = 0
    var hasLists = false
    /// By the node's clock, which is another than that of the ticks.
    var nextSweep = UInt64.max
    /// The latest time of the node that is known, which it was by this tick at the latest.
    var clock: UInt64 = 0
    var clockTick: UInt64 = 0
  }

  /// How often nodes without requests are looked after.
  private static let idleTick: UInt64 = 1_000_000_000
  /// A clock that jumps ahead is not followed through more sweeps than this.
  private static let sweepsMax: UInt64 = 64

  let base: any EndpointSelector
  private let parameters: Parameters
  private let endpointCount: Int
  private let monitors: PairTable<Monitor>
  private let hasLeft: PairTable<Bool>
  private let nodeCount: Int
  private let nodes: UnsafeMutablePointer<Node>
  private let healthy: UnsafeMutablePointer<Int32>
  private var nextTick: UInt64 = 0
  private var nextBaseTick: UInt64

  var onTransition: EjectionObserver?
  var ejects: Bool { true }

  init(_ base: any EndpointSelector, services: any SelectorServices, parameters: Parameters = Parameters()) {
    self.base = base
    self.parameters = parameters
    endpointCount = services.endpointCount
    monitors = PairTable(services, initial: Monitor())
    hasLeft = PairTable(services, initial: false)
    nodeCount = services.nodeCount
    nodes = .allocate(capacity: max(1, nodeCount))
    nodes.initialize(repeating: Node(), count: max(1, nodeCount))
    healthy = .allocate(capacity: max(1, services.endpointCount))
    healthy.initialize(repeating: 0, count: max(1, services.endpointCount))
    nextBaseTick = base.needs.tick
    nextTick = needs.tick
  }

  deinit {
    healthy.deallocate()
    nodes.deallocate()
  }

  /// A tick that the base's own tick falls on too.
  var needs: SelectorNeeds {
    var needs = base.needs
    var divisor = Self.idleTick
    while needs.tick > 0 { (divisor, needs.tick) = (needs.tick, divisor % needs.tick) }
    needs.tick = divisor
    return needs
  }

  func isEjected(node: Int, endpoint: Int) -> Bool { monitors[node, endpoint].isEjected }

  func select(_ choice: borrowing Choice) -> Selection {
    noteCandidates(choice)
    advance(choice.node, to: choice.now)
    if nodes[choice.node].ejected == 0 { return base.select(choice) }
    let monitors = monitors.row(choice.node)
    var count = 0
    for endpoint in choice.candidates where !monitors[Int(endpoint)].isEjected {
      healthy[count] = endpoint
      count += 1
    }
    if count == choice.count || count * 100 < parameters.healthyPanicPercent * choice.count {
      return base.select(choice)
    }
    return base.select(
      Choice(
        node: choice.node, client: choice.client, now: choice.now, random: choice.random,
        candidates: UnsafeBufferPointer(start: healthy, count: count), list: choice.list, tried: choice.tried))
  }

  /// The node's endpoints are the candidates, unless a request has only some of them.
  @inline(__always)
  private func noteCandidates(_ choice: borrowing Choice) {
    if choice.list > 0 { nodes[choice.node].hasLists = true }
    nodes[choice.node].candidates = choice.count
  }

  private func hostCount(_ node: Int) -> Int {
    let state = nodes[node]
    return state.hasLists || state.candidates == 0 ? max(1, endpointCount - state.left) : state.candidates
  }

  func sent(node: Int, endpoint: Int, now: UInt64) {
    if nodes[node].left > 0, hasLeft[node, endpoint] {
      hasLeft[node, endpoint] = false
      nodes[node].left -= 1
    }
    base.sent(node: node, endpoint: endpoint, now: now)
  }

  func finished(node: Int, endpoint: Int, result: SelectorResult, now: UInt64) {
    advance(node, to: now)
    let row = monitors.row(node)
    if result.isAbandoned {
      // Whose fault it was is not known.
    } else if result.isSuccess {
      row[endpoint].consecutive = 0
    } else {
      row[endpoint].consecutive &+= 1
      if row[endpoint].consecutive == parameters.consecutive5xx, !row[endpoint].isEjected {
        row[endpoint].consecutive = 0
        if mayEject(node) { eject(node, endpoint, now) }
      }
    }
    base.finished(node: node, endpoint: endpoint, result: result, now: now)
  }

  private func mayEject(_ node: Int) -> Bool {
    let ejected = nodes[node].ejected
    return ejected == 0 || (ejected + 1) * 100 <= parameters.maxEjectionPercent * hostCount(node)
  }

  private func eject(_ node: Int, _ endpoint: Int, _ now: UInt64) {
    let row = monitors.row(node)
    if row[endpoint].backoff == 0 { nodes[node].marked += 1 }
    row[endpoint].isEjected = true
    row[endpoint].changed = now
    let times = UInt64(row[endpoint].backoff)
    if times * parameters.baseEjectionTime < parameters.maxEjectionTime + parameters.baseEjectionTime {
      row[endpoint].backoff += 1
    }
    nodes[node].ejected += 1
    onTransition?(node, endpoint, true, now)
  }

  func reported(node: Int, endpoint: Int, report: LoadReport, now: UInt64) {
    base.reported(node: node, endpoint: endpoint, report: report, now: now)
  }

  func tick(now: UInt64) {
    if base.needs.tick > 0, now >= nextBaseTick {
      nextBaseTick = now + base.needs.tick
      base.tick(now: now)
    }
    nextTick = now + needs.tick
    for node in 0..<nodeCount where nodes[node].marked > 0 {
      sweepUntil(node, nodes[node].clock + now.since(nodes[node].clockTick))
    }
  }

  /// The node's clock is at `now`.
  @inline(__always)
  private func advance(_ node: Int, to now: UInt64) {
    nodes[node].clock = now
    nodes[node].clockTick = nextTick
    if now >= nodes[node].nextSweep || now + parameters.interval < nodes[node].nextSweep { sweepUntil(node, now) }
  }

  /// Makes up for the sweeps until then. The first is an interval after the node's first request, or after its clock was
  /// set back.
  private func sweepUntil(_ node: Int, _ now: UInt64) {
    let interval = parameters.interval
    let due = nodes[node].nextSweep
    if due > now {
      if due - now > interval { nodes[node].nextSweep = now + interval }
      return
    }
    let count = (now - due) / interval + 1
    nodes[node].nextSweep = due + count * interval
    for sweep in count.since(Self.sweepsMax)..<count where nodes[node].marked > 0 {
      self.sweep(node, due + sweep * interval)
    }
  }

  private func sweep(_ node: Int, _ now: UInt64) {
    let row = monitors.row(node)
    for endpoint in 0..<endpointCount where row[endpoint].backoff > 0 {
      if !row[endpoint].isEjected {
        if now.since(row[endpoint].changed) < parameters.interval { continue }
        row[endpoint].backoff -= 1
        if row[endpoint].backoff == 0 { nodes[node].marked -= 1 }
        continue
      }
      let time = min(UInt64(row[endpoint].backoff) * parameters.baseEjectionTime, parameters.maxEjectionTime)
      if now.since(row[endpoint].changed) < time { continue }
      row[endpoint].isEjected = false
      row[endpoint].changed = now
      row[endpoint].consecutive = 0
      nodes[node].ejected -= 1
      onTransition?(node, endpoint, false, now)
    }
  }

  /// It comes back as a new one, which nothing is held against.
  func left(node: Int, endpoint: Int, now: UInt64) {
    let monitor = monitors[node, endpoint]
    if monitor.backoff > 0 { nodes[node].marked -= 1 }
    if monitor.isEjected {
      nodes[node].ejected -= 1
      onTransition?(node, endpoint, false, now)
    }
    monitors.forget(node: node, endpoint: endpoint)
    if !hasLeft[node, endpoint] {
      hasLeft[node, endpoint] = true
      nodes[node].left += 1
    }
    base.left(node: node, endpoint: endpoint, now: now)
  }
}
