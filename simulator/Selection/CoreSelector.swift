// SPDX-License-Identifier: Apache-2.0

import Policy
import SwerveABI
import SwerveCore

/// The decision core that the kernel runs, compiled natively, over tables that the agent's own code writes: one set of
/// states for each node.
final class CoreSelector: EndpointSelector {
  /// What the core looks at on one node. Endpoint ids are the scenario's indices.
  struct Node {
    var service = swerve_service_state()
    let states: UnsafeMutablePointer<swerve_endpoint_state>
    /// One for each list of the node's view.
    var tables: UnsafeMutablePointer<swerve_tables>
  }

  let nodes: UnsafeMutablePointer<Node>
  let nodeCount: Int
  let endpointCount: Int
  let isPerRequest: Bool
  private var publisher: CorePublisher
  private let settings: TrafficSettings
  private let isRoundRobin: Bool
  /// A breaker of a node has changed, or its panic.
  var onBreakerChange: (_ node: Int, _ endpoint: Int, _ transition: swerve_transition, _ now: UInt64) -> Void = {
    _, _, _, _ in
  }
  private static let drawsMax = 8
  /// About the last decision, for the invariants.
  private(set) var lastReason: UInt32 = 0
  private(set) var lastProbe: UInt64 = 0

  init(_ publisher: CorePublisher, nodeCount: Int, endpointCount: Int) {
    self.publisher = publisher
    self.nodeCount = nodeCount
    self.endpointCount = endpointCount
    settings = publisher.settings
    isPerRequest = publisher.isPerRequest
    isRoundRobin = publisher.loadBalancer == .roundRobin
    nodes = .allocate(capacity: nodeCount)
    for node in 0..<nodeCount {
      let states = UnsafeMutablePointer<swerve_endpoint_state>.allocate(capacity: endpointCount)
      states.initialize(repeating: swerve_endpoint_state(), count: endpointCount)
      (nodes + node).initialize(to: Node(states: states, tables: publisher.nothing))
    }
  }

  deinit {
    for node in 0..<nodeCount { nodes[node].states.deallocate() }
    nodes.deallocate()
  }

  /// The node's agent has published what it knows: the cells are swapped, what leaves loses its history, and what comes
  /// to a service that has endpoints warms up, as the agent's publisher has it.
  func publish(_ view: EndpointView, before: EndpointView?, zone: Int, to node: Int, now: UInt64) {
    if let before {
      if settings.warmup != nil, before.isKnown.contains(true) {
        let since = now & ~UInt64(SWERVE_BREAKER_FLAGS.rawValue) | UInt64(SWERVE_BREAKER_CLOSED.rawValue)
        for endpoint in 0..<endpointCount where view.isKnown[endpoint] && !before.isKnown[endpoint] {
          nodes[node].states[endpoint].breaker = since
        }
      }
      for endpoint in 0..<endpointCount where before.isKnown[endpoint] && !view.isKnown[endpoint] {
        let state = nodes[node].states + endpoint
        swerve_native_leave(&nodes[node].service, state)
        // What is under way still counts: its id is given to nobody else before it is over.
        let (active, inFlight) = (state.pointee.active, state.pointee.in_flight)
        state.pointee = swerve_endpoint_state()
        state.pointee.active = active
        state.pointee.in_flight = inFlight
      }
    }
    let tables = publisher.tables(for: view, zone: zone)
    nodes[node].tables = tables
  }

  @inline(__always)
  private func withTables<Result>(
    _ node: Int, _ list: Int, _ body: (UnsafePointer<swerve_tables>) -> Result
  ) -> Result {
    var tables = nodes[node].tables[list]
    tables.states = nodes[node].states
    return body(&tables)
  }

  // MARK: Selection

  func select(_ choice: borrowing Choice) -> Selection {
    let node = nodes + choice.node
    if let refusal = admit(node) { return .refused(reason: refusal) }
    var input = swerve_input()
    input.now_ns = choice.now
    input.random = choice.random
    input.client_hash = Random(seed: UInt64(choice.client)).hash
    // As the relay: draws until an endpoint comes up that was not tried before, and looks for another when somebody else
    // has claimed a probe first.
    for draw in 0..<Self.drawsMax {
      if isRoundRobin {
        input.sequence = node.pointee.service.sequence
        node.pointee.service.sequence &+= 1
      }
      input.ejected = ejected(choice.node, choice.list)
      let index = withTables(choice.node, choice.list) { swerve_native_select($0, &input, &lastReason, &lastProbe) }
      if index < 0 { break }
      let endpoint = endpointID(node, choice.list, Int(index))
      let wasTried = choice.tried[0] >= 0 && (0..<4).contains { choice.tried[$0] == Int32(endpoint) }
      if !wasTried || draw + 1 == Self.drawsMax {
        if lastProbe == 0 || claim(choice.node, endpoint, choice.now) { return .endpoint(endpoint) }
        lastReason = UInt32(SWERVE_REASON_NO_HEALTHY.rawValue)
      }
      input.random = Random(seed: input.random).hash
      input.client_hash &+= 1
    }
    withdraw(node)
    return .refused(reason: lastReason)
  }

  /// With replicas each list is a service of its own, but for the limits.
  @inline(__always)
  private func ejected(_ node: Int, _ list: Int) -> UInt32 {
    let all = nodes[node].service.ejected
    if all == 0 || !publisher.hasReplicas { return all }
    let tables = nodes[node].tables[list]
    return (0..<tables.cells[0].header.endpoint_count).reduce(0) { count, index in
      count + (isEjected(node: node, endpoint: endpointID(nodes + node, list, Int(index))) ? 1 : 0)
    }
  }

