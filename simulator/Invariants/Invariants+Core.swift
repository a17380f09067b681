// SPDX-License-Identifier: Apache-2.0

import SwerveABI
import SwerveCore

/// Decisions, and the core's statistics.
extension Invariants {
  // MARK: What nodes know

  func published(_ view: EndpointView, node: Int) {
    nodes[node].taking = 0
    for endpoint in 0..<endpointCount {
      let isTaking = view.isKnown[endpoint] && !view.isDraining[endpoint]
      endpoints[node * endpointCount + endpoint].isTaking = isTaking
      if isTaking { nodes[node].taking += 1 }
    }
  }

  /// The node forgets an endpoint with its breaker. Returns whether it was ejected.
  func left(node: Int, endpoint: Int) -> Bool {
    let place = node * endpointCount + endpoint
    let wasEjected = endpoints[place].breaker != .closed
    if wasEjected { nodes[node].ejected &-= 1 }
    endpoints[place].leave()
    if isCore { breakers[place] = BreakerModel() }
    return wasEjected
  }

  /// An endpoint has joined, and its share is to grow.
  func warmsUp(node: Int, endpoint: Int, since clock: UInt64) {
    if isCore { breakers[node * endpointCount + endpoint] = BreakerModel(warmingUpSince: clock) }
  }

  // MARK: Decisions

  /// An endpoint was selected, by whatever rule. Not sent yet.
  @inline(__always)
  func selected(_ endpoint: Int, _ simulation: Simulation, node: Int, list: Int) {
    let truth = endpoints + (node * endpointCount + endpoint)
    if !truth.pointee.isTaking || (replicas > 0 && !isReplica(endpoint, list)) {
      violate(.known, "node \(node), endpoint \(endpoint)")
    }
    guard let core = simulation.core else { return }
    let limit = core.isPerRequest ? settings.maxRequests : settings.maxConnections
    if limit != .max, nodes[node].underWay >= Int32(clamping: limit) {
      violate(.limits, "node \(node): \(nodes[node].underWay) under way of at most \(limit), and one more")
    }
    let word = core.nodes[node].states[endpoint].breaker
    if UInt8(truncatingIfNeeded: word) & 3 | truth.pointee.breaker.rawValue != 0 {
      selectedEjected(endpoint, core, word: word, node: node, list: list, clock: simulation.clock(node))
    }
  }

  private func isReplica(_ endpoint: Int, _ list: Int) -> Bool {
    (endpoint - list + endpointCount) % endpointCount < replicas
  }

  private func selectedEjected(
    _ endpoint: Int, _ core: CoreSelector, word: UInt64, node: Int, list: Int, clock: UInt64
  ) {
    let breaker = breakers[node * endpointCount + endpoint]
    if word != breaker.word {
      violate(.breakers, "node \(node), endpoint \(endpoint): the word is \(word) instead of \(breaker.word)")
    }
    if core.lastReason == UInt32(SWERVE_REASON_PANIC.rawValue) {
      if !panics(node: node, list: list) { violate(.panic, "node \(node), endpoint \(endpoint)") }
      return
    }
    let isProbe = core.lastProbe != 0 && breaker.state == .halfOpen && breaker.time == clock & ~7
    if !isProbe { violate(.notEjected, "node \(node), endpoint \(endpoint): it is \(breaker.state)") }
  }

  /// Whether too few of the endpoints are healthy. With replicas each list is a service of its own.
  private func panics(node: Int, list: Int) -> Bool {
    var (taking, ejected) = (UInt64(nodes[node].taking), UInt64(nodes[node].ejected))
    if replicas > 0 {
      let usable = (0..<endpointCount).map { endpoints[node * endpointCount + $0] }.enumerated()
        .filter { $0.element.isTaking && isReplica($0.offset, list) }
      taking = UInt64(usable.count)
      ejected = UInt64(usable.count { $0.element.breaker != .closed })
    }
    return panics(taking: taking, ejected: ejected)
  }

  func panics(taking: UInt64, ejected: UInt64) -> Bool {
    let healthy = taking > ejected ? taking - ejected : 0
    return ejected > 0
      && healthy * 100 < UInt64(settings.outlierDetection.healthyPanicThresholdPercent) * taking
  }

  /// The core has refused.
  func refused(_ reason: UInt32, _ simulation: Simulation, node: Int, list: Int) {
    guard let core = simulation.core else { return }
    let isTrue: Bool
    switch swerve_reason(reason) {
    case SWERVE_REASON_MAX_REQUESTS:
      isTrue = core.isPerRequest && nodes[node].underWay >= Int32(clamping: settings.maxRequests)
    case SWERVE_REASON_MAX_CONNECTIONS:
      isTrue = !core.isPerRequest && nodes[node].underWay >= Int32(clamping: settings.maxConnections)
    case SWERVE_REASON_NO_ENDPOINT: isTrue = nodes[node].taking == 0
    case SWERVE_REASON_NO_HEALTHY:
      // An endpoint that warms up from nothing takes nothing at first.
      isTrue =
        settings.warmup?.minimumPercent == 0
        || !(0..<endpointCount).contains { endpoint in
          let truth = endpoints[node * endpointCount + endpoint]
          return truth.isTaking && truth.breaker == .closed && (replicas == 0 || isReplica(endpoint, list))
        }
    default: isTrue = false
    }
    if !isTrue { violate(.refusals, "node \(node): \(EventName.reason(reason)), which is not so") }
  }

