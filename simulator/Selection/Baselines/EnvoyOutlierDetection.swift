// SPDX-License-Identifier: Apache-2.0

/// `+ejection`: Envoy's outlier detection around another rule, for each node by itself.
///
/// An endpoint with so many 5xx or missing responses in a row is left out of the candidates for the base time, times the
/// ejections it had lately. A sweep ends ejections and takes one off the count of those that were well since the last.
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

  private struct Node {
    var ejected = 0
    /// Endpoints the sweep has to look at.
    var marked = 0
    var left = 0
    /// Most candidates seen in a list.
    var candidates = 0
    var hasLists = false
  }

  let base: any EndpointSelector
  private let parameters: Parameters
  private let endpointCount: Int
  private let monitors: PairTable<Monitor>
  private let hasLeft: PairTable<Bool>
  private var nodes: ContiguousArray<Node>
  private let healthy: UnsafeMutablePointer<Int32>
  private var nextSweep: UInt64
  private var nextBaseTick: UInt64

  var onTransition: EjectionObserver?
  var ejects: Bool { true }

  init(_ base: any EndpointSelector, services: any SelectorServices, parameters: Parameters = Parameters()) {
    self.base = base
    self.parameters = parameters
    endpointCount = services.endpointCount
    monitors = PairTable(services, initial: Monitor())
    hasLeft = PairTable(services, initial: false)
    nodes = ContiguousArray(repeating: Node(), count: services.nodeCount)
    healthy = .allocate(capacity: max(1, services.endpointCount))
    healthy.initialize(repeating: 0, count: max(1, services.endpointCount))
    nextSweep = parameters.interval
    nextBaseTick = base.needs.tick
  }

  deinit { healthy.deallocate() }

  /// A tick that both the sweep and the base's own tick fall on.
  var needs: SelectorNeeds {
    var needs = base.needs
    var divisor = parameters.interval
    while needs.tick > 0 { (divisor, needs.tick) = (needs.tick, divisor % needs.tick) }
    needs.tick = divisor
    return needs
  }

  func isEjected(node: Int, endpoint: Int) -> Bool { monitors[node, endpoint].isEjected }

  func select(_ choice: borrowing Choice) -> Selection {
    noteCandidates(choice)
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
        candidates: UnsafeBufferPointer(start: healthy, count: count), list: choice.list))
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
    let row = monitors.row(node)
    if result.isSuccess {
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
    if now >= nextSweep {
      nextSweep = now + parameters.interval
      for node in nodes.indices where nodes[node].marked > 0 { sweep(node, now) }
    }
  }

  private func sweep(_ node: Int, _ now: UInt64) {
    let row = monitors.row(node)
    for endpoint in 0..<endpointCount where row[endpoint].backoff > 0 {
      if !row[endpoint].isEjected {
        if now - row[endpoint].changed < parameters.interval { continue }
        row[endpoint].backoff -= 1
        if row[endpoint].backoff == 0 { nodes[node].marked -= 1 }
        continue
      }
      let time = min(UInt64(row[endpoint].backoff) * parameters.baseEjectionTime, parameters.maxEjectionTime)
      if now - row[endpoint].changed < time { continue }
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