  @inline(__always)
  private func endpointID(_ node: UnsafeMutablePointer<Node>, _ list: Int, _ index: Int) -> Int {
    Int(node.pointee.tables[list].cells[index + Int(SWERVE_CELL_ENDPOINTS)].endpoint.id)
  }

  @inline(__always)
  private func admit(_ node: UnsafeMutablePointer<Node>) -> UInt32? {
    if isPerRequest {
      if swerve_native_admit_request(&node.pointee.service, settings.maxRequests) != 0 { return nil }
      return UInt32(SWERVE_REASON_MAX_REQUESTS.rawValue)
    }
    if swerve_native_admit(&node.pointee.service.connections, settings.maxConnections) != 0 { return nil }
    return UInt32(SWERVE_REASON_MAX_CONNECTIONS.rawValue)
  }

  private func withdraw(_ node: UnsafeMutablePointer<Node>) {
    if isPerRequest {
      swerve_native_request_withdrawn(&node.pointee.service)
    } else {
      swerve_native_dismiss(&node.pointee.service.connections)
    }
  }

  private func claim(_ node: Int, _ endpoint: Int, _ now: UInt64) -> Bool {
    guard swerve_native_claim_probe(nodes[node].states + endpoint, lastProbe, now) != 0 else { return false }
    var transition = swerve_transition()
    transition.kind = UInt32(SWERVE_EVENT_HALF_OPEN.rawValue)
    transition.cause = UInt32(SWERVE_CAUSE_EJECTION_TIME.rawValue)
    transition.ejected = nodes[node].service.ejected
    onBreakerChange(node, endpoint, transition, now)
    return true
  }

  // MARK: Results

  func sent(node: Int, endpoint: Int, now: UInt64) {
    let state = nodes[node].states + endpoint
    if isPerRequest { return swerve_native_count_request(state) }
    state.pointee.active &+= 1
    state.pointee.selected &+= 1
  }

  func finished(node: Int, endpoint: Int, result: SelectorResult, now: UInt64) {
    let state = nodes[node].states + endpoint
    let started = now > result.latency ? now - result.latency : 0
    guard isPerRequest else { return closed(node, state, endpoint, result, started, now) }
    let status = result.isAbandoned ? UInt32(SWERVE_STATUS_ABANDONED) : UInt32(result.status)
    let isToBeJudged = swerve_native_count_response(&nodes[node].service, state, nil, status, started, now)
    if isToBeJudged != 0 { judge(node, endpoint, swerve_native_result_of(status), started, now) }
  }

  /// A connection is over; that it was established has been said.
  private func closed(
    _ node: Int, _ state: UnsafeMutablePointer<swerve_endpoint_state>, _ endpoint: Int, _ result: SelectorResult,
    _ started: UInt64, _ now: UInt64
  ) {
    swerve_native_dismiss(&nodes[node].service.connections)
    state.pointee.active &-= 1
    guard result.isUnconnected else { return }
    state.pointee.failed &+= 1
    judge(node, endpoint, UInt32(SWERVE_RESULT_LOCAL.rawValue), started, now)
  }

  /// Connection mode: the handshake is done.
  func established(node: Int, endpoint: Int, roundTrip: UInt64, now: UInt64) {
    let state = nodes[node].states + endpoint
    let started = now > roundTrip ? now - roundTrip : 0
    state.pointee.established &+= 1
    let elapsed = now > state.pointee.rtt_stamp_ns ? now - state.pointee.rtt_stamp_ns : 0
    state.pointee.rtt_ewma_ns = swerve_native_peak_ewma(state.pointee.rtt_ewma_ns, roundTrip, elapsed)
    state.pointee.rtt_stamp_ns = now
    if swerve_native_is_ordinary(state, UInt32(SWERVE_RESULT_SUCCESS.rawValue)) == 0 {
      judge(node, endpoint, UInt32(SWERVE_RESULT_SUCCESS.rawValue), started, now)
    }
  }

  private func judge(_ node: Int, _ endpoint: Int, _ result: UInt32, _ started: UInt64, _ now: UInt64) {
    let transition = withTables(node, publisher.judgementList) {
      swerve_native_judge($0, &nodes[node].service, nodes[node].states + endpoint, result, started, now)
    }
    if transition.kind != UInt32(SWERVE_EVENT_NONE.rawValue) { onBreakerChange(node, endpoint, transition, now) }
  }

  /// The agent has found an outlier among the rates.
  func eject(node: Int, endpoint: Int, cause: swerve_cause, now: UInt64) {
    let transition = withTables(node, publisher.judgementList) {
      swerve_native_eject($0, &nodes[node].service, nodes[node].states + endpoint, UInt32(cause.rawValue), now)
    }
    if transition.kind != UInt32(SWERVE_EVENT_NONE.rawValue) { onBreakerChange(node, endpoint, transition, now) }
  }

  var ejects: Bool { true }

  func isEjected(node: Int, endpoint: Int) -> Bool {
    nodes[node].states[endpoint].breaker & UInt64(SWERVE_BREAKER_STATES.rawValue) != 0
  }
}

extension Random {
  /// The first draw: the seed, well mixed.
  var hash: UInt64 {
    var copy = self
    return copy.next()
  }
}