  // MARK: Breakers

  /// A breaker has changed: only in ways there are.
  func changed(_ core: CoreSelector, node: Int, endpoint: Int, _ transition: swerve_transition, clock: UInt64) {
    let place = node * endpointCount + endpoint
    let kind = swerve_event_kind(transition.kind)
    let wasEjected = breakers[place].state != .closed
    let isProbe = kind == SWERVE_EVENT_HALF_OPEN
    let complaint = breakers[place].follow(
      BreakerModel.Change(
        kind: kind, cause: swerve_cause(transition.cause), until: transition.until_ns, now: clock,
        result: isProbe ? nil : result), settings)
    if let complaint { violate(.breakers, "node \(node), endpoint \(endpoint): \(complaint)") }
    let (breaker, before) = (breakers[place], nodes[node].ejected)
    endpoints[place].breaker = breaker.state
    if !wasEjected, breaker.state != .closed {
      checkShare(node: node)
      nodes[node].ejected += 1
    }
    if wasEjected, breaker.state == .closed { nodes[node].ejected &-= 1 }
    checkChange(core, node: node, endpoint: endpoint, transition, before: before)
  }

  private func checkShare(node: Int) {
    let (others, taking) = (UInt64(nodes[node].ejected), UInt64(nodes[node].taking))
    let percent = UInt64(settings.outlierDetection.maxEjectionPercent)
    if others > 0, (others + 1) * 100 > percent * taking {
      violate(.ejectionShare, "node \(node): \(others + 1) of \(taking) ejected, at most \(percent) %")
    }
  }

  private func checkChange(
    _ core: CoreSelector, node: Int, endpoint: Int, _ transition: swerve_transition, before: UInt32
  ) {
    let place = node * endpointCount + endpoint
    let (truth, word) = (nodes[node].ejected, core.nodes[node].states[endpoint].breaker)
    if word != breakers[place].word {
      violate(.breakers, "node \(node), endpoint \(endpoint): the word is \(word) instead of \(breakers[place].word)")
    }
    if core.nodes[node].service.ejected != truth || transition.ejected != truth {
      violate(
        .statistics,
        """
        node \(node): \(core.nodes[node].service.ejected) counted as ejected, \(transition.ejected) said by the event, \
        \(truth) are
        """
      )
    }
    let taking = UInt64(nodes[node].taking)
    let (was, panics) = (
      panics(taking: taking, ejected: UInt64(before)), panics(taking: taking, ejected: UInt64(truth))
    )
    let panic = was == panics ? SWERVE_EVENT_NONE : panics ? SWERVE_EVENT_PANIC_ON : SWERVE_EVENT_PANIC_OFF
    if transition.panic != panic.rawValue {
      violate(.panic, "node \(node): the event says \(transition.panic) instead of \(panic.rawValue)")
    }
  }

  // MARK: Statistics

  /// The core's statistics against the truth, after something has changed.
  @inline(__always)
  func check(_ core: CoreSelector, node: Int, endpoint: Int) {
    let state = core.nodes[node].states + endpoint
    let truth = endpoints + (node * endpointCount + endpoint)
    let counted = core.isPerRequest ? state.pointee.in_flight : state.pointee.active
    let service = core.nodes + node
    let admitted =
      core.isPerRequest
      ? service.pointee.service.admitted &- service.pointee.service.answered : service.pointee.service.connections
    if Int32(bitPattern: counted) != truth.pointee.underWay || Int32(bitPattern: admitted) != nodes[node].underWay
      || state.pointee.selected != truth.pointee.selected || service.pointee.service.ejected != nodes[node].ejected
    {
      differs(core, node: node, endpoint: endpoint)
    }
  }

  /// All of them, at the end.
  func checkAll(_ simulation: Simulation) {
    guard let core = simulation.core else { return }
    for node in 0..<nodeCount {
      for endpoint in 0..<endpointCount {
        check(core, node: node, endpoint: endpoint)
        let state = core.nodes[node].states[endpoint], truth = endpoints[node * endpointCount + endpoint]
        let word = breakers[node * endpointCount + endpoint].word
        if !core.isPerRequest && (state.established != truth.established || state.failed != truth.failed)
          || state.breaker != word
        {
          differs(core, node: node, endpoint: endpoint)
        }
      }
    }
  }

  private func differs(_ core: CoreSelector, node: Int, endpoint: Int) {
    let (state, service) = (core.nodes[node].states[endpoint], core.nodes[node].service)
    let truth = endpoints[node * endpointCount + endpoint]
    violate(
      .statistics,
      """
      node \(node), endpoint \(endpoint): counted \(state.in_flight) in flight, \(state.active) active, \
      \(state.selected) selected, \(state.established) established, \(state.failed) failed; true are \
      \(truth.underWay) under way, \(truth.selected), \(truth.established), \(truth.failed). The node: \
      \(service.admitted) admitted, \(service.answered) answered, \(service.connections) connections, \
      \(service.ejected) ejected; true are \(nodes[node].underWay) under way, \(nodes[node].ejected) ejected
      """)
  }
}
